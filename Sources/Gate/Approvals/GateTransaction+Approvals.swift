import Records

/// What needs approval is kept as a request instead of being done.
extension GateTransaction {
    /// The first active flow that this is a case of; nil when it may be done at once. The program itself asks nobody.
    func flow(
        _ trigger: ApprovalFlow.Trigger, on row: Row, action: String? = nil, changed: Set<String> = []
    ) throws -> Record<ApprovalFlow>? {
        guard actor.userID != 0, !isApproved, !bringsHistory, row.schema.traits.nature != .log, row.schema.name != ApprovalRequest.name
        else { return nil }
        for flow in try flows(of: row.schema) where flow.trigger == trigger {
            switch trigger {
            case .action: guard flow.action == action else { continue }
            case .change: guard let field = flow.field, changed.contains(field) else { continue }
            case .create: break
            }
            guard let text = flow.condition else { return flow }
            guard let condition = Condition(jsonText: text) else { continue }
            if try holds(condition, of: row) { return flow }
        }
        return nil
    }

    func flows(of schema: Schema) throws -> [Record<ApprovalFlow>] {
        if let known = knownFlows[schema.name] { return known }
        let found = try all(
            ApprovalFlow.self, where: \ApprovalFlow.entity == schema.name && \ApprovalFlow.isActive == true, sort: [Query.Sort("position")],
            limit: 100)
        knownFlows[schema.name] = found
        return found
    }

    /// Asked of the record as it would be: written, looked at and taken back where it is not yet stored like that.
    private func holds(_ condition: Condition, of row: Row) throws -> Bool {
        let question = Query(row.schema, where: .ids([row.id]) && condition)
        guard let stored = try whole(row.schema, id: row.id), stored.values != row.values else {
            return try reading.count(question, cap: 1) > 0
        }
        do {
            try writing.attempt {
                _ = try writing.update(sealed(row), slots: nil, ifVersion: nil)
                throw Answer(holds: try reading.count(question, cap: 1) > 0)
            }
        } catch let answer as Answer { return answer.holds }
        return false
    }

    private struct Answer: Error { var holds: Bool }

    /// Makes the request and tells the first to be asked.
    ///
    /// - Parameter content: the action's arguments or the changed fields, in stored form.
    @discardableResult
    func submit(
        _ flow: Record<ApprovalFlow>, _ trigger: ApprovalFlow.Trigger, on row: Row, action: Action?, content: [String: Value]
    ) throws -> Record<ApprovalRequest> {
        try refuseSecondRequest(on: row)
        let amount = flow.amountField.flatMap { content[$0]?.int ?? row[$0].int }
        var plan = try plan(flow, row, amount: amount, isState: trigger == .action)
        if let action, trigger == .action { try rehearse(action, row, Arguments(content), approver: plan.steps.last?.users.first) }
        let state = row.schema.flow?.field
        if let state, let action, action.waiting != nil { (plan.before, plan.refused) = (row[state].text, action.refused) }
        var request = Record<ApprovalRequest>()
        let verb = action?.label ?? (trigger == .create ? "新建" : "修改")
        request.title = "\(verb)\(row.schema.label)「\(row.title)」"
        request.flow = flow.id
        request.trigger = trigger
        request.action = action?.name
        request.amount = amount.map { Money(cents: $0) }
        request.reason = try content["reason"]?.text ?? reason ?? because(row)
        let parts = ApprovalParts(lines: try parts(of: row, content, action), amount: flow.amountField)
        let saved = try ask(request, about: row, content, parts, plan)
        if let state, let waiting = action?.waiting { try stand(row, in: state, at: waiting) }
        return saved
    }

    /// One open request a record.
    func refuseSecondRequest(on row: Row) throws {
        guard let open = try openRequest(on: row) else { return }
        throw Refusal.conflict("「\(row.title)」已有审批单「\(open.title ?? "")」在审批中，请等待结果或先撤回。")
    }

    /// Keeps a request and asks the first of its plan.
    ///
    /// - Parameter content: the action's arguments or the changed fields, in stored form.
    @discardableResult
    func ask(
        _ wanted: Record<ApprovalRequest>, about row: Row, _ content: [String: Value], _ parts: ApprovalParts, _ plan: ApprovalPlan
    ) throws -> Record<ApprovalRequest> {
        var request = wanted
        request.title = request.title.map { String($0.prefix(200)) }
        request.status = .pending
        request.entity = row.schema.name
        request.recordID = Int(row.id)
        request.summary = String(try ApprovalParts.text(parts.lines) { try !isKept($0, of: row.schema) }.prefix(20_000))
        request.parts = parts.jsonText
        request.content = Plain.object(content.mapValues(\.asPlain)).jsonText
        request.plan = plan.jsonText
        request.openKey = "\(row.schema.name)/\(row.id)"
        request.submittedAt = now
        request.ownerID = actor.userID
        request.departmentID = actor.departmentID
        request.step = 0
        var saved = try insert(request)
        try log(saved, "申请", .submitted, request.reason)
        try enter(0, &saved, row)
        saved = try save(saved)
        submitted = saved.row.id
        knownOpenRequests = true
        return saved
    }

