import Core
import Records

/// §2.27. The care desk (right `care`) meets the customer, its manager (right `assess`) grades and closes, the responsible department finds
/// out and mends. Whoever is complained of does not close.
extension Complaint {
    private static let way = Field<Channel>("channel", "告知方式", .english("By"))
    private static let told = note("告知内容"), answered = note("客户答复"), lacking = note("需要补充什么"), why = note("原因"), because = note("理由"),
        calledBack = note("回访内容"), sentOn = note("说明")
    private static let remarked = Field<String?>("note", "说明", kind: LongTextKind(limit: 2000), .english("Note"))
    private static let grade = Field<Level>("level", "级别")
    private static let responsible = Field<Ref<Department>>("handler_department_id", "责任部门", .english("Responsible department"))
    private static let undertaker = Field<Ref<User>>("owner_id", "承办人", .english("Owner"))
    private static let verdict = Field<CustomerResult>("customer_result", "客户确认结果", .english("Customer's verdict"))
    private static let outcome = Field<String>("note", "处理结果", kind: TextKind(limit: 500), .english("Outcome"))
    private static let body = Field<ExternalBody>("external_body", "受理机构", .english("To"))

    private static func note(_ label: String) -> Field<String> {
        Field("note", label, kind: LongTextKind(limit: 2000), .english("Note"))
    }

    public static var flow: Flow? {
        .of(Complaint.self, \.status) {
            $0.step(
                "register", "登记", from: [.received], to: .registered, requires: [\.customer, \.content], permission: "read",
                icon: "clipboard-list", primary: true, effect: register)
            $0.step(
                "acknowledge", "告知受理", from: [.registered], to: .acknowledged, parameters: [way, told], permission: "care",
                icon: "phone-call", primary: true, effect: acknowledge)
            $0.step(
                "assess", "定级分派", from: [.acknowledged], to: .assessed, parameters: [grade, responsible, undertaker], permission: "assess",
                icon: "gauge", english: "Assess and assign", primary: true, effect: assess)
            $0.step(
                "investigate", "开始调查", from: [.assessed, .reopened], to: .investigating, icon: "search", primary: true, guard: byResponsible
            )
            $0.step(
                "propose", "提出方案", from: [.investigating], to: .proposed,
                requires: [\.evidence, \.liability, \.cause, \.rootCause, \.proposal], icon: "file-text", primary: true,
                guard: byResponsible
            ) { complaint, _, tx in
                (complaint.proposedAt, complaint.proposedBy) = (tx.now, Ref(tx.actor.userID))
                complaint.handler = complaint.handler ?? Ref(tx.actor.userID)
            }
            $0.step("approve", "批准方案", from: [.proposed], to: .approved, icon: "stamp", primary: true, effect: approve)
            $0.step(
                "communicate", "告知客户方案", from: [.approved], to: .communicated, parameters: [answered], icon: "phone-call",
                english: "Tell the customer", primary: true, guard: byOwner
            ) { complaint, arguments, tx in
                complaint.answer = arguments[answered]
                keep("客户答复：\(arguments[answered])", in: &complaint, tx)
            }
            $0.step(
                "execute", "执行方案", from: [.communicated], to: .executing, icon: "wrench", primary: true, guard: byOwner
            ) { complaint, _, tx in
                complaint.opinion = complaint.opinion ?? complaint.proposal
                complaint.handledOn = complaint.handledOn ?? tx.today
            }
            $0.step(
                "verify", "回访确认", from: [.executing], to: .verified, parameters: [verdict, calledBack], permission: "care",
                icon: "badge-check", primary: true, guard: notAccused, effect: verify)
            $0.step(
                "close", "结案", from: [.verified], to: .closed,
                requires: [\.opinion, \.handler, \.handledOn, \.liability, \.rootCause, \.result], permission: "assess",
                icon: "circle-check",
                primary: true, guard: notAccused
            ) { complaint, _, tx in
                complaint.closedAt = tx.now
                complaint.recurrenceCheckOn = tx.today + (try tx.int(ComplaintParameters.recurrenceDays))
            }
            $0.step(
                "ask_info", "等客户补充", from: Status.course, to: .pendingInfo, parameters: [lacking], permission: "care", icon: "clock",
                english: "Wait for information"
            ) { complaint, arguments, tx in
                complaint.waitingSince = tx.now
                keep("待补充：\(arguments[lacking])", in: &complaint, tx)
            }
            $0.step(
                "escalate", "升级", from: Status.course + [.pendingInfo], to: .escalated, parameters: [why], permission: "read",
                icon: "trending-up"
            ) { complaint, arguments, tx in
                try startClock(&complaint, tx)
                keep("升级：\(arguments[why])", in: &complaint, tx)
                try tx.notify(
                    ServiceJobs.superiors(of: complaint.row, tx) + ComplaintPeople.withRole("cs_mgr", tx), of: .due,
                    "投诉升级：\(complaint.row.title)", about: complaint.row)
            }
            $0.step(
                "reopen", "重开", from: [.verified, .closed], to: .reopened, parameters: [why], permission: "care", icon: "rotate-ccw"
            ) { complaint, arguments, tx in
                keep("重开：\(arguments[why])", in: &complaint, tx)
                try reopen(&complaint, tx)
            }
            $0.step(
                "refuse", "不予受理", from: [.received, .registered, .acknowledged], to: .rejected, parameters: [because], permission: "assess",
                icon: "ban", english: "Refuse"
            ) { complaint, arguments, tx in
                complaint.closedAt = tx.now
                keep("不予受理：\(arguments[because])", in: &complaint, tx)
            }
            $0.step(
                "transfer", "转外部争议", from: Status.course.filter { $0 != .received } + [.pendingInfo, .escalated],
                to: .transferredExternal, parameters: [body, sentOn], permission: "assess", icon: "landmark", english: "Goes outside",
                effect: transfer)
            $0.step(
                "settle_outside", "外部处理完毕", from: [.transferredExternal], to: .verified,
                requires: [\.opinion, \.handler, \.handledOn, \.liability, \.rootCause], parameters: [verdict, outcome],
                permission: "assess", icon: "landmark", english: "Settled outside", primary: true
            ) { complaint, arguments, tx in
                complaint.result = arguments[verdict]
                keep("外部处理结果：\(arguments[outcome])", in: &complaint, tx)
            }
            $0.move(from: [.received], to: [.escalated], "登记：渠道为媒体、主管部门或 12315 的直接升级")
            $0.move(from: Status.course, to: [.escalated], "任务「投诉超时升级」：过了告知、方案或结案期限")
            $0.move(from: [.executing], to: [.reopened], "回访确认：客户不满意的重开")
            $0.move(from: [.pendingInfo, .escalated], to: Status.course, "操作「恢复处理」：回到之前的状态")
            lock(&$0)
        }
    }

