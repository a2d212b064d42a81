import Records

/// What the rules that administrators write are held to.
public enum Automations {
    /// Whom a message may go to, beside named people.
    static let people = ["owner", "superior", "creator"]
    /// Rules that answer to rules that answer to rules end here.
    static let rounds = 3
    /// So many failures in a row turn a rule off.
    static let patience = 20

    public static func isOpen(_ schema: Schema, _ catalog: Catalog) -> Bool {
        catalog.standsAlone(schema) && schema.traits.nature != .log
            && ![AutomationRule.name, AutomationStep.name, ApprovalRequest.name, User.name, Role.name].contains(schema.name)
    }

    /// `3,5` → the numbers of users; none when it is nothing of the kind.
    public static func ids(_ text: String) -> [Int64] {
        let parts = text.split(separator: ",").map { Int64($0.trimmed) }
        return parts.contains(nil) ? [] : parts.compactMap(\.self)
    }

    /// Lines `field=value`.
    static func assignments(_ text: String) throws -> [(field: String, text: String)] {
        try text.split(whereSeparator: \.isNewline).map { String($0) }.filter { !$0.trimmed.isEmpty }.map { line in
            guard let sign = line.firstIndex(of: "=") else { throw Problem("content", code: "invalid", "“\(line.prefix(40))”应写成 字段=值") }
            return (line[..<sign].trimmed, line[line.index(after: sign)...].trimmed)
        }
    }
}

/// A change that rules may answer to when the transaction ends.
struct AutomationCue {
    let schema: Schema
    let id: Int64
    let isNew: Bool
    let fields: Set<String>
}

extension GateTransaction {
    /// Remembered until the end, when lines, sums and other consequences are in place too.
    func cue(_ row: Row, over old: Row?) {
        guard source != "import", Automations.isOpen(row.schema, catalog) else { return }
        let fields = old.map { old in Set(row.schema.fields.filter { $0.isColumn && row[$0] != old[$0] }.map(\.name)) } ?? []
        cues.append(AutomationCue(schema: row.schema, id: row.id, isNew: old == nil, fields: fields))
    }

    /// Runs what answers to the changes so far, then what answers to that.
    func automate() throws {
        for _ in 0..<Automations.rounds where !cues.isEmpty {
            let now = cues
            cues = []
            for cue in now {
                for rule in try automations(cue.schema)
                where answers(rule, to: cue) && automated.insert("\(rule.row.id)/\(cue.schema.name)/\(cue.id)").inserted {
                    try run(rule, cue.schema, cue.id, key: nil)
                }
            }
            try writeAudit()
            try settleRollUps()
        }
        cues = []
    }

    private func answers(_ rule: Record<AutomationRule>, to cue: AutomationCue) -> Bool {
        switch rule.trigger {
        case .created: cue.isNew
        case .changed: !cue.isNew && (rule.field.map(cue.fields.contains) ?? !cue.fields.isEmpty)
        case .day: false
        }
    }

    private func automations(_ schema: Schema) throws -> [Record<AutomationRule>] {
        let known =
            try knownAutomations
            ?? all(AutomationRule.self, where: \AutomationRule.isActive == true, sort: [Query.Sort("position")], limit: 500)
        knownAutomations = known
        return known.filter { $0.entity == schema.name }
    }

    /// Whether the rule is meant for this record: its author sees it, and it meets the condition.
    private func meets(_ rule: Record<AutomationRule>, _ schema: Schema, _ id: Int64) throws -> Bool {
        guard let row = try whole(schema, id: id), row.deletedAt == nil, may("read", row), isPresent(row) else { return false }
        guard let text = rule.condition else { return true }
        guard let condition = Condition(jsonText: text) else { return false }
        return try reading.count(Query(schema, where: .ids([id]) && checked(condition, in: schema)), cap: 1) > 0
    }

    /// Whose rights a rule has: its author's, as they are now. A rule that came with the product acts for the program.
    private func author(of rule: Record<AutomationRule>) throws -> Actor {
        guard let id = rule.author?.id ?? rule.row.schema.updatedBySlot.flatMap({ rule.row.values[$0].int }), id != 0 else {
            return .system(via: "automation")
        }
        guard let author = try actor(of: id, via: "automation") else {
            throw Refusal.conflict("规则的作者已停用，规则不再执行；请由有权限的同事检查并重新保存")
        }
        guard author.rights.isAdmin || author.rights.system.contains("automation") else {
            throw Refusal.conflict("规则的作者「\(author.name)」没有编写自动化规则的权限，规则不再执行")
        }
        return author
    }

    /// Does what a rule says, as its author; what goes wrong is written down and takes nothing else with it.
    func run(_ rule: Record<AutomationRule>, _ schema: Schema, _ id: Int64, key: String?) throws {
        do {
            let inner = inner(as: try author(of: rule))
            inner.isAutomatic = true
            inner.reason = "自动化规则「\(rule.title)」"
            guard try inner.meets(rule, schema, id) else { return }
            let done: [String] = try takingBack {
                let words = try inner.perform(rule, schema, id)
                try settle(inner)
                return words
            }
            try note(rule, schema, id, key, done.joined(separator: "；"), isFailed: false)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try note(rule, schema, id, key, Reason.text(error), isFailed: true)
        }
    }

    /// Does a rule's steps as the actor of this transaction.
    ///
    /// - Returns: what was done, in words.
    func perform(_ rule: Record<AutomationRule>, _ schema: Schema, _ id: Int64) throws -> [String] {
        let steps = try all(
            AutomationStep.self, where: \AutomationStep.rule == rule.id, sort: [Query.Sort("position"), Query.Sort("id")], limit: 50)
        return try steps.compactMap { try perform($0, rule, schema, id) }
    }

