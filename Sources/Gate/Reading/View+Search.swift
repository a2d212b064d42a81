import Records

/// Finding by what was typed. A record is found by what the actor may read of it only: somebody who may not see a remark or a number cannot
/// guess it word by word either.
extension View {
    /// The best matches for what was typed, over one entity.
    public func search(_ schema: Schema, _ text: String, limit: Int) throws -> [Row] {
        guard may("read", schema) else { return [] }
        return try seen(try matches(schema, text, limit: limit))
    }

    /// The condition of a list that is searched.
    func searching(_ text: String, in schema: Schema, life: Query.Life = .live) throws -> Condition {
        guard lens(schema).hidesSearchable else { return .search(text) }
        // In the recycle bin only the title is looked at.
        if life == .deleted { return lens(schema).reads(schema.title) ? .search(text) : .nothing }
        return .ids(try matches(schema, text, limit: View.recheckedLimit).map(\.id))
    }

    /// With hidden fields at most this many hits are looked through.
    static let recheckedLimit = 1000

    private func matches(_ schema: Schema, _ text: String, limit: Int) throws -> [Row] {
        let lens = lens(schema)
        let ids = try reading.search(
            schema, text, within: actor.reach(schema, "read"), preferring: actor.userID,
            limit: lens.hidesSearchable || !isOpen(schema) && !schema.isOwned ? View.recheckedLimit : limit
        )
        let rows = try Dictionary(reading.rows(schema, ids: ids).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let live = ids.compactMap { rows[$0] }.filter {
            $0.deletedAt == nil && isPresent($0) && (!isOnlyPooled($0) || isFound(text, inPool: $0)) && holds($0, "read")
        }
        guard lens.hidesSearchable else { return Array(live.prefix(limit)) }
        let readable = schema.fields.filter { $0.traits.isSearchable && lens.reads($0) }
        return Array(live.lazy.filter { self.reading.finds(text, in: $0, fields: readable) }.prefix(limit))
    }
}

extension View {
    /// Whether words of the program's own (a page, an action) are what somebody typed: by characters, pinyin or initials.
    public func sounds(_ text: String, like words: String) -> Bool {
        var row = Record<Tag>()
        row.title = words
        return reading.finds(text, in: row.row, fields: [row.row.schema.title])
    }
}
