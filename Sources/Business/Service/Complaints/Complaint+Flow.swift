import Records

/// §2.27. The care desk (right `care`) meets the customer, its manager (right `assess`) grades and closes, the responsible department finds
/// out and mends. Whoever is complained of does not close.
extension Complaint {
    public static var flow: Flow? {
        Flow(
            "status",
            [
                .init(
                    "register", "登记", from: [Status.received], to: .registered, requires: ["customer_id", "content"], permission: "read",
                    icon: "clipboard-list", primary: true, effect: register),
                .init(
                    "acknowledge", "告知受理", from: [Status.registered], to: .acknowledged,
                    parameters: [
                        FieldSpec("channel", "告知方式", ChoiceKind(Channel.self), isRequired: true, .english("By")),
                        note("告知内容", required: true),
                    ],
                    permission: "care", icon: "phone-call", primary: true, effect: acknowledge
                ),
                .init(
                    "assess", "定级分派", from: [Status.acknowledged], to: .assessed,
                    parameters: [
                        FieldSpec("level", "级别", ChoiceKind(Level.self), isRequired: true),
                        FieldSpec(
                            "handler_department_id", "责任部门", LinkKind(Department.name), isRequired: true, .english("Responsible department")
                        ),
                        FieldSpec("owner_id", "承办人", LinkKind(User.name), isRequired: true, .english("Owner")),
                    ], permission: "assess", icon: "gauge", english: "Assess and assign", primary: true, effect: assess
                ),
                .init(
                    "investigate", "开始调查", from: [Status.assessed, .reopened], to: .investigating, icon: "search", primary: true,
                    guard: byResponsible),
                .init(
                    "propose", "提出方案", from: [Status.investigating], to: .proposed,
                    requires: ["evidence", "liability", "cause_id", "root_cause", "proposal"], icon: "file-text", primary: true,
                    guard: byResponsible,
                    effect: { row, _, tx in
                        row["proposed_at"] = tx.now.stored
                        row["proposed_by"] = .int(tx.actor.userID)
                        if row["handler_id"].isNull { row["handler_id"] = .int(tx.actor.userID) }
                    }
                ),
                .init("approve", "批准方案", from: [Status.proposed], to: .approved, icon: "stamp", primary: true, effect: approve),
                .init(
                    "communicate", "告知客户方案", from: [Status.approved], to: .communicated, parameters: [note("客户答复", required: true)],
                    icon: "phone-call", english: "Tell the customer", primary: true, guard: byOwner,
                    effect: { row, arguments, tx in
                        row["customer_answer"] = arguments["note"]
                        keep("客户答复：\(arguments["note"].text ?? "")", in: &row, tx)
                    }),
                .init(
                    "execute", "执行方案", from: [Status.communicated], to: .executing, icon: "wrench", primary: true, guard: byOwner,
                    effect: { row, _, tx in
                        if row["opinion"].isNull { row["opinion"] = row["proposal"] }
                        if row["handled_on"].isNull { row["handled_on"] = tx.today.stored }
                    }),
                .init(
                    "verify", "回访确认", from: [Status.executing], to: .verified,
                    parameters: [
                        FieldSpec(
                            "customer_result", "客户确认结果", ChoiceKind(CustomerResult.self), isRequired: true, .english("Customer's verdict")),
                        note("回访内容", required: true),
                    ],
                    permission: "care", icon: "badge-check", primary: true, guard: notAccused, effect: verify
                ),
                .init(
                    "close", "结案", from: [Status.verified], to: .closed,
                    requires: ["opinion", "handler_id", "handled_on", "liability", "root_cause", "customer_result"], permission: "assess",
                    icon: "circle-check", primary: true,
                    guard: notAccused,
                    effect: { row, _, tx in
                        row["closed_at"] = tx.now.stored
                        row["recurrence_check_on"] = (tx.today + (try tx.int(ComplaintParameters.recurrenceDays))).stored
                    }
                ),
                .init(
                    "ask_info", "等客户补充", from: Status.course, to: .pendingInfo, parameters: [note("需要补充什么", required: true)],
                    permission: "care", icon: "clock", english: "Wait for information",
                    effect: { row, arguments, tx in
                        stopClock(&row, tx)
                        keep("待补充：\(arguments["note"].text ?? "")", in: &row, tx)
                    }),
                .init(
                    "escalate", "升级", from: Status.course + [.pendingInfo], to: .escalated, parameters: [note("原因", required: true)],
                    permission: "read", icon: "trending-up",
                    effect: { row, arguments, tx in
                        try startClock(&row, tx)
                        keep("升级：\(arguments["note"].text ?? "")", in: &row, tx)
                        try tx.notify(
                            ServiceJobs.superiors(of: row, tx) + ComplaintPeople.withRole("cs_mgr", tx), of: .due, "投诉升级：\(row.title)",
                            about: row)
                    }),
                .init(
                    "reopen", "重开", from: [Status.verified, .closed], to: .reopened, parameters: [note("原因", required: true)],
                    permission: "care", icon: "rotate-ccw",
                    effect: { row, arguments, tx in
                        keep("重开：\(arguments["note"].text ?? "")", in: &row, tx)
                        try reopen(&row, tx)
                    }),
                .init(
                    "refuse", "不予受理", from: [Status.received, .registered, .acknowledged], to: .rejected,
                    parameters: [note("理由", required: true)], permission: "assess", icon: "ban", english: "Refuse",
                    effect: { row, arguments, tx in
                        row["closed_at"] = tx.now.stored
                        keep("不予受理：\(arguments["note"].text ?? "")", in: &row, tx)
                    }),
                .init(
                    "transfer", "转外部争议", from: Status.course.filter { $0 != .received } + [.pendingInfo, .escalated],
                    to: .transferredExternal,
                    parameters: [
                        FieldSpec("external_body", "受理机构", ChoiceKind(ExternalBody.self), isRequired: true, .english("To")),
                        note("说明", required: true),
                    ], permission: "assess", icon: "landmark", english: "Goes outside",
                    effect: transfer
                ),
            ])
    }