    private func perform(_ step: Record<AutomationStep>, _ rule: Record<AutomationRule>, _ schema: Schema, _ id: Int64) throws -> String? {
        let row = try reachable(schema, id: id, "read"), content = step.content ?? ""
        switch step.kind {
        case .set: return try set(step.target, to: content, in: row)
        case .create: return try make(step.target, content, from: row)
        case .notify:
            let people = try people(step.target, row)
            try tell(people, of: .automation, about: row) { reader in try reader.filled(content, from: reader.shown(row)) }
            return "通知 \(try titles(catalog.schema(User.self), ids: people).sorted { $0.key < $1.key }.map(\.value).joined(separator: "、"))"
        case .webhook:
            try needsSystem("webhooks", "调用 Webhook")
            guard let hook = Int64(step.target), let present = try reading.row(catalog.schema(Webhook.self), id: hook) else {
                throw Refusal.conflict("Webhook 已被删除")
            }
            let event = "\(schema.name).automation"
            try enqueue(
                "webhook", label: "发送 Webhook：\(rule.title)",
                ["webhook": .int(hook), "event": .text(event), "entity": .text(schema.name), "id": .int(id), "operation": .int(operation)])
            return "调用 Webhook「\(Record<Webhook>(present).title)」"
        case .message:
            guard let number = Int64(step.target), let template = try get(MessageTemplate.self, Ref(number)) else {
                throw Refusal.conflict("消息模板已被删除")
            }
            try post(number, about: row, subject: nil, text: nil)
            return "发消息「\(template.title)」"
        }
    }

    private func set(_ name: String, to content: String, in row: Row) throws -> String? {
        let schema = row.schema, old = try reachable(schema, id: row.id, "update")
        guard let field = schema[name] else { throw Refusal.conflict("\(schema.label)没有字段「\(name)」") }
        guard name != schema.flow?.field else { throw Refusal.conflict("「\(field.label)」由流程推进，不能由自动化修改") }
        var changed = old
        changed[field] = try value(content, for: field, from: shown(row))
        guard changed[field] != old[field] else { return nil }
        followOwner(&changed, over: old)
        try mayChange(old, to: changed)
        _ = try revise(old, to: changed)
        return "「\(field.label)」改为 \(try shown(changed[field], field))"
    }

    private func make(_ entity: String, _ content: String, from row: Row) throws -> String {
        guard let other = catalog[entity] else { throw Refusal.conflict("没有对象「\(entity)」") }
        guard may("create", other), other.traits.isCreatable, other.traits.nature != .log else {
            throw Refusal.forbidden("规则的作者没有新建\(other.label)的权限")
        }
        var made = other.blank()
        for (name, text) in try Automations.assignments(content) {
            guard let field = other[name] else { throw Refusal.conflict("\(other.label)没有字段「\(name)」") }
            guard lens(other).edits(field) else { throw Refusal.forbidden("规则的作者没有填写「\(field.label)」的权限") }
            made[field] = try value(text, for: field, from: shown(row))
            guard field.name != other.flow?.field || other.mayBegin(in: made[field]) else {
                throw Refusal.conflict("「\(field.label)」由流程推进，不能由自动化填写")
            }
        }
        var problems: [Problem] = []
        mayAssign(made, over: nil, &problems)
        guard problems.isEmpty else { throw Problems(problems) }
        let saved = try save(made, over: nil)
        try askAfterwards(saved)
        return "新建\(other.label)「\(saved.title)」"
    }

    private func shown(_ value: Value, _ field: FieldSpec) throws -> String {
        if value.isNull { return "空" }
        guard let target = field.target, let other = catalog[target], let id = value.int else {
            return field.kind.show(value, in: .chinese)
        }
        return try titles(other, ids: [id])[id] ?? String(id)
    }

    private func people(_ who: String, _ row: Row) throws -> [Int64] {
        switch who {
        case "owner": return row.ownerID.map { [$0] } ?? []
        case "creator": return row.schema.createdBySlot.flatMap { row.values[$0].int }.map { [$0] } ?? []
        case "superior":
            guard let owner = row.ownerID else { return [] }
            return try get(User.self, Ref(owner))?.manager.map { [$0.id] } ?? []
        default: return Automations.ids(who)
        }
    }

    private func note(_ rule: Record<AutomationRule>, _ schema: Schema, _ id: Int64, _ key: String?, _ text: String, isFailed: Bool) throws
    {
        var run = Record<AutomationRun>()
        run.rule = rule.id
        run.entity = schema.name
        run.recordID = Int(id)
        run.at = now
        run.isFailed = isFailed
        run.text = String(text.prefix(2000))
        run.key = key
        try writing.insert(run.row)
        let before = rule.failures ?? 0
        guard isFailed || before > 0 else { return }
        let rules = catalog.schema(AutomationRule.self), isOff = isFailed && before + 1 >= Automations.patience
        _ = try writing.set(
            rules,
            isOff ? ["failures": .int(Int64(before + 1)), "is_active": false] : ["failures": .int(isFailed ? Int64(before + 1) : 0)],
            where: .ids([rule.row.id]))
        knownAutomations = nil
        if isOff { try notify(administrators(), of: .trouble, "自动化规则「\(rule.title)」连续失败 \(before + 1) 次，已停用：\(text)", about: rule.row) }
    }
}
