import Core
import Records

extension Opportunity {
    public static var rules: Rules {
        .of(Opportunity.self) {
            $0.beforeSave { opportunity, change, tx in
                try Ownership.follow(&opportunity.row, change, tx)
                if opportunity.status == .open { try settleStage(&opportunity, change, tx) }
                opportunity.weighted = opportunity.amount.map { $0.share(opportunity.probability ?? Percent(basisPoints: 0)) }
            }
            $0.afterSave(keepMove)
            $0.notice { opportunity, look in
                guard let since = opportunity.stalledAt, opportunity.status == .open else { return nil }
                let days = look.today - (opportunity.stageSince ?? since).day
                return Notice(.warn, "在当前阶段已停留 \(days) 天，超过提醒天数", "In this stage for \(days) days")
            }
        }
    }

    /// Forward with what the stages on the way ask for, back only with a reason; probability and forecast follow.
    static func settleStage(_ opportunity: inout Record<Opportunity>, _ change: Change, _ tx: any Transaction) throws {
        if opportunity.pipeline == nil {
            opportunity.pipeline = try tx.all(
                Pipeline.self, where: \Pipeline.isEnabled == true, sort: [.init("position"), .init("id")], limit: 1
            ).first?.id
        }
        guard let pipeline = opportunity.pipeline else { return }
        let isNew =
            change.isNew || change.changed(\Opportunity.stage, in: opportunity) || change.changed(\Opportunity.pipeline, in: opportunity)
        guard isNew || opportunity.stage == nil else { return }
        let stages = try stages(of: pipeline, tx)
        let wanted = opportunity.stage
        let place = wanted.map { stage in stages.firstIndex { $0.id == stage } } ?? stages.indices.first
        guard let place else {
            guard wanted != nil else { throw Problem("pipeline_id", "该销售流程还没有阶段，请先在“销售流程”中添加") }
            throw Problem("stage_id", "该阶段不属于所选的销售流程，请重新选择")
        }
        if let before = former(stages, change) {
            if place < before {
                guard opportunity.stageReason != nil, change.changed(\Opportunity.stageReason, in: opportunity) else {
                    throw Problem("stage_reason", code: "required", "退回到「\(stages[place].title)」须填写退回原因")
                }
            } else {
                for stage in stages[before...place].dropFirst() { try check(stage, opportunity, tx) }
            }
        }
        opportunity.stage = stages[place].id
        (opportunity.probability, opportunity.forecast) = (stages[place].probability, stages[place].forecast)
        if opportunity.stageSince == nil || !change.isNew { (opportunity.stageSince, opportunity.stalledAt) = (tx.now, nil) }
    }

    private static func stages(of pipeline: Ref<Pipeline>, _ tx: any Transaction) throws -> [Record<PipelineStage>] {
        try tx.all(PipelineStage.self, where: \PipelineStage.pipeline == pipeline, sort: [.init("position"), .init("id")], limit: 100)
    }

    /// Where it stood before: in the first stage when it is new. Nil where nothing is asked: of one from another pipeline, out of a
    /// spreadsheet, or made by the program.
    private static func former(_ stages: [Record<PipelineStage>], _ change: Change) -> Int? {
        guard change.source != "import" else { return nil }
        guard let old = change.old else { return ["web", "api"].contains(change.source) ? stages.indices.first : nil }
        return stages.firstIndex { $0.row.id == old["stage_id"].int }
    }

    /// The stages that it comes into by this change and whose needs are to be met. For rules that know of more than the deal itself.
    static func entered(_ opportunity: Record<Opportunity>, _ change: Change, _ tx: any Transaction) throws -> [Record<PipelineStage>] {
        guard opportunity.status == .open, change.changed(\Opportunity.stage, in: opportunity), let pipeline = opportunity.pipeline else {
            return []
        }
        let stages = try stages(of: pipeline, tx)
        guard let before = former(stages, change), let place = stages.firstIndex(where: { $0.id == opportunity.stage }), place > before
        else { return [] }
        return Array(stages[before...place].dropFirst())
    }

    private static func check(_ stage: Record<PipelineStage>, _ opportunity: Record<Opportunity>, _ tx: any Transaction) throws {
        var problems: [Problem] = []
        for need in stage.needs where try !has(need, opportunity, tx) {
            problems.append(missing(need, for: stage, at: need == .decision ? "chain" : need.rawValue))
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    static func missing(_ need: PipelineStage.Need, for stage: Record<PipelineStage>, at field: String) -> Problem {
        Problem(field, code: "required", "进入「\(stage.title)」前请先填写「\(need.label)」")
    }

    private static func has(_ need: PipelineStage.Need, _ opportunity: Record<Opportunity>, _ tx: any Transaction) throws -> Bool {
        switch need {
        case .decision: try tx.first(DecisionRole.self, where: \DecisionRole.opportunity == opportunity.id) != nil
        // What is offered asks for it.
        case .quote: true
        default: !opportunity.row[need.rawValue].isNull
        }
    }

    private static func keepMove(_ opportunity: Record<Opportunity>, _ change: Change, _ tx: any Transaction) throws {
        guard let old = change.old,
            change.changed(\Opportunity.stage, in: opportunity) || change.changed(\Opportunity.status, in: opportunity)
        else { return }
        var move = Record<StageMove>()
        let since = Record<Opportunity>(old).stageSince ?? old.createdAt
        (move.opportunity, move.from, move.to, move.at) = (opportunity.id, Record<Opportunity>(old).stage, opportunity.stage, tx.now)
        move.days = max(0, tx.today - since.day)
        move.reason =
            opportunity.status == .open
            ? (change.changed(\Opportunity.stageReason, in: opportunity) ? opportunity.stageReason : nil) : opportunity.status.label
        move.by = tx.actor.userID == 0 ? nil : Ref(tx.actor.userID)
        try tx.insert(move)
    }
}
