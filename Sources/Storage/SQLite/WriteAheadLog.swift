import Foundation
import GRDBSQLite

/// How long the write-ahead log has grown, and its return into the database. All checkpoints happen here, on the writer's connection.
final class WriteAheadLog {
    private let connection: SQLiteConnection
    private var pages: Int32 = 0
    private var nextCheckpoint = passivePages
    private var nextRestart = restartPages
    /// Pages after which the log is copied back, and after which the writer waits a moment for readers so that the file can start over.
    private static let passivePages: Int32 = 6_000, restartPages: Int32 = 14_000

    init(_ connection: SQLiteConnection) {
        self.connection = connection
        sqlite3_wal_hook(
            connection.handle,
            { context, _, _, pages in
                guard let context else { return SQLITE_OK }
                Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().grew(to: pages)
                return SQLITE_OK
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Writes what lies in the log of `path` once more and has it reach the disk. After a synchronisation that failed the system takes
    /// pages for written that it has dropped: reading shows them, and the next synchronisation leaves them out.
    static func rewrite(besides path: String) throws {
        let name = path + "-wal", file = open(name, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return }
            throw SQLFailure(reason: .readOnly, message: "\(name): \(String(cString: strerror(errno)))", sql: "open")
        }
        defer { close(file) }
        func failure(_ what: String) -> SQLFailure {
            SQLFailure(reason: .ioError, message: "\(name): \(String(cString: strerror(errno)))", sql: what)
        }
        var piece = [UInt8](repeating: 0, count: 1 << 20), place: off_t = 0
        while true {
            let count = pread(file, &piece, piece.count, place)
            guard count >= 0 else { throw failure("read") }
            guard count > 0 else { break }
            guard pwrite(file, piece, count, place) == count else { throw failure("write") }
            place += off_t(count)
        }
        guard place == 0 || fsync(file) == 0 else { throw failure("sync") }
    }

    /// What the program before left in the log goes into the database before anything follows it: after a failed write the system still
    /// shows what will never reach the disk by itself, and a commit behind it would be lost with it.
    static func settle(_ connection: SQLiteConnection) throws {
        let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        if code & 0xFF == SQLITE_IOERR { throw connection.failure(code, "checkpoint") }
    }

    deinit { sqlite3_wal_hook(connection.handle, nil, nil) }

    private func grew(to pages: Int32) {
        if pages < self.pages {
            nextCheckpoint = Self.passivePages
            nextRestart = Self.restartPages
        }
        self.pages = pages
    }

    /// SQLite's code, or nil when nothing was due.
    func checkpointIfDue() -> Int32? {
        guard pages >= nextCheckpoint else { return nil }
        nextCheckpoint = pages + Self.passivePages
        guard pages >= nextRestart else { return checkpoint(SQLITE_CHECKPOINT_PASSIVE) }
        // A reader that holds on to an old picture (an export) is not waited for again before the log has grown as much again.
        nextRestart = pages + Self.restartPages
        sqlite3_busy_timeout(connection.handle, 100)
        defer { sqlite3_busy_timeout(connection.handle, 5000) }
        return checkpoint(SQLITE_CHECKPOINT_RESTART)
    }

    func truncate() { _ = checkpoint(SQLITE_CHECKPOINT_TRUNCATE) }

    private func checkpoint(_ mode: Int32) -> Int32 { sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil) }
}
