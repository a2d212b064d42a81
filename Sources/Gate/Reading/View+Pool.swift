import Records

/// Records in the pool: seen by whoever may claim them, without what is masked there — not in a cell, nor by a filter, an order, a search,
/// a file or the history.
extension View {
    /// The record as the actor may see it.
    func shown(_ row: Row) -> Row {
        let lens = lens(row.schema)
        var seen = lens.seen(row)
        for field in model.sealed[row.schema.name] ?? [] where !seen[field].isNull && Secrets.isSealed(row[field].text) {
            seen[field] = .text(Secrets.unopened)
        }
        if row.schema.name == ApprovalRequest.name { seen = asked(seen, row) }
        guard isOnlyPooled(row) else { return seen }
        for field in maskedInPool(row.schema) where lens.reads(field) && !row[field].isNull && seen[field] == row[field] {
            seen[field] = .text(field.kind.mask(row[field]))
        }
        return seen
    }

    /// Whether the actor sees the record for no other reason than that it lies in the pool.
    func isOnlyPooled(_ row: Row) -> Bool {
        guard row.schema.traits.pool != nil, row.ownerID == nil else { return false }
        return !actor.reach(row.schema, "read").withoutPool.covers(id: row.id, owner: nil, department: row.departmentID)
    }

    func masksInPool(_ names: some Sequence<String>, _ schema: Schema) -> Bool {
        guard let pool = schema.traits.pool else { return false }
        return names.contains(where: pool.masked.contains)
    }

    private func maskedInPool(_ schema: Schema) -> [FieldSpec] { schema.traits.pool?.masked.compactMap { schema[$0] } ?? [] }

    /// The records a list may hold: a question about what is masked in the pool is not asked of it, and words typed into the search box
    /// find what lies there by its open fields only.
    func scope(of request: ListRequest) throws -> Reach {
        let schema = request.schema
        var reach = actor.reach(schema, "read")
        guard reach.hasPool else { return reach }
        if request.filter.asksOf(schema.traits.pool?.masked ?? []) || masksInPool(request.sort.map(\.field), schema) {
            return reach.withoutPool
        }
        guard let text = request.search?.trimmed, !text.isEmpty else { return reach }
        let found = try reading.search(schema, text, within: Reach(owners: [Reach.nobody]), preferring: nil, limit: View.recheckedLimit)
        reach = reach.withoutPool
        reach.records += try reading.rows(schema, ids: found).filter { isFound(text, inPool: $0) }.map(\.id)
        return reach
    }

    /// Whether the words are in what is open of a record in the pool.
    func isFound(_ text: String, inPool row: Row) -> Bool {
        let lens = lens(row.schema), masked = row.schema.traits.pool?.masked ?? []
        return reading.finds(
            text, in: row, fields: row.schema.fields.filter { $0.traits.isSearchable && lens.reads($0) && !masked.contains($0.name) })
    }
}

extension Condition {
    /// Whether it compares one of these fields of the record itself, or searches in it.
    fileprivate func asksOf(_ names: [String]) -> Bool {
        switch self {
        case .all(let parts), .any(let parts): parts.contains { $0.asksOf(names) }
        case .not(let part): part.asksOf(names)
        case .compare(let path, _, _): path.link == nil && names.contains(path.field)
        case .search: true
        case .ids, .exists, .listed: false
        }
    }
}
