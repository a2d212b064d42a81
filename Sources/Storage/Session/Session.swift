import Records

/// One unit of work on one connection: what a closure given to `read` or `write` holds. Lives on one thread and not longer than the
/// closure.
final class Session {
    let connection: any Connection
    let library: Library
    let isWriting: Bool
    /// What runs after the commit.
    var hooks: [@Sendable () -> Void] = []
    /// Records whose search documents must follow before the commit.
    var stale = StaleDocuments()
    let digest: RowDigest
    /// Which tables it has written to.
    var changes = CountMemory.Changes()
    /// What it reads is at least as new as this.
    let epoch: UInt64
    /// Rows went to the caller one by one: the unit of work must not be repeated in silence.
    var hasDelivered = false
    /// Gives numbers outside this unit of work; nil where nobody else would wait for them.
    var numbers: ((String, Int64) throws -> Int64)?
    /// Sends an announcement with the commit.
    var tell: ((String, String) throws -> Void)?
    private var depth = 0
    /// A statement failed and nothing took its effects back, so the transaction as a whole is void (as it is on PostgreSQL anyway).
    private(set) var broken: (any Error)?

    init(_ connection: any Connection, _ library: Library, isWriting: Bool) {
        self.connection = connection
        self.library = library
        self.isWriting = isWriting
        digest = library.digest
        epoch = isWriting ? 0 : library.counts.epoch
    }

    var dialect: any Dialect { library.dialect }

    /// Runs statements and says what went wrong in the store's words.
    func run<T>(_ body: (any Connection) throws -> T) throws -> T {
        if let broken { throw broken }
        do { return try body(connection) } catch let failure as SQLFailure {
            let error = failure.storeError(library)
            broken = Self.spoils(failure) ? failure : error
            throw error
        }
    }

    /// Failures that the engine must see itself, whatever the closure makes of them.
    private static func spoils(_ failure: SQLFailure) -> Bool {
        switch failure.reason {
        case .conflict, .disconnected, .full, .ioError: true
        default: false
        }
    }

    func attempt<T>(_ body: () throws -> T) throws -> T {
        if let broken { throw broken }
        depth += 1
        defer { depth -= 1 }
        let name = "a\(depth)"
        let hooksBefore = hooks.count
        _ = try run { try $0.execute("savepoint \(name)") }
        do {
            let result = try body()
            if let broken { throw broken }
            _ = try run { try $0.execute("release \(name)") }
            return result
        } catch {
            if let failure = broken as? SQLFailure { throw failure }
            broken = nil
            _ = try run {
                try $0.execute("rollback to \(name)")
                try $0.execute("release \(name)")
            }
            hooks.removeSubrange(hooksBefore...)
            stale.forgetRows()
            throw error
        }
    }

    /// Whatever must happen before the commit: a failure that the closure kept to itself counts, and the search index follows.
    func finish() throws {
        if let broken { throw broken }
    }
}

extension SQLFailure {
    func storeError(_ library: Library) -> StoreError {
        switch reason {
        case .unique(let index, let table, let columns):
            if let unique = index.flatMap(library.unique) { return .duplicate(entity: unique.entity, fields: unique.fields) }
            return .duplicate(entity: table ?? "", fields: columns)
        case .full: return .full("磁盘空间不足，暂时不能保存。请清理磁盘，空间恢复后会自动继续")
        case .outOfMemory: return .full("数据库服务器内存不足，暂时不能保存。请检查数据库服务器的内存，恢复后会自动继续")
        case .readOnly: return .unavailable("数据库是只读的，不能保存。请检查数据目录的权限和磁盘状态")
        case .ioError: return .lost("读写磁盘出错（\(message)）。请检查磁盘，然后重新启动")
        case .corrupt: return .failed("数据库文件已损坏（\(message)）。请用最近的备份恢复")
        case .disconnected: return .unavailable("与数据库的连接中断，请稍后重试")
        case .conflict, .busy: return .unavailable("同时修改的人较多，请重试")
        case .tooLong: return .failed("查询用时过长，已停止。请缩小范围后再试")
        case .other: return .failed("\(message) [\(sql.prefix(300))]")
        }
    }
}
