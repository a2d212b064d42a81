import Foundation
import Records

struct SQLiteDialect: Dialect {
    let name = "sqlite"
    let isShared = false
    let hasNumberedPlaceholders = false
    /// AUTOINCREMENT, because otherwise SQLite gives the number of the last, removed record to the next: old links would point to a
    /// stranger.
    let identity = "INTEGER PRIMARY KEY AUTOINCREMENT"
    let like = "like"
    let position = "instr"
    let indexesNameID = false
    let skipLocked = ""
    let searchKey = "rowid"
    let searchWindow: Int? = nil

    func type(_ column: ColumnType) -> String {
        switch column {
        case .integer: "INTEGER"
        case .real: "REAL"
        case .text, .none: "TEXT"
        }
    }

    let lock = ""
    let equals = "is"

    /// SQLite has no exclusive or. Bits that both have taken from those that one has never overflow.
    func flip(_ column: String, by change: Int64, _ sql: inout SQL) {
        sql += "(\(column) | "
        sql.bind(.int(change))
        sql += ") - (\(column) & "
        sql.bind(.int(change))
        sql += ")"
    }

    func assign(
        _ assignments: [Table.Assignment], _ rows: [Signature], keys: [String], in table: String, on connection: any Connection
    ) throws {
        let columns = assignments.map(\.column) + [Table.digest], values = assignments.map(\.value)
        let sql =
            "update \(table) set \(columns.map { "\($0) = ?" }.joined(separator: ", ")) where "
            + keys.map { "\($0) = ?" }.joined(separator: " and ")
        for row in rows { try connection.execute(sql, values + [row.digest] + row.key) }
    }

    func hex(_ column: String) -> String { "hex(\(column))" }

    func tableEnding(isLink: Bool) -> String { isLink ? " strict, without rowid" : " strict" }

    /// Null is the smallest value by itself.
    func order(_ expression: String, descending: Bool) -> String { descending ? expression + " desc" : expression }

    func isSame(_ existing: String, _ defined: String) -> Bool { existing.uppercased() == defined.uppercased() }

    /// A long list travels as one JSON text, so that statements do not differ by its length.
    func isAny(_ column: String, of values: [Value], _ type: ColumnType, _ sql: inout SQL) {
        if values.count == 1 {
            sql += "\(column) = "
            return sql.bind(values[0])
        }
        if values.count <= 8 || type == .real {
            sql += "\(column) in ("
            sql.join(values, by: ", ") { $0.bind($1) }
            sql += ")"
            return
        }
        sql += "\(column) in (select value from json_each("
        sql.bind(.text(Self.json(values)))
        sql += "))"
    }

    private static func json(_ values: [Value]) -> String {
        if values.allSatisfy({ $0.int != nil }) { return "[" + values.map { String($0.int ?? 0) }.joined(separator: ",") + "]" }
        let data = try? JSONSerialization.data(withJSONObject: values.compactMap(\.text))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    /// In halves: SQLite's own sum fails when it overflows.
    func sum(_ column: String) -> String {
        "case when abs(total(\(column))) < 9.2e18 then (sum(\(column) >> 32) << 32) + sum(\(column) & 4294967295) "
            + "when total(\(column)) > 0 then \(Int64.max) else \(Int64.min) end"
    }

    func month(ofInstant expression: String, offset: Int) -> String {
        "strftime('%Y-%m', (\(expression) + \(offset)) / 1000.0, 'unixepoch')"
    }
    func month(ofDay expression: String) -> String { "strftime('%Y-%m', \(expression) * 86400, 'unixepoch')" }

    /// Connections that are open hear of new numbers only when they read the definitions anew, and they do that when one has changed.
    var analysis: String { "pragma analysis_limit = 1000; analyze; create view _analyzed as select 1; drop view _analyzed" }

    func existingColumns(_ connection: any Connection) throws -> [String: [String: String]] {
        var tables: [String: [String: String]] = [:]
        let rows = try connection.rows(
            "select m.name, c.name, c.type from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table'")
        for row in rows { tables[row[0].text ?? "", default: [:]][row[1].text ?? ""] = row[2].text ?? "" }
        return tables
    }

    func existingIndexes(_ connection: any Connection) throws -> [ExistingIndex] {
        var indexes: [String: ExistingIndex] = [:]
        let rows = try connection.rows(
            "select m.name, m.tbl_name, c.name from sqlite_master m join pragma_index_info(m.name) c where m.type = 'index'")
        for row in rows {
            let name = row[0].text ?? ""
            indexes[name, default: ExistingIndex(name: name, table: row[1].text ?? "", columns: [])].columns.append(row[2].text ?? "id")
        }
        return Array(indexes.values)
    }
}

// The search index: an FTS5 table with the stock tokenizer, which any sqlite3 tool can open. Tokens stand between blanks; there are
// no phrases to look for, so positions are not kept.
extension SQLiteDialect {
    func createSearchTable(_ name: String) -> [String] {
        [
            "create virtual table if not exists \(name.quoted) using fts5(title, body, scope, tokenize=\"unicode61 remove_diacritics 0\", "
                + "detail=column, columnsize=0)"
        ]
    }

    func searchIDs(_ table: String, _ question: SearchQuestion, scope: [String], titleOnly: Bool, _ sql: inout SQL) {
        var match = titleOnly ? "title : (\(Self.match(question)))" : "(\(Self.match(question)))"
        if !scope.isEmpty { match += " AND scope : (\(scope.map { "\"\($0)\"" }.joined(separator: " OR ")))" }
        sql += "select rowid from \(table.quoted) where \(table.quoted) match "
        sql.bind(.text(match))
    }

    private static func match(_ question: SearchQuestion) -> String {
        switch question {
        case .token(let text): "\"\(text)\""
        case .beginning(let text): "\"\(text)\" *"
        case .all(let parts): "(" + parts.map(match).joined(separator: " AND ") + ")"
        case .any(let parts): "(" + parts.map(match).joined(separator: " OR ") + ")"
        }
    }

    func index(_ table: String, _ documents: [(id: Int64, document: SearchDocument?)], areNew: Bool, on connection: any Connection) throws {
        if !areNew {
            for (id, _) in documents { try connection.execute("delete from \(table.quoted) where rowid = ?", [.int(id)]) }
        }
        let rows: [[Value]] = documents.compactMap { id, document in
            document.map { [.int(id), .text($0.title), .text($0.body), .text($0.scope)] }
        }
        try connection.insert(into: table.quoted, columns: ["rowid", "title", "body", "scope"], rows: rows)
    }
}
