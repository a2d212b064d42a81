import Records

// Every row carries a keyed digest of its values: see ``RowDigest``. It is written with the row, and whoever changes some values joins to it
// what those were and what they have become.
extension Session {
    /// Updates one row in one statement if it still holds what `old` says; false when it does not.
    func update(
        _ table: Table, _ id: Int64, from old: [Table.Assignment], _ assignments: [Table.Assignment], ifVersion version: Int64?
    ) throws
        -> Bool
    {
        var sql = SQL(dialect, "update \(table.quoted) set "), change: Int64 = 0
        for (was, one) in zip(old, assignments) {
            sql += "\(one.column) = "
            sql.bind(one.value)
            sql += ", "
            change ^= digest.part(one.tag, id, was.value) ^ digest.part(one.tag, id, one.value)
        }
        sql += "\(Table.digest) = "
        dialect.flip(Table.digest, by: change, &sql)
        sql += " where id = "
        sql.bind(.int(id))
        if let version {
            sql += " and version = "
            sql.bind(.int(version))
        }
        for was in old {
            sql += " and \(was.column) \(dialect.equals) "
            sql.bind(was.value)
        }
        return try run { try $0.execute(sql) } == 1
    }

    /// Gives all rows that a condition finds the same values, and to each the digest that follows; returns their ids.
    func assign(
        _ assignments: [Table.Assignment], in table: Table, locks: Bool = true, where condition: (inout ConditionCompiler) throws -> Void
    )
        throws -> [Int64]
    {
        var compiler = ConditionCompiler(library)
        let columns = assignments.map(\.column) + [Table.digest]
        compiler.sql += "select id, \(columns.joined(separator: ", ")) from \(table.quoted) where "
        try condition(&compiler)
        if locks { compiler.sql += dialect.lock }
        let rows = try run { try $0.rows(compiler.sql) }.map { row -> Signature in
            let id = row[0].int ?? 0
            var sum = row[columns.count].int
            for (index, one) in assignments.enumerated() {
                sum = sum.map { $0 ^ digest.part(one.tag, id, row[index + 1]) ^ digest.part(one.tag, id, one.value) }
            }
            return Signature(key: [.int(id)], digest: sum.map(Value.int) ?? .null)
        }
        for some in rows.chunked(1000) {
            try run { try dialect.assign(assignments, Array(some), keys: ["id"], in: table.quoted, on: $0) }
        }
        return rows.compactMap { $0.key[0].int }
    }

    // MARK: Rows of before

    /// Where the work of giving rows their digests stands.
    struct Signing: Sendable {
        /// The tables still to do.
        var tables: [String]
        /// The last row done of the first of them.
        var place: [Value]?
    }

    /// The tables of which not all rows have a digest yet.
    func unsignedTables() throws -> [String] {
        let done = try run { try $0.rows("select name from _meta where name like 'digests.%'") }.compactMap { $0[0].text?.dropFirst(8) }
        return try signedTables().keys.filter { !done.contains(Substring($0)) }.sorted()
    }

    func noteSigned(_ table: String) throws {
        _ = try run {
            try $0.execute("insert into _meta (name, value) values (\("digests.\(table)".literal), '1') on conflict (name) do nothing")
        }
    }

    /// After rows were changed past the store.
    func forgetDigests(_ table: String) throws {
        _ = try run { connection in
            try connection.execute("update \(table.quoted) set \(Table.digest) = null")
            return try connection.execute("delete from _meta where name = \("digests.\(table)".literal)")
        }
    }

    /// Looks at about a thousand rows and gives a digest to those that have none; returns what is left to do, nil at the end.
    func sign(_ signing: Signing) throws -> Signing? {
        var left = signing, some = 1000
        let known = try signedTables()
        while let name = left.tables.first, some > 0 {
            if let table = known[name] {
                let rows = try stored(table, after: left.place, limit: some, lock: dialect.lock)
                let bare = rows.filter { $0.digest == nil }.map { Signature(key: $0.key, digest: .int($0.computed(table, digest))) }
                if !bare.isEmpty { try run { try dialect.assign([], bare, keys: table.keys, in: name.quoted, on: $0) } }
                left.place = rows.last?.key
                if rows.count == some { return left }
                some -= rows.count
            }
            try noteSigned(name)
            left.tables.removeFirst()
            left.place = nil
        }
        return left.tables.isEmpty ? nil : left
    }
}

/// A row's key and the digest it is given.
struct Signature {
    let key: [Value]
    let digest: Value
}
