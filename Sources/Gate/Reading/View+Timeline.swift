import Records

/// One thing that happened to a record: something that points to it, or a change of it.
public struct TimelineItem: Sendable {
    public enum Content: Sendable {
        /// A record of another entity (跟进, 任务, 订单).
        case record(Row)
        /// A change, as the audit log has it, with what the actor may see of it.
        case change(entry: Int64, action: String, by: Int64?, changes: [(field: FieldSpec, old: Value, new: Value)])
    }

    public var at: Instant
    public var content: Content
}

extension View {
    /// What happened to a record, newest first, from before `before`.
    ///
    /// - Parameter kinds: entity names, and `changes` for the record's own changes; all when nil.
    public func timeline(_ row: Row, kinds: Set<String>? = nil, before: Instant? = nil, limit: Int = 30) throws -> [TimelineItem] {
        var items: [TimelineItem] = []
        for link in catalog.links(to: row.schema.name) where link.field.isColumn {
            guard let entry = link.schema.traits.timeline, kinds?.contains(link.schema.name) ?? true, may("read", link.schema),
                lens(link.schema).reads(link.field),
                let place = link.schema[entry.at]
            else { continue }
            items += try linkedItems(row, link, place, before, limit)
        }
        if kinds?.contains(ApprovalRequest.name) ?? true { items += try approvalItems(row, before, limit) }
        if kinds?.contains(Message.name) ?? true { items += try messageItems(row, before, limit) }
        if kinds?.contains("changes") ?? true { items += try changes(of: row, before: before, limit: limit) }
        items.sort { $0.at > $1.at }
        return Array(items.prefix(limit))
    }

    private func linkedItems(
        _ row: Row, _ link: Catalog.Link, _ place: FieldSpec, _ before: Instant?, _ limit: Int
    ) throws -> [TimelineItem] {
        let time = place.kind.time ?? .instant
        var condition = Condition.field(link.field.name, .eq, .int(row.id)) && held(link.schema)
        if let before { condition = condition && .field(place.name, .lt, time.stored(before)) }
        var query = Query(link.schema, where: condition, sort: [Query.Sort(place.name, descending: true)], limit: limit)
        query.scope = actor.reach(link.schema, "read")
        if let with = link.schema.traits.seenWith, with.link == link.field.name, keeps(row) {
            // Whoever keeps the customer sees what colleagues wrote down about it, but for what is confidential.
            query.condition =
                condition && .any([.field(with.unless, .empty), .field(with.unless, .eq, false), within(query.scope, link: nil)])
            query.scope = .everything
        }
        return try seen(reading.fetch(query)).map { found in
            let at = found[place].int.map(time.instant)
            return TimelineItem(at: at ?? found.createdAt, content: .record(found))
        }
    }

    /// What was asked of others about the record.
    private func approvalItems(_ row: Row, _ before: Instant?, _ limit: Int) throws -> [TimelineItem] {
        let schema = catalog.schema(ApprovalRequest.self)
        guard may("read", schema), row.schema.name != schema.name else { return [] }
        var condition = \ApprovalRequest.entity == row.schema.name && \ApprovalRequest.recordID == Int(row.id)
        if let before { condition = condition && \ApprovalRequest.submittedAt < before }
        var query = Query(schema, where: condition, sort: [Query.Sort("submitted_at", descending: true)], limit: limit)
        query.scope = actor.reach(schema, "read")
        return try seen(reading.fetch(query)).map {
            TimelineItem(at: Record<ApprovalRequest>($0).submittedAt ?? $0.createdAt, content: .record($0))
        }
    }

    /// What was written to people about the record.
    private func messageItems(_ row: Row, _ before: Instant?, _ limit: Int) throws -> [TimelineItem] {
        let schema = catalog.schema(Message.self)
        guard may("read", schema), row.schema.name != schema.name else { return [] }
        var condition = \Message.entity == row.schema.name && \Message.recordID == Int(row.id)
        if let before { condition = condition && .field("created_at", .lt, before.stored) }
        var query = Query(schema, where: condition, sort: [Query.Sort("created_at", descending: true)], limit: limit)
        query.scope = actor.reach(schema, "read")
        return try seen(reading.fetch(query)).map { TimelineItem(at: $0.createdAt, content: .record($0)) }
    }

    /// A record's changes out of the audit log, without the fields that the actor may not read.
    public func changes(of row: Row, before: Instant? = nil, limit: Int = 30) throws -> [TimelineItem] {
        var condition = Condition.field("entity", .eq, .text(row.schema.name)) && .field("record_id", .eq, .int(row.id))
        if let before { condition = condition && \AuditEntry.at < before }
        let lens = lens(row.schema)
        let masked = isOnlyPooled(row) ? Set(row.schema.traits.pool?.masked ?? []) : []
        return try reading.fetch(
            Query(catalog.schema(AuditEntry.self), where: condition, sort: [Query.Sort("id", descending: true)], limit: limit)
        ).compactMap { found in
            let entry = Record<AuditEntry>(found)
            let pairs = AuditChanges.read(entry.changes).compactMap { name, pair -> (field: FieldSpec, old: Value, new: Value)? in
                guard let field = row.schema[name], lens.right(field) != .hidden else { return nil }
                let isMasked = !lens.reads(field) || field.traits.isSealed || masked.contains(name)
                func shown(_ value: Value) -> Value { isMasked && !value.isNull ? .text("****") : value }
                return (field, shown(pair.old), shown(pair.new))
            }.sorted { $0.field.slot < $1.field.slot }
            let isDeletion = entry.action == "delete" || entry.action == "erase"
            return TimelineItem(
                at: entry.at, content: .change(entry: found.id, action: entry.action, by: entry.user?.id, changes: isDeletion ? [] : pairs))
        }
    }
}