    /// What could not be done is refused before anybody is asked: it is tried out and taken back.
    private func rehearse(_ action: Action, _ row: Row, _ arguments: Arguments, approver: Int64?) throws {
        do {
            try writing.attempt {
                var applicant = actor
                (applicant.approvedBy, applicant.isTrial) = (approver, true)
                let inner = inner(as: applicant)
                (inner.isApproved, inner.ignoresWarnings, inner.source) = (true, true, source)
                _ = try inner.run(action, row, arguments)
                throw Answer(holds: true)
            }
        } catch is Answer {}
    }

    /// Puts a record into the state in which it waits, or out of it again.
    func stand(_ row: Row, in field: String, at state: String) throws {
        guard var present = try whole(row.schema, id: row.id) else { return }
        present[field] = .text(state)
        try save(present)
    }

    private func plan(_ flow: Record<ApprovalFlow>, _ row: Row, amount: Int64?, isState: Bool) throws -> ApprovalPlan {
        let lines = try all(
            ApprovalStep.self, where: \ApprovalStep.flow == flow.id, sort: [Query.Sort("position"), Query.Sort("id")], limit: 50)
        let approvers = try Approvers(self, applicant: actor.userID, record: row)
        var steps: [ApprovalPlan.Step] = []
        for line in lines.compactMap({ try? get(ApprovalStep.self, $0.id) }) {
            if let over = line.over, (amount ?? 0) <= over.cents { continue }
            if let upTo = line.upTo, (amount ?? 0) > upTo.cents { continue }
            steps.append(
                .init(
                    name: line.title, users: try approvers.find(line, row), needsAll: line.mode == .all, remindHours: line.remindHours ?? 8)
            )
        }
        guard !steps.isEmpty, steps.allSatisfy({ !$0.users.isEmpty }) else {
            throw Refusal.conflict("审批流程「\(flow.title)」找不到可以审批的人，请联系系统管理员检查流程设置。")
        }
        var locked = ApprovalFlow.names(flow.locked)
        if !locked.isEmpty, isState, let state = row.schema.flow?.field { locked.append(state) }
        return ApprovalPlan(steps: steps, locked: locked, onReject: flow.onReject)
    }

    /// What the approvers read, whether or not they may open the record: its highlights and why, what the step asks, and what would be changed
    /// with what it was.
    private func parts(of row: Row, _ content: [String: Value], _ action: Action?) throws -> [ApprovalParts.Line] {
        var lines: [ApprovalParts.Line] = []
        func add(_ field: FieldSpec, _ value: Value, over old: Value? = nil) throws {
            let text = try words(field, value), before = try old.map { try words(field, $0) }
            guard !text.isEmpty || before?.isEmpty == false else { return }
            lines.append(.init(field: row.schema[field.name] === field ? field.name : "", label: field.label, text: text, old: before))
        }
        for name in row.schema.traits.highlights + [row.schema.traits.reason].compactMap(\.self) {
            if let field = row.schema[name] { try add(field, row[field]) }
        }
        let present = action == nil && !content.isEmpty ? try whole(row.schema, id: row.id) : nil
        for (name, value) in content.sorted(by: { $0.key < $1.key }) {
            if let parameter = action?.parameters.first(where: { $0.name == name }) {
                try add(parameter, value)
            } else if action == nil, let field = row.schema[name] {
                try add(field, value, over: present?[field] ?? .null)
            }
        }
        return lines
    }

    /// Why the record itself says it is asked for, where everybody who reads such records may know it.
    private func because(_ row: Row) throws -> String? {
        guard let name = row.schema.traits.reason, let text = row[name].text, try !text.isEmpty && !isKept(name, of: row.schema) else {
            return nil
        }
        return text
    }

    /// A value as a person reads it, without what is sealed; empty when there is none.
    private func words(_ field: FieldSpec, _ value: Value) throws -> String {
        guard !value.isNull, value != .text(""), value != .list([]) else { return "" }
        if field.traits.isSealed { return "****" }
        guard let target = field.target, let other = catalog[target] else { return field.kind.show(value, in: .chinese) }
        let ids = value.int.map { [$0] } ?? value.list?.compactMap(LinksKind.id(of:)) ?? []
        let names = try titles(linkedTo: other, ids: ids)
        return ids.compactMap { names[$0] }.joined(separator: "、")
    }

