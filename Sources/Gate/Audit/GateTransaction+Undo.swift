import Records

extension GateTransaction {
    /// What an undo did, and what it could not do because somebody changed it since or a rule forbids it.
    public struct UndoReport: Sendable {
        public var undone = 0
        public var conflicts: [String] = []
    }

    /// Takes back everything one command changed, last change first: new records go to the recycle bin, changed fields get their old values
    /// back where nobody changed them since, deleted records return. Each is a request like any other, with the rights that the actor has
    /// now; what a rule had changed in consequence goes along when all that was asked for may be taken back.
    public func undo(operation number: Int64) throws -> UndoReport {
        var report = BulkReport(), undone = 0, place: Int64?
        repeat {
            let stretch = try undo(operation: number, before: place, limit: 500, &report)
            undone += stretch.undone
            place = stretch.last
        } while place != nil
        return UndoReport(undone: undone, conflicts: report.failures.map { "「\($0.title)」：\($0.reason)" })
    }

    /// The same for up to `limit` of its changes, from before the audit entry `before`; `last` is the oldest of those it looked at, nil
    /// when there are no more.
    func undo(operation number: Int64, before: Int64?, limit: Int, _ report: inout BulkReport) throws -> (last: Int64?, undone: Int) {
        var condition = Condition.field("operation", .eq, .int(number))
        if let before { condition = condition && .field("id", .lt, .int(before)) }
        let entries = try reading.fetch(Query(AuditEntry.self, where: condition, sort: [Query.Sort("id", descending: true)], limit: limit))
        let rides = try consequencesRide(on: entries.map(Record.init), isWhole: before == nil && entries.count < limit)
        let usual = source
        (verb, source) = ("undo", "undo")
        defer { (verb, source) = (nil, usual) }
        var undone = 0
        for row in entries {
            let entry = Record<AuditEntry>(row)
            guard let name = entry.entity, let schema = catalog.whole[name], let id = entry.recordID.map(Int64.init) else { continue }
            let goesAlong = entry.isConsequence == true && rides
            guard goesAlong || actor.rights.isAdmin || entry.user?.id == actor.userID && actor.userID != 0 else {
                throw Refusal.forbidden("只能撤销自己的操作；如需撤销他人操作请联系系统管理员。")
            }
            guard let schema = catalog[name] else {
                report.fail(id, "\(schema.label) #\(id)", "所属的功能包已停用，未撤销；启用后可再次撤销")
                continue
            }
            guard let current = try whole(schema, id: id) else { continue }
            var outcome = Outcome.nothing
            let title = try title(schema, id)
            if let reason = try refusal(of: { outcome = try reverse(entry, current, rides: rides) }) {
                report.fail(id, title, reason)
                continue
            }
            switch outcome {
            case .nothing: report.done += 1
            case .undone(let left):
                undone += 1
                if let reason = left.reason { report.fail(id, title, reason) } else { report.done += 1 }
            case .left(let left): report.fail(id, title, left.reason ?? "")
            }
        }
        return (entries.last?.id, undone)
    }

    /// What became of one change, with what was left of it.
    private enum Outcome {
        case nothing
        case undone(Left = Left())
        case left(Left)
    }

    /// Labels of fields that did not get their old value back: those that somebody changed since, and those whose pack is off. The latter
    /// come back with a second undo once it is on.
    private struct Left {
        var changed: [String] = []
        var off: [String] = []

        var reason: String? {
            func list(_ labels: [String], _ why: String) -> [String] {
                labels.isEmpty ? [] : [labels.map { "「\($0)」" }.joined(separator: "、") + why]
            }
            let reasons = list(changed, "之后又被修改，未撤销") + list(off, "所属的功能包已停用，未撤销；启用后可再次撤销")
            return reasons.isEmpty ? nil : reasons.joined(separator: "；")
        }
    }

    /// Whether what rules did goes along: when there is something that was asked for, and all of it may be taken back.
    ///
    /// - Parameter isWhole: these are all entries of the operation. When none of what was asked for may be taken back, it is refused as a
    /// whole.
    func consequencesRide(on entries: [Record<AuditEntry>], isWhole: Bool) throws -> Bool {
        var faults: [any Error] = [], asked = 0
        for entry in entries where entry.isConsequence != true {
            guard let schema = entry.entity.flatMap({ catalog[$0] }), schema.traits.nature != .log,
                let current = try entry.recordID.flatMap({ try whole(schema, id: Int64($0)) })
            else { continue }
            asked += 1
            do { try mayReverse(entry, current) } catch { faults.append(error) }
        }
        if isWhole, let first = faults.first, faults.count == asked { throw first }
        return asked > 0 && faults.isEmpty
    }

