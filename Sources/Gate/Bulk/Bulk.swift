import Records

/// Changes to many records as a job: each record is checked as its actor's, those that fail are named, the rest is done. All of it carries
/// one operation number and can be taken back with ``Undo``.
public enum Bulk {
    static let job = "bulk"
    static let chunk = 200

    /// Checks what can be checked now and enqueues the job; returns the job's number.
    public static func start(_ change: BulkChange, as actor: Actor, in gate: Gate) async throws -> Int64 {
        try await gate.write(as: actor) { tx in
            let schema = try tx.schema(named: change.entity)
            try tx.check(change, schema)
            var total = 0
            if case .ids(let ids) = change.selection { total = ids.count }
            let id = try tx.enqueue(job, label: change.label(schema), change.payload, total: total)
            try tx.record("bulk_start", entity: schema.name, id: nil, reason: change.label(schema))
            return id
        }
    }

    /// The handler of `bulk` jobs.
    public static let run: JobHandler = { context in
        guard let change = BulkChange(payload: context.payload), let schema = context.gate.catalog[change.entity] else {
            throw JobFailure.permanent("批量任务的内容无法识别")
        }
        let ids = try await ids(of: change, schema, context)
        var report = BulkReport(plain: context.state) ?? BulkReport()
        var place = Int(context.state.object?["place"]?.int ?? 0)
        report.total = ids.count
        while place < ids.count {
            try context.checkCancellation()
            let part = Array(ids[place..<min(place + chunk, ids.count)]), next = place + part.count, before = report
            report = try await context.write { tx in
                var report = before
                try tx.apply(change, schema, part, &report)
                return JobStep(report, done: next, of: ids.count, saving: report.plain(with: ["place": .int(Int64(next))]))
            }
            place = next
        }
        let final = report, text = "\(change.label(schema))完成：成功 \(report.done) 条，失败 \(report.failed) 条"
        if ids.count > chunk, context.actor.userID != 0 {
            try await context.write { tx in JobStep(try tx.notify([tx.actor.userID], of: .job, text)) }
        }
        return final.plain
    }

    /// The ids as they were when the job began, kept with the job so that an interrupted run goes on with the same ones.
    private static func ids(of change: BulkChange, _ schema: Schema, _ context: JobContext) async throws -> [Int64] {
        guard case .filter(let condition, let search) = change.selection else {
            if case .ids(let ids) = change.selection { return ids }
            return []
        }
        let life: Query.Life = change.action == "restore" ? .deleted : .live
        let found = try await context.gate.read(as: context.actor) { view in
            var ids: [Int64] = []
            let request = ListRequest(schema, where: condition, search: search, sort: [Query.Sort("id")], life: life)
            try view.forEach(request) { row in
                ids.append(row.id)
                return ids.count <= BulkChange.limit
            }
            return ids
        }
        guard found.count <= BulkChange.limit else { throw JobFailure.permanent("一次最多处理 \(BulkChange.limit) 条记录，请缩小筛选范围后分批进行") }
        var fixed = change
        fixed.selection = .ids(found)
        let payload = Plain.object(fixed.payload).jsonText, id = context.id
        try await context.write { tx in
            _ = try tx.writing.set(JobRow.schema, ["payload": .text(payload)], where: .ids([id]))
            return JobStep((), done: 0, of: found.count, saving: .null)
        }
        return found
    }
}

