import Gate
import Records
import Storage

/// Tells the other instances on the same database of new notifications, so that a live page hears of one wherever it was made.
struct Relay {
    let gate: Gate
    let store: any Announcing
    /// Which of the messages are our own.
    private let name = String(UInt64.random(in: .min ... .max), radix: 36)
    private static let channel = "notifications"

    init(gate: Gate, store: any Announcing) {
        self.gate = gate
        self.store = store
    }

    /// Until it is cancelled.
    func run() async {
        let (own, sender) = AsyncStream.makeStream(of: Int64.self, bufferingPolicy: .bufferingNewest(1000))
        let listener = gate.changes.listen { events in
            for user in Set(events.filter { $0.entity == Notification.name && !$0.isElsewhere }.map(\.by)) { sender.yield(user) }
        }
        defer { gate.changes.forget(listener) }
        let others = store.announcements(Self.channel)
        await withTaskGroup { group in
            group.addTask { for await user in own { try? await store.announce(Self.channel, "\(name) \(user)") } }
            group.addTask { for await message in others { receive(message) } }
        }
    }

    private func receive(_ message: String) {
        let words = message.split(separator: " ")
        guard words.count == 2, words[0] != name, let user = Int64(words[1]) else { return }
        var event = ChangeEvent(entity: Notification.name, id: 0, kind: .created, by: user)
        event.isElsewhere = true
        gate.changes.publish([event])
    }
}
