import Records

extension GateTransaction {
    /// Everything a flow names is there; all faults at once.
    func check(_ flow: inout Record<ApprovalFlow>) throws {
        guard let schema = catalog[flow.entity], catalog.standsAlone(schema), schema.traits.nature != .log,
            schema.name != ApprovalRequest.name
        else {
            throw Problem("entity", code: "not_found", "没有可审批的对象「\(flow.entity)」，请从列表中选择")
        }
        var problems: [Problem] = []
        let action = flow.action.flatMap { name in schema.actions.first { $0.name == name } }
        if flow.trigger == .action, flow.action == nil { problems.append(Problem("action", code: "required", "请选择需要审批的操作")) }
        if flow.action != nil, action == nil {
            problems.append(Problem("action", code: "not_found", "\(schema.label)没有操作「\(flow.action ?? "")」"))
        }
        if flow.trigger == .change {
            let field = flow.field.flatMap { schema[$0] }
            if field == nil || field?.traits.isReadOnly == true || field?.isColumn == false {
                problems.append(Problem("field", code: "not_found", "请选择修改时需要审批的字段"))
            }
        }
        if let name = flow.amountField {
            let kind = schema[name]?.kind ?? action?.parameters.first { $0.name == name }?.kind
            if kind?.figure != .money {
                problems.append(Problem("amount_field", code: "not_found", "「\(name)」不是\(schema.label)的金额字段或操作的金额参数"))
            }
        }
        for name in ApprovalFlow.names(flow.locked) where schema[name] == nil {
            problems.append(Problem("locked_fields", code: "not_found", "\(schema.label)没有字段「\(name)」"))
        }
        if let name = flow.onReject, !schema.actions.contains(where: { $0.name == name }) {
            problems.append(Problem("on_reject", code: "not_found", "\(schema.label)没有操作「\(name)」"))
        }
        if let text = flow.condition {
            if let condition = Condition(jsonText: text) {
                do { _ = try checked(condition, in: schema) } catch { problems.append(Problem("condition", "条件：\(Reason.text(error))")) }
            } else {
                problems.append(Problem("condition", "条件无法识别，请在流程页面上设置"))
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        if flow.trigger != .change { flow.field = nil }
    }

    /// The flows that come with the product, once each; what a company has made of them stays.
    func shipApprovals() throws {
        for flow in catalog.capabilities.flatMap({ $0.approvals }) where try note(SetUpNote.approval(flow.code)) == nil {
            try ship(flow)
            try setNote(SetUpNote.approval(flow.code), String(now.milliseconds))
        }
    }

    private func ship(_ template: ApprovalDefault) throws {
        var flow = Record<ApprovalFlow>()
        flow.code = template.code
        flow.title = template.label
        flow.entity = template.entity
        switch template.trigger {
        case .action(let name): (flow.trigger, flow.action) = (.action, name)
        case .create(let then): (flow.trigger, flow.action) = (.create, then)
        case .change(let field): (flow.trigger, flow.field) = (.change, field)
        }
        if template.condition != .everything { flow.condition = template.condition.plain.jsonText }
        flow.amountField = template.amount
        flow.locked = template.locked.isEmpty ? nil : template.locked.joined(separator: ",")
        flow.onReject = template.onReject
        flow.isActive = template.isActive
        let saved = try insert(flow)
        for (position, step) in template.steps.enumerated() {
            var line = Record<ApprovalStep>()
            line.flow = saved.id
            line.title = step.name
            line.position = position
            line.mode = step.needsAll ? .all : .any
            (line.over, line.upTo) = (step.over, step.upTo)
            switch step.approver {
            case .superior(let levels): (line.approver, line.levels) = (.superior, levels)
            case .departmentHead: line.approver = .departmentHead
            case .field(let name): (line.approver, line.field) = (.field, name)
            case .role(let code): (line.approver, line.role) = (.role, try first(Role.self, where: \Role.code == code)?.id)
            }
            try insert(line)
        }
    }
}
