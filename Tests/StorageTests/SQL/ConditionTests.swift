import Foundation
import Records
import Testing

@testable import Storage

@Suite("conditions") struct ConditionTests {
    @Test("hundreds of random conditions mean the same in memory and on every engine", arguments: Backend.available)
    func differential(_ backend: Backend) async throws {
        try await backend.withStore { store in
            var dice = Dice(2026)
            let made = Rows.make(&dice)
            try await store.write { tx in
                _ = try tx.insert(made.customers)
                _ = try tx.insert(made.deals)
            }
            var all = Query(Customer.self, limit: 1000)
            all.withLinks = true
            all.life = .both
            var deals = Query(Deal.self, limit: 1000)
            deals.life = .both
            let (everyone, everything) = (all, deals)
            let reference = try await store.read { Reference(customers: try $0.fetch(everyone), deals: try $0.fetch(everything)) }
            #expect(reference.customers.count == made.customers.count)
            var found = 0
            for number in 0..<600 {
                let condition = Conditions.random(&dice, depth: number % 4)
                let expected = reference.customers.filter { $0.deletedAt == nil && reference.matches(condition, $0) }.map(\.id)
                let query = Query(Customer.self, where: condition, limit: 1000)
                let (ids, count) = try await store.read { (try $0.fetch(query).map(\.id), try $0.count(query, cap: 1000)) }
                #expect(ids == expected, "\(condition)")
                #expect(count == expected.count)
                found += expected.count
            }
            // A generator of conditions that nothing or everything meets would prove little.
            #expect(found > 600 * 8 && found < 600 * 90)
        }
    }

    @Test("a sum beyond what a whole number can be is the greatest or the least", arguments: Backend.available)
    func sums(_ backend: Backend) async throws {
        try await backend.withStore { store throws in
            func sum(_ city: String, _ points: [Int64?]) async throws -> Value? {
                for number in points {
                    try await store.add(Customer.row("客户", at: 0, ["city": .text(city), "points": number.map(Value.int) ?? .null]))
                }
                let asked = Summary(Query(Customer.self, where: .field("city", .eq, .text(city))), measures: [.sum("points")])
                return try await store.read { try $0.summarize(asked) }.first?.values.first
            }
            #expect(try await sum("a", [.max, 1, 1]) == .int(.max))
            #expect(try await sum("b", [.min, -1]) == .int(.min))
            #expect(try await sum("c", [(1 << 53) + 1, 1 << 53, -3, nil]) == .int((1 << 54) - 2), "exact beyond 2^53")
            #expect(try await sum("d", [-1, -5_000_000_000, 4_294_967_295, 4_294_967_296]) == .int(3_589_934_590))
            #expect(try await sum("e", [nil]) == .null)
            #expect(try await sum("f", [.max, .min]) == -1)
        }
    }

    @Test("every operator on every kind of column", arguments: Backend.available)
    func everyOperator(_ backend: Backend) async throws {
        try await backend.withStore { store in
            var dice = Dice(7)
            let made = Rows.make(&dice)
            try await store.write { _ = try $0.insert(made.customers) }
            var all = Query(Customer.self, limit: 1000)
            all.withLinks = true
            let everyone = all
            let reference = try await store.read { Reference(customers: try $0.fetch(everyone), deals: []) }
            for field in Conditions.fields {
                for op in Operator.allCases {
                    for _ in 0..<6 {
                        let condition = Condition.compare(.init(field), op, Conditions.operands(field, op, &dice))
                        let expected = reference.customers.filter { reference.matches(condition, $0) }.map(\.id)
                        #expect(try await store.ids(Query(Customer.self, where: condition, limit: 1000)) == expected, "\(condition)")
                        let opposite = Query(Customer.self, where: .not(condition), limit: 1000)
                        #expect(try await store.ids(opposite).count == reference.customers.count - expected.count, "not \(condition)")
                    }
                }
            }
        }
    }

