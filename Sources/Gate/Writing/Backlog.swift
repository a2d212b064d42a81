import Foundation
import Records
import Synchronization

/// Lines that could not be written for want of room and that nobody should wait for: who came, who went, how an export ended. They are
/// written in their order once there is room again. What still waits when the program ends is lost.
final class Backlog: Sendable {
    typealias Work = @Sendable (GateTransaction) throws -> Void

    struct Item: Sendable {
        let actor: Actor
        let operation: Int64?
        let work: Work
    }

    private struct State {
        var items: [Item] = []
        var isTrying = false
    }

    private let state = Mutex(State())
    /// How many lines wait at most. With beginnings and ends of sessions they may be twice as many, so that guesses at passwords take no
    /// room of theirs.
    static let limit = 10_000
    static let pause = Duration.milliseconds(500)

    var count: Int { state.withLock { $0.items.count } }
    var first: Item? { state.withLock { $0.items.first } }

    /// Whether it was kept, and whether somebody has to begin writing what waits.
    func add(_ item: Item, isSession: Bool) -> (isKept: Bool, begins: Bool) {
        state.withLock { state in
            guard state.items.count < (isSession ? 2 : 1) * Self.limit else { return (false, false) }
            state.items.append(item)
            defer { state.isTrying = true }
            return (true, !state.isTrying)
        }
    }

    func removeFirst() { state.withLock { if !$0.items.isEmpty { $0.items.removeFirst() } } }

    /// Whether nothing waits any more; then the next to add something begins anew.
    func isThrough() -> Bool {
        state.withLock { state in
            if state.items.isEmpty { state.isTrying = false }
            return state.items.isEmpty
        }
    }
}

extension Gate {
    /// Writes as `actor`; while there is no room for it, keeps it in memory and writes it as soon as there is. False when too much waits
    /// already. Other faults are thrown.
    @discardableResult
    func writeInTime(
        as actor: Actor, operation: Int64? = nil, isSession: Bool = false, _ body: @escaping Backlog.Work
    ) async throws -> Bool {
        if backlog.count == 0 {
            do {
                try await write(as: actor, operation: operation, body)
                return true
            } catch StoreError.full {}
        }
        return keepForLater(as: actor, operation: operation, isSession: isSession, body)
    }

    /// Keeps something in memory until there is room to write it; false when too much waits already.
    func keepForLater(as actor: Actor, operation: Int64? = nil, isSession: Bool = false, _ body: @escaping Backlog.Work) -> Bool {
        let added = backlog.add(Backlog.Item(actor: actor, operation: operation, work: body), isSession: isSession)
        if added.begins {
            Task { [weak self] in
                while let gate = self, await gate.writeBacklog() { try? await Task.sleep(for: Backlog.pause) }
            }
        }
        return added.isKept
    }

    /// Writes what waits; true when some of it still does.
    private func writeBacklog() async -> Bool {
        while let item = backlog.first {
            do {
                try await write(as: item.actor, operation: item.operation, item.work)
            } catch StoreError.full {
                return true
            } catch Refusal.unavailable {
                return true
            } catch {
                // Nothing waits for ever; what is lost is told.
                FileHandle.standardError.write(Data("A line that waited for room on the disk could not be written: \(error)\n".utf8))
            }
            backlog.removeFirst()
        }
        return !backlog.isThrough()
    }
}
