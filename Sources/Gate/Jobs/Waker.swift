import Synchronization

/// Sleeps until somebody rings or the time is over. A ring while nobody sleeps is kept for the next sleep.
final class Waker: Sendable {
    private struct State {
        var isRung = false
        var turn = 0
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            if state.sleeper == nil { state.isRung = true }
            return state.sleeper
        }
        sleeper?.resume()
    }

    func sleep(upTo duration: Duration) async {
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        let timer = Task {
            do { try await Task.sleep(for: duration) } catch { return }
            self.end(turn)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
        timer.cancel()
    }

    /// The time of one sleep is over; a later sleep is not woken.
    private func end(_ turn: Int) {
        let sleeper = state.withLock { state in
            guard state.turn == turn else { return nil as CheckedContinuation<Void, Never>? }
            if state.sleeper == nil { state.isRung = true }
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.resume()
    }
}

/// Runs `body` to its end even when the caller's task is cancelled: for putting things in order after a stop.
func uncancelled<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) async throws -> T {
    try await Task { try await body() }.value
}
func uncancelled<T: Sendable>(_ body: @escaping @Sendable () async -> T) async -> T { await Task { await body() }.value }
