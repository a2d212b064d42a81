import Records
import Synchronization

/// Counts that took long, remembered until a record of their table changes: the pages of a list, and everybody who looks at the same one,
/// ask for the same number again and again.
///
/// A unit of work notes the ``epoch`` before it reads anything. Whatever a commit changed carries a later one, so a number that was counted
/// on an older picture is never taken for a present one.
final class CountMemory: Sendable {
    struct Question: Hashable {
        let table: String
        let sql: String
        let values: [Value]
    }

    private struct Answer {
        let count: Int
        /// The rows of a summary.
        var lines: [[Value]] = []
        let epoch: UInt64
        let at: ContinuousClock.Instant
    }

    private struct State {
        var epoch: UInt64 = 0
        /// The epoch of each table's last change, and of the last that may have been anywhere.
        var changed: [String: UInt64] = [:]
        var changedAll: UInt64 = 0
        var answers: [Question: Answer] = [:]
    }

    private let state = Mutex(State())
    /// Where other processes write, too, an answer also grows old.
    private let lifetime: Duration?
    private static let limit = 2000
    /// Below this, counting is as quick as remembering; where the database is another process, asking is what takes long.
    let worthwhile: Int

    init(lifetime: Duration?) {
        self.lifetime = lifetime
        worthwhile = lifetime == nil ? 500 : 0
    }

    var epoch: UInt64 { state.withLock { $0.epoch } }

    func find(_ question: Question) -> Int? { answer(to: question)?.count }

    /// What a summary answered.
    func lines(_ question: Question) -> [[Value]]? { answer(to: question)?.lines }

    private func answer(to question: Question) -> Answer? {
        state.withLock { state in
            guard let answer = state.answers[question], answer.epoch >= max(state.changed[question.table] ?? 0, state.changedAll) else {
                return nil
            }
            if let lifetime, ContinuousClock.now - answer.at > lifetime { return nil }
            return answer
        }
    }

    func keep(_ lines: [[Value]], for question: Question, since epoch: UInt64) {
        keep(Answer(count: 0, lines: lines, epoch: epoch, at: .now), question)
    }

    func keep(_ count: Int, for question: Question, since epoch: UInt64) {
        guard count >= worthwhile else { return }
        keep(Answer(count: count, epoch: epoch, at: .now), question)
    }

    private func keep(_ answer: Answer, _ question: Question) {
        state.withLock { state in
            if state.answers.count >= Self.limit { state.answers.removeAll(keepingCapacity: true) }
            state.answers[question] = answer
        }
    }

    /// To be called after a commit and before anybody hears of it.
    func note(_ changes: Changes) {
        guard !changes.isEmpty else { return }
        state.withLock { state in
            state.epoch += 1
            for table in changes.tables { state.changed[table] = state.epoch }
            if changes.areAnywhere { state.changedAll = state.epoch }
        }
    }

    /// The tables that a unit of work has written to.
    struct Changes {
        var tables: Set<String> = []
        /// Definitions, patches: any table may be another one now.
        var areAnywhere = false
        var isEmpty: Bool { tables.isEmpty && !areAnywhere }
    }
}

extension Condition {
    /// Whether it looks at the record's own row, links and search document only.
    var staysWithRecord: Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.allSatisfy(\.staysWithRecord)
        case .not(let inner): inner.staysWithRecord
        case .compare(let path, _, _): path.link == nil
        case .ids, .search: true
        case .exists, .listed: false
        }
    }
}