    /// Whether some role does not see this field: what is searched in must not tell it.
    private func isKept(_ name: String, of schema: Schema) throws -> Bool {
        guard let field = schema[name] else { return false }
        if field.traits.isSensitive { return true }
        return try chart().roles.values.contains {
            $0.rights.scope(schema.name, "read") != .none && $0.rights.field(schema, field) < .read
        }
    }

    /// Asks those of a step: tells them, lets them see the record, and sets the time for the first reminder.
    func enter(_ index: Int, _ request: inout Record<ApprovalRequest>, _ row: Row) throws {
        guard let plan = ApprovalPlan(request.plan), plan.steps.indices.contains(index) else {
            throw Refusal.conflict("审批单的步骤无法读取，请撤回后重新提交。")
        }
        let step = plan.steps[index]
        let approvers = try Approvers(self, applicant: request.ownerID ?? 0, record: row)
        let users = plan.isForAdministrators ? step.users : try approvers.present(step.users)
        guard !users.isEmpty else { throw Refusal.conflict("步骤「\(step.name)」没有可以审批的人，请联系系统管理员。") }
        request.step = index
        request.stepName = step.name
        request.approvers = Refs(users)
        request.approved = Refs([])
        request.remindAt = try WorkCalendar.load(self).adding(minutes: step.remindHours * 60, to: now)
        for user in users {
            try lend(request.row, to: user, until: nil)
            if row.schema.isOwned { try lend(row, to: user, until: nil) }
        }
        try notify(users, of: .approval, "待您审批：\(request.title ?? "")（\(step.name)）", about: request.row)
    }

    /// Whoever is asked may read what it is about.
    func lend(_ row: Row, to user: Int64, until: Day?) throws {
        let schema = catalog.schema(Share.self)
        let same =
            \Share.entity == row.schema.name && \Share.recordID == Int(row.id) && \Share.user == Ref(user)
            && \Share.purpose == nil
        if let present = try reading.fetch(Query(schema, where: same, limit: 1)).first {
            // What a person has lent stays as it is.
            if present["shared_by"].isNull { _ = try writing.set(schema, ["until": until.stored], where: .ids([present.id])) }
            return
        }
        var share = Record<Share>()
        share.entity = row.schema.name
        share.recordID = Int(row.id)
        share.user = Ref(user)
        share.canWrite = false
        share.until = until
        share.sharedAt = now
        try writing.insert(share.row)
        forgetActors()
        events.append(ChangeEvent(entity: Share.name, id: row.id, kind: .created, by: actor.userID))
    }

    func log(_ request: Record<ApprovalRequest>, _ step: String, _ what: ApprovalLog.What, _ comment: String?, by user: Int64? = nil) throws
    {
        var line = Record<ApprovalLog>()
        line.approval = request.id
        line.step = step
        line.what = what
        line.comment = comment
        line.user = (user ?? actor.userID) == 0 ? nil : Ref(user ?? actor.userID)
        line.at = now
        try writing.insert(line.row)
    }

    // MARK: What waits is locked

    /// Asked once for a transaction, so that where nothing waits nothing more is asked.
    private func hasOpenRequests() throws -> Bool {
        if let known = knownOpenRequests { return known }
        let found = try reading.count(Query(catalog.schema(ApprovalRequest.self), where: \ApprovalRequest.status == .pending), cap: 1) > 0
        knownOpenRequests = found
        return found
    }

    /// The request that holds this record.
    func openRequest(on row: Row) throws -> Record<ApprovalRequest>? {
        guard !isApproved, try hasOpenRequests() else { return nil }
        return try first(ApprovalRequest.self, where: \ApprovalRequest.openKey == "\(row.schema.name)/\(row.id)")
    }

    /// Refuses a change of what an open request holds.
    func refuseLocked(_ row: Row, over old: Row?) throws {
        guard let request = try openRequest(on: old ?? row), let plan = ApprovalPlan(request.plan) else { return }
        guard let old else {
            throw Refusal.conflict("「\(row.title)」正在审批中，不能删除或合并；请等待审批单「\(request.title ?? "")」的结果，或由申请人撤回。")
        }
        let held = row.schema.fields.filter { field in
            row[field] != old[field] && !ApprovalPlan.bookkeeping.contains(field.name)
                && (plan.locked.isEmpty || plan.locked.contains(field.name))
        }
        guard let first = held.first else { return }
        let what = held.count == 1 ? "「\(first.label)」" : "「\(first.label)」等 \(held.count) 个字段"
        throw Refusal.conflict("审批中，\(what)已锁定；请等待审批单「\(request.title ?? "")」的结果，或由申请人撤回。")
    }
}
