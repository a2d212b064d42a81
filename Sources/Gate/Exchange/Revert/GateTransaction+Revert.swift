import Records

extension GateTransaction {
    /// Takes back up to `limit` changes of one operation that stand before the audit entry `before`; gives the last it looked at, nil at
    /// the end.
    func revert(_ number: Int64, before: Int64?, limit: Int, _ report: inout RevertReport) throws -> Int64? {
        var condition = Condition.field("operation", .eq, .int(number))
        if let before { condition = condition && .field("id", .lt, .int(before)) }
        let entries = try reading.fetch(Query(AuditEntry.self, where: condition, sort: [Query.Sort("id", descending: true)], limit: limit))
            .map(Record<AuditEntry>.init)
        if waitingAudit == nil { waitingAudit = [] }
        source = "undo"
        ignoresWarnings = true
        let rides = try consequencesRide(on: entries, isWhole: before == nil && entries.count < limit)
        for run in Self.runs(entries) { try revert(run, number, rides: rides, &report) }
        return entries.last?.row.id
    }

    /// Neighbours of one entity and action: what links to a record comes after it in the log, so it is taken back before.
    private static func runs(_ entries: [Record<AuditEntry>]) -> [[Record<AuditEntry>]] {
        var runs: [[Record<AuditEntry>]] = []
        for entry in entries {
            if let last = runs.last?.last, last.entity == entry.entity, last.action == entry.action {
                runs[runs.count - 1].append(entry)
            } else {
                runs.append([entry])
            }
        }
        return runs
    }

    private func revert(_ run: [Record<AuditEntry>], _ number: Int64, rides: Bool, _ report: inout RevertReport) throws {
        guard let first = run.first, let name = first.entity, let schema = catalog.whole[name], schema.traits.nature != .log else { return }
        guard run.allSatisfy({ ($0.user?.id ?? 0) == actor.userID }) || actor.rights.isAdmin else {
            throw Refusal.forbidden("只能撤销自己的导入；如需撤销他人的导入请联系系统管理员。")
        }
        let ids = run.compactMap { $0.recordID.map(Int64.init) }
        var rows = Dictionary(
            try reading.rows(schema, ids: Array(Set(ids))).map { ($0.id, opened($0)) }, uniquingKeysWith: { first, _ in first })
        guard !rows.isEmpty else { return }
        guard let schema = catalog[name] else {
            for row in rows.values.sorted(by: { $0.id < $1.id }) { report.keep(row, row.title, "所属的功能包已停用，未撤销；启用后可再次撤销") }
            return
        }
        let mayNot = try refused(run, rows, rides: rides)
        for (id, reason) in mayNot.sorted(by: { $0.key < $1.key }) {
            if let row = rows.removeValue(forKey: id) { report.keep(row, try title(schema, id), reason) }
        }
        let run = run.filter { entry in entry.recordID.map { mayNot[Int64($0)] == nil } ?? false }
        switch first.action {
        case "create": try eraseUntouched(schema, ids.compactMap { rows[$0] }, number, &report)
        case "update": try putBack(schema, run, number, &report)
        default: break
        }
    }

    /// Which of these changes the actor could not ask to take back today, and why.
    private func refused(_ run: [Record<AuditEntry>], _ rows: [Int64: Row], rides: Bool) throws -> [Int64: String] {
        var reasons: [Int64: String] = [:]
        for entry in run where !(entry.isConsequence == true && rides) {
            guard let row = entry.recordID.flatMap({ rows[Int64($0)] }) else { continue }
            do { try mayReverse(entry, row) } catch let refusal as Refusal { reasons[row.id] = Reason.text(refusal) }
        }
        return reasons
    }

    // MARK: New records

    private func eraseUntouched(_ schema: Schema, _ rows: [Row], _ number: Int64, _ report: inout RevertReport) throws {
        let ids = rows.map(\.id)
        let changed = try changedSince(schema, ids, number), linked = try linkedTo(schema, ids)
        var gone: [Row] = []
        for row in rows {
            if changed.contains(row.id) {
                report.keep(row, row.title, "导入之后又被修改过，已保留")
            } else if linked.contains(row.id) {
                report.keep(row, row.title, "已有其他记录、附件或共享指向它，已保留")
            } else if let reason = try mustStay(row) {
                report.keep(row, row.title, reason)
            } else {
                gone.append(row)
            }
        }
        guard !gone.isEmpty else { return }
        try writing.erase(schema, ids: gone.map(\.id))
        for row in gone {
            try audit("erase", row, over: row, slots: [])
            self.changed(row, over: row, .deleted)
        }
        stale[schema.name]?.subtract(gone.map(\.id))
        report.erased += gone.count
    }

