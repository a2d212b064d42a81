import Foundation
import GRDBSQLite
import Records
import Synchronization

/// The one thread that writes. Each commit waits for the disk, so writes that come meanwhile go together into the next one: every closure has a
/// savepoint of its own, one commit makes them all durable, and only then does each caller get its answer.
final class SQLiteWriter: Sendable {
    let queue = WorkQueue<Work>(limit: 4096)
    private let path: String
    private let library: Library
    private let state = Mutex(State())
    private let thread = Mutex<StoreThread?>(nil)
    /// A batch ends at this many closures, or when it has taken this long.
    private static let batchLimit = 256
    private static let batchTime = Duration.milliseconds(10)
    /// Pages of WAL after which a checkpoint is due, and after which it waits for readers so that the file starts over.
    private static let checkpointPages: Int32 = 2_000, restartPages: Int32 = 12_000

    private struct State {
        var health: String?
        var isLost = false
        var commits = 0
        var onLost: @Sendable (String) -> Void = { _ in }
    }

    init(path: String, library: Library) {
        self.path = path
        self.library = library
    }

    var health: String? { state.withLock { $0.isLost ? $0.health : nil } }
    var commits: Int { state.withLock { $0.commits } }
    var onLost: @Sendable (String) -> Void {
        get { state.withLock { $0.onLost } }
        set { state.withLock { $0.onLost = newValue } }
    }

    /// Opens the file; throws what is wrong with it.
    func start() throws {
        let opened = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        withExtendedLifetime(failure) {}
        let box = Box(failure: nil)
        let made = StoreThread("zhike.write") { [self] in
            do {
                try SQLiteOpening.withConnection(path, isWriter: true) { connection in
                    opened.signal()
                    serve(connection)
                }
            } catch {
                box.set(error)
                opened.signal()
            }
        }
        opened.wait()
        if let error = box.error { throw error }
        thread.withLock { $0 = made }
    }

    private final class Box: Sendable {
        private let value: Mutex<(any Error)?>
        init(failure: (any Error)?) { value = Mutex(failure) }
        func set(_ error: any Error) { value.withLock { $0 = error } }
        var error: (any Error)? { value.withLock { $0 } }
    }

    func close() {
        queue.close()
        thread.withLock { $0 }?.join()
    }

    private func serve(_ connection: SQLiteConnection) {
        let log = WriteAheadLog(connection)
        while let first = queue.next() {
            if let health {
                first.fail(StoreError.unavailable(health))
                continue
            }
            runBatch(first, connection)
            checkpoint(log)
        }
        if health == nil { _ = log.checkpoint(SQLITE_CHECKPOINT_TRUNCATE) }
    }

    // MARK: One batch

    private struct Done {
        let work: Work
        let session: Session
        let deliver: @Sendable () -> Void
    }

    private func runBatch(_ first: Work, _ connection: SQLiteConnection) {
        var done: [Done] = []
        do {
            try connection.execute("begin immediate")
            let started = ContinuousClock.now
            var next: Work? = first
            var taken = 0
            while let work = next {
                taken += 1
                if let finished = try runOne(work, connection) { done.append(finished) }
                next = taken < Self.batchLimit && ContinuousClock.now - started < Self.batchTime ? queue.nextIfAny() : nil
            }
            try commit(done, connection)
        } catch {
            if connection.isInTransaction { _ = try? connection.execute("rollback") }
            let reason = storeError(error)
            if case .lost(let text) = reason { lose(text) }
            if done.isEmpty { first.fail(reason) }
            for one in done { one.work.fail(reason) }
            return
        }
        for one in done {
            for hook in one.session.hooks { hook() }
            one.deliver()
        }
    }

    /// Nil when the closure failed and has been told so; throws when the whole batch is lost with it.
    private func runOne(_ work: Work, _ connection: SQLiteConnection) throws -> Done? {
        let session = Session(connection, library, isWriting: true)
        try connection.execute("savepoint work")
        do {
            let deliver = try work.run(session)
            try session.finish()
            try connection.execute("release work")
            return Done(work: work, session: session, deliver: deliver)
        } catch {
            // A full or failing disk may have taken the whole transaction back.
            if let failure = session.broken as? SQLFailure ?? error as? SQLFailure, !connection.isInTransaction || failure.reason == .ioError || failure.reason == .full {
                work.fail(storeError(failure))
                throw failure
            }
            try connection.execute("rollback to work")
            try connection.execute("release work")
            work.fail(storeErrorIfSQL(error))
            return nil
        }
    }

    private func commit(_ done: [Done], _ connection: SQLiteConnection) throws {
        guard !done.isEmpty else {
            try connection.execute("rollback")
            return
        }
        let index = Session(connection, library, isWriting: true)
        for one in done { index.stale.merge(one.session.stale) }
        do { try index.flushSearch() } catch { throw index.broken ?? error }
        try connection.execute("commit")
        state.withLock { $0.commits += 1 }
    }

    private func storeErrorIfSQL(_ error: any Error) -> any Error { (error as? SQLFailure)?.storeError(library) ?? error }

    private func storeError(_ error: any Error) -> StoreError {
        switch error {
        case let failure as SQLFailure: failure.storeError(library)
        case let error as StoreError: error
        default: .failed("\(error)")
        }
    }

    /// After a failed write to the disk nobody knows what is on it: no more writes, and the process should end and recover.
    private func lose(_ text: String) {
        let handler = state.withLock { state -> (@Sendable (String) -> Void)? in
            guard !state.isLost else { return nil }
            state.isLost = true
            state.health = text
            return state.onLost
        }
        handler?(text)
    }

    private func checkpoint(_ log: WriteAheadLog) {
        guard health == nil, log.pages >= Self.checkpointPages else { return }
        let code = log.checkpoint(log.pages >= Self.restartPages ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE)
        if code & 0xFF == SQLITE_IOERR { lose("检查点写入磁盘出错。请检查磁盘，然后重新启动") }
    }
}

/// How long the write-ahead log has grown, and its return into the database.
final class WriteAheadLog {
    private let connection: SQLiteConnection
    private(set) var pages: Int32 = 0
    private var checked: Int32 = 0

    init(_ connection: SQLiteConnection) {
        self.connection = connection
        sqlite3_wal_hook(connection.handle, { context, _, _, pages in
            guard let context else { return SQLITE_OK }
            Unmanaged<WriteAheadLog>.fromOpaque(context).takeUnretainedValue().pages = pages
            return SQLITE_OK
        }, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit { sqlite3_wal_hook(connection.handle, nil, nil) }

    func checkpoint(_ mode: Int32) -> Int32 {
        sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, nil, nil)
    }
}
