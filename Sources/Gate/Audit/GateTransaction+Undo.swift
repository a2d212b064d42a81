import Records

extension GateTransaction {
    /// What an undo did, and what it could not do because somebody changed it since.
    public struct UndoReport: Sendable {
        public var undone = 0
        public var conflicts: [String] = []
    }

    /// Takes back everything one command changed, last change first: new records go to the recycle bin, changed fields get their old values
    /// back where nobody changed them since, deleted records return.
    public func undo(operation number: Int64, purging: Bool = false) throws -> UndoReport {
        var report = UndoReport()
        var before: Int64?
        verb = "undo"
        defer { verb = nil }
        while true {
            var condition = Condition.field("operation", .eq, .int(number))
            if let before { condition = condition && .field("id", .lt, .int(before)) }
            let entries = try reading.fetch(Query(AuditEntry.self, where: condition, sort: [Query.Sort("id", descending: true)], limit: 500))
            guard let last = entries.last else { break }
            for row in entries { try undo(Record<AuditEntry>(row), purging: purging, &report) }
            before = last.id
        }
        return report
    }

    private func undo(_ entry: Record<AuditEntry>, purging: Bool, _ report: inout UndoReport) throws {
        guard let name = entry.entity, let schema = catalog[name], let id = entry.recordID.map(Int64.init) else { return }
        guard let author = entry.user?.id, author == actor.userID || actor.rights.isAdmin else {
            throw Refusal.forbidden("只能撤销自己的操作；如需撤销他人操作请联系系统管理员。")
        }
        guard let current = try whole(schema, id: id) else { return }
        let changes = AuditChanges.read(entry.changes)
        switch entry.action {
        case "create":
            guard current.deletedAt == nil || purging else { return }
            if purging, current.version <= 1 {
                try writing.erase(schema, ids: [id])
                try audit("erase", current, over: current, slots: [])
            } else if current.deletedAt == nil {
                try bin(current)
            }
            report.undone += 1
        case "delete":
            guard current.deletedAt != nil else { return }
            _ = try unbin(current)
            report.undone += 1
        case "restore":
            guard current.deletedAt == nil else { return }
            try bin(current)
            report.undone += 1
        default:
            guard !changes.isEmpty else { return }
            try putBack(changes, in: current, &report)
        }
    }

    private func putBack(_ changes: [String: (old: Value, new: Value)], in current: Row, _ report: inout UndoReport) throws {
        let disk = sealed(current)
        var row = disk
        var blocked: [String] = []
        for (name, pair) in changes {
            guard let field = current.schema[name] else { continue }
            let present = field.kind is LinksKind ? try linked(current.schema, field, current.id) : disk[field]
            if present == pair.new { row[field] = pair.old } else if present != pair.old { blocked.append(field.label) }
        }
        if !blocked.isEmpty { report.conflicts.append("「\(current.title)」的\(blocked.joined(separator: "、"))之后又被修改，未撤销") }
        let wanted = opened(row)
        guard wanted.values != current.values else { return }
        if current.deletedAt == nil, wanted.deletedAt != nil { try bin(current) } else { _ = try save(wanted, over: current) }
        report.undone += 1
    }

    private func linked(_ schema: Schema, _ field: FieldSpec, _ id: Int64) throws -> Value {
        .list(try reading.links(schema, field, of: [id])[id, default: []].map(Value.int))
    }

    /// Puts one field's old value back, as the audit log has it (恢复).
    @discardableResult
    public func putBack(entry entryID: Int64, field name: String) throws -> Row {
        guard let row = try reading.row(catalog.schema(AuditEntry.self), id: entryID) else { throw Refusal.notFound }
        let entry = Record<AuditEntry>(row)
        guard let entity = entry.entity, let schema = catalog[entity], let id = entry.recordID, let pair = AuditChanges.read(entry.changes)[name],
              let field = schema[name] else { throw Refusal.notFound }
        let current = try reachable(schema, id: Int64(id), "update")
        guard lens(schema).edits(field) else { throw Refusal.forbidden("您没有修改「\(field.label)」的权限") }
        var disk = sealed(current)
        disk[field] = pair.old
        return lens(schema).seen(try save(opened(disk), over: current))
    }
}
