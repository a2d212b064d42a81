import Foundation
import Product
import Records
import Service
import TestSupport
import Testing

@testable import Gate
@testable import Storage

/// Every list, sort, filter and search that pages offer, for every entity there is: none may read a table from end to end.
@Suite("Query plans of the catalog")
struct CatalogPlanTests {
    static let catalog = Catalog([Platform.self] + Packs.capabilities)
    static let scopes = [
        Reach.everything, Reach(owners: [5]), Reach(owners: Array(1...20)), Reach(departments: [3]),
        Reach(owners: [5], departments: [1, 2, 3], records: [7, 8]),
        Reach(owners: Array(1...200), departments: Array(1...30)),
    ]

    struct Question {
        var name: String
        var query: Query
        /// The index must give the order, too: nothing is sorted.
        var isOrdered = false
        /// Its index must lead straight to the rows with these values.
        var column: String?
        /// An index must lead to the rows: walking one from end to end is no better than the table.
        var isFound = false
    }

    @Test("no page of any entity reads a whole table", arguments: Engine.available)
    func pages(_ engine: Engine) async throws {
        try await withStore(engine) { store in
            var asked = 0
            for schema in Self.catalog.schemas where Self.catalog.standsAlone(schema) {
                for (place, question) in questions(schema).enumerated() {
                    // Each question within every reach; the small size turns through them from question to question.
                    let some = Size.isFull ? Self.scopes : [.everything, Self.scopes[1 + place % (Self.scopes.count - 1)]]
                    for scope in schema.isOwned ? some : [.everything] {
                        var query = question.query
                        query.scope = scope
                        for isSecondPage in [false, true] {
                            if isSecondPage { query.cursor = .init(values: query.sort.map { _ in .int(500) }, id: 10) }
                            let plan = try await store.plan(of: query)
                            check(
                                plan,
                                Question(
                                    name: question.name, query: query, isOrdered: question.isOrdered,
                                    column: isSecondPage ? nil : question.column, isFound: question.isFound), scope, engine,
                                "\(schema.name) \(question.name) \(scope)\(isSecondPage ? " page 2" : "")")
                            asked += 1
                        }
                    }
                }
            }
            #expect(asked > 1000)
        }
    }

    /// What a list's head, its tabs, its filter panel and its search box ask.
    private func questions(_ schema: Schema) -> [Question] {
        let usual = schema.traits.sort.map { Query.Sort($0) }
        func ask(_ name: String, _ condition: Condition, isFound: Bool = false) -> Question {
            Question(name: name, query: Query(schema, where: condition, sort: usual), isFound: isFound)
        }
        var questions = [ask("all", .everything)]
        for field in schema.fields where field.isOrdered {
            for isDescending in [false, true] {
                var sort = [Query.Sort(field.name, descending: isDescending)]
                if let follower = schema.follower(of: field) { sort.append(Query.Sort(follower.name, descending: isDescending)) }
                questions.append(
                    Question(name: "by \(isDescending ? "-" : "")\(field.name)", query: Query(schema, sort: sort), isOrdered: true))
            }
        }
        if schema.isOwned {
            questions.append(ask("mine", .field("owner_id", .eq, 5), isFound: true))
            questions.append(ask("my team's", .field("owner_id", .in, 1, 2, 3, 4), isFound: true))
        }
        // The home page counts what is due of one's own.
        for name in ["next_follow_at", "due_at", "next_birthday_on", "next_on"] where schema.isOwned && schema[name] != nil {
            let open: Condition = schema["status"] == nil || name != "due_at" ? .everything : .field("status", .eq, "open")
            var question = ask(
                "mine due by \(name)", .field("owner_id", .eq, 5) && open && .field(name, .gte, 500) && .field(name, .lt, 600),
                isFound: true)
            question.query.sort = [Query.Sort(name)]
            question.column = name
            questions.append(question)
        }
        if let neglect = schema.traits.neglect { questions.append(ask("neglected", .field(neglect.field, .lt, 5000))) }
        if schema.createdAtSlot != nil { questions.append(ask("today", .field("created_at", .gte, 5000))) }
        for field in schema.fields
        where field.isColumn && (field.traits.isIndexed || field.target != nil && field.isOrdered) && !schema.isOwned {
            questions.append(ask("\(field.name) = x", .field(field.name, .eq, field.column == .text ? "x" : 5)))
        }
        for field in schema.fields where field.traits.isUnique && field.isColumn {
            questions.append(ask("\(field.name) = x", .field(field.name, .eq, field.column == .text ? "x" : 5), isFound: true))
        }
        for link in schema.fields where link.kind is LinkKind && link.isOrdered {
            questions.append(ask("of one \(link.name)", .field(link.name, .eq, 5), isFound: true))
        }
        if schema.fields.contains(where: { $0.traits.isSearchable && $0.isColumn }) {
            questions.append(ask("search", .search("张"), isFound: true))
        }
        return questions
    }

