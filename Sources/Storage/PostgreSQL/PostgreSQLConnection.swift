import CLibpq
import Foundation
import Records

/// A libpq connection, confined to one thread: libpq is not made for two. Statements are prepared once by their text; parameters travel as
/// text, results in binary, because decoding numbers from text is what costs.
final class PostgreSQLConnection: Connection {
    let dialect: any Dialect = PostgreSQLDialect()
    private(set) var done = Tally.Work()
    private let handle: OpaquePointer
    private var statements: [String: Prepared] = [:]
    private var clock: UInt64 = 0
    private var named = 0
    private var waitingBegin: String?
    private static let statementLimit = 400

    private struct Prepared {
        let name: String
        var usedAt: UInt64
    }

    init(_ settings: PostgreSQLSettings) throws {
        guard let handle = PQconnectdb(settings.connection) else { throw StoreError.unavailable("内存不足，不能连接 PostgreSQL") }
        self.handle = handle
        // From here on `deinit` closes it, also when this throws.
        guard PQstatus(handle) == CONNECTION_OK else {
            let message = String(cString: PQerrorMessage(handle)).trimmingCharacters(in: .whitespacesAndNewlines)
            throw StoreError.unavailable("不能连接 PostgreSQL：\(message)。请检查服务是否启动、地址和密码是否正确")
        }
        guard PQserverVersion(handle) >= 150_000 else { throw StoreError.failed("需要 PostgreSQL 15 或更新的版本") }
        for statement in settings.preparation { try script(statement) }
    }

    deinit { PQfinish(handle) }

