import Foundation
import GRDBSQLite
import Records
import Synchronization

/// The one thread that writes. Each commit waits for the disk, so writes that come meanwhile go together into the next one: every closure
/// has a savepoint of its own, one commit makes them all durable, and only then does each caller get its answer.
final class SQLiteWriter: Sendable {
    let queue = WorkQueue<Work>(limit: 4096)
    private let path: String
    private let library: Library
    private let state = Mutex(State())
    private let thread = Mutex<StoreThread?>(nil)
    /// A batch ends at this many closures, or when it has taken this long.
    private static let batchLimit = 256
    private let batchTime: Duration

    private struct State {
        /// Why the store writes no more.
        var lost: String?
        /// Why the last batch failed; gone with the next that succeeds.
        var trouble: String?
        var commits = 0
        var onLost: @Sendable (String) -> Void = { _ in }
    }

    init(path: String, library: Library, batchTime: Duration) {
        self.batchTime = batchTime
        self.path = path
        self.library = library
    }

    var lost: String? { state.withLock { $0.lost } }
    var health: String? { state.withLock { $0.lost ?? $0.trouble } }
    var commits: Int { state.withLock { $0.commits } }
    var onLost: @Sendable (String) -> Void {
        get { state.withLock { $0.onLost } }
        set {
            let lost = state.withLock { state in
                state.onLost = newValue
                return state.lost
            }
            if let lost { newValue(lost) }
        }
    }

    /// Opens the file; throws what is wrong with it.
    func start() throws {
        let opened = DispatchSemaphore(value: 0)
        let box = Box()
        let made = StoreThread("zhike.write") { [self] in
            do {
                do { try WriteAheadLog.rewrite(besides: path) } catch let failure as SQLFailure { throw failure.storeError(library) }
                try SQLiteOpening.withConnection(path, isWriter: true) { connection in
                    do { try WriteAheadLog.settle(connection) } catch let failure as SQLFailure { throw failure.storeError(library) }
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
        private let value = Mutex<(any Error)?>(nil)
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
            if let lost {
                first.fail(StoreError.unavailable(lost))
                continue
            }
            runBatch(first, connection)
            checkpoint(log)
        }
        if lost == nil { log.truncate() }
    }

    // MARK: One batch

    private struct Done {
        let work: Work
        let session: Session
        let deliver: @Sendable () -> Void
    }

    private func runBatch(_ first: Work, _ connection: SQLiteConnection) {
        var done: [Done] = []
        var next: Work? = first
        do {
            try connection.execute("begin immediate")
            let started = ContinuousClock.now
            var taken = 0
            while let work = next {
                taken += 1
                if let finished = try runOne(work, connection) { done.append(finished) }
                next = nil
                if taken < Self.batchLimit, ContinuousClock.now - started < batchTime { next = queue.nextIfAny() }
            }
            try commit(done, connection)
        } catch {
            if connection.isInTransaction { _ = try? connection.execute("rollback") }
            let reason = storeError(error)
            note(reason)
            // `next` is the closure under which it happened.
            next?.fail(reason)
            for one in done { one.work.fail(reason) }
            return
        }
        for one in done { library.counts.note(one.session.changes) }
        for one in done {
            for hook in one.session.hooks { hook() }
            one.deliver()
        }
    }

    /// Nil when the closure failed by itself and has been told so; throws when the whole batch is lost with it.
    private func runOne(_ work: Work, _ connection: SQLiteConnection) throws -> Done? {
        let session = Session(connection, library, isWriting: true)
        try connection.execute("savepoint work")
        do {
            let deliver = try work.run(session)
            try session.finish()
            try connection.execute("release work")
            return Done(work: work, session: session, deliver: deliver)
        } catch {
            // A full or failing disk takes the whole transaction back.
            if let failure = session.broken as? SQLFailure ?? error as? SQLFailure,
                !connection.isInTransaction || failure.reason == .ioError || failure.reason == .full
            {
                throw failure
            }
            try connection.execute("rollback to work")
            try connection.execute("release work")
            work.fail((error as? SQLFailure)?.storeError(library) ?? error)
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
        state.withLock {
            $0.commits += 1
            $0.trouble = nil
        }
    }

    private func storeError(_ error: any Error) -> StoreError {
        switch error {
        case let failure as SQLFailure: failure.storeError(library)
        case let error as StoreError: error
        default: .failed("\(error)")
        }
    }

    /// A full disk passes. After a failed write nobody knows what is on the disk: no more writes, and the process should end and recover.
    private func note(_ error: StoreError) {
        switch error {
        case .unavailable(let text), .full(let text): state.withLock { $0.trouble = text }
        case .lost(let text): lose(text)
        default: return
        }
    }

    private func lose(_ text: String) {
        let handler = state.withLock { state -> (@Sendable (String) -> Void)? in
            guard state.lost == nil else { return nil }
            state.lost = text
            return state.onLost
        }
        handler?(text)
    }

    private func checkpoint(_ log: WriteAheadLog) {
        guard lost == nil, let code = log.checkpointIfDue() else { return }
        if code & 0xFF == SQLITE_IOERR { lose("检查点写入磁盘出错。请检查磁盘，然后重新启动") }
    }
}
