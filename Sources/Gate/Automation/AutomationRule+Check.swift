import Records

extension GateTransaction {
    /// What a rule names is there; all faults at once.
    func check(_ rule: inout Record<AutomationRule>) throws {
        guard let schema = catalog[rule.entity], Automations.isOpen(schema, catalog), isRule || may("read", schema) else {
            throw Problem("entity", code: "not_found", "没有可用于自动化的对象「\(rule.entity)」，请从列表中选择")
        }
        var problems: [Problem] = []
        let field = rule.field.flatMap { schema[$0] }
        if let name = rule.field, field?.isColumn != true {
            problems.append(Problem("field", code: "not_found", "\(schema.label)没有字段「\(name)」"))
        } else if let field, !isRule, !lens(schema).reads(field) {
            problems.append(Problem("field", code: "not_allowed", "您没有查看「\(field.label)」的权限，不能按它执行"))
        }
        switch rule.trigger {
        case .created: rule.field = nil
        case .changed: break
        case .day:
            if let field, !field.isTime {
                problems.append(Problem("field", code: "invalid", "「\(field.label)」不是日期或时间"))
            }
            if rule.field == nil { problems.append(Problem("field", code: "required", "请选择按哪个日期执行")) }
        }
        if rule.trigger != .day { rule.days = nil }
        if let text = rule.condition {
            if let condition = Condition(jsonText: text) {
                do { _ = try checked(condition, in: schema) } catch { problems.append(Problem("condition", "条件：\(Reason.text(error))")) }
            } else {
                problems.append(Problem("condition", "条件无法识别，请在规则页面上设置"))
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        // Whoever looks after it starts it anew, with their own rights.
        rule.failures = 0
        if !isRule { rule.author = Ref(actor.userID) }
    }

    /// Whoever changes a step answers for the whole rule.
    func answer(for rule: Record<AutomationRule>) throws {
        guard !isRule, rule.author?.id != actor.userID else { return }
        _ = try writing.set(rule.row.schema, ["author_id": .int(actor.userID)], where: .ids([rule.row.id]))
    }

    func check(_ step: Record<AutomationStep>, of rule: Record<AutomationRule>) throws {
        guard let schema = catalog[rule.entity] else { return }
        let content = step.content ?? ""
        for name in AutomationText(text: content).names where !AutomationText.isKnown(name, schema) {
            throw Problem("content", code: "not_found", "{\(name)} 不是\(schema.label)的字段，或是加密的字段，不能代入")
        }
        for name in AutomationText(text: content).names {
            guard let field = schema[name], !isRule, !lens(schema).reads(field) else { continue }
            throw Problem("content", code: "not_allowed", "您没有查看「\(field.label)」的权限，不能把它写进内容")
        }
        switch step.kind {
        case .set:
            if !isRule, !may("update", schema) { throw Problem("kind", code: "not_allowed", "您没有修改\(schema.label)的权限，规则也不能替您修改") }
            try check(content, for: step.target, in: schema, of: schema, at: "target")
        case .create:
            guard let other = catalog[step.target], Automations.isOpen(other, catalog), other.traits.isCreatable else {
                throw Problem("target", code: "not_found", "不能新建「\(step.target)」，请从列表中选择对象")
            }
            if !isRule, !may("create", other) { throw Problem("target", code: "not_allowed", "您没有新建\(other.label)的权限，规则也不能替您新建") }
            for (name, text) in try Automations.assignments(content) { try check(text, for: name, in: other, of: schema, at: "content") }
        case .notify:
            let ids = Automations.ids(step.target)
            let isKnown =
                try Automations.people.contains(step.target)
                || !ids.isEmpty && reading.rows(catalog.schema(User.self), ids: ids).count == ids.count
            if !isKnown { throw Problem("target", code: "not_found", "请选择通知谁") }
            if content.trimmed.isEmpty { throw Problem("content", code: "required", "请填写通知的内容") }
        case .message:
            guard let id = Int64(step.target), let template = try get(MessageTemplate.self, Ref(id)), template.entity == schema.name else {
                throw Problem("target", code: "not_found", "请选择给\(schema.label)用的消息模板")
            }
        case .webhook:
            guard let id = Int64(step.target), try reading.row(catalog.schema(Webhook.self), id: id) != nil else {
                throw Problem("target", code: "not_found", "请选择 Webhook")
            }
            if !isRule { try needsSystem("webhooks", "调用 Webhook") }
        }
    }

    /// A field of `schema` can be given what is written; a value without anything to fill in must be one.
    private func check(_ text: String, for name: String, in schema: Schema, of source: Schema, at place: String) throws {
        guard let field = schema[name], field.isColumn, !field.traits.isReadOnly, !field.traits.isSealed, field.slot != Schema.idSlot else {
            throw Problem(place, code: "not_found", "\(schema.label)没有可以修改的字段「\(name)」")
        }
        if !isRule, !lens(schema).edits(field) { throw Problem(place, code: "not_allowed", "您没有修改「\(field.label)」的权限，规则也不能替您修改") }
        if name == schema.flow?.field, schema === source { throw Problem(place, code: "not_allowed", "「\(field.label)」由流程推进，不能由自动化修改") }
        guard AutomationText(text: text).names.isEmpty else { return }
        do { _ = try value(text, for: field, from: source.blank()) } catch let problem as Problem {
            throw Problem("content", code: problem.code, problem.message)
        }
    }
}