    /// What the customer said is not the department's to rewrite, nor its grade; what was approved is done as it was approved.
    private static func lock(_ flow: inout FlowBuilder<Complaint, Status>) {
        let told = Status.open.filter { ![.received, .registered].contains($0) }
        flow.lock(
            told, only: [\.customer, \.channel, \.type, \.content, \.demand, \.receivedAt, \.occurredOn], unless: "care",
            instead: "请联系客服更正")
        flow.lock(told.filter { $0 != .acknowledged }, only: [\.level, \.handlerDepartment], unless: "assess", instead: "请联系客服经理更正")
        flow.lock(
            [.proposed, .approved, .communicated, .executing, .verified],
            only: [\.proposal, \.compensationType, \.compensation, \.liability, \.cause, \.rootCause, \.evidence])
        flow.lock([.closed, .rejected])
        // What the outside decides is written down here.
        flow.lock(
            [.transferredExternal], but: [\.opinion, \.handler, \.handledOn, \.liability, \.cause, \.rootCause, \.compensation])
    }

    public static var actions: [Action] {
        [
            Action.on(
                Complaint.self, "resume", "恢复处理", icon: "play", english: "Resume", parameters: [remarked],
                unavailable: { complaint, _ in
                    complaint.status == .pendingInfo || complaint.status == .escalated ? nil : "只有待补充或升级的投诉可以恢复处理"
                }
            ) { complaint, arguments, tx in
                try startClock(&complaint, tx)
                complaint.status = complaint.resumeTo.flatMap(Status.init(rawValue:)) ?? .registered
                complaint.resumeTo = nil
                if let text = arguments[remarked] { keep("恢复处理：\(text)", in: &complaint, tx) }
            }.with { $0.isPrimary = true }
        ]
    }

    // MARK: Who

    /// §2.11: the responsible department finds out and proposes.
    @Sendable private static func byResponsible(_ complaint: Record<Complaint>, _ actor: Actor) -> String? {
        guard let department = complaint.handlerDepartment?.id else { return "请先定级并指定责任部门" }
        let isTheirs = complaint.ownerID == actor.userID || actor.belongs(to: department) || actor.departmentTree.contains(department)
        return isTheirs || actor.rights.isAdmin ? nil : "由责任部门处理"
    }

    @Sendable private static func byOwner(_ complaint: Record<Complaint>, _ actor: Actor) -> String? {
        complaint.ownerID == actor.userID || actor.rights.isAdmin ? nil : "由承办人处理"
    }

