import Dispatch
import Records
import Synchronization

/// Where passwords are hashed: two at a time, a few waiting, away from the threads that answer requests. A flood of log-ins therefore costs
/// neither the machine's memory nor other people's pages.
final class PasswordDesk: Sendable {
    let cost: ScryptCost
    private let width: Int
    private let waitingLimit: Int
    private let threads = DispatchQueue(label: "zhike.passwords", attributes: .concurrent)
    private let state = Mutex(State())
    /// What a guess at an unknown user's password is compared with.
    private let dummy: PasswordHash

    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
        var count = 0
    }

    init(cost: ScryptCost, width: Int = 2, waiting: Int = 20) {
        self.cost = cost
        self.width = width
        waitingLimit = waiting
        var dummy = PasswordHash("-", cost: ScryptCost(logN: 1, r: 1, p: 1))
        dummy.cost = cost
        dummy.hash = Token.bytes(32)
        self.dummy = dummy
    }

    /// How many passwords were taken up to be hashed; tests look at it.
    var hashed: Int { state.withLock { $0.count } }

    func hash(_ password: String) async throws -> String {
        try await run { [cost] in PasswordHash(password, cost: cost).stored }
    }

    /// Whether `password` is the stored one. Without a stored one it takes as long and says no.
    func check(_ password: String, against stored: String?) async throws -> Bool {
        let known = stored.flatMap(PasswordHash.init(stored:))
        let hash = known ?? dummy
        return try await run { hash.matches(password) } && known != nil
    }

    /// Whether a stored hash is cheaper to guess at than today's.
    func isOutdated(_ stored: String) -> Bool { PasswordHash(stored: stored).map { $0.cost.work < cost.work } ?? true }

    func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async throws -> T {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<T, any Error>) in
            take {
                done.resume(returning: work())
            } full: {
                done.resume(throwing: Refusal.unavailable("现在登录的人较多，请稍候几秒再试。", retryAfter: 5))
            }
        }
    }

    private func take(_ work: @escaping @Sendable () -> Void, full: () -> Void) {
        enum Place { case now, later, none }
        let place = state.withLock { state -> Place in
            guard state.running >= width else {
                state.running += 1
                return .now
            }
            guard state.waiting.count < waitingLimit else { return .none }
            state.waiting.append(work)
            return .later
        }
        switch place {
        case .now: threads.async { [self] in serve(work) }
        case .later: break
        case .none: full()
        }
    }

    /// Does one piece of work and then whatever waits.
    private func serve(_ first: @escaping @Sendable () -> Void) {
        var next: (@Sendable () -> Void)? = first
        while let work = next {
            // Before the one who waits is told.
            state.withLock { $0.count += 1 }
            work()
            next = state.withLock { state in
                if state.waiting.isEmpty {
                    state.running -= 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
        }
    }
}
