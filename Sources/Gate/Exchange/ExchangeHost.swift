import Records

/// Through whom batches reach the database: the command line's own call, or a job that another instance may take over.
public protocol ExchangeHost: Sendable {
    var gate: Gate { get }
    var actor: Actor { get }
    /// The number that all batches' changes carry.
    var operation: Int64 { get }
    var isCancelled: Bool { get }
    /// What an interrupted run saved.
    var state: Plain { get }
    /// Whether what is saved will be read again.
    var keepsState: Bool { get }
    func write<T: Sendable>(_ body: @escaping @Sendable (GateTransaction) throws -> JobStep<T>) async throws -> T
    func progress(_ done: Int, of total: Int) async throws
}

extension JobContext: ExchangeHost {
    public var keepsState: Bool { true }
}

/// Batches written as somebody, one transaction after another, without a job.
public struct DirectHost: ExchangeHost {
    public let gate: Gate
    public let actor: Actor
    public let operation: Int64
    public let state = Plain.null
    public let keepsState = false
    private let told: @Sendable (Int, Int) -> Void
    private let cancelled: @Sendable () -> Bool

    public init(
        _ gate: Gate, as actor: Actor, operation: Int64? = nil, isCancelled: @escaping @Sendable () -> Bool = { Task.isCancelled },
        progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
    ) {
        self.gate = gate
        self.actor = actor
        self.operation = operation ?? Operation.next(at: gate.clock.now())
        cancelled = isCancelled
        told = progress
    }

    public var isCancelled: Bool { cancelled() }

    public func write<T: Sendable>(_ body: @escaping @Sendable (GateTransaction) throws -> JobStep<T>) async throws -> T {
        try await gate.write(as: actor, operation: operation) { tx in try body(tx).value }
    }

    public func progress(_ done: Int, of total: Int) async throws { told(done, total) }
}