    private func check(_ plan: [String], _ question: Question, _ scope: Reach, _ engine: Engine, _ what: String) {
        let comment = Comment(rawValue: "\(what):\n\(plan.joined(separator: "\n"))")
        switch engine {
        case .sqlite:
            for line in plan where line == "SCAN t" || line.hasPrefix("SCAN t ") {
                // The table itself stands in the order of its ids.
                #expect(line.contains("INDEX") || question.query.sort.first?.field == "id", comment)
                if question.isFound { Issue.record(comment) }
            }
            if question.isOrdered, scope.isEverything { #expect(!plan.contains { $0.contains("TEMP B-TREE") }, comment) }
            if let column = question.column { #expect(plan.contains { $0.contains("\(column)>") && $0.contains("owner_id=") }, comment) }
        case .postgresql:
            #expect(!plan.contains { $0.contains("Seq Scan on") }, comment)
            // Behind a cursor there are stretches of a single value, where sorting one row costs nothing.
            guard question.isOrdered, scope.isEverything, question.query.cursor == nil else { return }
            #expect(!plan.contains { $0.contains("Sort Key") } || plan.contains { $0.contains("Presorted Key") }, comment)
        }
    }

    // MARK: A store with something of everything

    private func withStore(_ engine: Engine, _ body: (any PlanStore) async throws -> Void) async throws {
        switch engine {
        case .sqlite:
            // Without numbers about its tables SQLite takes them for large.
            let folder = FileManager.default.temporaryDirectory.appending(path: "zhike-plans-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let store = try SQLiteStore(path: folder.appending(path: "zhike.db").path, readers: 1)
            defer { store.close() }
            try await store.sync(Self.catalog)
            try await body(store)
        case .postgresql:
            let schema = "p_" + UUID().uuidString.prefix(8).lowercased()
            let store = try PostgreSQLStore(url: Engine.server ?? "", poolSize: 2, schema: schema)
            defer { store.close() }
            let result: Result<Void, any Error>
            do {
                try await store.sync(Self.catalog)
                for schema in Self.catalog.schemas where Self.catalog.standsAlone(schema) {
                    try await store.write { try $0.fill(schema, 2000) }
                }
                try await store.analyze()
                result = .success(try await body(store))
            } catch { result = .failure(error) }
            try? await store.define { try $0.connection.script("drop schema \(schema.quoted) cascade") }
            try result.get()
        }
    }
}

private protocol PlanStore: SessionStore {}
extension SQLiteStore: PlanStore {}
extension PostgreSQLStore: PlanStore {}

extension PlanStore {
    /// What the database says of how it would answer.
    fileprivate func plan(of query: Query) async throws -> [String] {
        try await define { session in
            let compiler = try SelectCompiler(query, session.library)
            let isSQLite = session.dialect.name == "sqlite"
            // So few rows are read whole faster; here it matters whether the index can serve.
            if !isSQLite { try session.connection.script("set local enable_seqscan = off") }
            return try compiler.phases.flatMap { phase in
                let sql = try compiler.select(phase, limit: query.limit)
                return try session.connection.rows((isSQLite ? "explain query plan " : "explain ") + sql.text, sql.values).compactMap {
                    $0.last?.text
                }
            }
        }
    }
}

extension Writing {
    /// Rows with different values in every column, past all rules.
    fileprivate func fill(_ schema: Schema, _ count: Int) throws {
        let rows = (0..<count).map { number in
            var row = schema.blank()
            for field in schema.fields where field.isColumn && field.slot != Schema.idSlot && field.name != "deleted_at" {
                let isWide = field.traits.isUnique || schema.traits.unique.contains { $0.contains(field.name) }
                let value = isWide ? number : (number * 31 + field.slot * 7) % 97
                switch field.column {
                case .integer: row[field] = .int(Int64(field.kind is InstantKind ? number : value))
                case .real: row[field] = .real(Double(value))
                case .text, .none: row[field] = .text("v\(value)")
                }
            }
            return row
        }
        _ = try insert(rows)
    }
}
