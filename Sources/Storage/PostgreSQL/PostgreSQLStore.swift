import Foundation
import Records
import Synchronization

/// Records in a PostgreSQL database, which several processes may share. A pool of connections, each with a thread of its own; a unit of
/// work is one transaction on one of them.
///
/// ```swift
/// let store = try PostgreSQLStore(url: "postgresql://zhike@db.example/zhike", poolSize: 16)
/// ```
public final class PostgreSQLStore: Store {
    let library = Library(PostgreSQLDialect())
    let settings: PostgreSQLSettings
    let queue = WorkQueue<Work>(limit: 4096)
    private let threads = Mutex<[StoreThread]>([])
    private let condition = PoolHealth()
    private let news = News()
    private let listener: PostgreSQLListener
    private let numbers: PostgreSQLNumbers

    /// - Parameters:
    ///   - schema: the PostgreSQL schema that holds the tables; made when it is not there.
    ///   - statementTimeout: milliseconds after which a statement is stopped.
    public init(url: String, poolSize: Int = 8, schema: String = "zhike", statementTimeout: Int = 60_000) throws {
        settings = PostgreSQLSettings(url: url, schema: schema, statementTimeout: statementTimeout)
        // Wrong address or password: better said at start than at the first request.
        do { try Self.makeSchema(settings) } catch let failure as SQLFailure { throw failure.storeError(library) }
        listener = PostgreSQLListener(settings, news)
        let numbers = PostgreSQLNumbers(settings)
        self.numbers = numbers
        let pool = (1...max(1, poolSize)).map { number in
            StoreThread("zhike.pg.\(number)") { [queue, settings, library, condition] in
                PostgreSQLWorker(settings, library, condition, numbers).serve(queue)
            }
        }
        threads.withLock { $0 = pool }
        Thread.detachNewThread { Pinyin.prepare() }
    }

    /// Only when it is missing: even `if not exists` asks for the right to create one.
    private static func makeSchema(_ settings: PostgreSQLSettings) throws {
        let connection = try PostgreSQLConnection(settings)
        guard try connection.first("select 1 from pg_namespace where nspname = $1", [.text(settings.schema)]) == nil else { return }
        try connection.script("create schema if not exists \(settings.schema.quoted)")
    }

    deinit { close() }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any Reading) throws -> T) async throws -> T {
        try await Work.submit(to: queue, isWriting: false) { try body($0) }
    }

    public func write<T: Sendable>(_ body: @escaping @Sendable (any Writing) throws -> T) async throws -> T {
        try await Work.submit(to: queue, isWriting: true) { try body($0) }
    }

    /// Nil when the server answers, or what it said last.
    public var health: String? { condition.trouble }

    public func close() {
        queue.close()
        for thread in threads.withLock({ $0 }) { thread.join() }
        numbers.close()
        listener.close()
        news.finish()
    }
}

extension PostgreSQLStore: Announcing {
    public func announce(_ channel: String, _ payload: String) async throws {
        try await write { try $0.announce(channel, payload) }
    }

    public func announcements(_ channel: String) -> AsyncStream<String> {
        let stream = news.stream(channel)
        listener.listen(channel)
        return stream
    }
}

/// Whether the server answers, as the last connection saw it.
final class PoolHealth: Sendable {
    private let state = Mutex<(trouble: String?, retryAt: ContinuousClock.Instant)>((nil, .now))

    var trouble: String? { state.withLock { $0.trouble } }

    /// What went wrong a moment ago: no need to ask again for every request that waits.
    var recentTrouble: String? { state.withLock { $0.trouble != nil && ContinuousClock.now < $0.retryAt ? $0.trouble : nil } }

    func failed(_ text: String) { state.withLock { $0 = (text, .now + .milliseconds(300)) } }
    func succeeded() { state.withLock { $0.trouble = nil } }
}
