import Foundation
import GRDBSQLite
import Records

extension SQLiteStore {
    /// A verified copy of the database while it is in use. The copy appears under its name only when it is whole, checked and on disk.
    public func backup(to path: String) async throws {
        let source = self.path
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { continuation.resume(with: Result { try Backup(source: source, target: path).run() }) }
        }
    }
}

/// SQLite's online backup into a temporary file beside the target, an integrity check, fsync, then the rename.
struct Backup {
    let source: String
    let target: String
    private var temporary: String { target + ".part" }

    func run() throws {
        try? FileManager.default.removeItem(atPath: temporary)
        do {
            try copy()
            try check()
            try sync(temporary)
            guard rename(temporary, target) == 0 else { throw failed("不能改名为 \(target)") }
            try sync(URL(filePath: target).deletingLastPathComponent().path)
        } catch {
            for suffix in ["", "-journal", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: temporary + suffix) }
            throw error
        }
    }

    /// In one step: a picture of one moment, through a reading connection that the writer need not wait for.
    private func copy() throws {
        let from = try open(source, SQLITE_OPEN_READONLY)
        defer { sqlite3_close_v2(from) }
        let to = try open(temporary, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
        defer { sqlite3_close_v2(to) }
        guard let backup = sqlite3_backup_init(to, "main", from, "main") else { throw failed(String(cString: sqlite3_errmsg(to))) }
        var code = sqlite3_backup_step(backup, -1)
        while code == SQLITE_BUSY || code == SQLITE_LOCKED {
            usleep(20_000)
            code = sqlite3_backup_step(backup, -1)
        }
        let finished = sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE, finished == SQLITE_OK else { throw failed(String(cString: sqlite3_errmsg(to))) }
        // A copy that can be carried about: one file, no log beside it.
        guard sqlite3_exec(to, "pragma journal_mode = delete", nil, nil, nil) == SQLITE_OK else {
            throw failed(String(cString: sqlite3_errmsg(to)))
        }
    }

    private func check() throws {
        let copy = try open(temporary, SQLITE_OPEN_READONLY)
        let connection = SQLiteConnection(copy)
        defer {
            connection.finalizeStatements()
            sqlite3_close_v2(copy)
        }
        let answer = try connection.rows("pragma integrity_check(5)").compactMap { $0.first?.text }
        guard answer == ["ok"] else { throw failed("备份没有通过完整性检查：\(answer.joined(separator: "；"))") }
    }

    private func open(_ path: String, _ flags: Int32) throws -> OpaquePointer {
        var handle: OpaquePointer?
        guard sqlite3_open_v2(path, &handle, flags | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK, let handle else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? ""
            sqlite3_close_v2(handle)
            throw failed(message)
        }
        sqlite3_busy_timeout(handle, 5000)
        return handle
    }

    private func sync(_ path: String) throws {
        let descriptor = Glibc.open(path, O_RDONLY)
        guard descriptor >= 0 else { throw failed(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failed(String(cString: strerror(errno))) }
    }

    private func failed(_ text: String) -> StoreError { .failed("备份到 \(target) 没有成功：\(text)") }
}
