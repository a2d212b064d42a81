import Records

/// What can be done to a request: each a button, a bulk command and a REST endpoint. Whoever may read it may try; the request says who may.
extension ApprovalRequest {
    public static var actions: [Action] {
        [
            act("approve", "批准", "check", "Approve", [comment], primary: true, unavailable: mayDecide) { request, arguments, tx in
                try tx.approve(&request, arguments[comment])
            },
            act("reject", "驳回", "circle-x", "Reject", [demand], unavailable: mayDecide) { request, arguments, tx in
                try tx.reject(&request, arguments[demand])
            },
            act("send_back", "退回", "undo-2", "Send back", [backTo, demand], unavailable: mayDecide) { request, arguments, tx in
                try tx.sendBack(&request, to: arguments[backTo] ?? 0, arguments[demand])
            },
            act("pass_on", "转交", "arrow-right-left", "Pass on", [successor, comment], unavailable: mayDecide) { request, arguments, tx in
                try tx.passOn(&request, to: arguments[successor].id, arguments[comment])
            },
            act("comment", "评论", "message-circle", "Comment", [demand], unavailable: { request, _ in open(request) }) {
                request, arguments, tx in
                try tx.log(request, request.stepName ?? "", .commented, arguments[demand])
                try tx.notify(
                    (request.approvers.ids + [request.ownerID ?? 0]).filter { $0 != tx.actor.userID }, of: .approval,
                    "\(tx.actor.name) 评论了审批单「\(request.title ?? "")」", about: request.row)
            },
            act("remind", "催办", "bell", "Remind", [], unavailable: isMine) { request, _, tx in try tx.remind(&request) },
            act("withdraw", "撤回", "rotate-ccw", "Withdraw", [comment], unavailable: isMine) { request, arguments, tx in
                try tx.log(request, request.stepName ?? "", .withdrawn, arguments[comment])
                try tx.finish(&request, .withdrawn)
            },
        ]
    }

    private static func act(
        _ name: String, _ label: String, _ icon: String, _ english: String, _ parameters: [any ActionParameter], primary: Bool = false,
        unavailable: @escaping @Sendable (Record<ApprovalRequest>, Actor) -> String?,
        _ perform: @escaping @Sendable (inout Record<ApprovalRequest>, Arguments, GateTransaction) throws -> Void
    ) -> Action {
        Action.on(
            ApprovalRequest.self, name, label, icon: icon, english: english, parameters: parameters, permission: "read",
            unavailable: unavailable
        ) { request, arguments, tx in
            let tx = try tx.gate
            try perform(&request, arguments, tx)
        }.with {
            $0.isPrimary = primary
            $0.isUndoable = false
        }
    }

    private static let comment = Field<String?>("reason", "意见", kind: LongTextKind(limit: 2000), .english("Comment"))
    private static let demand = Field<String>("reason", "意见", kind: LongTextKind(limit: 2000), .english("Comment"))
    private static let backTo = Field<Int?>(
        "step", "退回到第几步", kind: WholeNumberKind(range: 0...50), .help("0 为退回申请人修改", "0 for the applicant"), .initial(0),
        .english("To step"))
    private static let successor = Field<Ref<User>>("user_id", "转交给", .english("To"))

    @Sendable private static func open(_ request: Record<ApprovalRequest>) -> String? {
        request.status == .pending ? nil : "审批单\(request.status.label)，不能再处理"
    }

    /// §2.25: whoever asks never approves.
    @Sendable static func mayDecide(_ request: Record<ApprovalRequest>, _ actor: Actor) -> String? {
        if let over = open(request) { return over }
        if request.ownerID == actor.userID { return "申请人不能审批自己的申请" }
        return request.approvers.ids.contains(actor.userID) ? nil : "步骤「\(request.stepName ?? "")」正等待其他人审批"
    }

    @Sendable private static func isMine(_ request: Record<ApprovalRequest>, _ actor: Actor) -> String? {
        open(request) ?? (request.ownerID == actor.userID ? nil : "只有申请人可以催办或撤回")
    }
}

