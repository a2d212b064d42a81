import Records

extension Lead {
    /// §2.27. That a call makes a lead contacted, and that it comes to its owner or back to the pool, is the rules' doing.
    public static var flow: Flow? {
        Flow(
            "status",
            [
                .init(
                    "claim", "领取", from: [Status.new], to: .assigned, permission: "claim", icon: "hand", primary: true,
                    guard: { row, _ in row.ownerID == nil ? nil : "线索已有负责人" }, effect: claim),
                .init(
                    "contact", "标记已联系", from: [Status.assigned], to: .contacted, requires: ["last_contact_at"], icon: "phone",
                    english: "Mark contacted"),
                .init(
                    "qualify", "确认有效", from: [Status.contacted], to: .qualified, requires: ["level", "budget_cents", "buy_within"],
                    icon: "badge-check", english: "Qualify", primary: true),
                .init(
                    "convert", "转为客户", from: [Status.qualified], to: .converted, parameters: conversion, icon: "user-round-check",
                    english: "Convert", primary: true, effect: convert),
                .init(
                    "invalidate", "判为无效", from: [Status.new, .assigned, .contacted, .qualified], to: .invalid,
                    parameters: [FieldSpec("invalid_reason", "无效原因", ChoiceKind(InvalidReason.self), isRequired: true)], icon: "ban",
                    english: "Mark invalid", effect: { row, arguments, _ in row["invalid_reason"] = arguments["invalid_reason"] }),
                .init("lose", "战败", from: Status.open, to: .lost, parameters: Loss.parameters, icon: "flag", english: "Lose", effect: lose),
                .init(
                    "release", "放入公海", from: Status.open, to: .new,
                    parameters: [FieldSpec("reason", "原因", TextKind(limit: 200), isRequired: true)], icon: "waves",
                    english: "Release to the pool", effect: release),
                .init(
                    "reopen", "重新激活", from: [Status.lost, .invalid], to: .new, permission: "assign", icon: "rotate-ccw",
                    english: "Reactivate",
                    effect: { row, _, tx in
                        var lead = Record<Lead>(row)
                        (lead.lossReason, lead.lossNote, lead.lossCompetitor, lead.lossAskedAt, lead.lossAskedBy, lead.invalidReason) = (
                            nil, nil, nil, nil, nil, nil
                        )
                        if lead.ownerID != nil { lead.status = .assigned }
                        row = lead.row
                    }),
            ])
    }

    public static var actions: [Action] { [assign, .sendMessage] }

    /// Most of the lost were given up by the salesperson (S8): somebody else looks at it.
    static let approval = ApprovalDefault("leads.loss", "线索战败确认", on: Lead.name, .action("lose"), steps: [.init("直属上级", .superior(1))])

    private static let assign = Action.on(
        Lead.self, "assign", "分配", icon: "user-round-pen", english: "Assign",
        parameters: [FieldSpec("owner_id", "负责人", LinkKind("users"), isRequired: true)], permission: "assign",
        unavailable: { lead, _ in [.converted, .invalid, .lost].contains(lead.status) ? "线索已结束，不能分配" : nil }
    ) { lead, arguments, tx in
        guard let owner = arguments["owner_id"].int, let user = try tx.get(User.self, Ref(owner)), user.status == .active else {
            throw Problem("owner_id", "这位用户已停用，请另选一位")
        }
        lead.ownerID = owner
        lead.departmentID = user.department?.id ?? lead.departmentID
    }

    @Sendable private static func claim(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        try PoolRules.claim(&row, tx)
    }

    @Sendable private static func release(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        try PoolRules.release(&row, reason: arguments["reason"].text, .released, tx)
    }

    /// §2.27: an H lead is called by whoever confirms before it is let go.
    @Sendable private static func lose(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        try Loss.write(arguments, into: &row, tx)
        var lead = Record<Lead>(row)
        if lead.level == .H, let approver = tx.actor.approvedBy, !tx.actor.isTrial {
            let call =
                \Interaction.lead == lead.id && \Interaction.channel == .phone && .field("owner_id", .eq, .int(approver))
                && \Interaction.happenedAt >= tx.now.adding(seconds: -7 * 86_400)
            guard try tx.first(Interaction.self, where: call) != nil else { throw Refusal.conflict("H 级线索须先电话核实：请先致电客户并在线索上记录，再批准战败") }
        }
        lead.level = .F
        (lead.nextFollow, lead.recallOn) = (nil, nil)
        row = lead.row
    }
}
