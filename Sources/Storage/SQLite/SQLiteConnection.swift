import Foundation
import GRDB
import GRDBSQLite
import Records

/// A SQLite connection that GRDB has opened, with statements of our own: prepared once, bound and read by position.
final class SQLiteConnection: Connection {
    let handle: OpaquePointer
    let dialect: any Dialect = SQLiteDialect()
    private(set) var done = Tally.Work()
    private var statements: [String: Prepared] = [:]
    private var clock: UInt64 = 0
    /// The last id reserved, by table; forgotten when an id comes from outside.
    private var lastIDs: [String: Int64] = [:]
    /// How long a statement may run, and since when the present one does.
    var statementLimit: Duration?
    var statementStart = ContinuousClock.now
    private static let statementLimit = 400
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private struct Prepared {
        let statement: OpaquePointer
        var usedAt: UInt64
    }

    init(_ handle: OpaquePointer) { self.handle = handle }

    /// Must be called before GRDB closes the handle.
    func finalizeStatements() {
        sqlite3_progress_handler(handle, 0, nil, nil)
        for prepared in statements.values { sqlite3_finalize(prepared.statement) }
        statements.removeAll()
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    func rows(_ sql: String, _ values: [Value], into shape: Shape?) throws -> [[Value]] {
        let statement = try prepare(sql)
        defer { reset(statement) }
        bind(values, to: statement)
        var rows: [[Value]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: rows.append(row(statement, shape))
            case SQLITE_DONE:
                done.rows += rows.count
                return rows
            case let code: throw failure(code, sql)
            }
        }
    }

    func execute(_ sql: String, _ values: [Value]) throws -> Int {
        let statement = try prepare(sql)
        defer { reset(statement) }
        bind(values, to: statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: continue
            case SQLITE_DONE: return Int(sqlite3_changes(handle))
            case let code: throw failure(code, sql)
            }
        }
    }

    func script(_ sql: String) throws {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code, sql) }
    }

    func insertOne(_ sql: String, _ values: [Value], id: NewID) throws -> Int64 {
        if case .given = id { lastIDs = [:] }
        _ = try execute(sql, values)
        return id.number
    }

    func insert(into table: String, columns: [String], rows: [[Value]]) throws {
        let places = [String](repeating: "?", count: columns.count).joined(separator: ", ")
        let sql = "insert into \(table) (\(columns.map(\.quoted).joined(separator: ", "))) values (\(places))"
        let statement = try prepare(sql)
        defer { reset(statement) }
        for row in rows {
            bind(row, to: statement)
            let code = sqlite3_step(statement)
            guard code == SQLITE_DONE else { throw failure(code, sql) }
            sqlite3_reset(statement)
        }
    }

    /// The one writer may count on from the highest id ever given, which AUTOINCREMENT keeps.
    func reserveIDs(_ count: Int, of table: String) throws -> [Int64] {
        let last =
            try lastIDs[table] ?? rows("select seq from sqlite_sequence where name = ?", [.text(table)], into: nil).first?.first?.int ?? 0
        lastIDs[table] = last + Int64(count)
        return (1...Int64(count)).map { last + $0 }
    }

    // MARK: Statements

    private func prepare(_ sql: String) throws -> OpaquePointer {
        clock += 1
        done.statements += 1
        if statementLimit != nil { statementStart = .now }
        if let known = statements[sql] {
            statements[sql]?.usedAt = clock
            return known.statement
        }
        if statements.count >= Self.statementLimit { forgetOldStatements() }
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard code == SQLITE_OK, let statement else { throw failure(code, sql) }
        statements[sql] = Prepared(statement: statement, usedAt: clock)
        return statement
    }

    private func forgetOldStatements() {
        let old = statements.sorted { $0.value.usedAt < $1.value.usedAt }.prefix(Self.statementLimit / 4)
        for (sql, prepared) in old {
            sqlite3_finalize(prepared.statement)
            statements[sql] = nil
        }
    }

    private func reset(_ statement: OpaquePointer) {
        done.steps += Int(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1))
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    private func bind(_ values: [Value], to statement: OpaquePointer) {
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            switch value {
            case .null, .list: sqlite3_bind_null(statement, place)
            case .int(let number): sqlite3_bind_int64(statement, place, number)
            case .real(let number): sqlite3_bind_double(statement, place, number)
            case .text(let text):
                bind(text, at: place, to: statement)
            }
        }
    }

    private func bind(_ text: String, at place: Int32, to statement: OpaquePointer) {
        var text = text
        let isWhole = text.withUTF8 { utf8 in
            guard let bytes = UnsafeRawPointer(utf8.baseAddress) else {
                // An empty text has no address, and no address would bind null.
                sqlite3_bind_text(statement, place, Self.empty, 0, Self.transient)
                return true
            }
            guard memchr(bytes, 0, utf8.count) == nil else { return false }
            sqlite3_bind_text(statement, place, bytes.assumingMemoryBound(to: CChar.self), Int32(utf8.count), Self.transient)
            return true
        }
        if !isWhole { bind(text.withoutNUL, at: place, to: statement) }
    }

    nonisolated(unsafe) private static let empty = UnsafePointer(strdup("")!)

    private func row(_ statement: OpaquePointer, _ shape: Shape?) -> [Value] {
        guard let shape else {
            return (0..<sqlite3_column_count(statement)).map { value(statement, $0) }
        }
        var row = [Value](repeating: .null, count: shape.width)
        row.withUnsafeMutableBufferPointer { row in
            for (column, slot) in shape.slots.enumerated() { row[slot] = value(statement, Int32(column)) }
        }
        for slot in shape.choices { if case .text(let text) = row[slot] { row[slot] = ChoicesKind.decode(text) } }
        return row
    }

    private func value(_ statement: OpaquePointer, _ column: Int32) -> Value {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return .int(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(statement, column))
        case SQLITE_TEXT:
            let bytes = sqlite3_column_text(statement, column)
            let count = Int(sqlite3_column_bytes(statement, column))
            return .text(String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        default: return .null
        }
    }

    func failure(_ code: Int32, _ sql: String) -> SQLFailure {
        let message = String(cString: sqlite3_errmsg(handle))
        let reason: SQLFailure.Reason =
            switch code & 0xFF {
            case SQLITE_CONSTRAINT: uniqueReason(message)
            case SQLITE_FULL: .full
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN: .readOnly
            case SQLITE_IOERR: .ioError
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_BUSY, SQLITE_LOCKED: .busy
            case SQLITE_INTERRUPT: .tooLong
            default: .other
            }
        return SQLFailure(reason: reason, message: "SQLite \(code): \(message)", sql: sql)
    }

    /// `UNIQUE constraint failed: vehicles.vin, vehicles.plate`
    private func uniqueReason(_ message: String) -> SQLFailure.Reason {
        guard let range = message.range(of: "UNIQUE constraint failed: ") else { return .other }
        let names = message[range.upperBound...].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let parts = names.map { $0.split(separator: ".", maxSplits: 1).map(String.init) }
        guard let table = parts.first?.first, parts.allSatisfy({ $0.count == 2 }) else {
            return .unique(index: nil, table: nil, columns: [])
        }
        return .unique(index: nil, table: table, columns: parts.map { $0[1] })
    }
}

extension String {
    /// PostgreSQL cannot hold U+0000, so neither engine does.
    var withoutNUL: String { utf8.contains(0) ? replacing("\0", with: "") : self }
}
