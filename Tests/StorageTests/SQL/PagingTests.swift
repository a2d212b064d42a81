import Records
import Testing

@testable import Storage

@Suite("paging") struct PagingTests {
    static let orders: [[String]] = [
        [], ["id"], ["-id"], ["-created_at"], ["created_at"], ["points"], ["-points"], ["city", "-points"], ["-city", "points"],
        ["-points", "-score"],
        ["level", "city", "points"], ["name"], ["-name"], ["name", "-points"], ["-score", "name"],
    ]

    @Test("walking by key, forward and back, visits every row once whatever ties and nulls there are", arguments: Backend.available)
    func visitsAll(_ backend: Backend) async throws {
        try await backend.withStore { store in
            var dice = Dice(11)
            let rows = Rows.make(&dice).customers
            try await store.write { _ = try $0.insert(rows) }
            for scope in [
                Reach.everything, Reach(owners: [1]), Reach(owners: [0, 2], departments: [11], records: [3, 5, 8]),
                Reach(owners: Array(1...80)),
            ] {
                for order in Self.orders {
                    var query = Query(Customer.self, sort: order.map { Query.Sort($0) }, limit: 1000)
                    query.scope = scope
                    let whole = query
                    let all = try await store.read { try $0.fetch(whole) }
                    let expected = rows.enumerated().filter {
                        $1.deletedAt == nil && scope.covers(id: Int64($0 + 1), owner: $1.ownerID, department: $1.departmentID)
                    }
                    #expect(Set(all.map(\.id)) == Set(expected.map { Int64($0.offset + 1) }), "\(scope) \(order)")
                    expectSorted(all, order)
                    query.limit = 7
                    var walked: [Int64] = []
                    while true {
                        let page = query
                        let rows = try await store.read { try $0.fetch(page) }
                        guard let last = rows.last else { break }
                        walked += rows.map(\.id)
                        query.cursor = query.cursor(at: last)
                    }
                    #expect(walked == all.map(\.id), "\(scope) \(order)")
                    // And back from the end.
                    guard let end = all.last else { continue }
                    var back: [Int64] = [end.id]
                    query.cursor = query.cursor(at: end, isBackward: true)
                    while true {
                        let page = query
                        let rows = try await store.read { try $0.fetch(page) }
                        guard let first = rows.first else { break }
                        back = rows.map(\.id) + back
                        query.cursor = query.cursor(at: first, isBackward: true)
                    }
                    #expect(back == all.map(\.id), "back \(scope) \(order)")
                }
            }
        }
    }

    @Test("whatever a condition says about owners, a scope keeps its word", arguments: Backend.available)
    func scopes(_ backend: Backend) async throws {
        try await backend.withStore { store in
            var dice = Dice(5)
            let rows = Rows.make(&dice).customers
            try await store.write { _ = try $0.insert(rows) }
            let scopes = [
                Reach.everything, .nothing, Reach(owners: [1]), Reach(departments: [11]),
                Reach(owners: [0, 2], departments: [11], records: [3, 5, 8]), Reach(owners: Array(1...80)), Reach(records: [4]),
            ]
            let conditions: [Condition] = [
                .everything, .field("owner_id", .eq, 1), .field("owner_id", .in, 1, 2, 7), .field("owner_id", .eq, .null),
                .field("owner_id", .eq, "x"), .field("department_id", .eq, 11),
                .field("owner_id", .eq, 2) && .field("department_id", .in, 11, 12),
                .field("owner_id", .eq, 1) && .field("owner_id", .eq, 2), .field("friend_id", .in, 1, 2, 3, 4, 5),
                .ids([3, 4, 5, 6, 7, 8, 9, 10]), .field("owner_id", .ne, 1),
                .any([.field("owner_id", .eq, 1), .field("level", .eq, "gold")]),
                .field("owner_id", .eq, 1) && .field("level", .eq, "gold"),
            ]
            let reference = Reference(
                customers: rows.enumerated().map { index, row in
                    var row = row
                    row.id = Int64(index + 1)
                    return row
                }, deals: [])
            for scope in scopes {
                for condition in conditions {
                    var query = Query(Customer.self, where: condition, sort: [.init("-created_at")], limit: 1000)
                    query.scope = scope
                    let asked = query
                    let expected = reference.customers.filter { row in
                        row.deletedAt == nil && scope.covers(id: row.id, owner: row.ownerID, department: row.departmentID)
                            && reference.matches(condition, row)
                    }.map(\.id)
                    let (ids, count) = try await store.read { (try $0.fetch(asked).map(\.id), try $0.count(asked, cap: 1000)) }
                    #expect(ids.sorted() == expected && ids.count == count, "\(scope) \(condition)")
                }
            }
        }
    }

    /// Null is the smallest.
    private func expectSorted(_ rows: [Row], _ order: [String]) {
        func key(_ row: Row, _ field: String) -> Value { field == "name" ? .text(SortKey.make(row[field].text ?? "")) : row[field] }
        func less(_ a: Value, _ b: Value) -> Bool? {
            if a == b { return nil }
            if a.isNull || b.isNull { return a.isNull }
            if let x = a.text, let y = b.text { return Array(x.utf8).lexicographicallyPrecedes(Array(y.utf8)) }
            return a.real! < b.real!
        }
        for (a, b) in zip(rows, rows.dropFirst()) {
            var isRight: Bool?
            for part in order.map({ Query.Sort($0) }) where isRight == nil {
                isRight = less(key(a, part.field), key(b, part.field)).map { $0 != part.isDescending }
            }
            let isFalling = order.last.map { Query.Sort($0).isDescending } ?? false
            #expect(isRight ?? (isFalling ? a.id > b.id : a.id < b.id), "\(order): \(a.id) before \(b.id)")
        }
    }

    @Test("names sort by pinyin", arguments: Backend.available)
    func pinyin(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let names = ["张三", "Bob", "李四", "阿明", "章三", "曾国", "张四", "重庆小面", "扎西", "123"]
            for name in names { try await store.add(Customer.row(name)) }
            let sorted = try await store.read { try $0.fetch(Query(Customer.self, sort: [.init("name")])).map(\.title) }
            #expect(sorted == ["123", "阿明", "Bob", "重庆小面", "李四", "曾国", "扎西", "张三", "张四", "章三"])
        }
    }

    @Test("forEach goes through all, past the limit and past its own stride, and stops when told", arguments: Backend.available)
    func forEach(_ backend: Backend) async throws {
        try await backend.withStore { store in
            try await store.write {
                _ = try $0.insert((0..<2500).map { Customer.row("客户", at: Int64($0 % 10), ["tags": .list([.int(Int64($0))])]) })
            }
            var query = Query(Customer.self, sort: [.init("-created_at")], limit: 5)
            query.withLinks = true
            let asked = query
            let (count, distinct, linked) = try await store.read { reading in
                var seen: Set<Int64> = []
                var count = 0, linked = 0
                try reading.forEach(asked) { row in
                    count += 1
                    seen.insert(row.id)
                    if row["tags"].list?.count == 1 { linked += 1 }
                    return true
                }
                return (count, seen.count, linked)
            }
            #expect(count == 2500 && distinct == 2500 && linked == 2500)
            let stopped = try await store.read { reading in
                var count = 0
                try reading.forEach(asked) { _ in
                    count += 1
                    return count < 1200
                }
                return count
            }
            #expect(stopped == 1200)
        }
    }
}
