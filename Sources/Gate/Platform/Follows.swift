import Records

extension View {
    public func isFollowed(_ row: Row) throws -> Bool {
        try !reading.fetch(Query(catalog.schema(Follow.self), where: follows(row.schema.name, [row.id]), limit: 1)).isEmpty
    }

    fileprivate func follows(_ entity: String, _ ids: [Int64]) -> Condition {
        \Follow.user == Ref(actor.userID) && \Follow.entity == entity && .compare(.init("record_id"), .in, ids.map(Value.int))
    }

    /// At most so many records stand in a list of ``Mine``.
    private static let mineLimit = 500

    /// The entity's records that have to do with the actor personally, and their order where they have one of their own.
    public func mine(_ which: Mine, of schema: Schema) throws -> (condition: Condition, order: [Int64]?) {
        switch which {
        case .involved:
            let named = schema.fields.filter { $0.isLinks && $0.target == User.name && lens(schema).reads($0) }
            return (.any([.ids(actor.sharedReading[schema.name] ?? [])] + named.map { .field($0.name, .in, .int(actor.userID)) }), nil)
        case .followed:
            let rows = try reading.fetch(
                Query(
                    catalog.schema(Follow.self), where: \Follow.user == Ref(actor.userID) && \Follow.entity == schema.name,
                    sort: [Query.Sort("id", descending: true)], limit: Self.mineLimit))
            return (.ids(rows.map { Int64(Record<Follow>($0).recordID) }), nil)
        case .recent:
            let rows = try reading.fetch(
                Query(
                    catalog.schema(Visit.self), where: \Visit.user == Ref(actor.userID) && \Visit.entity == schema.name,
                    sort: [Query.Sort("at", descending: true)], limit: 50))
            let ids = rows.map { Int64(Record<Visit>($0).recordID) }
            return (.ids(ids), ids)
        }
    }
}

/// What was done to a record that somebody may follow.
enum Heard {
    case did(Action)
    case changed([FieldSpec], of: Schema)
    case added(Row)
}

extension GateTransaction {
    /// The same in words, as far as this reader may know; nil when they may know nothing of it.
    fileprivate func words(_ heard: Heard) -> String? {
        switch heard {
        case .did(let action): return "执行了「\(action.label)」"
        case .added(let row): return may("read", row) ? "新增了\(row.schema.label)" : nil
        case .changed(let fields, let schema):
            let labels = fields.filter(lens(schema).reads).map(\.label)
            guard !labels.isEmpty else { return nil }
            return "修改了" + labels.prefix(3).joined(separator: "、") + (labels.count > 3 ? "等 \(labels.count) 项" : "")
        }
    }

    /// Follows the record, or stops to; true when it is followed now.
    @discardableResult
    public func toggleFollow(_ schema: Schema, id: Int64) throws -> Bool {
        _ = try reachable(schema, id: id, "read")
        let present = try reading.fetch(Query(catalog.schema(Follow.self), where: follows(schema.name, [id]), limit: 5))
        guard present.isEmpty else {
            try writing.erase(catalog.schema(Follow.self), ids: present.map(\.id))
            return false
        }
        try follow(schema, [id])
        return true
    }

    /// Follows these records; those out of reach are left out. Returns how many are new.
    @discardableResult
    public func follow(_ schema: Schema, _ ids: [Int64]) throws -> Int {
        let reached = try records(schema, ids: ids).map(\.id)
        let known = Set(
            try reading.fetch(Query(catalog.schema(Follow.self), where: follows(schema.name, reached), limit: reached.count)).map {
                Int64(Record<Follow>($0).recordID)
            })
        let fresh = reached.filter { !known.contains($0) }
        for id in fresh {
            var follow = Record<Follow>()
            follow.user = Ref(actor.userID)
            follow.entity = schema.name
            follow.recordID = Int(id)
            try writing.insert(follow.row)
        }
        return fresh.count
    }

    /// What a change leaves for those who follow the record: which of its fields, or what was written down beside it.
    func note(_ row: Row, over old: Row?, _ slots: [Int]) {
        guard actor.userID != 0, row.schema.traits.nature == .owned else { return }
        if old != nil {
            let fields = slots.compactMap(row.schema.field(at:)).filter { !$0.traits.isReadOnly && !$0.traits.isSensitive }
            if !fields.isEmpty { heard["\(row.schema.name)/\(row.id)", default: []].append(.changed(fields, of: row.schema)) }
        } else if row.schema.traits.timeline != nil {
            for link in row.schema.fields where link.isLink {
                if let target = link.target, let id = row[link].int, catalog[target]?.isOwned ?? false {
                    heard["\(target)/\(id)", default: []].append(.added(row))
                }
            }
        }
    }

    /// Tells those who follow what was changed; the doer knows already.
    func tellFollowers() throws {
        guard !heard.isEmpty else { return }
        var words: [String: [Int64: [Heard]]] = [:]
        for (key, texts) in heard {
            let parts = key.split(separator: "/")
            if parts.count == 2, let id = Int64(parts[1]) { words[String(parts[0]), default: [:]][id] = texts }
        }
        heard = [:]
        for (entity, records) in words.sorted(by: { $0.key < $1.key }) {
            guard let schema = catalog[entity] else { continue }
            let condition =
                \Follow.entity == entity && .compare(.init("record_id"), .in, records.keys.sorted().prefix(500).map(Value.int))
                && \Follow.user != Ref(actor.userID)
            for (record, follows) in Dictionary(
                grouping: try reading.fetch(Query(catalog.schema(Follow.self), where: condition, limit: 1000)).map(Record<Follow>.init),
                by: { Int64($0.recordID) })
            {
                guard let row = try reading.row(schema, id: record), row.deletedAt == nil else { continue }
                let said = records[record, default: []], whole = opened(row)
                try tell(follows.map(\.user.id), of: .followed, about: whole) { reader in
                    let what = said.compactMap(reader.words).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }.prefix(2)
                    guard !what.isEmpty else { return nil }
                    return "\(actor.name) \(what.joined(separator: "，"))：\(schema.label)「\(reader.shown(whole).title)」"
                }
            }
        }
    }
}
