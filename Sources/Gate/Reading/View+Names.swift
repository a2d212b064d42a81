import Records

extension View {
    /// The ids of the records that this text names exactly: by title, code or another unique field. Within the actor's reach.
    public func identify(_ schema: Schema, _ text: String, limit: Int = 20) throws -> [Int64] {
        let names = ([schema.title] + schema.fields.filter { $0.traits.isUnique && $0.kind.column == .text })
            .filter { lens(schema).reads($0) }
        var ids: [Int64] = []
        for field in names {
            var query = Query(schema, where: .field(field.name, .eq, .text(text)), limit: limit)
            query.scope = actor.reach(schema, "read")
            for row in try reading.fetch(query) where !ids.contains(row.id) { ids.append(row.id) }
        }
        return ids
    }

    /// A saved view of this entity that the actor may use: the own ones and the shared.
    public func savedView(_ id: Int64, of schema: Schema) throws -> Record<SavedView> {
        guard let row = try reading.row(catalog.schema(SavedView.self), id: id) else { throw Refusal.notFound }
        let saved = Record<SavedView>(row)
        guard saved.entity == schema.name, saved.isShared || saved.user.id == actor.userID else { throw Refusal.notFound }
        return saved
    }

    /// The views a list offers: the actor's own first, then the shared.
    public func savedViews(of schema: Schema) throws -> [Record<SavedView>] {
        let rows = try reading.fetch(Query(
            catalog.schema(SavedView.self), where: \SavedView.entity == schema.name && (\SavedView.user == Ref(actor.userID) || \SavedView.isShared == true),
            sort: [Query.Sort("position"), Query.Sort("id")], limit: 100
        )).map(Record<SavedView>.init)
        return rows.filter { $0.user.id == actor.userID } + rows.filter { $0.user.id != actor.userID }
    }

    /// Unread notifications.
    public func unreadCount() throws -> Int {
        try reading.count(Query(catalog.schema(Notification.self), where: \Notification.user == Ref(actor.userID) && \Notification.readAt == nil), cap: 99)
    }
}
