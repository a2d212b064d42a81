import Dispatch
import Foundation
import Synchronization

/// A few threads for calls that block (name resolution, libcurl), so that none of Swift's own threads ever waits for somebody else's
/// server.
final class BlockingPool: Sendable {
    static let shared = BlockingPool(threads: 8, waiting: 1000)

    private struct State {
        var work: [@Sendable () -> Void] = []
        var started = 0
        var idle = 0
    }

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)
    private let threads: Int
    private let waiting: Int

    init(threads: Int, waiting: Int) {
        self.threads = threads
        self.waiting = waiting
    }

    /// Runs `body` on a thread of the pool. Who waits longer than `limit` gets ``ChannelError/timedOut``, even while the thread still
    /// hangs.
    func run<T: Sendable>(upTo limit: Duration, _ body: @escaping @Sendable () throws(ChannelError) -> T) async throws(ChannelError) -> T {
        let once = Once<T>()
        let result: Result<T, ChannelError> = await withCheckedContinuation { continuation in
            once.set(continuation)
            let isTaken = submit {
                guard once.isOpen else { return }
                do throws(ChannelError) { once.resume(.success(try body())) } catch { once.resume(.failure(error)) }
            }
            guard isTaken else { return once.resume(.failure(.busy)) }
            let (seconds, attoseconds) = limit.components
            DispatchQueue.global().asyncAfter(deadline: .now() + Double(seconds) + Double(attoseconds) / 1e18) {
                once.resume(.failure(.timedOut))
            }
        }
        return try result.get()
    }

    private func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, needsThread) = state.withLock { state in
            guard state.work.count < waiting else { return (false, false) }
            state.work.append(work)
            guard state.idle < state.work.count, state.started < threads else { return (true, false) }
            state.started += 1
            return (true, true)
        }
        guard isTaken else { return false }
        if needsThread {
            let thread = Thread { [self] in loop() }
            thread.name = "channels"
            thread.start()
        }
        bell.signal()
        return true
    }

    private func loop() -> Never {
        while true {
            state.withLock { $0.idle += 1 }
            bell.wait()
            let work = state.withLock { state in
                state.idle -= 1
                return state.work.isEmpty ? nil : state.work.removeFirst()
            }
            work?()
        }
    }

    /// A continuation that is resumed by whoever comes first.
    private final class Once<T: Sendable>: Sendable {
        private let continuation = Mutex<CheckedContinuation<Result<T, ChannelError>, Never>?>(nil)
        func set(_ new: CheckedContinuation<Result<T, ChannelError>, Never>) { continuation.withLock { $0 = new } }
        var isOpen: Bool { continuation.withLock { $0 != nil } }
        func resume(_ result: Result<T, ChannelError>) {
            let first = continuation.withLock { held in
                defer { held = nil }
                return held
            }
            first?.resume(returning: result)
        }
    }
}
