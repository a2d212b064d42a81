import Gate
import Hummingbird
import NIOCore
import Records

/// Tells an open page of what concerns its user, by server-sent events: unread notifications and jobs that moved.
struct EventStream {
    let gate: Gate
    let accounts: Accounts

    func add(to router: Router<WebContext>) { router.get("events", use: events) }

    @Sendable func events(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login, let token = SessionCookie.token(in: request) else { throw HTTPAnswer.notLoggedIn }
        let gate = gate, accounts = accounts, user = login.actor.userID
        let body = ResponseBody { writer in
            let (signals, sender) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let listener = gate.changes.listen { events in
                if events.contains(where: { $0.entity == Notification.name && $0.by == user || $0.entity == JobRow.name && $0.by == user }) { sender.yield() }
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
            for await _ in signals {
                // A session that has ended ends its stream.
                guard let login = try await accounts.authenticate(token) else { break }
                let count = try await gate.read(as: login.actor) { try $0.unreadCount() }
                try await writer.write(ByteBuffer(string: "event: notifications\ndata: \(count)\n\n"))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}
