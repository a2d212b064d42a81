import Records

extension View {
    /// The newest notifications that are not put off. Of a record that the actor follows but may no longer see, nothing is told.
    public func notifications(unreadOnly: Bool = false, before: Int64? = nil, limit: Int = 50) throws -> [Record<Notification>] {
        var condition = \Notification.user == Ref(actor.userID) && isDue
        if unreadOnly { condition = condition && \Notification.readAt == nil }
        if let before { condition = condition && .field("id", .lt, .int(before)) }
        let notes = try reading.fetch(
            Query(catalog.schema(Notification.self), where: condition, sort: [Query.Sort("id", descending: true)], limit: limit)
        ).map(Record<Notification>.init)
        return try withoutLost(notes)
    }

    /// Unread notifications.
    public func unreadCount() throws -> Int {
        try reading.count(
            Query(
                catalog.schema(Notification.self), where: \Notification.user == Ref(actor.userID) && \Notification.readAt == nil && isDue),
            cap: 99)
    }

    private var isDue: Condition {
        (.field("snoozed_until", .empty) || .field("snoozed_until", .lte, now.stored)) && presence(catalog.schema(Notification.self))
    }

    /// What speaks of records that the actor no longer sees is not told any more.
    private func withoutLost(_ notes: [Record<Notification>]) throws -> [Record<Notification>] {
        var seen: [String: Set<Int64>] = [:]
        for (entity, group) in Dictionary(grouping: notes, by: { $0.entity ?? "" }) {
            guard let schema = catalog[entity], may("read", schema) else { continue }
            let ids = Array(Set(group.compactMap { $0.recordID.map(Int64.init) }))
            seen[entity] = Set(try reading.rows(schema, ids: ids).filter { may("read", $0) }.map(\.id))
        }
        return notes.filter { note in
            guard let entity = note.entity, let id = note.recordID else { return true }
            return seen[entity]?.contains(Int64(id)) ?? false
        }
    }
}

extension GateTransaction {
    /// Marks notifications as read; all of the actor's when `ids` is nil.
    public func markRead(_ ids: [Int64]?) throws {
        var condition = \Notification.user == Ref(actor.userID) && \Notification.readAt == nil
        if let ids { condition = condition && .ids(ids) }
        _ = try writing.set(catalog.schema(Notification.self), ["read_at": now.stored], where: condition)
        news()
    }

    /// Puts a notification off: it comes back unread.
    public func snooze(_ id: Int64, until: Instant) throws {
        guard until > now else { throw Problems([Problem("until", code: "invalid", "稍后提醒的时间应在将来")]) }
        let mine = \Notification.user == Ref(actor.userID) && .ids([id])
        guard try writing.set(catalog.schema(Notification.self), ["snoozed_until": until.stored, "read_at": .null], where: mine) > 0 else {
            throw Refusal.notFound
        }
        news()
    }

    /// The actor's other pages show the new number.
    private func news() { events.append(ChangeEvent(entity: Notification.name, id: 0, kind: .updated, by: actor.userID)) }
}
