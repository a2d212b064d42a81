import Foundation
import Records
import Synchronization

/// Records in one SQLite file. One thread writes, several read; see ``SQLiteWriter`` for how many writes share one commit.
///
/// ```swift
/// let store = try SQLiteStore(path: "data/zhike.db")
/// try await store.sync(catalog)
/// ```
public final class SQLiteStore: Store {
    public let path: String
    let library: Library
    let writer: SQLiteWriter
    private let readQueue = WorkQueue<Work>(limit: 4096)
    private let threads = Mutex<[StoreThread]>([])
    private let lock: LockFile
    private let news = News()
    /// Called once, on the writer's thread, when the disk failed under a commit: the process should end and start anew.
    public var onLost: @Sendable (String) -> Void {
        get { writer.onLost }
        set { writer.onLost = newValue }
    }

    /// - Parameter batchTime: how long writes go into one commit while more of them come.
    public init(path: String, readers: Int = 4, batchTime: Duration = .milliseconds(10)) throws {
        self.path = path
        lock = try LockFile(besides: path)
        library = Library(SQLiteDialect())
        writer = SQLiteWriter(path: path, library: library, batchTime: batchTime)
        try writer.start()
        var started: [StoreThread] = []
        for number in 1...max(1, readers) { started.append(reader(number)) }
        threads.withLock { $0 = started }
        Thread.detachNewThread { Pinyin.prepare() }
    }

    deinit { close() }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        try await Work.submit(to: readQueue, isWriting: false) { try body($0) }
    }

    public func write<T: Sendable>(_ body: @escaping @Sendable (any Writing) throws -> T) async throws -> T {
        if let lost = writer.lost { throw StoreError.unavailable(lost) }
        let news = news
        return try await Work.submit(to: writer.queue, isWriting: true) { session in
            session.tell = { [unowned session] channel, payload in session.afterCommit { news.tell(channel, payload) } }
            return try body(session)
        }
    }

    /// Nil when all is well, or why nothing can be written.
    public var health: String? { writer.health }

    /// How many commits have been made; with group commit fewer than writes.
    public var commits: Int { writer.commits }

    /// Finishes what is waiting, then closes the file. Doing it twice is fine.
    public func close() {
        readQueue.close()
        for thread in threads.withLock({ $0 }) { thread.join() }
        writer.close()
        news.finish()
        lock.release()
    }

    private func reader(_ number: Int) -> StoreThread {
        StoreThread("zhike.read.\(number)") { [path, readQueue, library] in
            while let first = readQueue.next() {
                do {
                    try SQLiteOpening.withConnection(path, isWriter: false) { connection in
                        let reader = SQLiteReader(connection, library)
                        reader.serve(first)
                        while let work = readQueue.next() { reader.serve(work) }
                    }
                } catch { first.fail(error) }
            }
        }
    }
}

extension SQLiteStore: Announcing {
    public func announce(_ channel: String, _ payload: String) async throws { news.tell(channel, payload) }
    public func announcements(_ channel: String) -> AsyncStream<String> { news.stream(channel) }
}

/// Runs reads, each on a picture of the data that does not change under it.
final class SQLiteReader {
    private let connection: SQLiteConnection
    private let library: Library
    /// One hopeless question must not hold a thread for ever.
    private static let statementLimit = Duration.seconds(60)

    init(_ connection: SQLiteConnection, _ library: Library) {
        self.connection = connection
        self.library = library
        connection.limitStatements(to: Self.statementLimit)
    }

    func serve(_ work: Work) {
        do {
            try connection.execute("begin deferred")
            defer { _ = try? connection.execute("rollback") }
            let deliver = try work.run(Session(connection, library, isWriting: false))
            deliver()
        } catch let failure as SQLFailure {
            work.fail(failure.storeError(library))
        } catch { work.fail(error) }
    }
}
