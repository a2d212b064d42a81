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
                if events.contains(where: { $0.entity == Notification.name && $0.by == user || $0.entity == JobRow.name && $0.by == user })
                {
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
