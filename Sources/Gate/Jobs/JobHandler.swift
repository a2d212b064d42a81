import Records
import Synchronization

/// What does the work of one kind of job. It may be called again after a crash: what it has done is in ``JobContext/state``.
public typealias JobHandler = @Sendable (JobContext) async throws -> Plain

/// Finds who somebody is now, rights included; nil when the user is gone or disabled.
public typealias ActorFinder = @Sendable (Int64) async throws -> Actor?

/// One run of one job, seen by its handler.
public struct JobContext: Sendable {
    public let id: Int64
    public let name: String
    public let payload: [String: Plain]
    public let gate: Gate
    /// Who started it, with today's rights; the system when nobody did.
    public let actor: Actor
    /// The number that everything it changes carries.
    public let operation: Int64
    /// 1 for the first try.
    public let attempt: Int
    /// The last try: a failure now is final.
    public let isLastAttempt: Bool
    /// What an interrupted run saved with ``write(done:of:saving:_:)``.
    public let state: Plain
    let hold: JobHold

    /// Somebody cancelled the job, another took it over, or the program stops.
    public var isCancelled: Bool { hold.isCancelled }

    public func checkCancellation() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Says how far it is; what comes faster than twice a second is left out.
    public func progress(_ done: Int, of total: Int) async throws {
        try checkCancellation()
        guard hold.shouldTell(done, total) else { return }
        let hold = hold, now = gate.clock.now()
        let isHeld = try await gate.store.write {
            try hold.keep($0, setting: ["done": .int(Int64(done)), "total": .int(Int64(total))], now: now)
        }
        guard isHeld else { return hold.cancel() }
        gate.changes.publish([hold.event(.updated)])
    }

    /// Writes as the job's actor, together with how far the job is: either both are on disk or neither. Nothing is written once the job
    /// belongs to somebody else.
    public func write<T: Sendable>(_ body: @escaping @Sendable (GateTransaction) throws -> JobStep<T>) async throws -> T {
        let hold = hold
        return try await gate.write(as: actor, operation: operation) { tx in
            // First of all: this locks the job's row, so that a run that lost its job cannot write beside the new one.
            guard try hold.keep(tx.writing, setting: [:], now: tx.now) else {
                hold.cancel()
                throw CancellationError()
            }
            let step = try body(tx)
            if let saved = step.saved {
                _ = try hold.keep(
                    tx.writing,
                    setting: ["done": .int(Int64(step.done)), "total": .int(Int64(step.total)), "result": .text(saved.jsonText)],
                    now: tx.now
                )
                tx.events.append(hold.event(.updated))
            }
            return step.value
        }
    }
}

/// What one transaction of a job did, and what the next run of the job must know of it.
public struct JobStep<T: Sendable>: Sendable {
    var value: T
    var done = 0, total = 0
    var saved: Plain?

    /// A step that leaves no trace in the job's row.
    public init(_ value: T) { self.value = value }

    public init(_ value: T, done: Int, of total: Int, saving state: Plain) {
        self.value = value
        self.done = done
        self.total = total
        saved = state
    }
}

/// How a handler says what shall become of its job. Every other error is tried again, a ``Refusal`` or ``Problems`` is not.
public enum JobFailure: Error, Sendable {
    /// Trying again would not help.
    case permanent(String)
    /// Try again, after the given seconds rather than the usual ones.
    case again(String, after: Int64? = nil)
}

/// A run's claim on its job's row.
final class JobHold: Sendable {
    let id: Int64
    let worker: String
    let attempt: Int
    let lease: Duration
    private let state = Mutex(State())

    private struct State {
        var isCancelled = false
        var told: ContinuousClock.Instant?
        var touched = ContinuousClock.now
    }

    init(id: Int64, worker: String, attempt: Int, lease: Duration) {
        self.id = id
        self.worker = worker
        self.attempt = attempt
        self.lease = lease
    }

    var isCancelled: Bool { state.withLock { $0.isCancelled } }
    func cancel() { state.withLock { $0.isCancelled = true } }

    /// When the handler last gave a sign of life.
    var touched: ContinuousClock.Instant { state.withLock { $0.touched } }

    func shouldTell(_ done: Int, _ total: Int) -> Bool {
        state.withLock { state in
            let now = ContinuousClock.now
            state.touched = now
            if let told = state.told, now - told < .milliseconds(500), done < total { return false }
            state.told = now
            return true
        }
    }

    /// Sets fields of the job's row while it is still this run's; false when it no longer is.
    func keep(_ writing: any Writing, setting values: [String: Value], now: Instant) throws -> Bool {
        state.withLock { $0.touched = .now }
        var values = values
        if values["status"] == nil { values["lease_until"] = now.adding(lease).stored }
        return try writing.change(id, setting: values) { $0.worker == worker && $0.attempts == attempt && $0.status == .running }
    }

    func event(_ kind: ChangeEvent.Kind) -> ChangeEvent { ChangeEvent(entity: JobRow.name, id: id, kind: kind, by: 0) }
}

extension Writing {
    /// Sets fields of a job's row if it is as `condition` says; false, and nothing changed, when it is not.
    ///
    /// The row is locked before it is looked at: with several writers a condition in the statement itself could be true of a row that has
    /// changed by the time the lock is given.
    func change(_ job: Int64, setting values: [String: Value], if condition: (Record<JobRow>) -> Bool) throws -> Bool {
        // An update of nothing takes the lock.
        guard try set(JobRow.schema, [:], where: .ids([job])) == 1, let row = try row(JobRow.schema, id: job), condition(Record(row)) else {
            return false
        }
        return try set(JobRow.schema, values, where: .ids([job])) == 1
    }
}

extension Instant {
    func adding(_ duration: Duration) -> Instant {
        let (seconds, attoseconds) = duration.components
        return Instant(milliseconds: adding(seconds: seconds).milliseconds.adding(clamping: attoseconds / 1_000_000_000_000_000))
    }
}
