import Records

extension Session: Writing {
    @discardableResult
    func insert(_ row: Row) throws -> Int64 {
        let table = library.table(row.schema)
        changes.tables.insert(table.name)
        let given = row.values[Schema.idSlot].int
        let values = table.insertValues(row)
        let id = try run { connection in
            try connection.insertOne(
                given == nil ? table.insertWithoutID : table.insertWithID, given.map { [.int($0)] + values } ?? values, id: given)
        }
        for link in table.links where !row[link.field].isNull { try setLinks(link, of: id, to: row[link.field], isNew: true) }
        if table.search != nil {
            var row = row
            row.id = id
            stale.add(row, table)
        }
        return id
    }

    func insert(_ rows: [Row]) throws -> [Int64] {
        guard let schema = rows.first?.schema else { return [] }
        let table = library.table(schema)
        guard rows.count > 8, rows.allSatisfy({ $0.values[Schema.idSlot].isNull && $0.schema === schema }),
            let ids = try run({ try $0.reserveIDs(rows.count, of: table.name) })
        else { return try rows.map { try insert($0) } }
        changes.tables.insert(table.name)
        let values = zip(rows, ids).map { row, id in [.int(id)] + table.insertValues(row) }
        try run { try $0.insert(into: table.quoted, columns: ["id"] + table.insertNames, rows: values) }
        for link in table.links { try insertLinks(link, zip(rows, ids).map { ($1, $0[link.field]) }) }
        if table.search != nil {
            for (row, id) in zip(rows, ids) {
                var row = row
                row.id = id
                stale.add(row, table)
            }
        }
        return ids
    }

    /// All slots when `slots` is nil; a many-to-many slot that holds null is then left as it is, because a row is read without its links.
    func update(_ row: Row, slots: [Int]?, ifVersion version: Int64?) throws -> Bool {
        let table = library.table(row.schema)
        changes.tables.insert(table.name)
        var sql = SQL(dialect, "update \(table.quoted) set ")
        let changed = table.columns.dropFirst().filter { slots?.contains($0.slot) ?? true }
        if changed.isEmpty { sql += "id = id" }
        sql.join(changed, by: ", ") { sql, column in
            sql += "\(column.name.quoted) = "
            sql.bind(table.stored(column.slot < row.values.count ? row.values[column.slot] : .null, column))
        }
        if let title = table.sortedTitle, changed.contains(where: { $0.slot == title }) {
            sql += ", \(Table.sortKey) = "
            sql.bind(.text(SortKey.make(row.values[title].text ?? "")))
        }
        sql += " where id = "
        sql.bind(.int(row.id))
        if let version {
            sql += " and version = "
            sql.bind(.int(version))
        }
        guard try run({ try $0.execute(sql) }) == 1 else { return false }
        for link in table.links where slots?.contains(link.field.slot) ?? !row[link.field].isNull {
            try setLinks(link, of: row.id, to: row[link.field])
        }
        if changed.contains(where: { table.searchSlots.contains($0.slot) }) { stale.add(row.id, table) }
        return true
    }

    func erase(_ schema: Schema, ids: [Int64]) throws {
        let table = library.table(schema)
        changes.tables.insert(table.name)
        for some in ids.chunked(10_000) {
            let values = some.map(Value.int)
            for (name, column) in [(table.quoted, "id")] + table.links.map({ ($0.table, "record_id") }) {
                var sql = SQL(dialect, "delete from \(name) where ")
                dialect.isAny(column, of: values, .integer, &sql)
                _ = try run { try $0.execute(sql) }
            }
            if table.search != nil { for id in some { stale.add(id, table) } }
        }
    }