extension GateTransaction {
    fileprivate func approve(_ request: inout Record<ApprovalRequest>, _ comment: String?) throws {
        guard let plan = ApprovalPlan(request.plan), let place = request.step, plan.steps.indices.contains(place) else {
            throw Refusal.conflict("审批单的步骤无法读取，请撤回后重新提交。")
        }
        if plan.isForAdministrators, try !isAdministrator() { throw Refusal.forbidden("只有在任的系统管理员可以批准授权，请由系统管理员审批。") }
        try log(request, plan.steps[place].name, .approved, comment)
        request.approved = Refs(request.approved.ids + [actor.userID])
        let left = request.approvers.ids.filter { $0 != actor.userID }
        if plan.steps[place].needsAll, !left.isEmpty {
            request.approvers = Refs(left)
            return
        }
        let target = try target(of: request)
        if place + 1 < plan.steps.count { return try enter(place + 1, &request, target) }
        try finish(&request, .approved)
        do {
            let present = try self.target(of: request), beginners = plan.isForAdministrators ? try beginners(of: request, present) : []
            try inNameOf(request) { try $0.carryOut(request, present) }
            try beginAfresh(beginners)
        } catch let error where Reason.isFinal(error) {
            throw Refusal.conflict("批准后无法执行：\(Reason.text(error))。请驳回或退回申请人修改。")
        }
        try log(request, plan.steps[place].name, .done, nil, by: request.ownerID)
    }

    /// At this moment, and not with a key that may do less.
    private func isAdministrator() throws -> Bool { try actor.rights.isAdmin && present(actor.userID)?.isAdmin ?? false }

    fileprivate func reject(_ request: inout Record<ApprovalRequest>, _ comment: String?) throws {
        try log(request, request.stepName ?? "", .rejected, comment)
        try finish(&request, .rejected)
        guard let name = ApprovalPlan(request.plan)?.onReject else { return }
        let target = try target(of: request)
        guard let action = target.schema.actions.first(where: { $0.name == name }) else { return }
        let values: [String: Value] = action.parameters.contains { $0.name == "reason" } ? ["reason": comment.stored] : [:]
        try inNameOf(request) { _ = try $0.run(action, target, Arguments(values)) }
    }

    fileprivate func sendBack(_ request: inout Record<ApprovalRequest>, to step: Int, _ comment: String?) throws {
        let present = request.step ?? 0
        guard step <= present else { throw Problem("step", code: "out_of_range", "只能退回到之前的步骤：现在是第 \(present + 1) 步，可填 0 到 \(present)") }
        try log(request, request.stepName ?? "", .returned, comment)
        if step == 0 { return try finish(&request, .returned) }
        try enter(step - 1, &request, try target(of: request))
    }

    fileprivate func passOn(_ request: inout Record<ApprovalRequest>, to user: Int64, _ comment: String?) throws {
        guard user != request.ownerID else { throw Problem("user_id", "不能转交给申请人") }
        guard let found = try get(User.self, Ref(user)), found.status == .active else { throw Problem("user_id", "这位用户已停用，请另选一位") }
        if ApprovalPlan(request.plan)?.isForAdministrators ?? false, try present(user)?.isAdmin != true {
            throw Problem("user_id", "授权只能由系统管理员批准，请转交给另一位系统管理员")
        }
        guard !request.approvers.ids.contains(user) else { throw Problem("user_id", "「\(found.title)」已在待审批人中") }
        request.approvers = Refs(request.approvers.ids.map { $0 == actor.userID ? user : $0 })
        try log(request, request.stepName ?? "", .transferred, "转交给 \(found.title)" + (comment.map { "：\($0)" } ?? ""))
        try lend(request.row, to: user, until: nil)
        let target = try target(of: request)
        if target.schema.isOwned { try lend(target, to: user, until: nil) }
        try notify([user], of: .approval, "\(actor.name) 转交给您审批：\(request.title ?? "")", about: request.row)
    }

    fileprivate func remind(_ request: inout Record<ApprovalRequest>) throws {
        let recent = \ApprovalLog.approval == request.id && \ApprovalLog.what == .reminded && \ApprovalLog.at > now.adding(seconds: -1800)
        guard try count(Query(catalog.schema(ApprovalLog.self), where: recent), cap: 1) == 0 else {
            throw Refusal.conflict("半小时内已经催办过，请稍后再试。")
        }
        try log(request, request.stepName ?? "", .reminded, nil)
        try notify(request.approvers.ids, of: .approval, "\(actor.name) 催办：\(request.title ?? "")", about: request.row)
    }

