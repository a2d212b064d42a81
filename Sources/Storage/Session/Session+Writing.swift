import Records

extension Session: Writing {
    @discardableResult
    func insert(_ row: Row) throws -> Int64 {
        let table = library.table(row.schema)
        changes.tables.insert(table.name)
        let id = try insert(table.insertValues(row), id: row.values[Schema.idSlot].int, table)
        for link in table.links where !row[link.field].isNull { try setLinks(link, of: id, to: row[link.field], isNew: true) }
        if table.search != nil {
            var row = row
            row.id = id
            stale.add(row, table)
        }
        return id
    }

    private func insert(_ values: [Value], id given: Int64?, _ table: Table) throws -> Int64 {
        try run { connection in
            let id = try given ?? connection.reserveIDs(1, of: table.name)[0]
            return try insert(values, given == nil ? .reserved(id) : .given(id), table, connection)
        }
    }

    private func insert(_ values: [Value], _ id: NewID, _ table: Table, _ connection: any Connection) throws -> Int64 {
        let all = [.int(id.number)] + values + [table.digest(digest, id.number, values)]
        return try connection.insertOne(table.insert, all, id: id)
    }

    func insert(_ rows: [Row]) throws -> [Int64] {
        guard let schema = rows.first?.schema else { return [] }
        let table = library.table(schema)
        guard rows.count > 1, rows.allSatisfy({ $0.values[Schema.idSlot].isNull && $0.schema === schema }) else {
            return try rows.map { try insert($0) }
        }
        changes.tables.insert(table.name)
        let values = rows.map(table.insertValues)
        let ids = try run { connection in
            let ids = try connection.reserveIDs(rows.count, of: table.name)
            // A few are sooner inserted than a stream of them begun.
            if ids.count > 8 {
                let all = zip(values, ids).map { [.int($1)] + $0 + [table.digest(digest, $1, $0)] }
                try connection.insert(into: table.quoted, columns: ["id"] + table.insertNames + [Table.digest], rows: all)
            } else {
                for (values, id) in zip(values, ids) { _ = try insert(values, .reserved(id), table, connection) }
            }
            return ids
        }
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
    func update(_ row: Row, slots: [Int]?, ifVersion version: Int64?, from old: Row?) throws -> Bool {
        let table = library.table(row.schema)
        changes.tables.insert(table.name)
        guard try write(table.assignments(row, slots: slots), to: row.id, version, old.map { table.assignments($0, slots: slots) }, table)
        else { return false }
        for link in table.links where slots?.contains(link.field.slot) ?? !row[link.field].isNull {
            try setLinks(link, of: row.id, to: row[link.field])
        }
        if slots?.contains(where: table.searchSlots.contains) ?? !table.searchSlots.isEmpty { stale.add(row.id, table) }
        return true
    }

    private func write(
        _ new: [Table.Assignment], to id: Int64, _ version: Int64?, _ old: [Table.Assignment]?, _ table: Table
    ) throws -> Bool {
        if let old, try update(table, id, from: old, new, ifVersion: version) { return true }
        return try assign(new, in: table) { compiler in
            compiler.sql += "id = "
            compiler.sql.bind(.int(id))
            if let version {
                compiler.sql += " and version = "
                compiler.sql.bind(.int(version))
            }
        }.count == 1
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
        let (new, links) = try assignments(values, table)
        let ids = try assign(new, in: table) { compiler in
            compiler.sql += "id in (select t.id from \(table.quoted) t where "
            try select.addWhole(&compiler)
            compiler.sql += ")"
        }
        guard !links.isEmpty || touchesSearch(values, table) else { return ids.count }
        for id in ids {
            for link in links { try setLinks(link, of: id, to: values[link.field.name] ?? .null) }
            if touchesSearch(values, table) { stale.add(id, table) }
        }
        return ids.count
    }

    func claim(_ query: Query, setting values: [String: Value]) throws -> [Row] {
        let select = try SelectCompiler(query, library)
        let table = select.table
        guard query.limit > 0, !query.scope.isNothing else { return [] }
        changes.tables.insert(table.name)
        let (new, links) = try assignments(values, table)
        guard links.isEmpty else { throw StoreError.failed("领取时不能设置多值关联") }
        // The select inside takes the locks, and skips what another has taken.
        let ids = try assign(new, in: table, locks: false) { compiler in
            compiler.sql += "id in ("
            try select.claimable(limit: query.limit, into: &compiler)
            compiler.sql += ")"
        }
        guard !ids.isEmpty else { return [] }
        if touchesSearch(values, table) { for id in ids { stale.add(id, table) } }
        var claimed = Query(query.schema, where: .ids(ids), sort: query.sort, limit: ids.count)
        claimed.life = .both
        return try fetch(claimed)
    }

    /// What the values are to the table's columns, and the links among them, which are no columns.
    private func assignments(_ values: [String: Value], _ table: Table) throws -> ([Table.Assignment], [Table.Link]) {
        var links: [Table.Link] = []
        var columns: [Table.Assignment] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let field = table.schema[name] else { throw StoreError.failed("\(table.name) 没有字段 \(name)") }
            if let link = table.links.first(where: { $0.field === field }) { links.append(link) }
            if let column = table.columnsBySlot[field.slot] { columns += table.assignments(column, value) }
        }
        return (columns, links)
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
