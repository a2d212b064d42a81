import Foundation
import GRDB
import GRDBSQLite
import Records

/// How connections are opened: every pragma is here.
enum SQLiteOpening {
    /// Opens the file and runs `body` with the connection for as long as it lives.
    static func withConnection(_ path: String, isWriter: Bool, _ body: (SQLiteConnection) throws -> Void) throws {
        var configuration = Configuration()
        configuration.readonly = !isWriter
        configuration.label = isWriter ? "zhike.writer" : "zhike.reader"
        // busy_timeout first: later pragmas may block.
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.allowsUnsafeTransactions = true
        if isWriter { configuration.journalMode = .wal }
        let queue: DatabaseQueue
        do { queue = try DatabaseQueue(path: path, configuration: configuration) } catch { throw explained(error, path) }
        try queue.writeWithoutTransaction { database in
            guard let handle = database.sqliteConnection else { throw StoreError.failed("数据库连接没有打开") }
            // GRDB looks at every statement it compiles; ours are none of its business.
            sqlite3_set_authorizer(handle, nil, nil)
            let connection = SQLiteConnection(handle)
            defer { connection.finalizeStatements() }
            do { try configure(connection, isWriter: isWriter) } catch let failure as SQLFailure { throw explained(failure, path) }
            try body(connection)
        }
        try? queue.close()
    }

    private static func configure(_ connection: SQLiteConnection, isWriter: Bool) throws {
        try connection.script("pragma temp_store = memory")
        // No memory mapping: a bad sector would be a crash instead of an error.
        try connection.script("pragma mmap_size = 0")
        try connection.script("pragma cache_size = \(isWriter ? -64_000 : -12_000)")
        guard isWriter else { return }
        // After opening: GRDB sets NORMAL itself when it turns WAL on.
        try connection.script("pragma synchronous = FULL")
        // Checkpoints are ours to make, on this connection only, where their errors are seen.
        try connection.script("pragma wal_autocheckpoint = 0")
        try connection.script("pragma journal_size_limit = 67108864")
        guard try connection.first("pragma synchronous")?.first?.int == 2 else {
            throw StoreError.failed("SQLite 没有接受 synchronous=FULL，断电时可能丢失数据，拒绝启动")
        }
        guard try connection.first("pragma journal_mode")?.first?.text == "wal" else {
            throw StoreError.failed("SQLite 没有接受 WAL 模式（网络磁盘不支持），请把数据目录放在本机磁盘上")
        }
    }

    private static func explained(_ error: any Error, _ path: String) -> any Error {
        let (code, message): (Int32, String)
        switch error {
        case let error as DatabaseError: (code, message) = (error.resultCode.rawValue, error.message ?? "")
        case let failure as SQLFailure:
            (code, message) = (
                failure.reason == .corrupt ? SQLITE_CORRUPT : failure.reason == .readOnly ? SQLITE_CANTOPEN : SQLITE_ERROR, failure.message
            )
        default: return error
        }
        return switch code {
        case SQLITE_NOTADB, SQLITE_CORRUPT: StoreError.failed("数据库文件已损坏或不是数据库：\(path)（\(message)）。请用最近的备份恢复")
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM: StoreError.unavailable("不能打开或写入数据库 \(path)（\(message)）。请检查目录的权限，磁盘是否只读")
        case SQLITE_IOERR: StoreError.lost("读写磁盘出错：\(path)（\(message)）")
        case SQLITE_FULL: StoreError.unavailable("磁盘空间不足，不能打开数据库 \(path)")
        default: StoreError.failed("不能打开数据库 \(path)：\(message)")
        }
    }
}