    public static var actions: [Action] {
        [
            Action.on(
                Complaint.self, "resume", "恢复处理", icon: "play", english: "Resume", parameters: [note("说明")],
                unavailable: { complaint, _ in
                    complaint.status == .pendingInfo || complaint.status == .escalated ? nil : "只有待补充或升级的投诉可以恢复处理"
                }
            ) { complaint, arguments, tx in
                try startClock(&complaint.row, tx)
                complaint.status = complaint.resumeTo.flatMap(Status.init(rawValue:)) ?? .registered
                complaint.resumeTo = nil
                if let text = arguments["note"].text { keep("恢复处理：\(text)", in: &complaint.row, tx) }
            }.with { $0.isPrimary = true }
        ]
    }

    private static func note(_ label: String, required: Bool = false) -> FieldSpec {
        FieldSpec("note", label, LongTextKind(limit: 2000), isRequired: required, .english("Note"))
    }

    // MARK: Who

    /// §2.11: the responsible department finds out and proposes.
    @Sendable private static func byResponsible(_ row: Row, _ actor: Actor) -> String? {
        guard let department = row["handler_department_id"].int else { return "请先定级并指定责任部门" }
        let isTheirs = row.ownerID == actor.userID || actor.departmentID == department || actor.departmentTree.contains(department)
        return isTheirs || actor.rights.isAdmin ? nil : "由责任部门处理"
    }

    @Sendable private static func byOwner(_ row: Row, _ actor: Actor) -> String? {
        row.ownerID == actor.userID || actor.rights.isAdmin ? nil : "由承办人处理"
    }

    /// Separation: neither the owner nor the accused department verifies and closes.
    @Sendable private static func notAccused(_ row: Row, _ actor: Actor) -> String? {
        if row.ownerID == actor.userID { return "承办人不能确认或结案自己处理的投诉" }
        guard let department = row["handler_department_id"].int, department == actor.departmentID else { return nil }
        return "责任部门不能确认或结案对自己的投诉，请由客服处理"
    }

