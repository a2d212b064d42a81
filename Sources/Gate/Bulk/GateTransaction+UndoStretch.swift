import Records

extension GateTransaction {
    /// Takes back up to `limit` of one command's changes, the newest first, from before the audit entry `before`; returns the oldest of those it
    /// looked at, nil when there are no more. What somebody changed since, or a rule forbids, is named in the report.
    func undo(operation number: Int64, before: Int64?, limit: Int, _ report: inout BulkReport) throws -> Int64? {
        var condition = Condition.field("operation", .eq, .int(number))
        if let before { condition = condition && .field("id", .lt, .int(before)) }
        let entries = try reading.fetch(Query(AuditEntry.self, where: condition, sort: [Query.Sort("id", descending: true)], limit: limit))
        verb = "undo"
        defer { verb = nil }
        for row in entries {
            let entry = Record<AuditEntry>(row)
            guard let name = entry.entity, let schema = catalog[name], let id = entry.recordID.map(Int64.init) else { continue }
            guard let author = entry.user?.id, author == actor.userID || actor.rights.isAdmin else {
                throw Refusal.forbidden("只能撤销自己的操作；如需撤销他人操作请联系系统管理员。")
            }
            guard let current = try whole(schema, id: id) else { continue }
            var blocked: [String] = []
            let reason = try refusal { blocked = try reverse(entry, current) }
            if let reason { report.fail(id, current.title, reason) }
            else if !blocked.isEmpty { report.fail(id, current.title, "\(blocked.joined(separator: "、"))之后又被修改，未撤销") }
            else { report.done += 1 }
        }
        return entries.last?.id
    }

    /// Reverses one change; returns the labels of fields that somebody changed since.
    private func reverse(_ entry: Record<AuditEntry>, _ current: Row) throws -> [String] {
        switch entry.action {
        case "create", "restore":
            if current.deletedAt == nil { try bin(current) }
            return []
        case "delete":
            if current.deletedAt != nil { _ = try unbin(current) }
            return []
        default:
            return try putBack(AuditChanges.read(entry.changes), current)
        }
    }

    private func putBack(_ changes: [String: (old: Value, new: Value)], _ current: Row) throws -> [String] {
        let disk = sealed(current)
        var row = disk
        var blocked: [String] = []
        for (name, pair) in changes.sorted(by: { $0.key < $1.key }) {
            guard let field = current.schema[name] else { continue }
            let isLink = field.kind is LinksKind
            let present = isLink ? .list(try reading.links(current.schema, field, of: [current.id])[current.id, default: []].map(Value.int)) : disk[field]
            if isLink ? same(present, pair.new) : present == pair.new { row[field] = pair.old }
            else if isLink ? !same(present, pair.old) : present != pair.old { blocked.append("「\(field.label)」") }
        }
        let wanted = opened(row)
        guard wanted.values != current.values else { return blocked }
        if current.deletedAt == nil, wanted.deletedAt != nil { try bin(current) } else { _ = try save(wanted, over: current) }
        return blocked
    }

    /// Links have no order of their own, and none is as good as an empty list.
    private func same(_ a: Value, _ b: Value) -> Bool { Set(a.list?.compactMap(\.int) ?? []) == Set(b.list?.compactMap(\.int) ?? []) }
}
