import Foundation
import Records
import Testing

@testable import Storage

@Suite("row digests") struct DigestTests {
    private let title = Customer.schema.title.slot

    @Test("what a program does not know of a row does not disturb its digest", arguments: Backend.available)
    func unknownColumns(_ backend: Backend) async throws {
        var own = OwnDefinitions()
        own.fields = ["customers": [FieldSpec("own_nick", "昵称", TextKind(), isRequired: false, isCustom: true, [])]]
        let catalog = Catalog([Shop.self], own: own), title = title
        try await backend.withStore(catalog) { store in
            let customer = try #require(catalog["customers"])
            let ids = try await store.add(
                Customer.row("李四", schema: customer, ["own_nick": "小李子"]), Customer.row("王五", schema: customer, ["own_nick": "老王"]))
            // By a program that has retired the field, has its pack off or has not heard of it.
            try await store.write { tx in
                let old = try #require(try tx.row(Customer.schema, id: ids[0]))
                var row = old
                row["name"] = "李四光"
                _ = try tx.update(row, slots: [title], ifVersion: 1, from: old)
                _ = try tx.set(Customer.schema, ["owner_id": 7], where: .ids(ids))
            }
            #expect(try await store.read { try $0.row(customer, id: ids[0])?["own_nick"] } == "小李子")
        }
    }

    @Test("a save that is told wrongly what was there writes, and keeps the digest right", arguments: Backend.available)
    func wrongOld(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let id = try await store.add(Customer.row("张三"))[0], schema = Customer.schema, title = title
            try await store.write { tx in
                var old = try #require(try tx.row(schema, id: id)), row = old
                old["name"] = "张三丰"
                row["name"] = "张无忌"
                #expect(try tx.update(row, slots: [title], ifVersion: 1, from: old))
                #expect(try !tx.update(row, slots: [title], ifVersion: 9, from: row))
            }
            #expect(try await store.read { try $0.row(schema, id: id)?["name"] } == "张无忌")
        }
    }

    @Test("damage stays a fault when other values of the row are saved", arguments: Backend.available)
    func notLaundered(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let id = try await store.add(Customer.row("张三", ["city": "杭州"]))[0], schema = Customer.schema, title = title
            try await store.define { _ = try $0.connection.execute("update customers set owner_id = owner_id + 2 where id = \(id)") }
            try await store.write { tx in
                _ = try tx.set(schema, ["city": "宁波"], where: .ids([id]))
                let old = try #require(try tx.row(schema, id: id))
                var row = old
                row["name"] = "张三丰"
                _ = try tx.update(row, slots: [title], ifVersion: nil, from: old)
            }
            let verdict = try await store.read { try $0.verifyRows(limit: 5) }
            #expect(verdict.faults == [RowFault(table: "customers", id: id, kind: .damaged, column: "owner_id")])
            try await store.define { _ = try $0.connection.execute("update customers set owner_id = owner_id - 2 where id = \(id)") }
        }
    }

    @Test("rows of an older program get their digests in batches, and one without is a fault from then on", arguments: Backend.available)
    func rowsOfBefore(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let some = try await store.add(Customer.row("甲"), Customer.row("乙"), Customer.row("丙"))
            try await store.write { tx in
                _ = try tx.insert((0..<1100).map { Customer.row("客户\($0)", ["companions": .list(some.map(Value.int))]) })
            }
            let good = try await store.read { try $0.verifyRows(limit: 5) }
            #expect(good.rows == 3 + 1100 * 4)
            try await store.define { session in
                for table in try session.signedTables().keys {
                    try session.connection.execute("update \(table.quoted) set row_digest = null")
                }
                try session.connection.execute("delete from _meta where name like 'digests.%'")
            }
            let waiting = try await store.read { try $0.verifyRows(limit: 5) }
            #expect(waiting.waiting == good.rows && waiting.count == 0)
            // What is saved meanwhile neither gets one nor minds.
            try await store.write { tx in _ = try tx.set(Customer.schema, ["city": "宁波"], where: .ids(some)) }
            #expect(try await store.sync(Shop.catalog).contains { $0.contains("摘要") })
            #expect(try await store.read { try $0.verifyRows(limit: 5) } == good)
            #expect(try await store.sync(Shop.catalog) == [])
            let id = some[1]
            try await store.define { _ = try $0.connection.execute("update customers set row_digest = null where id = \(id)") }
            let bare = try await store.read { try $0.verifyRows(limit: 5) }
            #expect(bare.faults == [RowFault(table: "customers", id: id, kind: .bare)])
            try await store.write { try $0.erase(Customer.schema, ids: [id]) }
        }
    }

    @Test("of many faults a few are named and all are counted", arguments: Backend.available)
    func many(_ backend: Backend) async throws {
        try await backend.withStore { store in
            try await store.write { tx in _ = try tx.insert((0..<600).map { Customer.row("客户\($0)") }) }
            try await store.define { _ = try $0.connection.execute("update customers set name = name || '!'") }
            let verdict = try await store.read { try $0.verifyRows(limit: 7) }
            #expect(verdict.count == 600 && verdict.faults.count == 7 && verdict.faults.allSatisfy { $0.kind == .changed })
            try await store.define { _ = try $0.connection.execute("delete from customers") }
        }
    }

    @Test("an id that came from outside is not given again", arguments: Backend.available)
    func givenID(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.write { tx in
                let first = try tx.insert(Customer.row("张三"))
                var given = Customer.row("李四")
                given.id = first + 1
                return [first, try tx.insert(given), try tx.insert(Customer.row("王五"))]
            }
            #expect(Set(ids).count == 3)
        }
    }
}