    // MARK: What follows

    @Sendable private static func register(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        guard let channel = row["channel"].text.flatMap(Channel.init(rawValue:)), [.media, .regulator, .hotline12315].contains(channel)
        else { return }
        // Public attention: the managers decide before the ordinary course.
        row["resume_to"] = .text(Status.registered.rawValue)
        row["status"] = .text(Status.escalated.rawValue)
        if row["level"] == .text(Level.general.rawValue) { row["level"] = .text(Level.serious.rawValue) }
        try tx.notify(ComplaintPeople.withRole("cs_mgr", tx), of: .due, "\(channel.label)投诉已升级：\(row.title)", about: row)
    }

    @Sendable private static func acknowledge(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        row["acknowledged_at"] = tx.now.stored
        var call = Record<Interaction>()
        call.customer = Record<Complaint>(row).customer
        call.channel = Channel(stored: arguments["channel"])
        call.content = arguments["note"].text
        call.outcome = "已告知受理"
        try tx.insert(call)
        keep("告知受理：\(arguments["note"].text ?? "")", in: &row, tx)
    }

    @Sendable private static func assess(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        guard let owner = arguments["owner_id"].int, let user = try tx.get(User.self, Ref(owner)), user.status == .active else {
            throw Problem("owner_id", "这位用户已停用，请另选一位")
        }
        row["level"] = arguments["level"]
        row["handler_department_id"] = arguments["handler_department_id"]
        row["owner_id"] = .int(owner)
        row["department_id"] = arguments["handler_department_id"]
    }

    /// By whoever has the word: the approval flow's steps grade by the compensation. Without a flow a manager's own right, never the
    /// proposer's.
    @Sendable private static func approve(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        if let approver = tx.actor.approvedBy {
            row["decided_by"] = .int(approver)
            return
        }
        guard tx.actor.userID != row["proposed_by"].int else { throw Refusal.conflict("提出方案的人不能批准自己的方案") }
        guard tx.actor.rights.scope(Complaint.name, "approve") != .none else { throw Refusal.forbidden("您没有批准投诉方案的权限，请联系经理。") }
        row["decided_by"] = .int(tx.actor.userID)
    }

    /// Not satisfied: it begins again.
    @Sendable private static func verify(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        row["customer_result"] = arguments["customer_result"]
        keep("回访确认：\(arguments["note"].text ?? "")", in: &row, tx)
        guard arguments["customer_result"] == .text(CustomerResult.dissatisfied.rawValue) else { return }
        row["status"] = .text(Status.reopened.rawValue)
        try reopen(&row, tx)
    }

    private static func reopen(_ row: inout Row, _ tx: any Transaction) throws {
        for name in [
            "closed_at", "proposed_at", "proposed_by", "decided_by", "customer_answer", "missed", "recurrence_check_on", "recurred",
        ] { row[name] = .null }
        var complaint = Record<Complaint>(row)
        try promise(&complaint, from: tx.now, tx)
        row = complaint.row
        if let owner = row.ownerID { try tx.notify([owner], of: .assigned, "投诉重开：\(row.title)", about: row) }
    }

    /// The legal clocks: the market regulator ends mediation within 45 working days, the tourism authority within 60 days.
    @Sendable private static func transfer(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        row["external_body"] = arguments["external_body"]
        let body = ExternalBody(stored: arguments["external_body"])
        row["external_due_on"] =
            switch body {
            case .market: try WorkCalendar.load(tx).adding(workingDays: 45, to: tx.now).day.stored
            case .tourism: (tx.today + 60).stored
            case .court, .other: .null
            }
        keep("转\(body.label)：\(arguments["note"].text ?? "")", in: &row, tx)
    }

    /// One more line of what was said and done.
    static func keep(_ text: String, in row: inout Row, _ tx: any Transaction) {
        let line = "\(tx.now.shown) \(tx.actor.name)：\(text)"
        row["remark"] = .text(row["remark"].text.map { "\($0)\n\(line)" } ?? line)
    }
}
