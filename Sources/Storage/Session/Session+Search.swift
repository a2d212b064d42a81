import Records

extension Session {
    /// Title matches first, among them the preferred owner's first, newest first among equals.
    func search(_ schema: Schema, _ text: String, within reach: Reach, preferring owner: Int64?, limit: Int) throws -> [Int64] {
        let table = library.table(schema)
        guard table.search != nil, limit > 0, !reach.isNothing, let question = SearchQuestion(text) else { return [] }
        if isWriting { try flushSearch() }
        let reach = schema.isOwned || reach.isEverything ? reach : Reach(records: reach.records)
        var found = Found(limit: limit)
        let scope = SearchDocument.scope(reach)
        if reach.isEverything || !scope.isEmpty {
            let own = owner.flatMap { owner in
                schema.isOwned && (reach.isEverything || (reach.owners.contains(owner) && scope.count > 1))
                    ? [SearchDocument.owner(owner)] : nil
            }
            let stages: [(scope: [String], titleOnly: Bool)] = [
                own.map { ($0, true) }, (scope, true), own.map { ($0, false) }, (scope, false),
            ].compactMap(\.self)
            for stage in stages where !found.isFull {
                let some = try newest(table, question, within: reach, scope: stage.scope, titleOnly: stage.titleOnly, limit: limit)
                found.add(try some ?? ids(table, question, scope: stage.scope, titleOnly: stage.titleOnly, within: nil, limit: limit))
            }
        }
        if !reach.records.isEmpty, !found.isFull {
            found.add(try ids(table, question, scope: [], titleOnly: false, within: reach.records, limit: limit))
        }
        return found.ids
    }

    func finds(_ text: String, in row: Row, fields: [FieldSpec]) -> Bool {
        guard let plan = library.table(row.schema).search, let question = SearchQuestion(text) else { return false }
        return question.isAnswered(by: Set(plan.tokens(row, of: fields)))
    }

    private struct Found {
        let limit: Int
        var ids: [Int64] = []
        var known: Set<Int64> = []
        var isFull: Bool { ids.count >= limit }

        init(limit: Int) { self.limit = limit }

        mutating func add(_ some: [Int64]) {
            for id in some.sorted(by: >) where ids.count < limit && known.insert(id).inserted { ids.append(id) }
        }
    }

    /// For somebody with many owners: their records among the newest that anybody would find, when those are enough. Holding what is found
    /// against the tokens of them all takes far longer. Nil when they are not enough, or the scope is a small one.
    private func newest(
        _ table: Table, _ question: SearchQuestion, within reach: Reach, scope: [String], titleOnly: Bool, limit: Int
    ) throws -> [Int64]? {
        let window = max(500, limit)
        guard dialect.searchWindow == nil, scope.count > SearchDocument.fewTokens else { return nil }
        let some = try ids(table, question, scope: [], titleOnly: titleOnly, within: nil, limit: window)
        var query = Query(table.schema, where: .ids(some), sort: [Query.Sort("id", descending: true)], limit: limit)
        query.scope = Reach(owners: reach.owners, departments: reach.departments)
        let visible = try fetch(query).map(\.id)
        return visible.count == limit || some.count < window ? visible : nil
    }

    private func ids(
        _ table: Table, _ question: SearchQuestion, scope: [String], titleOnly: Bool, within records: [Int64]?, limit: Int
    ) throws -> [Int64] {
        var sql = SQL(dialect, dialect.searchWindow == nil ? "" : "select \(dialect.searchKey) from (")
        dialect.searchIDs(Table.searchTable(table.name), question, scope: scope, titleOnly: titleOnly, &sql)
        if let records {
            sql += " and "
            dialect.isAny(dialect.searchKey, of: records.map(Value.int), .integer, &sql)
        }
        if let window = dialect.searchWindow { sql += " limit \(max(window, limit))) f" }
        sql += " order by \(dialect.searchKey) desc limit \(limit)"
        return try run { try $0.rows(sql) }.compactMap { $0[0].int }
    }

    /// Brings the index up to what this unit of work has written.
    func flushSearch() throws {
        let waiting = stale
        stale = StaleDocuments()
        for records in waiting.tables.values { try index(records) }
    }

    private func index(_ records: StaleDocuments.Records) throws {
        let table = records.table
        guard let plan = table.search else { return }
        let name = Table.searchTable(table.name)
        let new = records.new.values.sorted { $0.id < $1.id }
        if !new.isEmpty { try run { try dialect.index(name, new.map { ($0.id, plan.document($0)) }, areNew: true, on: $0) } }
        for some in records.changed.sorted().chunked(2000) {
            let current = Dictionary(try rows(table.schema, ids: Array(some)).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            try run { try dialect.index(name, some.map { ($0, current[$0].flatMap(plan.document)) }, areNew: false, on: $0) }
        }
    }

    /// Makes an entity's index anew from its records.
    func rebuildSearch(_ schema: Schema) throws {
        let table = library.table(schema)
        guard let plan = table.search else { return }
        let name = Table.searchTable(schema.name)
        _ = try run { try $0.execute("delete from \(name.quoted)") }
        var rows: [Row] = []
        func write() throws {
            try run { try dialect.index(name, rows.map { ($0.id, plan.document($0)) }, areNew: true, on: $0) }
            rows.removeAll(keepingCapacity: true)
        }
        try forEach(Query(schema)) { row in
            rows.append(row)
            if rows.count == 1000 { try write() }
            return true
        }
        try write()
    }

    /// The index holds live records only; among deleted ones a search is a look at the title.
    func searchInBin(_ query: Query) -> Query? {
        guard query.life == .deleted, query.condition.searches else { return nil }
        var query = query
        let title = query.schema.title.name
        query.condition = query.condition.replacingSearches { .field(title, .contains, .text($0)) }
        return query
    }
}

extension Condition {
    fileprivate var searches: Bool {
        switch self {
        case .search: true
        case .all(let parts), .any(let parts): parts.contains(where: \.searches)
        case .not(let inner): inner.searches
        default: false
        }
    }

    fileprivate func replacingSearches(_ other: (String) -> Condition) -> Condition {
        switch self {
        case .search(let text): other(text)
        case .all(let parts): .all(parts.map { $0.replacingSearches(other) })
        case .any(let parts): .any(parts.map { $0.replacingSearches(other) })
        case .not(let inner): .not(inner.replacingSearches(other))
        default: self
        }
    }

    /// What every record must be found by: the one search among the parts that must all hold.
    var searchedFor: String? {
        switch self {
        case .search(let text): return text
        case .all(let parts):
            let texts = parts.compactMap { if case .search(let text) = $0 { text } else { nil } }
            return texts.count == 1 ? texts[0] : nil
        default: return nil
        }
    }

    /// The same with something else in place of that search.
    func replacingSearch(by other: Condition) -> Condition {
        switch self {
        case .search: return other
        case .all(let parts): return .all(parts.map { if case .search = $0 { other } else { $0 } })
        default: return self
        }
    }
}