    func set(_ schema: Schema, _ values: [String: Value], where condition: Condition) throws -> Int {
        let table = library.table(schema)
        changes.tables.insert(table.name)
        var query = Query(schema, where: condition)
        query.life = .both
        let select = try SelectCompiler(query, library)
        var compiler = ConditionCompiler(library)
        let links = try addAssignments(values, table, &compiler)
        compiler.sql += " where \(table.quoted).id in (select t.id from \(table.quoted) t where "
        try select.addWhole(&compiler)
        compiler.sql += ")"
        guard !links.isEmpty || touchesSearch(values, table) else { return try run { try $0.execute(compiler.sql) } }
        compiler.sql += " returning id"
        let ids = try run { try $0.rows(compiler.sql) }.compactMap { $0[0].int }
        for id in ids {
            for link in links { try setLinks(link, of: id, to: values[link.field.name] ?? .null) }
            if touchesSearch(values, table) { stale.add(id, table) }
        }
        return ids.count
    }

    func claim(_ query: Query, setting values: [String: Value]) throws -> [Row] {
        let compilerOfSelect = try SelectCompiler(query, library)
        let table = compilerOfSelect.table
        guard query.limit > 0, !query.scope.isNothing else { return [] }
        changes.tables.insert(table.name)
        var compiler = ConditionCompiler(library)
        let links = try addAssignments(values, table, &compiler)
        guard links.isEmpty else { throw StoreError.failed("领取时不能设置多值关联") }
        compiler.sql += " where \(table.quoted).id in ("
        try compilerOfSelect.claimable(limit: query.limit, into: &compiler)
        compiler.sql += ") returning \(table.columns.map(\.name.quoted).joined(separator: ", "))"
        let rows = try run { try $0.rows(compiler.sql, into: table.shape) }.map { Row(query.schema, $0) }
        if touchesSearch(values, table) { for row in rows { stale.add(row.id, table) } }
        return rows.count < 2 ? rows : try inOrder(rows, query)
    }

    /// The engine returns what it updated in no order.
    private func inOrder(_ rows: [Row], _ query: Query) throws -> [Row] {
        var again = Query(query.schema, where: .ids(rows.map(\.id)), sort: query.sort, limit: rows.count)
        again.life = .both
        return try fetch(again)
    }

    /// `update t set a = …`; gives the links among the values, which are not columns.
    private func addAssignments(_ values: [String: Value], _ table: Table, _ compiler: inout ConditionCompiler) throws -> [Table.Link] {
        var links: [Table.Link] = []
        var columns: [(Table.Column, Value)] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let field = table.schema[name] else { throw StoreError.failed("\(table.name) 没有字段 \(name)") }
            if let link = table.links.first(where: { $0.field === field }) { links.append(link) }
            if let column = table.columnsBySlot[field.slot] { columns.append((column, value)) }
        }
        compiler.sql += "update \(table.quoted) set "
        if columns.isEmpty { compiler.sql += "id = id" }
        compiler.sql.join(columns, by: ", ") { sql, part in
            sql += "\(part.0.name.quoted) = "
            sql.bind(table.stored(part.1, part.0))
            if part.0.slot == table.sortedTitle {
                sql += ", \(Table.sortKey) = "
                sql.bind(.text(SortKey.make(part.1.text ?? "")))
            }
        }
        return links
    }

    private func touchesSearch(_ values: [String: Value], _ table: Table) -> Bool {
        values.keys.contains { table.schema[$0].map { table.searchSlots.contains($0.slot) } ?? false }
    }

    func next(_ sequence: String, by step: Int64) throws -> Int64 {
        var sql = SQL(dialect, "insert into _sequences (name, value) values (")
        sql.bind(.text(sequence))
        sql += ", "
        sql.bind(.int(step))
        sql += ") on conflict (name) do update set value = _sequences.value + excluded.value returning value"
        let last = try run { try $0.rows(sql) }.first?.first?.int ?? step
        return last - step + 1
    }

    var changedForOthers: Set<String> { dialect.isShared ? changes.tables : [] }

    func number(_ sequence: String, by step: Int64) throws -> Int64 {
        guard let numbers else { return try next(sequence, by: step) }
        if let broken { throw broken }
        do { return try numbers(sequence, step) } catch let failure as SQLFailure { throw failure.storeError(library) }
    }

    func afterCommit(_ body: @escaping @Sendable () -> Void) { hooks.append(body) }
}