    @Test("signs of patterns and of SQL are nothing but text", arguments: Backend.available)
    func escaping(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let names = ["50%", "5_0", "a\\b", "o'neil", "\"x\"", "${}", "'; drop table customers; --", "ÄÖ", "𬶍"]
            let ids = try await store.write { tx in try names.map { try tx.insert(Customer.row($0)) } }
            for (name, id) in zip(names, ids) {
                for op in [Operator.eq, .contains, .starts, .in] {
                    #expect(try await store.ids(Query(Customer.self, where: .field("name", op, .text(name)))) == [id], "\(op) \(name)")
                }
            }
            #expect(try await store.ids(Query(Customer.self, where: .field("name", .contains, "%"))) == [ids[0]])
            #expect(try await store.ids(Query(Customer.self, where: .field("name", .contains, "_"))) == [ids[1]])
            // ASCII letters have one case in a search for parts, others do not.
            #expect(try await store.ids(Query(Customer.self, where: .field("name", .contains, "O'NEIL"))) == [ids[3]])
            #expect(try await store.ids(Query(Customer.self, where: .field("name", .contains, "äö"))) == [])
            #expect(try await store.ids(Query(Customer.self, where: .field("name", .eq, .text("50%\0")))) == [ids[0]])
        }
    }

    @Test("an unknown field, link or order is refused, not guessed", arguments: Backend.available)
    func unknown(_ backend: Backend) async throws {
        try await backend.withStore { store in
            for condition in [
                Condition.field("nope", .eq, 1), .compare(.init(link: "nope", "x"), .eq, [1]),
                .exists(entity: "nope", field: "x", .everything), .field("points", .lt),
            ] {
                await #expect(throws: StoreError.self) { try await store.ids(Query(Customer.self, where: condition)) }
            }
            await #expect(throws: StoreError.self) { try await store.ids(Query(Customer.self, sort: [.init("name\" desc; --")])) }
            await #expect(throws: StoreError.self) { try await store.ids(Query(Customer.self, sort: [.init("tags")])) }
        }
    }

    @Test("live, deleted and both", arguments: Backend.available)
    func life(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let ids = try await store.add(Customer.row("张三"), Customer.row("李四", ["deleted_at": 5]))
            func found(_ life: Query.Life) async throws -> [Int64] {
                var query = Query(Customer.self)
                query.life = life
                return try await store.ids(query)
            }
            #expect(try await found(.live) == [ids[0]])
            #expect(try await found(.deleted) == [ids[1]])
            #expect(try await found(.both) == ids)
        }
    }

    @Test("a count stops at its cap and says so", arguments: Backend.available)
    func cap(_ backend: Backend) async throws {
        try await backend.withStore { store in
            try await store.write { _ = try $0.insert((0..<30).map { Customer.row("客户\($0)", owner: Int64($0 % 3)) }) }
            #expect(try await store.read { try $0.count(Query(Customer.self), cap: 10) } == 11)
            #expect(try await store.read { try $0.count(Query(Customer.self), cap: 30) } == 30)
            var scoped = Query(Customer.self)
            scoped.scope = Reach(owners: [0, 1], departments: [10])
            let all = scoped
            #expect(try await store.read { try $0.count(all, cap: 100) } == 30)
            #expect(try await store.read { try $0.count(all, cap: 12) } == 13)
        }
    }

    @Test("summaries group, add up and average alike", arguments: Backend.available)
    func summaries(_ backend: Backend) async throws {
        try await backend.withStore { store in
            let days: [(String?, Int64?, Int64)] = [
                ("杭州", 3, 0), ("杭州", nil, 86_400_000 * 31), ("宁波", 5, 57_600_000 - 1 + 86_400_000 * 30),
                (nil, 7, 57_600_000 + 86_400_000 * 30),
            ]
            for (city, points, created) in days {
                try await store.add(
                    Customer.row(
                        "客户", at: created,
                        [
                            "city": city.map(Value.text) ?? .null, "points": points.map(Value.int) ?? .null,
                            "born_on": .int(created / 86_400_000), "score": .real(0.5), "tags": .list([1, 2]),
                        ]))
            }
            let byCity = Summary(
                Query(Customer.self), by: [.init("city")],
                measures: [.count, .sum("points"), .average("points"), .min("points"), .max("name"), .sum("score")])
            let lines = try await store.read { try $0.summarize(byCity) }
            #expect(lines.map(\.keys) == [[.null], ["宁波"], ["杭州"]])
            #expect(
                lines.map(\.values) == [
                    [1, 7, .real(7), 7, "客户", .real(0.5)], [1, 5, .real(5), 5, "客户", .real(0.5)], [2, 3, .real(3), 3, "客户", .real(1)],
                ])
            let byMonth = Summary(Query(Customer.self), by: [.init("created_at", .month)])
            #expect(
                try await store.read { try $0.summarize(byMonth) }.map { "\($0.keys[0].text ?? "") \($0.values[0].int ?? 0)" } == [
                    "1970-01 2", "1970-02 2",
                ])
            let byDay = Summary(Query(Customer.self), by: [.init("born_on", .month)])
            #expect(
                try await store.read { try $0.summarize(byDay) }.map { "\($0.keys[0].text ?? "") \($0.values[0].int ?? 0)" } == [
                    "1970-01 3", "1970-02 1",
                ])
            func keys(_ field: String, _ grain: Summary.Grain) async throws -> [Value] {
                try await store.read { try $0.summarize(Summary(Query(Customer.self), by: [.init(field, grain)])) }.map { $0.keys[0] }
            }
            #expect(try await keys("created_at", .day) == [0, 30, 31], "by the company's day")
            #expect(try await keys("created_at", .week) == [-3, 25], "Mondays")
            #expect(try await keys("created_at", .quarter) == ["1970-Q1"])
            #expect(try await keys("created_at", .year) == ["1970"])
            func cities(_ order: Summary.Order, limit: Int) async throws -> [Value] {
                var summary = Summary(Query(Customer.self), by: [.init("city")], measures: [.sum("points")])
                (summary.order, summary.limit) = (order, limit)
                let asked = summary
                return try await store.read { try $0.summarize(asked) }.map { $0.keys[0] }
            }
            #expect(try await cities(.largest, limit: 2) == [.null, "宁波"])
            #expect(try await cities(.keysDescending, limit: 2) == ["杭州", "宁波"])
            #expect(try await keys("points", .bounds([4, 6])) == [.null, 0, 1, 2])
            try await store.add(Customer.row("老客户", at: -1, ["born_on": -4]))
            #expect(try await keys("born_on", .week) == [-10, -3, 25], "also before 1970")
            #expect(
                try await store.read { try $0.summarize(Summary(Query(Customer.self), by: [.init("tags")])) }.map(\.keys) == [
                    [.null], [1], [2],
                ])
            #expect(try await store.read { try $0.summarize(Summary(Query(Customer.self, where: .nothing))) }.map(\.values) == [[0]])
        }
    }
}

