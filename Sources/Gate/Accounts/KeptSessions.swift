import Records
import Synchronization

/// Sessions that began or ended while there was no room to write it down: only this process knows of them, until they are written.
final class KeptSessions: Sendable {
    struct Kept: Sendable {
        /// Its number is below zero: the database has not given one.
        var session: Record<Session>
        /// The user's password as it was stored; under another the session no longer counts.
        let password: String
    }

    private struct State {
        var begun: [String: Kept] = [:]
        /// By the token's hash, with their users.
        var ended: [String: Int64] = [:]
        /// The last time step of each user's app that was used.
        var steps: [Int64: Int64] = [:]
        var last: Int64 = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int = 10_000) { self.limit = limit }

    /// Keeps a session and gives it a number; nil when there are too many.
    func begin(_ session: Record<Session>, password: String) -> Int64? {
        state.withLock { state in
            guard state.begun.count < limit else { return nil }
            state.last -= 1
            var session = session
            session.row.id = state.last
            state.begun[session.tokenHash] = Kept(session: session, password: password)
            return state.last
        }
    }

    func find(_ hash: String) -> Kept? { state.withLock { $0.begun[hash] } }

    func touch(_ hash: String, at now: Instant) { state.withLock { $0.begun[hash]?.session.seenAt = now } }

    /// It is in the database, or counts no more.
    func forget(_ hash: String) { state.withLock { $0.begun[hash] = nil } }

    /// Ends all that a user has begun here.
    func endAll(of user: Int64) { state.withLock { $0.begun = $0.begun.filter { $0.value.session.user.id != user } } }

    /// Ends a session that was begun here; gives its user.
    func end(_ hash: String) -> Int64? {
        state.withLock { state in
            guard let user = state.begun.removeValue(forKey: hash)?.session.user.id else { return nil }
            state.ended[hash] = user
            return user
        }
    }

    /// Ends a session of the database, whose row is erased later; false when there are too many.
    func bury(_ hash: String, of user: Int64) -> Bool {
        state.withLock { state in
            guard state.ended.count < limit else { return false }
            state.ended[hash] = user
            return true
        }
    }

    func hasEnded(_ hash: String) -> Bool { state.withLock { $0.ended[hash] != nil } }

    /// Its row is gone.
    func erased(_ hash: String) { state.withLock { $0.ended[hash] = nil } }

    // MARK: Codes of an authenticator app

    func step(of user: Int64) -> Int64? { state.withLock { $0.steps[user] } }

    /// Notes a step as used, unless it or a later one is already.
    func use(_ step: Int64, of user: Int64) -> Bool {
        state.withLock { state in
            guard state.steps[user].map({ $0 < step }) ?? true else { return false }
            state.steps[user] = step
            return true
        }
    }
}
