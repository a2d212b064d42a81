import Records

/// Somebody leaves: everything they own goes to a colleague.
public struct Handover: Sendable {
    public struct Part: Sendable {
        public var entity: String
        public var label: String
        public var count: Int
    }

    /// By entity, the fullest first; only those with records.
    public var parts: [Part] = []
    /// Takes all of it back: `tx.undo(operation:)`.
    public var operation: Int64?
    public var total: Int { parts.reduce(0) { $0 + $1.count } }
}

extension Accounts {
    /// Counts (`preview`) or moves every record that `from` owns, whatever its kind, and makes the people who report to `from` report to
    /// `to`. In pieces of 200 under one operation number; each change is in the audit log. `progress` hears how many are done.
    public func handover(
        from: Int64, to: Int64, preview: Bool = false, as actor: Actor, progress: (@Sendable (_ done: Int, _ of: Int) async -> Void)? = nil
    ) async throws -> Handover {
        try await check(from, to, actor)
        var handover = try await count(from)
        guard !preview, handover.total > 0 else { return handover }
        let operation = Operation.next(at: gate.clock.now()), total = handover.total
        handover.operation = operation
        var done = 0
        for index in handover.parts.indices {
            guard let schema = gate.catalog[handover.parts[index].entity] else { continue }
            let field = schema.name == User.name ? "manager_id" : "owner_id"
            var moved = 0, last: Int64 = 0
            while true {
                let start = last
                let piece = try await gate.write(as: actor, operation: operation) { tx in
                    try tx.handOver(schema, field, from: from, to: to, after: start, limit: 200)
                }
                guard let end = piece.last else { break }
                last = end
                moved += piece.count
                done += piece.count
                await progress?(done, total)
            }
            handover.parts[index].count = moved
        }
        let moved = handover.total
        try await gate.write(as: actor, operation: operation) { tx in
            try tx.record("handover", entity: User.name, id: from, reason: "移交 \(moved) 条记录给 #\(to)")
            try tx.notify([to], of: .assigned, "\(actor.name) 将一位同事的 \(moved) 条记录移交给您")
        }
        return handover
    }

    private func check(_ from: Int64, _ to: Int64, _ actor: Actor) async throws {
        guard actor.rights.isAdmin || actor.rights.system.contains("users") else { throw Refusal.forbidden("您没有移交员工资料的权限，请联系系统管理员。") }
        // What a colleague owns is given to others; taking it for oneself would be a way to what one may not see.
        guard to != actor.userID || actor.rights.isAdmin else { throw Refusal.forbidden("不能把同事的资料移交给自己，请由其他管理员操作。") }
        let chart = try await chart()
        guard chart.members[from] != nil else { throw Refusal.notFound }
        guard from != to, chart.members[to]?.isActive == true else { throw Problems([Problem("to", code: "invalid", "请选择另一位在职同事接收")]) }
    }

    private func count(_ from: Int64) async throws -> Handover {
        let catalog = gate.catalog
        return try await gate.store.read { reading in
            var handover = Handover()
            for schema in catalog.schemas where schema.isOwned {
                let count = try reading.count(Query(schema, where: .field("owner_id", .eq, .int(from))), cap: 10_000_000)
                if count > 0 { handover.parts.append(Handover.Part(entity: schema.name, label: schema.label, count: count)) }
            }
            let users = catalog.schema(User.self)
            let reports = try reading.count(Query(users, where: .field("manager_id", .eq, .int(from))), cap: 100_000)
            handover.parts.sort { $0.count > $1.count }
            if reports > 0 { handover.parts.append(Handover.Part(entity: users.name, label: "下属", count: reports)) }
            return handover
        }
    }
}

extension GateTransaction {
    /// One piece of a handover; the ids it has dealt with. Old data that today's rules would refuse moves all the same: it is somebody's to
    /// mend, not a reason to lose it.
    fileprivate func handOver(_ schema: Schema, _ field: String, from: Int64, to: Int64, after last: Int64, limit: Int) throws -> [Int64] {
        let mine = Condition.field(field, .eq, .int(from)) && .field("id", .gt, .int(last))
        let rows = try reading.fetch(Query(schema, where: mine, sort: [Query.Sort("id")], limit: limit)).map(opened)
        verb = "handover"
        defer { verb = nil }
        for row in rows {
            var moved = row
            moved[field] =
                try schema.name == User.name && isAbove(row.id, to) ? try reading.row(schema, id: from)?["manager_id"] ?? .null : .int(to)
            if field == "owner_id", let slot = schema.departmentSlot { moved.values[slot] = department(of: to) }
            do { _ = try writing.attempt { try asRule { try save(moved, over: row) } } } catch is Problems {
                try moveAnyway(moved, over: row)
            }
        }
        return rows.map(\.id)
    }

    /// Whether a user is the other, or in the reporting line above: they cannot report to the one who takes over, but to the leaver's own
    /// superior.
    private func isAbove(_ user: Int64, _ other: Int64) throws -> Bool {
        var next: Int64? = other, seen: Set<Int64> = []
        while let id = next, seen.insert(id).inserted {
            if id == user { return true }
            next = try reading.row(catalog.schema(User.self), id: id)?["manager_id"].int
        }
        return false
    }

    private func moveAnyway(_ moved: Row, over old: Row) throws {
        var slots = old.values.indices.filter { moved.values[$0] != old.values[$0] }
        let changed = slots
        var moved = moved
        if let slot = moved.schema.versionSlot { moved.values[slot] = .int(old.version &+ 1); slots.append(slot) }
        if let slot = moved.schema.updatedAtSlot { moved.values[slot] = .int(now.milliseconds); slots.append(slot) }
        if let slot = moved.schema.updatedBySlot { moved.values[slot] = .int(actor.userID); slots.append(slot) }
        _ = try writing.update(sealed(moved), slots: slots, ifVersion: nil)
        try audit("update", moved, over: old, slots: changed)
        events.append(ChangeEvent(entity: moved.schema.name, id: moved.id, kind: .updated, by: actor.userID))
    }
}
