import Core
import Records

extension Opportunity {
    /// §2.27. There is no step to "won": a contract or an order takes it.
    public static var flow: Flow? {
        .of(Opportunity.self, \.status) {
            $0.step(
                "lose", "战败", from: [.open], to: .lost, parameters: Loss.parameters, keeper: true, icon: "circle-x", english: "Lose"
            ) { opportunity, arguments, tx in
                try Loss.write(arguments, into: &opportunity, tx)
                close(&opportunity, tx)
            }
            $0.step(
                "reopen", "重新打开", from: [.lost], to: .open, parameters: [Reason.demanded], permission: "assign", icon: "rotate-ccw"
            ) { opportunity, _, _ in
                Loss.clear(&opportunity)
                opportunity.closedOn = nil
            }
            $0.move(from: [.open], to: [.won], "合同生效或订单批准（不少于预计的一半），或上级用「确认赢单」")
            $0.move(from: [.won], to: [.open], "赢单的合同终止或作废、订单取消或退回，而没有别的成交")
            $0.lock([.won, .lost], but: [\.remark])
            ($0.removable, $0.undoable) = ([.lost], [.lost])
        }
    }

    public static var actions: [Action] { [advance, .sendMessage] }

    /// §2.27: what is hot or large is not given up alone.
    static let approval = ApprovalDefault(
        "opportunities.loss", "商机战败确认", on: Opportunity.name, .action("lose"),
        when: \Opportunity.level == .H || \Opportunity.amount > Money(cents: 10_000_000), steps: [.init("直属上级", .superior(1))],
        amount: "amount_cents")

    private static func close(_ opportunity: inout Record<Opportunity>, _ tx: any Transaction) {
        (opportunity.closedOn, opportunity.probability, opportunity.forecast) = (tx.today, Percent(basisPoints: 0), .omitted)
        opportunity.stalledAt = nil
    }

    /// One stage on.
    private static let advance = Action.on(
        Opportunity.self, "advance", "推进到下一阶段", icon: "chevrons-right", english: "Next stage",
        unavailable: { opportunity, _ in opportunity.status == .open ? nil : "商机已结束，不能推进" }
    ) { opportunity, _, tx in
        guard let pipeline = opportunity.pipeline, let stage = opportunity.stage else { return }
        let stages = try tx.all(
            PipelineStage.self, where: \PipelineStage.pipeline == pipeline, sort: [.init("position"), .init("id")], limit: 100
        ).map(\.id)
        guard let place = stages.firstIndex(of: stage), place + 1 < stages.count else { throw Refusal.conflict("已是最后阶段；合同生效或订单批准后自动赢单") }
        opportunity.stage = stages[place + 1]
    }.with { $0.isPrimary = true }
}

/// What a company may set about its opportunities.
public enum OpportunityParameters {
    static let section = Words("商机", "Opportunities")

    public static let stalledFactor = Parameter(
        "opportunities.stalled_factor", "停滞提醒：平均停留的几倍", 2, range: 1...10, unit: Words("倍", "times"), section: section,
        english: "Stalled after times the average")
    public static let stalledDays = Parameter(
        "opportunities.stalled_days", "停滞提醒：没有平均值时几天", 30, range: 1...365, unit: Words("天", "days"), section: section,
        english: "Stalled after without an average")

    static let all = [stalledFactor, stalledDays]
}

/// Nightly: whatever has stayed in a stage for twice as long as usual turns red (§2.7).
enum StalledJob {
    private static let fewest = 5

    static let job = Job("opportunities.stalled", "商机停滞提醒", english: "Stalled opportunities", schedule: .daily(hour: 7, minute: 20)) {
        _, tx in
        for stage in try tx.all(PipelineStage.self, sort: [.init("id")], limit: 500) {
            let cutoff = Instant(tx.today - (try limit(of: stage, tx)))
            let stuck =
                \Opportunity.stage == stage.id && \Opportunity.status == .open && \Opportunity.stageSince < cutoff
                && \Opportunity.stalledAt == nil
            try tx.each(Opportunity.self, where: stuck, sort: "stage_since", part: "\(stage.row.id)") { opportunity in
                var opportunity = opportunity
                opportunity.stalledAt = tx.now
                try tx.save(opportunity)
                if let owner = opportunity.ownerID, opportunity.isDemo != true {
                    try tx.notify([owner], of: .due, "商机停滞：\(opportunity.name) 在「\(stage.title)」已超过提醒天数", about: opportunity.row)
                }
            }
        }
    }

    /// The stage's own number of days, or a multiple of the average stay there once there is one worth the name.
    static func limit(of stage: Record<PipelineStage>, _ tx: any Transaction) throws -> Int {
        if let days = stage.alertDays { return days }
        let past = Query(tx.catalog.schema(StageMove.self), where: \StageMove.from == stage.id)
        let line = try tx.summarize(Summary(past, measures: [.count, .sum("days")])).first
        let count = line?.values[0].int ?? 0, sum = line?.values[1].int ?? 0
        guard count >= fewest else { return try tx.int(OpportunityParameters.stalledDays) }
        let long = sum.multiplied(clampingBy: Int64(try tx.int(OpportunityParameters.stalledFactor))).adding(clamping: count - 1)
        return max(1, Int(long / count))
    }
}
