import Records

extension Session: Reading {
    /// How many rows ``forEach(_:_:)`` holds at a time.
    private static let stride = 1000

    func fetch(_ query: Query) throws -> [Row] {
        let rows = try page(query, limit: query.limit)
        let ordered = query.cursor?.isBackward == true ? rows.reversed() : rows
        return query.withLinks ? try withLinks(ordered, query.schema) : ordered
    }

    /// In the direction of the walk.
    private func page(_ query: Query, limit: Int) throws -> [Row] {
        guard limit > 0 else { return [] }
        if let inBin = searchInBin(query) { return try page(inBin, limit: limit) }
        let (query, findsMany) = try settlingSearch(query)
        let compiler = try SelectCompiler(query, library, walkingSearch: findsMany)
        var rows: [Row] = []
        for phase in compiler.phases where rows.count < limit {
            let found = try stretch(compiler, phase, limit: limit - rows.count)
            if rows.isEmpty { rows.reserveCapacity(found.count) }
            for values in found { rows.append(Row(query.schema, values)) }
        }
        return rows
    }

    private func stretch(_ compiler: SelectCompiler, _ phase: Ordering.Phase, limit: Int) throws -> [[Value]] {
        if compiler.mayGlance, library.glances.isWorthTrying(compiler.table.name, compiler.query.scope) {
            let glance = try compiler.glance(phase, limit: limit)
            let found = try run { try $0.rows(glance, into: compiler.table.shape) }
            if found.count == limit { return found }
            library.glances.failed(compiler.table.name, compiler.query.scope)
        }
        let statement = try compiler.select(phase, limit: limit)
        return try run { try $0.rows(statement, into: compiler.table.shape) }
    }

    func row(_ schema: Schema, id: Int64) throws -> Row? { try rows(schema, ids: [id]).first }

    func rows(_ schema: Schema, ids: [Int64]) throws -> [Row] {
        guard !ids.isEmpty else { return [] }
        let table = library.table(schema)
        if ids.count == 1 {
            var sql = SQL(dialect, "select \(table.selectList) from \(table.quoted) t where t.id = ")
            sql.bind(.int(ids[0]))
            return try run { try $0.rows(sql, into: table.shape) }.map { Row(schema, $0) }
        }
        var byID: [Int64: Row] = [:]
        for some in ids.chunked(10_000) {
            var sql = SQL(dialect, "select \(table.selectList) from \(table.quoted) t where ")
            dialect.isAny("t.id", of: some.map(Value.int), .integer, &sql)
            for values in try run({ try $0.rows(sql, into: table.shape) }) { byID[values[Schema.idSlot].int ?? 0] = Row(schema, values) }
        }
        return ids.compactMap { byID[$0] }
    }

    func count(_ query: Query, cap: Int) throws -> Int {
        if query.scope.isNothing { return 0 }
        if let inBin = searchInBin(query) { return try count(inBin, cap: cap) }
        let cap = max(0, min(cap, Int(Int32.max) - 1))
        let compiler = try SelectCompiler(query, library)
        let whole = try compiler.countOfSearch(cap: cap) ?? compiler.count(cap: cap)
        let question = CountMemory.Question(table: compiler.table.name, sql: whole.text, values: whole.values)
        let isLasting = !isWriting && query.condition.staysWithRecord
        if isLasting, let known = library.counts.find(question) { return known }
        let (settled, findsMany) = try settlingSearch(query)
        let count =
            if settled.condition == query.condition || findsMany { try count(compiler, whole, cap) } else {
                try number(SelectCompiler(settled, library).count(cap: cap))
            }
        if isLasting { library.counts.keep(count, for: question, since: epoch) }
        return count
    }

    /// What a search finds is asked once and taken from there by number. When it is thousands, it is quicker to walk all records in order
    /// and keep those found than to look up every one of them for the sake of the first page.
    private func settlingSearch(_ query: Query) throws -> (Query, findsMany: Bool) {
        guard dialect.searchWindow == nil, let text = query.condition.searchedFor, let question = SearchQuestion(text),
            library.table(query.schema).search != nil
        else { return (query, false) }
        var sql = SQL(dialect)
        dialect.searchIDs(
            Table.searchTable(query.schema.name), question, scope: SearchDocument.narrowScope(query.scope, query.schema), titleOnly: false,
            &sql)
        sql += " limit \(Self.many + 1)"
        let ids = try run { try $0.rows(sql) }.compactMap { $0[0].int }
        guard ids.count <= Self.many else { return (query, query.condition.search != nil) }
        var query = query
        query.condition = query.condition.replacingSearch(by: .ids(ids))
        return (query, false)
    }

    private static let many = 2000

    private func number(_ sql: SQL) throws -> Int { Int(try run { try $0.rows(sql) }.first?.first?.int ?? 0) }

    /// One branch is often enough to reach the cap, and is counted without being held against the others.
    private func count(_ compiler: SelectCompiler, _ whole: SQL, _ cap: Int) throws -> Int {
        for single in try compiler.countsOfBranches(cap: cap) where try number(single) > cap { return cap + 1 }
        return try number(whole)
    }

    /// Walks by key, a thousand rows at a time; the query's limit does not end it.
    func forEach(_ query: Query, _ body: (Row) throws -> Bool) throws {
        var query = query
        hasDelivered = true
        while true {
            let rows = try page(query, limit: Self.stride)
            for row in query.withLinks ? try withLinks(rows, query.schema) : rows where try !body(row) { return }
            guard rows.count == Self.stride, let last = rows.last else { return }
            query.cursor = query.cursor(at: last, isBackward: query.cursor?.isBackward ?? false)
        }
    }

    func last(_ sequence: String) throws -> Int64 {
        var sql = SQL(dialect, "select value from _sequences where name = ")
        sql.bind(.text(sequence))
        return try run { try $0.rows(sql) }.first?.first?.int ?? 0
    }

    func summarize(_ summary: Summary) throws -> [Summary.Line] {
        guard !summary.query.scope.isNothing else { return [] }
        let statement = try SummaryCompiler(summary: summary, library: library).sql()
        let question = CountMemory.Question(table: summary.query.schema.name, sql: statement.text, values: statement.values)
        let isLasting = !isWriting && summary.query.condition.staysWithRecord && summary.groups.allSatisfy { $0.link == nil }
        let known = isLasting ? library.counts.lines(question) : nil, lines = try known ?? run { try $0.rows(statement) }
        if isLasting, known == nil, lines.count <= 1000 { library.counts.keep(lines, for: question, since: epoch) }
        return lines.map { values in
            Summary.Line(keys: Array(values.prefix(summary.groups.count)), values: Array(values.dropFirst(summary.groups.count)))
        }
    }
}

extension Array {
    func chunked(_ size: Int) -> [ArraySlice<Element>] {
        Swift.stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