extension GateTransaction {
    /// What is wrong for every record is said at once, not as a thousand failures.
    func check(_ change: BulkChange, _ schema: Schema) throws {
        if case .ids(let ids) = change.selection {
            guard !ids.isEmpty else { throw Problems([Problem("ids", code: "required", "请选择要处理的记录")]) }
            guard ids.count <= BulkChange.limit else {
                throw Problems([Problem("ids", code: "too_many", "一次最多处理 \(BulkChange.limit) 条记录")])
            }
        }
        if case .filter(let condition, _) = change.selection { _ = try checked(condition, in: schema) }
        func demand(_ right: String) throws {
            guard may(right, schema) else { throw Refusal.forbidden("您没有\(View.rightLabel(right))\(schema.label)的权限，请联系系统管理员。") }
        }
        switch change.action {
        case "update", "assign":
            try demand(change.action == "assign" ? "assign" : "update")
            guard !change.values.isEmpty else { throw Problems([Problem("values", code: "required", "请填写要修改的字段")]) }
            if change.action == "assign", change.values["owner_id"]?.int == nil || change.values.count > 1 {
                throw Problems([Problem("owner_id", code: "required", "请选择新的负责人")])
            }
            try checkValues(change.values, schema)
        case "delete", "restore": try demand("delete")
        case "add_tags", "remove_tags":
            try demand("update")
            guard schema.tagsSlot != nil, let tags = change.values["tags"]?.list, !tags.isEmpty, tags.allSatisfy({ $0.int != nil }) else {
                throw Problems([Problem("tags", code: "required", "请选择标签")])
            }
        default:
            guard let action = schema.actions.first(where: { $0.name == change.action }), action.isBulk else {
                throw Problems([Problem("action", code: "invalid", "\(schema.label)没有可批量执行的操作 \(change.action)")])
            }
            try demand(action.permission)
            if let right = action.bulkPermission { try demand(right) }
            _ = try read(change.values, for: action)
        }
    }

    private func checkValues(_ values: [String: Plain], _ schema: Schema) throws {
        var problems: [Problem] = []
        for (name, plain) in values.sorted(by: { $0.key < $1.key }) {
            guard let field = schema[name], right(schema, field) != .hidden else {
                problems.append(Problem(name, code: "unknown_field", "\(schema.label)没有字段 \(name)，请检查字段名"))
                continue
            }
            guard right(schema, field) == .edit else {
                problems.append(Problem(name, code: "not_allowed", "您没有修改「\(field.label)」的权限"))
                continue
            }
            do throws(Fault) { _ = try field.kind.accept(plain) } catch {
                problems.append(Problem(name, code: error.code, "\(field.label)：\(error.message)"))
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    /// Does the change to each of these records, or notes why not.
    func apply(_ change: BulkChange, _ schema: Schema, _ ids: [Int64], _ report: inout BulkReport) throws {
        for id in ids {
            let reason = try refusal { try apply(change, schema, id) }
            if let reason { report.fail(id, try title(schema, id), reason) } else { report.done += 1 }
        }
    }

    private func apply(_ change: BulkChange, _ schema: Schema, _ id: Int64) throws {
        switch change.action {
        case "update", "assign": try update(schema, id: id, change.values)
        case "delete": try remove(schema, id: id)
        case "restore": try restore(schema, id: id)
        case "add_tags", "remove_tags":
            try retag(schema, id, change.values["tags"]?.list?.compactMap(\.int) ?? [], adding: change.action == "add_tags")
        default:
            if let right = schema.actions.first(where: { $0.name == change.action })?.bulkPermission {
                _ = try reachable(schema, id: id, right)
            }
            try perform(change.action, schema, id: id, change.values)
        }
    }

    private func retag(_ schema: Schema, _ id: Int64, _ tags: [Int64], adding: Bool) throws {
        guard let field = schema["tags"] else { throw Refusal.notFound }
        _ = try reachable(schema, id: id, "update")
        let present = try reading.linked(schema, field, of: [id])[id] ?? []
        let wanted = adding ? present + tags.filter { !present.contains($0) } : present.filter { !tags.contains($0) }
        guard wanted != present else { return }
        try update(schema, id: id, ["tags": .list(wanted.map(Plain.int))])
    }

    /// What the record is called, for those who may see it.
    func title(_ schema: Schema, _ id: Int64) throws -> String? {
        guard let row = try reading.row(schema, id: id), may("read", row) else { return nil }
        return shown(opened(row)).title
    }
}
