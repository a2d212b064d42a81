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
        let compiler = try SelectCompiler(query, library)
        var rows: [Row] = []
        for phase in compiler.phases where rows.count < limit {
            let statement = try compiler.select(phase, limit: limit - rows.count)
            let found = try run { try $0.rows(statement, into: compiler.table.shape) }
            if rows.isEmpty { rows.reserveCapacity(found.count) }
            for values in found { rows.append(Row(query.schema, values)) }
        }
        return rows
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
        let statement = try SelectCompiler(query, library).count(cap: max(0, min(cap, Int(Int32.max))))
        return Int(try run { try $0.rows(statement) }.first?.first?.int ?? 0)
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

    func summarize(_ summary: Summary) throws -> [Summary.Line] {
        guard !summary.query.scope.isNothing else { return [] }
        let statement = try SummaryCompiler(summary: summary, library: library).sql()
        return try run { try $0.rows(statement) }.map { values in
            Summary.Line(keys: Array(values.prefix(summary.groups.count)), values: Array(values.dropFirst(summary.groups.count)))
        }
    }
}

extension Query {
    /// The position of a row in this query's order.
    public func cursor(at row: Row, isBackward: Bool = false) -> Cursor {
        Cursor(values: sort.map { row[$0.field] }, id: row.id, isBackward: isBackward)
    }
}

extension Array {
    func chunked(_ size: Int) -> [ArraySlice<Element>] {
        Swift.stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
