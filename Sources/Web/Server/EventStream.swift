import Gate
import Hummingbird
import NIOCore
import Records
import Synchronization

/// Tells an open page of what concerns its user, by server-sent events: unread notifications and jobs that moved.
struct EventStream {
    let gate: Gate
    let accounts: Accounts
    let streams: OpenStreams

    init(gate: Gate, accounts: Accounts, most: Int) {
        self.gate = gate
        self.accounts = accounts
        streams = OpenStreams(most: most)
    }

    func add(to router: Router<WebContext>) { router.get("events", use: events) }

    @Sendable func events(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login, let token = SessionCookie.token(in: request) else { throw HTTPAnswer.notLoggedIn }
        let gate = gate, accounts = accounts, streams = streams, user = login.userID
        guard !streams.isFull else { throw Refusal.unavailable("实时提醒的连接过多，请刷新页面查看新的通知。", retryAfter: 300) }
        let body = ResponseBody { writer in
            let (signals, sender) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let shown = login.actor.userID
            let number = streams.begin(of: user) { sender.finish() }
            defer { streams.end(number, of: user) }
            let listener = gate.changes.listen { events in
                if events.contains(where: { $0.entity == Notification.name && $0.by == shown || $0.entity == JobRow.name && $0.by == shown }
                ) {
                    sender.yield()
                }
            }
            defer { gate.changes.forget(listener) }
            let pulse = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(20))
                    sender.yield()
                }
            }
            defer { pulse.cancel() }
            try await writer.write(ByteBuffer(string: "retry: 5000\n\n"))
            var told = try await gate.read(as: login.actor) { try $0.notifications(unreadOnly: true, limit: 1).first?.row.id ?? 0 }
            for await _ in signals {
                // A session that has ended ends its stream.
                guard let login = try await accounts.authenticate(token) else { break }
                let last = told
                let (count, fresh) = try await gate.read(as: login.actor) { view in
                    (try view.unreadCount(), try view.notifications(unreadOnly: true, limit: 5).filter { $0.row.id > last })
                }
                told = fresh.first?.row.id ?? told
                try await writer.write(ByteBuffer(string: "data: \(EventStream.news(unread: count, fresh))\n\n"))
            }
            // The page that had to give way asks again when the others may be closed.
            if !streams.has(number, of: user) { try await writer.write(ByteBuffer(string: "retry: 300000\n\n")) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
    /// The number for the bell, and what has just come in (see docs/design-system.md §15).
    static func news(unread: Int, _ fresh: [Record<Notification>]) -> String {
        var members: [String: Plain] = ["badges": .object(["notifications": .int(Int64(unread))])]
        if !fresh.isEmpty {
            members["event"] = "notified"
            members["detail"] = .list(
                fresh.map { note in
                    .object(["id": .int(note.row.id), "text": .text(note.text), "url": .text("/notifications/\(note.row.id)")])
                })
        }
        return Plain.object(members).jsonText
    }
}

/// The streams that are open: a user's newest pages are kept up to date, the oldest give way to them.
final class OpenStreams: Sendable {
    /// Of one user; the tabs of one browser share one.
    static let perUser = 12

    private struct State {
        var ofUser: [Int64: [(number: Int, end: @Sendable () -> Void)]] = [:]
        var count = 0
        var last = 0
    }

    private let state = Mutex(State())
    /// Of all users together.
    private let most: Int

    init(most: Int) { self.most = most }

    var isFull: Bool { state.withLock { $0.count >= most } }

    /// Notes a new stream, and ends the user's oldest when there are too many; returns its number.
    func begin(of user: Int64, end: @escaping @Sendable () -> Void) -> Int {
        let (number, oldest) = state.withLock { state in
            state.last += 1
            state.count += 1
            var own = state.ofUser[user, default: []]
            own.append((state.last, end))
            let oldest = own.count > OpenStreams.perUser ? own.removeFirst().end : nil
            if oldest != nil { state.count -= 1 }
            state.ofUser[user] = own
            return (state.last, oldest)
        }
        oldest?()
        return number
    }

    /// False for what has given way.
    func has(_ number: Int, of user: Int64) -> Bool { state.withLock { $0.ofUser[user]?.contains { $0.number == number } ?? false } }

    func end(_ number: Int, of user: Int64) {
        state.withLock { state in
            guard let place = state.ofUser[user]?.firstIndex(where: { $0.number == number }) else { return }
            state.ofUser[user]?.remove(at: place)
            state.count -= 1
            if state.ofUser[user]?.isEmpty == true { state.ofUser[user] = nil }
        }
    }
}
