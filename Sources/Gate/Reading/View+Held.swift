import Records

/// Records inside another's (an order's lines, a contract's terms) belong to nobody themselves: they are within reach when that other is.
struct Holder: Sendable {
    /// The child's link.
    var link: FieldSpec
    var parent: Schema

    /// By child entity.
    static func all(in catalog: Catalog) -> [String: Holder] {
        var holders: [String: Holder] = [:]
        for schema in catalog.schemas where !schema.isOwned {
            guard let link = schema.traits.parent.flatMap({ schema[$0] }), let parent = link.target.flatMap({ catalog[$0] }), parent.isOwned
            else { continue }
            holders[schema.name] = Holder(link: link, parent: parent)
        }
        return holders
    }
}

extension View {
    /// Whether whoever has the right to an entity has it to every record of it.
    func isOpen(_ schema: Schema) -> Bool { !schema.isOwned && model.holders[schema.name] == nil }

    /// Narrows a question about records inside others to those whose holder the actor sees.
    func held(_ schema: Schema) -> Condition {
        guard let holder = model.holders[schema.name] else { return .everything }
        return within(actor.reach(holder.parent, "read").withoutPool, link: holder.link.name)
    }

    /// Whether the actor has the right on the record that this one is inside of; true where there is none. To change a line is to change its
    /// order.
    func holds(_ row: Row, _ right: String) -> Bool {
        guard let holder = model.holders[row.schema.name] else { return true }
        guard let id = row[holder.link].int else { return actor.reach(holder.parent, "read").isEverything }
        let asked = right == "read" || right == "export" ? right : "update"
        if let known = knownHolders[holder.parent.name]?["\(asked)/\(id)"] { return known }
        let parent = attempt { try reading.row(holder.parent, id: id) } ?? nil
        let isHeld = parent.map { may(asked, $0) && !isOnlyPooled($0) } ?? false
        knownHolders[holder.parent.name, default: [:]]["\(asked)/\(id)"] = isHeld
        return isHeld
    }

    /// Asking through a link of records that are inside others takes the reach of everything: it goes one step too far to narrow it.
    func demandOpen(_ schema: Schema) throws {
        guard let holder = model.holders[schema.name], !actor.reach(holder.parent, "read").isEverything else { return }
        throw Refusal.forbidden("您只能看到一部分\(holder.parent.label)，不能按\(schema.label)筛选或统计。")
    }

    /// Whether the actor keeps this record: by their own reach, not on loan and not out of the pool.
    func keeps(_ row: Row) -> Bool {
        var reach = actor.reach(row.schema, "read").withoutPool
        reach.records = []
        return reach.covers(id: row.id, owner: row.ownerID, department: row.departmentID)
    }

    /// Whether the actor sees this because they keep what it is about.
    func isSeenWith(_ row: Row) -> Bool {
        guard let with = row.schema.traits.seenWith, may("read", row.schema), row.schema[with.unless].map({ row[$0] != 1 }) ?? true,
            let link = row.schema[with.link], let parent = link.target.flatMap({ catalog[$0] }), let id = row[link].int
        else { return false }
        if let known = knownHolders[parent.name]?["keeps/\(id)"] { return known }
        let isKept = (attempt { try reading.row(parent, id: id) } ?? nil).map(keeps) ?? false
        knownHolders[parent.name, default: [:]]["keeps/\(id)"] = isKept
        return isKept
    }
}
