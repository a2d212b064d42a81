import Core
import Records

extension Lead {
    /// §2.27. That a call makes a lead contacted, and that it comes to its owner or back to the pool, is the rules' doing.
    public static var flow: Flow? {
        .of(Lead.self, \.status) {
            $0.step(
                "claim", "领取", from: [.new], to: .assigned, permission: "claim", icon: "hand", primary: true,
                guard: { lead, _ in lead.ownerID == nil ? nil : "线索已有负责人" }
            ) { lead, _, tx in
                try PoolRules.claim(
                    &lead.row, capacity: LeadParameters.leadCapacity, held: .field("status", .in, "assigned", "contacted", "qualified"), tx)
            }
            $0.step(
                "contact", "标记已联系", from: [.assigned], to: .contacted, icon: "phone", english: "Mark contacted", primary: true,
                guard: { lead, _ in lead.firstContact == nil ? "请先联系客户并写一条跟进；客户来信和分配前的联系不算" : nil })
            $0.step(
                "qualify", "确认有效", from: [.contacted], to: .qualified, requires: [\.level, \.budget, \.buyWithin], icon: "badge-check",
                english: "Qualify", primary: true)
            $0.step(
                "convert", "转为客户", from: [.qualified], to: .converted, parameters: Conversion.parameters, keeper: true,
                icon: "user-round-check",
                english: "Convert", primary: true, effect: convert)
            $0.step(
                "invalidate", "判为无效", from: [.new, .assigned, .contacted, .qualified], to: .invalid, parameters: [whyInvalid], keeper: true,
                icon: "ban",
                english: "Mark invalid"
            ) { lead, arguments, _ in lead.invalidReason = arguments[whyInvalid] }
            $0.step(
                "lose", "战败", from: Status.open, to: .lost, parameters: Loss.parameters, keeper: true, icon: "flag", english: "Lose",
                effect: lose)
            $0.step(
                "release", "放入公海", from: Status.open, to: .new, parameters: [Reason.demanded], keeper: true, icon: "waves",
                english: "Release to the pool"
            ) { lead, arguments, tx in try PoolRules.release(&lead.row, reason: arguments[Reason.demanded], .released, tx) }
            $0.step(
                "reopen", "重新激活", from: [.lost, .invalid], to: .new, permission: "assign", icon: "rotate-ccw", english: "Reactivate"
            ) { lead, _, _ in
                Loss.clear(&lead)
                lead.invalidReason = nil
                if lead.ownerID != nil { lead.status = .assigned }
            }
            $0.move(from: [.new], to: [.assigned], "有了负责人：分配规则、操作「分配」或改负责人；通知负责人并起算首次联系时限")
            $0.move(from: [.assigned], to: [.contacted], "负责人写下第一次联系，或发出的消息已送出")
            $0.move(from: Status.open, to: [.new], "任务「回收到公海」：首次联系或跟进超时，提醒之后；或改为没有负责人")
            $0.move(from: [.lost, .invalid], to: [.assigned], "重新激活：仍有负责人")
        }
    }

    private static let whyInvalid = Field<InvalidReason>("invalid_reason", "无效原因")
    private static let newOwner = Field<Ref<User>>("owner_id", "负责人")

    public static var actions: [Action] { [assign, .sendMessage] }

    /// Most of the lost were given up by the salesperson (S8): somebody else looks at it.
    static let approval = ApprovalDefault("leads.loss", "线索战败确认", on: Lead.name, .action("lose"), steps: [.init("直属上级", .superior(1))])

    private static let assign = Action.on(
        Lead.self, "assign", "分配", icon: "user-round-pen", english: "Assign", parameters: [newOwner], permission: "assign",
        unavailable: { lead, _ in [.converted, .invalid, .lost].contains(lead.status) ? "线索已结束，不能分配" : nil }
    ) { lead, arguments, tx in
        guard let user = try tx.get(User.self, arguments[newOwner]), user.status == .active else {
            throw Problem("owner_id", "这位用户已停用，请另选一位")
        }
        (lead.ownerID, lead.departmentID) = (user.row.id, user.department?.id ?? lead.departmentID)
    }

    /// §2.27: an H lead is called by whoever confirms before it is let go.
    @Sendable private static func lose(_ lead: inout Record<Lead>, _ arguments: Arguments, _ tx: any Transaction) throws {
        try Loss.write(arguments, into: &lead, tx)
        if lead.level == .H, let approver = tx.actor.approvedBy, !tx.actor.isTrial {
            let call =
                \LeadTalk.lead == lead.id && \Interaction.channel == .phone && .field("owner_id", .eq, .int(approver))
                && \Interaction.happenedAt >= tx.now.adding(days: -7)
            guard try tx.first(Interaction.self, where: call) != nil else { throw Refusal.conflict("H 级线索须先电话核实：请先致电客户并在线索上记录，再批准战败") }
        }
        lead.level = .F
        (lead.nextFollow, lead.recallOn) = (nil, nil)
    }
}
