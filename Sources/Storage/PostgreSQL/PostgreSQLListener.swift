import CLibpq
import Foundation
import Records
import Synchronization

/// A connection that only listens. It starts with the first who wants to hear something, and comes back by itself after the server was
/// away; then everybody is told that messages may have been missed.
final class PostgreSQLListener: Sendable {
    private struct State {
        var wanted: Set<String> = []
        var waiting: [DispatchSemaphore] = []
        var thread: StoreThread?
        var isClosed = false
    }

    private let state = Mutex(State())
    private let settings: PostgreSQLSettings
    private let news: News

    init(_ settings: PostgreSQLSettings, _ news: News) {
        self.settings = settings
        self.news = news
    }

    /// Returns once the server knows, or after a second when it is away.
    func listen(_ channel: String) {
        let known = DispatchSemaphore(value: 0)
        let isNew = state.withLock { state in
            guard !state.isClosed, state.wanted.insert(channel).inserted else { return false }
            state.waiting.append(known)
            if state.thread == nil { state.thread = StoreThread("zhike.pg.listen") { [weak self] in self?.serve() } }
            return true
        }
        if isNew { _ = known.wait(timeout: .now() + 1) }
    }

    func close() {
        let thread = state.withLock { state in
            state.isClosed = true
            return state.thread
        }
        thread?.join()
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func serve() {
        var isFirst = true
        while !isClosed {
            do {
                let connection = try PostgreSQLConnection(settings)
                if !isFirst { news.tellAll() }
                isFirst = false
                try follow(connection)
            } catch {
                Thread.sleep(forTimeInterval: 0.5)
            }
        }
    }

    private func follow(_ connection: PostgreSQLConnection) throws {
        var listening: Set<String> = []
        while !isClosed {
            let (wanted, waiting) = state.withLock { state in
                defer { state.waiting = [] }
                return (state.wanted, state.waiting)
            }
            for channel in wanted.subtracting(listening) { try connection.script("listen \(settings.channel(channel).quoted)") }
            listening = wanted
            for one in waiting { one.signal() }
            for (channel, payload) in try connection.notifications(within: 50) {
                if let name = wanted.first(where: { settings.channel($0) == channel }) { news.tell(name, payload) }
            }
        }
    }
}

extension PostgreSQLConnection {
    /// What has been announced; waits for at most so many milliseconds.
    func notifications(within milliseconds: Int32) throws -> [(channel: String, payload: String)] {
        var poll = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        _ = Glibc.poll(&poll, 1, milliseconds)
        try receive()
        var found: [(String, String)] = []
        while let notification = nextNotification() { found.append(notification) }
        return found
    }
}
