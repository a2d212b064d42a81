import Records
import Testing

@testable import Storage

@Suite("counting") struct CountTests {
    private func count(
        _ store: any TestStore, _ condition: Condition = .everything, _ scope: Reach = .everything, cap: Int = 10_000
    ) async throws -> Int {
        var query = Query(Customer.self, where: condition)
        query.scope = scope
        let asked = query
        return try await store.read { try $0.count(asked, cap: cap) }
    }

    @Test("a large count follows every kind of change at once", arguments: Backend.available)
    func changes(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.write {
                try $0.insert((0..<1200).map { Customer.row("客户\($0)", owner: Int64($0 % 3), ["level": "gold"]) })
            }
            func expect(_ all: Int, gold: Int, _ what: Comment) async throws {
                for _ in 0..<2 {
                    #expect(try await count(store) == all, what)
                    #expect(try await count(store, .field("level", .eq, "gold")) == gold, what)
                }
            }
            try await expect(1200, gold: 1200, "as made")
            try await store.add(Customer.row("新", ["level": "gold"]))
            try await expect(1201, gold: 1201, "insert")
            _ = try await store.write { try $0.insert((0..<20).map { Customer.row("多\($0)") }) }
            try await expect(1221, gold: 1201, "insert many")
            try await store.write { tx in
                guard var row = try tx.row(Customer.schema, id: ids[0]) else { return }
                row["level"] = "silver"
                _ = try tx.update(row, slots: nil, ifVersion: nil)
            }
            try await expect(1221, gold: 1200, "update")
            _ = try await store.write { try $0.set(Customer.schema, ["level": "silver"], where: .ids(Array(ids[1...10]))) }
            try await expect(1221, gold: 1190, "set")
            _ = try await store.write { try $0.claim(Query(Customer.self, where: .ids([ids[20]])), setting: ["level": "silver"]) }
            try await expect(1221, gold: 1189, "claim")
            try await store.write { try $0.erase(Customer.schema, ids: Array(ids[30..<40])) }
            try await expect(1211, gold: 1179, "erase")
            struct Stop: Error {}
            await #expect(throws: Stop.self) {
                try await store.write { tx in
                    try tx.insert(Customer.row("nie"))
                    throw Stop()
                }
            }
            try await expect(1211, gold: 1179, "taken back")
        }
    }

    @Test("whoever was told that a record is saved finds it counted, however many count meanwhile", arguments: Backend.available)
    func races(_ backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.write { try $0.insert((0..<1000).map { Customer.row("客户\($0)") }) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 { group.addTask { for _ in 0..<80 { _ = try await count(store) } } }
                group.addTask {
                    for number in 1...60 {
                        try await store.add(Customer.row("又一个"))
                        #expect(try await count(store) == 1000 + number)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("what other records decide is counted anew each time", arguments: Backend.available)
    func others(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.write { try $0.insert((0..<700).map { Customer.row("客户\($0)") }) }
            _ = try await store.write { try $0.insert(ids.map { Deal.row("单", customer: $0) }) }
            let condition = Condition.exists(entity: "deals", field: "customer_id", .everything)
            #expect(try await count(store, condition) == 700)
            try await store.write { try $0.erase(Deal.schema, ids: [1, 2, 3]) }
            #expect(try await count(store, condition) == 697)
        }
    }

    @Test("owners, departments and single records that overlap are counted once, up to the cap", arguments: Backend.available)
    func branches(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let rows = (0..<900).map { (number: Int) -> Row in
                let owner = Int64(number % 9)
                return Customer.row("客户", owner: owner == 0 ? nil : owner, department: Int64(number % 4))
            }
            _ = try await store.write { try $0.insert(rows) }
            let scope = Reach(owners: [1, 2, 3], departments: [0, 1], records: [1, 2, 3, 500])
            let expected = rows.indices.filter {
                scope.covers(id: Int64($0 + 1), owner: rows[$0].ownerID, department: rows[$0].departmentID)
            }.count
            #expect(try await count(store, .everything, scope) == expected)
            for cap in [0, 10, 299, 300, expected - 1] { #expect(try await count(store, .everything, scope, cap: cap) == cap + 1) }
            #expect(try await count(store, .everything, scope, cap: expected) == expected)
        }
    }
}

@Suite("wide scopes") struct GlanceTests {
    @Test(
        "the pages of somebody with many owners hold the same rows whether they are a large or a small share", arguments: Backend.available)
    func pages(_ backend: Backend) async throws {
        try await backend.withStore { store in
            var dice = Dice(3)
            var rows: [Row] = []
            for _ in 0..<3000 {
                rows.append(Customer.row("客户", owner: Int64(dice.roll(100)), department: Int64(dice.roll(30)), at: Int64(dice.roll(500))))
            }
            let made = rows
            _ = try await store.write { try $0.insert(made) }
            for scope in [
                Reach(owners: Array(0..<60)), Reach(owners: Array(0..<9), records: [4, 5]),
                Reach(owners: Array(90..<100), departments: [29]),
            ] {
                let seen = made.indices.filter {
                    scope.covers(id: Int64($0 + 1), owner: made[$0].ownerID, department: made[$0].departmentID)
                }
                let expected = seen.sorted { (made[$0].createdAt.milliseconds, $0) > (made[$1].createdAt.milliseconds, $1) }.map {
                    Int64($0 + 1)
                }
                var query = Query(Customer.self, sort: [.init("-created_at")], limit: 40), walked: [Int64] = []
                query.scope = scope
                while true {
                    let page = query
                    let found = try await store.read { try $0.fetch(page) }
                    #expect(found.count == min(40, expected.count - walked.count))
                    guard let last = found.last else { break }
                    walked += found.map(\.id)
                    query.cursor = query.cursor(at: last)
                }
                #expect(walked == expected, "\(scope)")
            }
        }
    }

    @Test("a search that finds thousands shows the same records in the same order as one that finds few", arguments: Backend.available)
    func broadSearch(_ backend: Backend) async throws {
        try await backend.withStore { store in
            var dice = Dice(8)
            var rows: [Row] = []
            for number in 0..<5200 {
                rows.append(
                    Customer.row(
                        number % 2 == 0 ? "张\(number)" : "李\(number)", owner: Int64(dice.roll(12)), department: Int64(dice.roll(30)),
                        at: Int64(dice.roll(900))))
            }
            rows[4]["deleted_at"] = 5
            let made = rows
            _ = try await store.write { try $0.insert(made) }
            for scope in [
                Reach.everything, Reach(owners: Array(0..<11)), Reach(owners: [3]), Reach(owners: Array(0..<11), records: [9, 10]),
            ] {
                let seen = made.indices.filter {
                    $0 % 2 == 0 && $0 != 4 && scope.covers(id: Int64($0 + 1), owner: made[$0].ownerID, department: made[$0].departmentID)
                }
                let expected = seen.sorted { (made[$0].createdAt.milliseconds, $0) > (made[$1].createdAt.milliseconds, $1) }.map {
                    Int64($0 + 1)
                }
                var query = Query(Customer.self, where: .search("张"), sort: [.init("-created_at")], limit: 300), walked: [Int64] = []
                query.scope = scope
                let whole = query
                #expect(try await store.read { try $0.count(whole, cap: 10_000) } == expected.count)
                #expect(try await store.read { try $0.count(whole, cap: 100) } == 101)
                while true {
                    let page = query
                    let found = try await store.read { try $0.fetch(page) }
                    guard let last = found.last else { break }
                    walked += found.map(\.id)
                    query.cursor = query.cursor(at: last)
                }
                #expect(walked == expected, "\(scope)")
                let best = try await store.read { try $0.search(Customer.schema, "张", within: scope, preferring: nil, limit: 15) }
                // PostgreSQL looks at some of so many, not at the newest of all.
                if backend == .sqlite { #expect(best == Array(seen.map { Int64($0 + 1) }.sorted(by: >).prefix(15)), "\(scope)") }
                #expect(best.count == 15 && Set(best).isSubset(of: expected))
            }
            // Few are found: each is looked at.
            let scope = Reach(owners: Array(0..<11))
            var few = Query(Customer.self, where: .search("张400"), sort: [.init("-created_at")], limit: 5)
            few.scope = scope
            let asked = few
            let expected = made.indices.filter {
                $0 % 2 == 0 && String($0).hasPrefix("400") && scope.covers(id: Int64($0 + 1), owner: made[$0].ownerID, department: nil)
            }
            #expect(try await store.read { try $0.count(asked, cap: 100) } == expected.count)
            let found = try await store.read { try $0.fetch(asked).map(\.id) }
            let sorted = expected.sorted { (made[$0].createdAt.milliseconds, $0) > (made[$1].createdAt.milliseconds, $1) }
            #expect(found == sorted.prefix(5).map { Int64($0 + 1) })
        }
    }
}