enum Rows {
    static func make(_ dice: inout Dice) -> (customers: [Row], deals: [Row]) {
        var customers: [Row] = []
        for number in 1...100 {
            func maybe(_ value: Value) -> Value { dice.roll(4) == 0 ? .null : value }
            var row = Customer.row(
                dice.pick(["张三", "李四", "王五", "Anna", "anna", "", "a_b", "50%"]), owner: Int64(dice.roll(4)),
                department: dice.roll(3) == 0 ? nil : Int64(10 + dice.roll(3)), at: Int64(dice.roll(5)))
            row["level"] = maybe(dice.pick(["gold", "silver", "bronze"]))
            row["city"] = maybe(dice.pick(["杭州", "宁波", "", "Hangzhou", "hang_zhou"]))
            row["points"] = maybe(.int(Int64(dice.roll(7) - 3)))
            row["score"] = maybe(.real(Double(dice.roll(9)) / 2))
            row["born_on"] = maybe(.int(Int64(dice.roll(5) * 1000)))
            row["likes"] = maybe(.list(dice.pick([["tea"], ["tea_set"], ["tea", "golf"], ["golf"]])))
            row["friend_id"] = number > 20 ? maybe(.int(Int64(1 + dice.roll(20)))) : .null
            row["tags"] = maybe(.list(dice.pick([[1], [2, 1], [3], [1, 2, 3]])))
            row["deleted_at"] = dice.roll(12) == 0 ? 1 : .null
            customers.append(row)
        }
        let deals = (0..<120).map { number -> Row in
            var deal = Deal.row(
                "单\(number)", customer: Int64(1 + dice.roll(40)), amount: dice.roll(3) == 0 ? nil : Int64(dice.roll(6)),
                stage: dice.pick([nil, "won", "lost"]))
            deal["deleted_at"] = dice.roll(6) == 0 ? 1 : .null
            return deal
        }
        return (customers, deals)
    }
}

enum Conditions {
    static let fields = ["name", "level", "city", "points", "score", "born_on", "likes", "tags", "created_at", "friend_id", "id"]

    static func random(_ dice: inout Dice, depth: Int) -> Condition {
        if depth > 0 {
            switch dice.roll(3) {
            case 0: return .all((0..<dice.roll(4)).map { _ in random(&dice, depth: depth - 1) })
            case 1: return .any((0..<dice.roll(4)).map { _ in random(&dice, depth: depth - 1) })
            default: return .not(random(&dice, depth: depth - 1))
            }
        }
        switch dice.roll(10) {
        case 0: return .ids((0..<dice.roll(12)).map { _ in Int64(1 + dice.roll(100)) })
        case 1:
            return .exists(entity: "deals", field: "customer_id", .field(dice.pick(["amount", "stage"]), dice.pick([.empty, .notEmpty])))
        case 2: return .listed(entity: "deals", field: "customer_id", .field("amount", .gte, .int(Int64(dice.roll(6)))))
        case 3:
            let field = dice.pick(["name", "city", "points", "likes"]), op = dice.pick(Operator.allCases)
            return .compare(.init(link: dice.pick(["friend", "friend_id"]), field), op, operands(field, op, &dice))
        default:
            let field = dice.pick(fields), op = dice.pick(Operator.allCases)
            return .compare(.init(field), op, operands(field, op, &dice))
        }
    }

    static func operands(_ field: String, _ op: Operator, _ dice: inout Dice) -> [Value] {
        let count = op.operandCount ?? dice.roll(12)
        return (0..<count).map { _ in
            switch field {
            case "name": dice.pick(["张三", "anna", "AN", "a_", "%", "", .null, "李"])
            case "level": dice.pick(["gold", "silver", "none", .null, "G"])
            case "city": dice.pick(["杭州", "", "hang", "Hang", .null, "宁", 5, .real(1.5)])
            case "points": dice.pick([0, 1, -2, .real(1.5), .real(2), .null, "1", "x", .real(-0.5), .real(1e300), .real(-1e300)])
            case "score": dice.pick([1, .real(2.5), .real(0.75), .null, "1.5", "x"])
            case "likes": dice.pick(["tea", "golf", "te", .null, .list(["golf", "tea_set"])])
            case "tags": dice.pick([1, 2, 9, .null, .list([2, 3])])
            default: dice.pick([.int(Int64(dice.roll(30))), .int(Int64(dice.roll(5) * 1000)), .null])
            }
        }
    }
}
