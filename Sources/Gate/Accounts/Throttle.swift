import Records
import Synchronization

/// Counts guesses at passwords: by account and by address, in the database for all instances and in memory for what is under way at this
/// moment.
final class Throttle: Sendable {
    struct Limits: Sendable {
        var perAccount: Int
        var perAddress: Int
        /// Seconds.
        var window: Int64
    }

    /// Failures in the window, oldest first, as the database has them.
    struct Past: Sendable {
        var ofAccount: [Instant] = []
        var ofAddress: [Instant] = []
    }

    private struct Try {
        var number: Int
        var at: Instant
        var address: String?
    }

    private struct State {
        var byAccount: [String: [Try]] = [:]
        var byAddress: [String: [Try]] = [:]
        var last = 0
        var told: [String: Instant] = [:]
    }

    private let state = Mutex(State())
    private let limit = 10_000

    enum Answer: Sendable, Equatable {
        /// Go on; give the number back when it was no failure.
        case go(Int)
        case wait(seconds: Int)
    }

    /// Counts a try that begins now, unless there were too many. `isKnownAddress` says that the user has logged in from there before: then
    /// other addresses' guesses do not lock the user out.
    func begin(account: String, address: String?, isKnownAddress: Bool, past: Past, _ limits: Limits, at now: Instant) -> Answer {
        let since = now.adding(seconds: -limits.window)
        return state.withLock { state in
            forgetOld(&state, since)
            let mine = state.byAccount[account, default: []].filter { $0.at > since && (!isKnownAddress || $0.address == address) }.map(
                \.at)
            let there = address.map { state.byAddress[$0, default: []].filter { $0.at > since }.map(\.at) } ?? []
            let waits = [
                wait(mine, past.ofAccount, limits.perAccount, limits, now), wait(there, past.ofAddress, limits.perAddress, limits, now),
            ].compactMap(\.self)
            if let longest = waits.max() { return .wait(seconds: longest) }
            state.last += 1
            let one = Try(number: state.last, at: now, address: address)
            state.byAccount[account, default: []].append(one)
            if let address { state.byAddress[address, default: []].append(one) }
            return .go(one.number)
        }
    }

    /// It was no failure. After a log-in the account starts anew; its address does not, or an account of one's own would buy endless
    /// guesses.
    func takeBack(_ number: Int, account: String, address: String?, loggedIn: Bool) {
        state.withLock { state in
            if loggedIn { state.byAccount[account] = nil } else { state.byAccount[account]?.removeAll { $0.number == number } }
            if let address { state.byAddress[address]?.removeAll { $0.number == number } }
        }
    }

    /// Whether a refusal is worth a line in the log: once a minute for each account and address.
    func isNews(_ account: String, _ address: String?, at now: Instant) -> Bool {
        state.withLock { state in
            if state.told.count >= limit { state.told.removeAll() }
            let key = "\(account)\n\(address ?? "")"
            if let last = state.told[key], now < last.adding(seconds: 60), now >= last { return false }
            state.told[key] = now
            return true
        }
    }

    /// How many accounts and addresses are remembered.
    var size: Int { state.withLock { $0.byAccount.count + $0.byAddress.count } }

    /// Seconds until the oldest of the last `most` failures leaves the window; nil when there are fewer.
    private func wait(_ memory: [Instant], _ database: [Instant], _ most: Int, _ limits: Limits, _ now: Instant) -> Int? {
        // The same failures are in both; memory also has those under way, the database those of other instances.
        let failures = memory.count >= database.count ? memory : database
        guard failures.count >= most else { return nil }
        let oldest = failures.sorted()[failures.count - most]
        let milliseconds = oldest.adding(seconds: limits.window).milliseconds - now.milliseconds
        return max(1, Int((milliseconds + 999) / 1000))
    }

    private func forgetOld(_ state: inout State, _ since: Instant) {
        guard state.byAccount.count >= limit || state.byAddress.count >= limit else { return }
        func live(_ tries: [String: [Try]]) -> [String: [Try]] {
            let kept = tries.filter { $0.value.contains { $0.at > since } }
            // Still too many are a flood; the database counts on.
            return kept.count >= limit ? [:] : kept
        }
        state.byAccount = live(state.byAccount)
        state.byAddress = live(state.byAddress)
    }
}