    /// Separation: neither the owner nor anybody of the accused department, its parts included, verifies and closes.
    @Sendable private static func notAccused(_ complaint: Record<Complaint>, _ actor: Actor) -> String? {
        if complaint.ownerID == actor.userID { return "承办人不能确认或结案自己处理的投诉" }
        guard let department = complaint.handlerDepartment?.id, actor.belongs(to: department) else { return nil }
        return "责任部门不能确认或结案对自己的投诉，请由客服处理"
    }

    // MARK: What follows

    @Sendable private static func register(_ complaint: inout Record<Complaint>, _ arguments: Arguments, _ tx: any Transaction) throws {
        let channel = complaint.channel
        guard [.media, .regulator, .hotline12315].contains(channel) else { return }
        // Public attention: the managers decide before the ordinary course.
        (complaint.resumeTo, complaint.status) = (Status.registered.rawValue, .escalated)
        if complaint.level == .general { complaint.level = .serious }
        try tx.notify(
            ComplaintPeople.withRole("cs_mgr", tx), of: .due, "\(channel.label)投诉已升级：\(complaint.row.title)", about: complaint.row)
    }

    @Sendable private static func acknowledge(_ complaint: inout Record<Complaint>, _ arguments: Arguments, _ tx: any Transaction) throws {
        complaint.acknowledgedAt = tx.now
        var call = Record<Interaction>()
        (call.customer, call.channel, call.content, call.outcome) = (complaint.customer, arguments[way], arguments[told], "已告知受理")
        try tx.insert(call)
        keep("告知受理：\(arguments[told])", in: &complaint, tx)
    }

    @Sendable private static func assess(_ complaint: inout Record<Complaint>, _ arguments: Arguments, _ tx: any Transaction) throws {
        let owner = arguments[undertaker], department = arguments[responsible]
        guard let user = try tx.get(User.self, owner), user.status == .active else {
            throw Problem("owner_id", "这位用户已停用，请另选一位")
        }
        (complaint.level, complaint.handlerDepartment) = (arguments[grade], department)
        (complaint.ownerID, complaint.departmentID) = (owner.id, department.id)
    }

    /// By whoever has the word: the approval flow's steps grade by the compensation. Without a flow a manager's own right, never the
    /// proposer's.
    @Sendable private static func approve(_ complaint: inout Record<Complaint>, _ arguments: Arguments, _ tx: any Transaction) throws {
        if let approver = tx.actor.approvedBy {
            complaint.decidedBy = Ref(approver)
            return
        }
        guard tx.actor.userID != complaint.proposedBy?.id else { throw Refusal.conflict("提出方案的人不能批准自己的方案") }
        guard tx.actor.rights.scope(Complaint.name, "approve") != .none else { throw Refusal.forbidden("您没有批准投诉方案的权限，请联系经理。") }
        complaint.decidedBy = Ref(tx.actor.userID)
    }

    /// Not satisfied: it begins again.
    @Sendable private static func verify(_ complaint: inout Record<Complaint>, _ arguments: Arguments, _ tx: any Transaction) throws {
        complaint.result = arguments[verdict]
        keep("回访确认：\(arguments[calledBack])", in: &complaint, tx)
        guard complaint.result == .dissatisfied else { return }
        complaint.status = .reopened
        try reopen(&complaint, tx)
    }

    private static func reopen(_ complaint: inout Record<Complaint>, _ tx: any Transaction) throws {
        (complaint.closedAt, complaint.proposedAt, complaint.proposedBy, complaint.decidedBy, complaint.answer) = (nil, nil, nil, nil, nil)
        (complaint.missed, complaint.recurrenceCheckOn, complaint.recurred) = (nil, nil, nil)
        try promise(&complaint, from: tx.now, tx)
        if let owner = complaint.ownerID { try tx.notify([owner], of: .assigned, "投诉重开：\(complaint.row.title)", about: complaint.row) }
    }

    /// The legal clocks: the market regulator ends mediation within 45 working days, the tourism authority within 60 days.
    @Sendable private static func transfer(_ complaint: inout Record<Complaint>, _ arguments: Arguments, _ tx: any Transaction) throws {
        let outside = arguments[body]
        complaint.externalBody = outside
        complaint.externalDue =
            switch outside {
            case .market: try WorkCalendar.load(tx).adding(workingDays: 45, to: tx.now).day
            case .tourism: tx.today + 60
            case .court, .other: nil
            }
        keep("转\(outside.label)：\(arguments[sentOn])", in: &complaint, tx)
    }

    /// One more line of what was said and done.
    static func keep(_ text: String, in complaint: inout Record<Complaint>, _ tx: any Transaction) {
        let line = "\(tx.now.shown) \(tx.actor.name)：\(text)"
        complaint.remark = complaint.remark.map { "\($0)\n\(line)" } ?? line
    }
}