    /// What the organisation has against it: the last administrator's account, a department with people in it.
    private func mustStay(_ row: Row) throws -> String? {
        guard Organisation.governed.contains(row.schema.name) else { return nil }
        do {
            try takingBack { try governRemoval(of: row) }
            return nil
        } catch {
            guard ImportFault.isOfRow(error) else { throw error }
            return ImportFault.problems(error, catalog).map(\.message).joined(separator: "；")
        }
    }

    /// Those among the records that another command has changed.
    private func changedSince(_ schema: Schema, _ ids: [Int64], _ number: Int64) throws -> Set<Int64> {
        let others =
            Condition.field("entity", .eq, .text(schema.name)) && .field("record_id", .in, .list(ids.map(Value.int)))
            && .field("operation", .ne, .int(number)) && .field("action", .notIn, "reveal", "revert", "export", "print")
        return try keys(of: Query(AuditEntry.self, where: others), by: "record_id", ids)
    }

    /// Those among the records that others point to.
    private func linkedTo(_ schema: Schema, _ ids: [Int64]) throws -> Set<Int64> {
        var found: Set<Int64> = []
        for link in catalog.whole.links(to: schema.name) where link.field.isColumn || link.field.isLinks {
            var query = Query(link.schema, where: .field(link.field.name, .in, .list(ids.map(Value.int))))
            query.life = .both
            found.formUnion(try keys(of: query, by: link.field.name, ids))
        }
        for attached in [catalog.schema(File.self), catalog.schema(Share.self)] {
            let place = Condition.field("entity", .eq, .text(schema.name)) && .field("record_id", .in, .list(ids.map(Value.int)))
            found.formUnion(try keys(of: Query(attached, where: place), by: "record_id", ids))
        }
        return found
    }

    private func keys(of query: Query, by field: String, _ ids: [Int64]) throws -> Set<Int64> {
        var summary = Summary(query, by: [Summary.Group(field)])
        summary.limit = 1_000_000
        return Set(try reading.summarize(summary).compactMap { $0.keys.first?.int }).intersection(ids)
    }

    // MARK: Changed records

    private func putBack(_ schema: Schema, _ run: [Record<AuditEntry>], _ number: Int64, _ report: inout RevertReport) throws {
        let ids = Array(Set(run.compactMap { $0.recordID.map(Int64.init) }))
        // A record that the same import made goes as a whole, or stays as a whole.
        let own =
            Condition.field("operation", .eq, .int(number)) && .field("entity", .eq, .text(schema.name)) && .field("action", .eq, "create")
            && .field("record_id", .in, .list(ids.map(Value.int)))
        let made = try keys(of: Query(AuditEntry.self, where: own), by: "record_id", ids)
        verb = "revert"
        defer { verb = nil }
        for entry in run {
            guard let id = entry.recordID.map(Int64.init), !made.contains(id), let current = try reading.row(schema, id: id).map(opened)
            else { continue }
            let reason = try putBack(AuditChanges.read(entry.changes), current)
            if let reason { report.keep(current, current.title, reason) } else { report.restored += 1 }
        }
    }

    /// Gives fields their old values; nil when all of them have them now, otherwise why not.
    private func putBack(_ changes: [String: (old: Value, new: Value)], _ current: Row) throws -> String? {
        guard current.deletedAt == nil else { return "之后已被删除，未撤销" }
        let disk = sealed(current)
        var row = disk
        var blocked: [String] = [], off: [String] = []
        for (name, pair) in changes.sorted(by: { $0.key < $1.key }) {
            guard let field = current.schema[name] else {
                if let field = catalog.whole[current.schema.name]?[name] { off.append("「\(field.label)」") }
                continue
            }
            let present = try field.isLinks ? links(of: current, field) : disk[field]
            if Self.isSame(present, pair.new) {
                row[field] = field.isLinks && pair.old.isNull ? .list([]) : pair.old
            } else if !Self.isSame(present, pair.old) {
                blocked.append("「\(field.label)」")
            }
        }
        let wanted = opened(row)
        if wanted.values != current.values {
            do {
                _ = try takingBack {
                    if !isRule { try mayPutBack(current, to: wanted) }
                    return try save(wanted, over: current)
                }
            } catch {
                guard ImportFault.isOfRow(error) else { throw error }
                return ImportFault.problems(error, catalog).map(\.message).joined(separator: "；")
            }
        }
        let reasons =
            (blocked.isEmpty ? [] : ["\(blocked.joined(separator: "、"))之后又被修改，未撤销"])
            + (off.isEmpty ? [] : ["\(off.joined(separator: "、"))所属的功能包已停用，未撤销；启用后可再次撤销"])
        return reasons.isEmpty ? nil : reasons.joined(separator: "；")
    }

    private func links(of row: Row, _ field: FieldSpec) throws -> Value {
        .list(try reading.links(row.schema, field, of: [row.id])[row.id, default: []])
    }

    private static func isSame(_ a: Value, _ b: Value) -> Bool {
        guard a.list != nil || b.list != nil else { return a == b }
        return Set(a.list ?? []) == Set(b.list ?? [])
    }
}
