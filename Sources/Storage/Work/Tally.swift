import Synchronization

/// How much work the database was given: on every machine the same for the same question and the same data, unlike time.
///
/// ```swift
/// let tally = Tally()
/// try await Tally.$current.withValue(tally) { try await store.read { … } }
/// tally.work.statements
/// ```
public final class Tally: Sendable {
    public struct Work: Sendable, Equatable {
        public var statements = 0
        /// Rows that the statements gave.
        public var rows = 0
        /// Steps of SQLite's virtual machine: what was looked at to find those rows. 0 on PostgreSQL, which does not say.
        public var steps = 0
    }

    /// What the units of work begun by this task add to; nil when nobody counts.
    @TaskLocal public static var current: Tally?

    private let state = Mutex(Work())
    public var work: Work { state.withLock { $0 } }

    public init() {}

    func add(_ work: Work) {
        state.withLock {
            $0.statements += work.statements
            $0.rows += work.rows
            $0.steps += work.steps
        }
    }
}

extension Tally.Work {
    static func - (after: Self, before: Self) -> Self {
        Self(statements: after.statements - before.statements, rows: after.rows - before.rows, steps: after.steps - before.steps)
    }
}
