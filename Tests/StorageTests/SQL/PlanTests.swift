import Records
import Testing

@testable import Storage

/// The questions that every list asks must walk an index, however many rows there are.
@Suite("query plans") struct PlanTests {
    private func explain(_ store: any TestStore, _ query: Query) async throws -> String {
        try await store.define { session in
            let compiler = try SelectCompiler(query, session.library)
            // So few rows are read whole faster; here it matters whether the index can serve.
            if session.dialect.name != "sqlite" { try session.connection.script("set local enable_seqscan = off") }
            var lines: [String] = []
            for phase in compiler.phases {
                let sql = try compiler.select(phase, limit: query.limit)
                let explain = session.dialect.name == "sqlite" ? "explain query plan " : "explain "
                lines += try session.connection.rows(explain + sql.text, sql.values).compactMap { $0.last?.text }
            }
            return lines.joined(separator: "\n")
        }
    }

    @Test("default lists of owners, departments and all walk an index in order", arguments: Backend.available)
    func lists(_ backend: Backend) async throws {
        try await backend.withStore { store in
            try await store.write { tx in
                var dice = Dice(3)
                for _ in 0..<10 {
                    _ = try tx.insert(
                        (0..<2000).map { _ in
                            Customer.row(
                                "张三", owner: Int64(dice.roll(100)), department: Int64(dice.roll(20)), at: Int64(dice.roll(1_000_000)),
                                ["points": .int(Int64(dice.roll(1000)))])
                        })
                }
            }
            if backend == .postgresql { try await store.analyze() }
            for scope in [
                Reach.everything, Reach(owners: [5]), Reach(departments: [3]), Reach(owners: [1, 2, 3], departments: [4]),
                Reach(owners: [1], records: [7, 8]),
            ] {
                for sort in ["-created_at", "created_at"] {
                    for isSecondPage in [false, true] {
                        var query = Query(Customer.self, sort: [Query.Sort(sort)])
                        query.scope = scope
                        if isSecondPage { query.cursor = .init(values: [500_000], id: 10) }
                        let plan = try await explain(store, query)
                        if backend == .sqlite {
                            #expect(
                                !plan.contains("SCAN t") || plan.contains("USING INDEX") || plan.contains("USING COVERING INDEX"), "\(plan)"
                            )
                            for line in plan.split(separator: "\n") where line.hasPrefix("SCAN t") {
                                #expect(line.contains("INDEX"), "\(plan)")
                            }
                            if scope.isEverything || scope.owners == [5] { #expect(!plan.contains("TEMP B-TREE"), "\(plan)") }
                        } else {
                            #expect(!plan.contains("Seq Scan"), "\(plan)")
                            if scope.isEverything || scope.owners == [5] { #expect(!plan.contains("Sort"), "\(plan)") }
                        }
                    }
                }
            }
        }
    }

    @Test("links, unique values, the bin and the search use theirs", arguments: Backend.available)
    func others(_ backend: Backend) async throws {
        try await backend.withStore { store in
            try await store.write { tx in
                _ = try tx.insert(
                    (0..<5000).map {
                        Customer.row(
                            "客户\($0)", owner: Int64($0 % 50), ["code": .text("C\($0)"), "level": $0 % 100 == 0 ? "gold" : "silver"])
                    })
                for page in 0..<5 { _ = try tx.insert((0..<1000).map { Deal.row("单\(page)-\($0)", customer: Int64($0 + 1)) }) }
            }
            if backend == .postgresql { try await store.analyze() }
            var bin = Query(Customer.self, sort: [Query.Sort("-deleted_at")])
            bin.life = .deleted
            let queries = [
                Query(Customer.self, where: .field("code", .eq, "C77")),
                Query(Deal.self, where: .field("customer_id", .eq, 5), sort: [Query.Sort("-amount")]),
                Query(Customer.self, where: .ids([4, 5, 6])), Query(Customer.self, where: .search("kehu77")), bin,
                Query(Customer.self, sort: [Query.Sort("name")]),
            ]
            for query in queries {
                let plan = try await explain(store, query)
                for line in plan.split(separator: "\n") where line.hasPrefix("SCAN t") {
                    #expect(line.contains("INDEX"), "\(query.condition): \(plan)")
                }
                #expect(!plan.contains("Seq Scan"), "\(query.condition): \(plan)")
            }
        }
    }
}
