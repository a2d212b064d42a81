import Records
import Synchronization

/// Takes due jobs out of the table and does them, beside other instances on the same database.
///
/// ```swift
/// let runner = JobRunner(gate: gate, actors: actors, handlers: ["bulk": Bulk.run])
/// await runner.run() // until its task is cancelled
/// ```
///
/// A job is held by a lease that its run renews; a run that stops doing so (kill -9, power cut) loses it, and another takes over. Whether a
/// lease stands still is seen on this machine's own monotonic clock, so no jump of anybody's wall clock makes two run one job.
public final class JobRunner: Sendable {
    public let gate: Gate
    public let settings: JobSettings
    let actors: ActorFinder
    let handlers: [String: JobHandler]
    /// Those beside the capabilities'.
    private let besides: [Job]
    /// This instance's name in the rows it holds.
    let worker: String
    let waker = Waker()
    let state = Mutex(State())

    struct State {
        var running: [Int64: Run] = [:]
        var isStopping = false
        /// Running jobs of others, and since when their lease has not moved.
        var seen: [Int64: (lease: Int64, since: ContinuousClock.Instant)] = [:]
        var beats = 0
        var latest: Instant?
        var upkeepDue = ContinuousClock.now
        var schedulesDue = ContinuousClock.now
    }

    struct Run {
        let name: String
        let hold: JobHold
        /// Handlers can be interrupted; a declared job is one transaction and cannot.
        let isHandler: Bool
        var task: Task<Void, Never>?
    }

    /// - Parameter jobs: declared jobs beside those of the capabilities (``Housekeeping``).
    public init(
        gate: Gate, actors: @escaping ActorFinder, handlers: [String: JobHandler], jobs: [Job] = [], settings: JobSettings = JobSettings()
    ) {
        self.gate = gate
        self.actors = actors
        self.handlers = handlers
        self.settings = settings
        besides = jobs
        worker = "w" + String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    /// What can be run now, by name: of packs that are off nothing, until they are on again.
    var declared: [String: Job] {
        Dictionary((gate.catalog.jobs + besides).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Works until the task is cancelled, then ends within seconds: handlers are asked to stop, and what they leave waits for the next
    /// start.
    public func run() async {
        let listener = gate.changes.listen { [weak self] events in self?.hear(events) }
        defer { gate.changes.forget(listener) }
        if settings.isAlone { await uncancelled { await self.recover() } }
        while !Task.isCancelled {
            await uncancelled { await self.beat() }
            guard !Task.isCancelled else { break }
            await waker.sleep(upTo: settings.poll)
        }
        await uncancelled { await self.stop() }
    }

    private func hear(_ events: [ChangeEvent]) {
        for event in events where event.entity == JobRow.name {
            switch event.kind {
            // New, or to be tried again.
            case .created, .restored: waker.ring()
            // Cancelled.
            case .deleted: state.withLock { $0.running[event.id] }.map { interrupt($0) }
            case .updated: break
            }
        }
    }

    func interrupt(_ run: Run) {
        run.hold.cancel()
        run.task?.cancel()
    }

    /// One look at the table.
    func beat() async {
        await attempt("时钟检查") { try await self.mindClock() }
        if isDue(\.schedulesDue, every: .seconds(30)) { await attempt("定时任务") { try await self.arrangeSchedules() } }
        if isDue(\.upkeepDue, every: settings.lease / 3) {
            await attempt("任务续约") { try await self.renew() }
            await attempt("任务接管") { try await self.takeOver() }
            giveUpSilentOnes()
        }
        await attempt("领取任务") { try await self.startDue() }
    }

    private func isDue(_ path: WritableKeyPath<State, ContinuousClock.Instant>, every interval: Duration) -> Bool {
        state.withLock { state in
            let now = ContinuousClock.now
            guard state[keyPath: path] <= now else { return false }
            state[keyPath: path] = now + interval
            return true
        }
    }

    func attempt(_ what: String, _ body: () async throws -> Void) async {
        do { try await body() } catch { settings.onError(what, error) }
    }

    private func stop() async {
        let runs = state.withLock { state in
            state.isStopping = true
            return Array(state.running.values)
        }
        for run in runs { interrupt(run) }
        let end = ContinuousClock.now + settings.grace
        while ContinuousClock.now < end, !state.withLock({ $0.running.isEmpty }) { try? await Task.sleep(for: .milliseconds(10)) }
        // Whoever did not listen loses the job; its further writes are refused.
        for run in state.withLock({ Array($0.running.values) }) { await attempt("交还任务") { try await self.giveBack(run.hold) } }
    }
}
