import Gate
import Records
import Synchronization

extension Site {
    /// What was opened last stands on the home page and first in the palette. A page is shown all the same when it cannot be noted, and
    /// does not wait for a slow disk: noting it may take longer than showing it.
    func noteVisit(of entity: String, _ id: Int64, by actor: Actor?) async {
        guard let actor else { return }
        let isNews = try? await gate.read(as: actor) { view in
            try !view.isLastVisit(view.record(view.schema(named: entity), id: id))
        }
        guard isNews == true, visits.begin() else { return }
        let gate = gate, visits = visits
        let note = Task {
            defer { visits.end() }
            try? await gate.write(as: actor) { tx in try tx.noteVisit(tx.record(tx.schema(named: entity), id: id)) }
        }
        await note.wait(atMost: .milliseconds(30))
    }
}

/// How many visits are being noted: where the disk cannot keep up, some are not.
final class Visits: Sendable {
    private let open = Mutex(0)
    private static let limit = 100

    func begin() -> Bool {
        open.withLock { open in
            guard open < Visits.limit else { return false }
            open += 1
            return true
        }
    }

    func end() { open.withLock { $0 -= 1 } }
}

extension Task where Success == Void, Failure == Never {
    /// Until it is done, or the time is over and it goes on by itself.
    func wait(atMost time: Duration) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let waiting = Mutex(Optional(continuation))
            let go: @Sendable () -> Void = {
                waiting.withLock { waiting in
                    waiting?.resume(); waiting = nil
                }
            }
            Task<Void, Never> {
                await self.value; go()
            }
            Task<Void, Never> {
                try? await Task<Never, Never>.sleep(for: time); go()
            }
        }
    }
}
