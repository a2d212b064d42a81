import Records

extension View {
    /// The ids of the records that this text names exactly: by title, code or another unique field. Within the actor's reach.
    public func identify(_ schema: Schema, _ text: String, limit: Int = 20) throws -> [Int64] {
        let names = ([schema.title] + schema.fields.filter { $0.traits.isUnique && $0.kind.column == .text })
            .filter { lens(schema).reads($0) }
        var ids: [Int64] = []
        for field in names {
            var query = Query(schema, where: .field(field.name, .eq, .text(text)) && held(schema), limit: limit)
            query.scope = actor.reach(schema, "read").withoutPool
            for row in try reading.fetch(query) where !ids.contains(row.id) { ids.append(row.id) }
        }
        return ids
    }
}