    /// Whether the actor could ask for the opposite of this change today.
    func mayReverse(_ entry: Record<AuditEntry>, _ current: Row) throws {
        let schema = current.schema
        guard may("read", current), isPresent(current) else { throw Refusal.notFound }
        if entry.isConsequence != true { try keyWrites(schema) }
        guard entry.via != "approval" else { throw Refusal.conflict("「\(shown(current).title)」的这一步经过审批，不能直接撤销。") }
        func demand(_ right: String) throws {
            guard may(right, current) else {
                throw Refusal.forbidden("您没有\(View.rightLabel(right))「\(shown(current).title)」的权限，不能撤销。")
            }
        }
        switch entry.action {
        case "create", "restore":
            // Who has just made a record may take it back without the right to delete those of others.
            let isMine = schema.createdBySlot.map { current.values[$0] == .int(actor.userID) } ?? false
            try demand(isMine && entry.action == "create" && may("create", schema) ? "update" : "delete")
        case "delete": try demand("delete")
        case "merge": try demand("merge")
        default:
            guard let action = schema.actions.first(where: { $0.name == entry.action }) else { return try demand("update") }
            guard action.isUndoable else { throw Refusal.conflict("「\(action.label)」不能撤销。") }
            try demand(action.permission)
            _ = try reachable(schema, id: current.id, for: action)
        }
    }

    private func reverse(_ entry: Record<AuditEntry>, _ current: Row, rides: Bool) throws -> Outcome {
        if entry.isConsequence == true, rides { return try asRule { try reverse(entry, current) } }
        try mayReverse(entry, current)
        return try reverse(entry, current)
    }

    private func reverse(_ entry: Record<AuditEntry>, _ current: Row) throws -> Outcome {
        try refuseLocked(current, over: nil)
        switch entry.action {
        case "create", "restore":
            guard current.deletedAt == nil else { return .nothing }
            try bin(current)
            return .undone()
        case "delete":
            guard current.deletedAt != nil else { return .nothing }
            _ = try unbin(current)
            return .undone()
        default:
            let changes = AuditChanges.read(entry.changes)
            return changes.isEmpty ? .nothing : try putBack(changes, current)
        }
    }

    private func putBack(_ changes: [String: (old: Value, new: Value)], _ current: Row) throws -> Outcome {
        let disk = sealed(current)
        var row = disk
        var left = Left()
        for (name, pair) in changes.sorted(by: { $0.key < $1.key }) {
            guard let field = current.schema[name] else {
                if let off = catalog.whole[current.schema.name]?[name] { left.off.append(off.label) }
                continue
            }
            let isLink = field.isLinks
            let present = isLink ? .list(try reading.links(current.schema, field, of: [current.id])[current.id, default: []]) : disk[field]
            if isLink ? same(present, pair.new) : present == pair.new {
                row[field] = pair.old
            } else if isLink ? !same(present, pair.old) : present != pair.old {
                left.changed.append(field.label)
            }
        }
        let wanted = opened(row)
        guard wanted.values != current.values else { return left.reason == nil ? .nothing : .left(left) }
        if !isRule { try mayPutBack(current, to: wanted) }
        if current.deletedAt == nil, wanted.deletedAt != nil { try bin(current) } else { _ = try save(wanted, over: current) }
        return .undone(left)
    }

    /// Whether the actor may give these fields their old values, and without somebody else's word.
    func mayPutBack(_ current: Row, to wanted: Row) throws {
        try mayChange(current, to: wanted)
        guard let field = try fieldThatWaits(wanted, over: current) else { return }
        throw Refusal.conflict("「\(field.label)」的修改需要审批，不能直接撤销；请修改后提交审批。")
    }

    /// Whether the actor may give these fields these values: by field and by whose the record is.
    func mayChange(_ current: Row, to wanted: Row) throws {
        let schema = current.schema, lens = lens(schema)
        for field in schema.fields where wanted[field] != current[field] && !field.traits.isReadOnly && !lens.edits(field) {
            throw Refusal.forbidden("您没有修改「\(field.label)」的权限。")
        }
        var problems: [Problem] = []
        mayAssign(wanted, over: current, &problems)
        guard problems.isEmpty else { throw Problems(problems) }
    }

    /// Links have no order of their own, and none is as good as an empty list.
    private func same(_ a: Value, _ b: Value) -> Bool { Set(a.list ?? []) == Set(b.list ?? []) }

    /// Puts one field's old value back, as the audit log has it (恢复).
    @discardableResult
    public func putBack(entry entryID: Int64, field name: String) throws -> Row {
        guard let row = try reading.row(catalog.schema(AuditEntry.self), id: entryID) else { throw Refusal.notFound }
        let entry = Record<AuditEntry>(row)
        guard let entity = entry.entity, let schema = catalog.whole[entity], let id = entry.recordID,
            let pair = AuditChanges.read(entry.changes)[name],
            let field = schema[name]
        else { throw Refusal.notFound }
        guard let schema = catalog[entity], schema[name] != nil else {
            throw Refusal.conflict("「\(field.label)」所属的功能包已停用，不能恢复。请先启用它。")
        }
        let current = try reachable(schema, id: Int64(id), "update")
        guard lens(schema).edits(field) else { throw Refusal.forbidden("您没有修改「\(field.label)」的权限") }
        guard field.name != schema.flow?.field else {
            throw Refusal.conflict("「\(field.label)」由流程推进，不能恢复旧值；请使用相应的操作按钮。")
        }
        var disk = sealed(current)
        disk[field] = pair.old
        let wanted = opened(disk)
        var problems: [Problem] = []
        mayAssign(wanted, over: current, &problems)
        guard problems.isEmpty else { throw Problems(problems) }
        return shown(try revise(current, to: wanted) ?? current)
    }
}