    /// The request is over: nobody is asked any more, the record is free, and whoever could read it only for this no longer can.
    fileprivate func finish(_ request: inout Record<ApprovalRequest>, _ status: ApprovalRequest.Status) throws {
        if status != .withdrawn, let owner = request.ownerID {
            try notify([owner], of: .approval, "您的申请\(status.label)：\(request.title ?? "")", about: request.row)
        }
        request.status = status
        request.approvers = Refs([])
        request.remindAt = nil
        request.openKey = nil
        request.finishedAt = now
        if let plan = ApprovalPlan(request.plan), let before = plan.before, let target = try? target(of: request),
            let state = target.schema.flow?.field
        {
            try stand(target, in: state, at: status == .rejected ? plan.refused ?? before : before)
        }
        let schema = catalog.schema(Share.self)
        func lent(_ entity: String, _ id: Int64) -> Condition {
            \Share.entity == entity && \Share.recordID == Int(id) && \Share.sharedBy == nil && \Share.purpose == nil
        }
        _ = try writing.set(schema, ["until": (today + 90).stored], where: lent(ApprovalRequest.name, request.row.id))
        if let entity = request.entity, let id = request.recordID {
            try writing.erase(schema, ids: reading.fetch(Query(schema, where: lent(entity, Int64(id)), limit: 500)).map(\.id))
        }
    }

    fileprivate func target(of request: Record<ApprovalRequest>) throws -> Row {
        if let pack = request.entity.flatMap({ catalog.resting($0) }) { throw Refusal.resting(pack) }
        guard let schema = request.entity.flatMap({ catalog[$0] }), let id = request.recordID, let row = try get(schema, id: Int64(id))
        else {
            throw Refusal.conflict("申请所说的记录已被删除，请驳回此审批单。")
        }
        return row
    }

    /// What follows from a decision is done in the applicant's name and with the rights that the applicant has now.
    private func inNameOf(_ request: Record<ApprovalRequest>, _ body: (GateTransaction) throws -> Void) throws {
        guard var applicant = try actor(of: request.ownerID ?? 0, via: "approval") else {
            throw Refusal.conflict("申请人已停用或不存在，不能再以其名义执行。")
        }
        (applicant.address, applicant.approvedBy) = (actor.address, actor.userID)
        try within(applicant) { inner in
            inner.isApproved = true
            inner.ignoresWarnings = true
            inner.reason = "审批单 #\(request.row.id)"
            try body(inner)
        }
    }

    public func perform(_ action: String, _ row: Row, as user: Int64, _ values: [String: Plain]) throws {
        guard var somebody = try actor(of: user, via: actor.via) else { throw Refusal.conflict("用户 #\(user) 已停用或不存在") }
        somebody.address = actor.address
        try within(somebody) { inner in try inner.perform(action, row.schema, id: row.id, values) }
        knownOpenRequests = nil
    }

    /// Does what the request asked for, if the applicant may still do it.
    fileprivate func carryOut(_ request: Record<ApprovalRequest>, _ target: Row) throws {
        let action = target.schema.actions.first { $0.name == request.action }
        if request.trigger != .create {
            _ = try action.map { try reachable(target.schema, id: target.id, for: $0) } ?? reachable(target.schema, id: target.id, "update")
        }
        let content = (request.content.flatMap(Plain.init(jsonText:))?.object ?? [:]).mapValues(Value.init(asPlain:))
        if request.trigger == .change {
            var disk = sealed(target)
            for (name, value) in content { if let field = target.schema[name] { disk[field] = value } }
            let wanted = opened(disk)
            try refuseSettled(wanted, over: target)
            _ = try save(wanted, over: target)
            return
        }
        guard let name = request.action else { return }
        guard let action else { throw Refusal.conflict("操作「\(name)」已不存在") }
        if let reason = action.unavailable(target, actor) { throw Refusal.conflict(reason) }
        _ = try run(action, target, Arguments(content))
    }
}