    var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }
    var isInTransaction: Bool { PQtransactionStatus(handle) != PQTRANS_IDLE }
    var socket: Int32 { PQsocket(handle) }

    func rows(_ sql: String, _ values: [Value], into shape: Shape?) throws -> [[Value]] {
        let result = try send(sql, values)
        let (count, width) = (result.rowCount, result.columnCount)
        let types = (0..<width).map { PQftype(result.handle, $0) }
        var rows: [[Value]] = []
        rows.reserveCapacity(Int(count))
        done.rows += Int(count)
        for line in 0..<count {
            guard let shape else {
                rows.append((0..<width).map { result.value(line, $0, types[Int($0)]) })
                continue
            }
            var row = [Value](repeating: .null, count: shape.width)
            row.withUnsafeMutableBufferPointer { row in
                for (column, slot) in shape.slots.enumerated() { row[slot] = result.value(line, Int32(column), types[column]) }
            }
            for slot in shape.choices { if case .text(let text) = row[slot] { row[slot] = ChoicesKind.decode(text) } }
            rows.append(row)
        }
        return rows
    }

    // MARK: Transactions

    /// Begins a transaction with the next statement, in one trip to the server.
    func begin(_ sql: String) { waitingBegin = sql }

    /// Ends what was begun; nothing to do when no statement came.
    func end(_ sql: String) throws {
        guard waitingBegin == nil else {
            waitingBegin = nil
            return
        }
        try script(sql)
    }

    private func beginNow() throws {
        guard let begin = waitingBegin else { return }
        waitingBegin = nil
        try check(PostgreSQLResult(PQexec(handle, begin)), begin)
    }

    func execute(_ sql: String, _ values: [Value]) throws -> Int { try send(sql, values).changes }

    func script(_ sql: String) throws {
        try beginNow()
        let result = PostgreSQLResult(PQexec(handle, sql))
        try check(result, sql)
    }

    func insertOne(_ sql: String, _ values: [Value], id: NewID) throws -> Int64 {
        _ = try execute(sql, values)
        if case .given(let number) = id { try raiseIdentity(of: sql, to: number) }
        return id.number
    }

    /// A given id must not be given again.
    private func raiseIdentity(of insert: String, to id: Int64) throws {
        guard let table = insert.split(separator: "\"", maxSplits: 2).dropFirst().first else { return }
        _ = try execute(
            "select setval(s.name, $1) from (select pg_get_serial_sequence($2, 'id')::regclass as name) s where $1 > "
                + "coalesce(pg_sequence_last_value(s.name), 0)",
            [.int(id), .text(String(table).quoted)]
        )
    }

    func reserveIDs(_ count: Int, of table: String) throws -> [Int64] {
        let ids = try rows(
            "select nextval(pg_get_serial_sequence($1, 'id')::regclass) from generate_series(1, $2)",
            [.text(table.quoted), .int(Int64(count))], into: nil
        ).compactMap { $0[0].int }
        guard ids.count == count else { throw SQLFailure(reason: .other, message: "no numbers of \(table)", sql: "nextval") }
        return ids
    }

    func insert(into table: String, columns: [String], rows: [[Value]]) throws {
        guard !rows.isEmpty else { return }
        try beginNow()
        let sql = "copy \(table) (\(columns.map(\.quoted).joined(separator: ", "))) from stdin"
        let begun = PostgreSQLResult(PQexec(handle, sql))
        guard begun.status == PGRES_COPY_IN else { return try check(begun, sql) }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(1 << 16)
        for row in rows {
            CopyText.append(row, to: &buffer)
            if buffer.count > 60_000 { try put(&buffer, sql) }
        }
        try put(&buffer, sql)
        guard PQputCopyEnd(handle, nil) == 1 else { throw broken(sql) }
        var outcome: PostgreSQLResult?
        while let pointer = PQgetResult(handle) {
            outcome = outcome.map { $0.isFine ? PostgreSQLResult(pointer) : $0 } ?? PostgreSQLResult(pointer)
        }
        if let outcome { try check(outcome, sql) }
    }

    private func put(_ buffer: inout [UInt8], _ sql: String) throws {
        let sent = buffer.withUnsafeBytes { PQputCopyData(handle, $0.bindMemory(to: CChar.self).baseAddress, Int32($0.count)) }
        buffer.removeAll(keepingCapacity: true)
        guard sent == 1 else { throw broken(sql) }
    }

    // MARK: Statements

    private func send(_ sql: String, _ values: [Value]) throws -> PostgreSQLResult {
        let name = try prepare(sql, values.count)
        done.statements += 1
        let texts = values.map(\.parameter)
        let result = Self.withParameters(texts) { parameters in
            guard let begin = waitingBegin else {
                return PostgreSQLResult(PQexecPrepared(handle, name, Int32(texts.count), parameters, nil, nil, 1))
            }
            waitingBegin = nil
            return together(begin, name, parameters)
        }
        try check(result, sql)
        return result
    }

    /// `begin` and a statement in libpq's pipeline: one trip instead of two.
    private func together(_ begin: String, _ name: String, _ parameters: [UnsafePointer<CChar>?]) -> PostgreSQLResult {
        PQenterPipelineMode(handle)
        defer { PQexitPipelineMode(handle) }
        PQsendQueryParams(handle, begin, 0, nil, nil, nil, nil, 0)
        PQsendQueryPrepared(handle, name, Int32(parameters.count), parameters, nil, nil, 1)
        PQpipelineSync(handle)
        var results: [PostgreSQLResult] = []
        // Null stands between the results; two in a row only when the connection broke.
        var nulls = 0
        while nulls < 2 {
            guard let pointer = PQgetResult(handle) else {
                nulls += 1
                continue
            }
            nulls = 0
            let result = PostgreSQLResult(pointer)
            if result.status == PGRES_PIPELINE_SYNC { break }
            results.append(result)
        }
        // A failed begin says more than the statement that was skipped for it.
        return results.first { !$0.isFine } ?? results.last ?? PostgreSQLResult(nil)
    }

    private static func withParameters<T>(_ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> T) -> T {
        let copies = texts.map { text in text.flatMap { strdup($0) } }
        defer { for copy in copies { free(copy) } }
        return body(copies.map { UnsafePointer($0) })
    }

    private func prepare(_ sql: String, _ count: Int) throws -> String {
        clock += 1
        if let known = statements[sql] {
            statements[sql]?.usedAt = clock
            return known.name
        }
        if statements.count >= Self.statementLimit { try forgetOldStatements() }
        named += 1
        let name = "s\(named)"
        try check(PostgreSQLResult(PQprepare(handle, name, sql, Int32(count), nil)), sql)
        statements[sql] = Prepared(name: name, usedAt: clock)
        return name
    }

    private func forgetOldStatements() throws {
        let old = statements.sorted { $0.value.usedAt < $1.value.usedAt }.prefix(Self.statementLimit / 4)
        for (sql, prepared) in old {
            try script("deallocate \(prepared.name)")
            statements[sql] = nil
        }
    }

    private func broken(_ sql: String) -> SQLFailure {
        SQLFailure(reason: isAlive ? .other : .disconnected, message: String(cString: PQerrorMessage(handle)), sql: sql)
    }

    private func check(_ result: PostgreSQLResult, _ sql: String) throws {
        guard !result.isFine else { return }
        let state = result.field(CChar(UInt8(ascii: "C"))) ?? ""
        let message =
            result.field(CChar(UInt8(ascii: "M")))
            ?? String(cString: PQerrorMessage(handle)).trimmingCharacters(in: .whitespacesAndNewlines)
        let reason: SQLFailure.Reason =
            switch state {
            case "23505":
                .unique(index: result.field(CChar(UInt8(ascii: "n"))), table: result.field(CChar(UInt8(ascii: "t"))), columns: ["id"])
            case "40001", "40P01": .conflict
            case "55P03": .busy
            case "57014": .tooLong
            case "53100": .full
            case "53200": .outOfMemory
            case "25006": .readOnly
            case "57P01", "57P02", "57P03", "08000", "08003", "08006": .disconnected
            case "XX001", "XX002": .corrupt
            default: isAlive ? .other : .disconnected
            }
        throw SQLFailure(reason: reason, message: "PostgreSQL \(state): \(message)", sql: sql)
    }

    // MARK: Announcements

    func receive() throws {
        guard PQconsumeInput(handle) == 1 else { throw broken("listen") }
    }

    func nextNotification() -> (channel: String, payload: String)? {
        guard let notification = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notification) }
        return (String(cString: notification.pointee.relname), String(cString: notification.pointee.extra))
    }
}

extension Value {
    /// As a parameter in text form.
    fileprivate var parameter: String? {
        switch self {
        case .null, .list: nil
        case .int(let number): String(number)
        case .real(let number): "\(number)"
        case .text(let text): text.withoutNUL
        }
    }
}
