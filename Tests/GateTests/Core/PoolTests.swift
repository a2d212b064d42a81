import Core
import Records
import Sales
import Testing

@testable import Gate

/// What lies in the pool may be seen and taken; nothing of it that is masked there comes out by another way (§2.26 pool, §6.2 no. 4).
@Suite("Pool")
struct PoolTests {
    /// 李伟 with his own customers and the right to claim, one of his, one in the pool, one of 孙强's.
    private func open(
        _ engine: Engine, _ rights: [String: Scope] = ["read": .own, "claim": .all, "update": .own, "export": .all],
        _ body: (House, Actor, Schema, _ mine: Int64, _ pooled: Int64, _ theirs: Int64) async throws -> Void
    ) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            func make(_ name: String, _ mobile: String, _ owner: String?) async throws -> Int64 {
                try await house.gate.write(as: .system()) { tx in
                    var row = customers.blank()
                    row["name"] = .text(name)
                    row["source"] = "other"
                    row["mobile"] = .text(mobile)
                    row["wechat"] = .text("wx\(mobile)")
                    row["owner_id"] = owner.map { .int(house[$0]) } ?? .null
                    if owner == nil { row["pool"] = "public" }
                    return try tx.insert(row).id
                }
            }
            let ids = (
                try await make("自有客户", "19900001111", "liwei"), try await make("公海客户", "19900002222", nil),
                try await make("他人客户", "19900003333", "sunqiang")
            )
            try await body(house, try await Villa.liWei(house, rights), customers, ids.0, ids.1, ids.2)
        }
    }

    private func found(_ house: House, _ actor: Actor, _ request: ListRequest) async throws -> [Int64] {
        try await house.gate.read(as: actor) { try $0.page(request).rows.map(\.id).sorted() }
    }

    @Test("whoever may claim sees the pool beside the own records, with the telephone masked", arguments: Engine.available)
    func seen(engine: Engine) async throws {
        try await open(engine) { house, actor, customers, mine, pooled, theirs in
            let rows = try await house.gate.read(as: actor) { try $0.page(ListRequest(customers, countCap: 10)) }
            #expect(rows.rows.map(\.id).sorted() == [mine, pooled] && rows.count == 2)
            let row = try #require(rows.rows.first { $0.id == pooled })
            #expect(row["name"] == "公海客户" && row["mobile"] == "199****2222" && row["wechat"] == "w**")
            #expect(rows.rows.first { $0.id == mine }?["mobile"] == "19900001111")
            let single = try await house.gate.read(as: actor) { try $0.record(customers, id: pooled) }
            #expect(single["mobile"] == "199****2222")
            await #expect(throws: Refusal.self) { try await house.gate.read(as: actor) { _ = try $0.record(customers, id: theirs) } }
            let blind = try await Villa.liWei(house, ["read": .own])
            #expect(try await found(house, blind, ListRequest(customers)) == [mine])
            await #expect(throws: Refusal.self) { try await house.gate.read(as: blind) { _ = try $0.record(customers, id: pooled) } }
        }
    }

    @Test("no filter, order, search, group, name or likeness gives the number away", arguments: Engine.available)
    func sideways(engine: Engine) async throws {
        try await open(engine) { house, actor, customers, mine, pooled, _ in
            let byNumber = Condition.field("mobile", .starts, "1990000")
            #expect(try await found(house, actor, ListRequest(customers, where: byNumber)) == [mine])
            #expect(try await found(house, actor, ListRequest(customers, where: .not(.field("mobile", .eq, "19900001111")))).isEmpty)
            #expect(try await found(house, actor, ListRequest(customers, where: .any([byNumber, .field("name", .notEmpty)]))) == [mine])
            #expect(try await found(house, actor, ListRequest(customers, sort: [Query.Sort("mobile", descending: false)])) == [mine])
            #expect(try await found(house, actor, ListRequest(customers, where: .search("2222"))).isEmpty)
            #expect(try await found(house, actor, ListRequest(customers, search: "19900002222")).isEmpty)
            #expect(try await found(house, actor, ListRequest(customers, search: "公海")) == [pooled])
            #expect(try await found(house, actor, ListRequest(customers, search: "客户")) == [mine, pooled])
            try await house.gate.read(as: actor) { view in
                #expect(try view.search(customers, "2222", limit: 10).isEmpty)
                #expect(try view.search(customers, "公海", limit: 10).map { $0["mobile"] } == ["199****2222"])
                #expect(try view.identify(customers, "公海客户").isEmpty)
                #expect(try view.summary(ListRequest(customers), by: [.init("mobile")], [.count]).flatMap(\.keys) == ["19900001111"])
                let alike = try view.likeness(ofTyped: ["mobile": "19900002222"], in: customers)
                #expect(alike.count == 1 && alike.compactMap(\.row).isEmpty)
            }
        }
    }

    @Test("what a record links to keeps its name, and is told apart when it cannot be opened") func closed() async throws {
        try await open(.sqlite) { house, actor, customers, mine, pooled, theirs in
            let found = try await house.gate.read(as: actor) { view in
                let named = try view.named(linkedTo: customers, ids: [mine, pooled, theirs])
                return (named.titles, named.closed)
            }
            #expect(found.0[theirs] == "他人客户" && found.1 == [theirs])
        }
    }

    @Test("neither export, history, files nor reveal open what is masked", arguments: Engine.available)
    func outward(engine: Engine) async throws {
        try await open(engine) { house, actor, customers, _, pooled, _ in
            let file = try await house.gate.write(as: .system()) { tx in
                try tx.update(customers, id: pooled, ["mobile": "19900004444"])
                return try tx.attach(
                    (name: "合同.pdf", type: "application/pdf", size: 3, digest: "abc", place: "p"), to: customers, id: pooled
                ).row.id
            }
            try await house.gate.read(as: actor) { view in
                let row = try view.record(customers, id: pooled)
                #expect(try view.files(of: row).isEmpty)
                #expect(throws: Refusal.self) { try view.file(id: file) }
                let shown = try view.changes(of: row).flatMap { item -> [Value] in
                    if case .change(_, _, _, let changes) = item.content {
                        changes.filter { $0.field.name == "mobile" }.flatMap { [$0.old, $0.new] }
                    } else {
                        []
                    }
                }
                #expect(!shown.isEmpty && shown.allSatisfy { $0.isNull || $0 == "****" })
                var exported: [Value] = []
                try view.forEach(ListRequest(customers)) {
                    exported.append($0["mobile"]); return true
                }
                #expect(!exported.contains("19900004444") && exported.contains("199****4444"))
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { try $0.reveal(customers, id: pooled, field: "mobile", reason: "想看看") }
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { try $0.update(customers, id: pooled, ["remark": "x"]) }
            }
        }
    }

    @Test("whoever claims it owns it and sees all of it; nobody else does any more", arguments: Engine.available)
    func claimed(engine: Engine) async throws {
        try await open(engine) { house, actor, customers, _, pooled, _ in
            let row = try await house.gate.write(as: actor) { try $0.perform("claim", customers, id: pooled) }
            #expect(row["mobile"] == "19900002222" && row.ownerID == house["liwei"])
            var other = try await house.actor("chenjing")
            other.rights = actor.rights
            let colleague = other
            #expect(try await found(house, colleague, ListRequest(customers)).isEmpty)
        }
    }

    @Test("what has no owner without a pool stays nobody's", arguments: Engine.available)
    func noPool(engine: Engine) async throws {
        try await open(engine, ["read": .own, "claim": .all]) { house, actor, customers, mine, _, _ in
            let orders = house.gate.catalog.schema(Order.self)
            _ = try await house.gate.write(as: .system()) { tx in try tx.create(orders, ["customer_id": .int(mine)]) }
            #expect(try await found(house, actor, ListRequest(orders)).isEmpty)
        }
    }
}
