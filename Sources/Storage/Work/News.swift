import Records
import Synchronization

/// A store that carries short messages between everybody who has it open: sessions that ended, settings that changed, live pages.
public protocol Announcing: Sendable {
    func announce(_ channel: String, _ payload: String) async throws
    /// Every message on a channel from now on. An empty one means that some may have been missed: read anew.
    func announcements(_ channel: String) -> AsyncStream<String>
}

extension Writing {
    /// Announces something once, and only if, this unit of work is on disk.
    public func announce(_ channel: String, _ payload: String) throws {
        guard let session = self as? Session else { return }
        try session.tell?(channel, payload)
    }
}

/// Those in this process who listen.
final class News: Sendable {
    private struct State {
        var listeners: [String: [Int: AsyncStream<String>.Continuation]] = [:]
        var next = 0
        var isFinished = false
    }
    private let state = Mutex(State())

    func stream(_ channel: String) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(1000))
        let number: Int? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.listeners[channel, default: [:]][state.next] = continuation
            return state.next
        }
        guard let number else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in self?.remove(number, from: channel) }
        return stream
    }

    private func remove(_ number: Int, from channel: String) {
        _ = state.withLock { $0.listeners[channel]?.removeValue(forKey: number) }
    }

    func tell(_ channel: String, _ payload: String) {
        for listener in state.withLock({ Array($0.listeners[channel, default: [:]].values) }) { listener.yield(payload) }
    }

    /// Tells everybody that messages may have been missed.
    func tellAll() {
        for listener in state.withLock({ $0.listeners.values.flatMap(\.values) }) { listener.yield("") }
    }

    var channels: [String] { state.withLock { $0.listeners.filter { !$0.value.isEmpty }.map(\.key) } }

    func finish() {
        let all = state.withLock { state in
            defer { state.listeners = [:] }
            state.isFinished = true
            return state.listeners.values.flatMap(\.values)
        }
        for listener in all { listener.finish() }
    }
}
