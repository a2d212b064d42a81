import Foundation
import Records
import Testing

@testable import Storage

@Suite("writing") struct WritingTests {
    @Test("a row comes back as it was written, links with what they say included", arguments: Backend.available)
    func roundTrip(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let friend = try await store.add(Customer.row("李伟"))[0]
            let written = Customer.row(
                "张三", owner: 7,
                [
                    "code": "KH-1", "mobile": "13800010001", "level": "gold", "city": "杭州", "points": -5, "score": .real(2.5),
                    "born_on": .int(7000),
                    "likes": .list(["tea", "golf"]), "note": "第一行\n第二行\t'\"\\ % _", "friend_id": .int(friend),
                    "companions": .list([.list([.int(friend), "爱人"])]), "tags": .list([3, 1, 2, 3]),
                ])
            let id = try await store.add(written)[0]
            var query = Query(Customer.self, where: .ids([id]))
            query.withLinks = true
            let asked = query
            let row = try #require(try await store.read { try $0.fetch(asked).first })
            for field in Customer.schema.fields where !["id", "tags"].contains(field.name) {
                #expect(row[field] == written[field], "\(field.name)")
            }
            #expect(row["tags"] == .list([3, 1, 2]))
            let links = try await store.read { try $0.links(Customer.schema, Customer.schema["tags"]!, of: [id, friend]) }
            #expect(links == [id: [3, 1, 2]])
            #expect(try await store.read { try $0.row(Customer.schema, id: id)?["tags"] } == .null)
        }
    }

    @Test("many rows at once get ids in order and the same values as one by one", arguments: Backend.available)
    func bulk(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let rows = (0..<500).map {
                Customer.row("客户\($0)\t\\", ["points": .int(Int64($0)), "likes": .list(["tea"]), "tags": .list([.int(Int64($0 % 3 + 1))])])
            }
            let ids = try await store.write { try $0.insert(rows) }
            #expect(ids.count == 500 && ids == ids.sorted() && Set(ids).count == 500)
            let back = try await store.read { try $0.rows(Customer.schema, ids: ids.reversed()) }
            #expect(back.map(\.id) == ids.reversed())
            #expect(back.last?["name"] == "客户0\t\\")
            #expect(back.last?["likes"] == .list(["tea"]))
            #expect(try await store.read { try $0.count(Query(Customer.self, where: .field("tags", .eq, 2)), cap: 1000) } == 167)
            let next = try await store.add(Customer.row("下一个"))[0]
            #expect(next > ids[499])
            #expect(try await store.search("kehu499").first == ids[499])
        }
    }

    @Test("a given id is kept and not given again; a removed one never returns", arguments: Backend.available)
    func ids(_ backend: Backend) async throws {
        try await backend.withStore { store in
            var row = Customer.row("张三")
            row.id = 500
            let given = try await store.add(row)[0]
            let next = try await store.add(Customer.row("李四"))[0]
            #expect(given == 500 && next == 501)
            try await store.write { try $0.erase(Customer.schema, ids: [501]) }
            #expect(try await store.add(Customer.row("王五"))[0] == 502)
        }
    }

    @Test("an update writes only the named slots, and only over the version it knows", arguments: Backend.available)
    func update(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let id = try await store.add(Customer.row("张三", ["city": "杭州", "tags": .list([1])]))[0]
            var row = try #require(try await store.read { try $0.row(Customer.schema, id: id) })
            row["city"] = "宁波"
            row["points"] = 9
            row["version"] = 2
            let changed = row
            let slots = ["city", "version"].map { Customer.schema[$0]!.slot }
            #expect(try await store.write { try $0.update(changed, slots: slots, ifVersion: 1) })
            #expect(try await store.write { try $0.update(changed, slots: slots, ifVersion: 1) } == false)
            #expect(try await store.write { try $0.update(changed, slots: nil, ifVersion: nil) })
            let after = try #require(try await store.read { try $0.row(Customer.schema, id: id) })
            #expect(after["city"] == "宁波" && after["points"] == 9)
            // Read without its links, written whole: the links stay.
            #expect(try await store.read { try $0.links(Customer.schema, Customer.schema["tags"]!, of: [id]) } == [id: [1]])
            var bare = after
            bare["tags"] = .list([5, 4])
            let linked = bare
            #expect(try await store.write { try $0.update(linked, slots: [Customer.schema["tags"]!.slot], ifVersion: 2) })
            #expect(try await store.read { try $0.links(Customer.schema, Customer.schema["tags"]!, of: [id]) } == [id: [5, 4]])
            row.id = 99
            let nobody = row
            #expect(try await store.write { try $0.update(nobody, slots: nil, ifVersion: nil) } == false)
        }
    }

    @Test("a refused value names the entity and its fields", arguments: Backend.available)
    func duplicates(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let id = try await store.add(Customer.row("张三", ["code": "A"]))[0]
            await #expect(throws: StoreError.duplicate(entity: "customers", fields: ["code"])) {
                try await store.add(Customer.row("李四", ["code": "A"]))
            }
            try await store.add(Deal.row("年单", customer: id))
            await #expect(throws: StoreError.duplicate(entity: "deals", fields: ["customer_id", "name"])) {
                try await store.add(Deal.row("年单", customer: id))
            }
            // In the recycle bin it is in nobody's way.
            #expect(try await store.write { try $0.set(Customer.schema, ["deleted_at": 5], where: .ids([id])) } == 1)
            try await store.add(Customer.row("李四", ["code": "A"]))
            await #expect(throws: StoreError.duplicate(entity: "customers", fields: ["code"])) {
                try await store.write { _ = try $0.insert((0..<20).map { _ in Customer.row("王五", ["code": "B"]) }) }
            }
        }
    }

    @Test("an error takes back all of its unit of work, an attempt only its own part", arguments: Backend.available)
    func attempts(_ backend: Backend) async throws {
        struct Stop: Error {}
        try await backend.withStore { store in
            await #expect(throws: Stop.self) {
                try await store.write { tx in
                    _ = try tx.insert(Customer.row("张三"))
                    throw Stop()
                }
            }
            #expect(try await store.ids(Query(Customer.self)) == [])
            try await store.write { tx in
                _ = try tx.insert(Customer.row("张三", ["code": "A"]))
                try? tx.attempt {
                    _ = try tx.insert(Customer.row("李四"))
                    try? tx.attempt { _ = try tx.insert(Customer.row("王五", ["code": "A"])) }
                    _ = try tx.insert(Customer.row("赵六"))
                    throw Stop()
                }
                try? tx.attempt { _ = try tx.insert(Customer.row("孙七", ["code": "A"])) }
                _ = try tx.attempt { try tx.insert(Customer.row("周八")) }
            }
            #expect(try await store.read { try $0.fetch(Query(Customer.self)).map(\.title) } == ["张三", "周八"])
            #expect(try await store.search("zhaoliu") == [])
            #expect(try await store.search("zhouba").count == 1)
            // Outside an attempt a failed statement voids the whole, on both engines alike.
            await #expect(throws: StoreError.self) {
                try await store.write { tx in
                    _ = try? tx.insert(Customer.row("吴九", ["code": "A"]))
                    _ = try? tx.insert(Customer.row("郑十"))
                }
            }
            #expect(try await store.ids(Query(Customer.self)).count == 2)
        }
    }

    @Test("what waits for the commit runs after it, and not at all when it fails", arguments: Backend.available)
    func hooks(_ backend: Backend) async throws {
        struct Stop: Error {}
        try await backend.withStore { store in
            let (stream, told) = AsyncStream.makeStream(of: String.self)
            try? await store.write { tx in
                tx.afterCommit { told.yield("failed") }
                throw Stop()
            }
            try await store.write { tx in
                try? tx.attempt {
                    tx.afterCommit { told.yield("taken back") }
                    throw Stop()
                }
                tx.afterCommit { told.yield("done") }
            }
            told.finish()
            var heard: [String] = []
            for await word in stream { heard.append(word) }
            #expect(heard == ["done"])
        }
    }

    @Test("a sequence starts at 1, hands out blocks, and never the same number twice", arguments: Backend.available)
    func sequences(_ backend: Backend) async throws {
        try await backend.withStore { store in
            #expect(try await store.write { try $0.next("HT-2026", by: 1) } == 1)
            #expect(try await store.write { try $0.next("HT-2026", by: 10) } == 2)
            #expect(try await store.write { try $0.next("HT-2026", by: 1) } == 12)
            let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<60 { group.addTask { try await store.write { try $0.next("DH", by: 1) } } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(numbers.sorted() == Array(1...60))
        }
    }

    @Test("numbers differ, whatever becomes of the work they were taken in", arguments: Backend.available)
    func numbers(_ backend: Backend) async throws {
        try await backend.withStore { store in
            #expect(try await store.write { try $0.number("KH", by: 1) } == 1)
            #expect(try await store.write { try $0.number("KH", by: 10) } == 2)
            let numbers = try await withThrowingTaskGroup(of: Int64.self) { group in
                for _ in 0..<60 { group.addTask { try await store.write { try $0.number("KH", by: 1) } } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(numbers.sorted() == Array(12...71))
        }
    }

    @Test(
        "nobody waits for a number that another has taken and not yet saved", .enabled(if: Backend.server != nil), .timeLimit(.minutes(20)))
    func numbersOfOthers() async throws {
        try await Backend.postgresql.withStore { store in
            let (stream, told) = AsyncStream.makeStream(of: Int64.self)
            try await store.write { tx in
                let first = try tx.number("KH", by: 1)
                let waiting = DispatchSemaphore(value: 0)
                Task {
                    told.yield(try await store.write { try $0.number("KH", by: 1) })
                    waiting.signal()
                }
                #expect(first == 1)
                #expect(waiting.wait(timeout: .now() + 600) == .success, "the second number came while the first was not saved")
            }
            told.finish()
            #expect(await stream.first { _ in true } == 2)
        }
    }

    @Test("workers that claim at once never get the same ticket", arguments: Backend.available)
    func claims(_ backend: Backend) async throws {
        try await backend.withStore { store in
            try await store.write { _ = try $0.insert((0..<200).map { Ticket.row("waiting", due: Int64($0)) }) }
            let taken = try await withThrowingTaskGroup(of: [Int64].self) { group in
                for worker in 1...8 {
                    group.addTask {
                        var mine: [Int64] = []
                        while true {
                            let some = try await store.write { tx in
                                try tx.claim(
                                    Query(Ticket.self, where: .field("state", .eq, "waiting"), sort: [.init("due")], limit: 7),
                                    setting: ["state": "running", "worker": .int(Int64(worker))]
                                )
                            }
                            if some.isEmpty { return mine }
                            #expect(some.map { $0["due"].int! } == some.map { $0["due"].int! }.sorted())
                            #expect(some.allSatisfy { $0["worker"] == .int(Int64(worker)) })
                            mine += some.map(\.id)
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(taken.count == 200 && Set(taken).count == 200)
        }
    }

    @Test("setting a field of all that meet a condition says how many", arguments: Backend.available)
    func set(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.add(
                Customer.row("张三", ["city": "杭州"]), Customer.row("李四", ["city": "宁波"]), Customer.row("王五", ["city": "杭州"]))
            let count = try await store.write {
                try $0.set(Customer.schema, ["owner_id": 9, "tags": .list([4])], where: .field("city", .eq, "杭州"))
            }
            #expect(count == 2)
            #expect(try await store.search("zhangsan", within: Reach(owners: [9])) == [ids[0]])
            #expect(try await store.search("zhangsan", within: Reach(owners: [1])) == [])
            #expect(try await store.ids(Query(Customer.self, where: .field("tags", .eq, 4))) == [ids[0], ids[2]])
        }
    }
}

extension StoreError: Equatable {
    public static func == (a: StoreError, b: StoreError) -> Bool { "\(a)" == "\(b)" }
}
