import Records

/// A18–A20, C11: a way of selling with stages of its own. Administrators make them; the first one comes with the product (§2.7).
public struct Pipeline: Entity {
    public static let name = "pipelines", label = "销售流程"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "git-branch", english: "Pipelines").with {
            $0.sort = ["position", "id"]
            $0.related = ["pipeline_stages"]
        }
    }

    public let title = Field<String>("name", "流程名称", kind: TextKind(limit: 50), .title)
    public let position = Field<Int?>("position", "排序", .inList, .english("Order"), .help("数字最小的是默认流程", "The lowest is the default"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))
    public let stages = Field<Lines<PipelineStage>>("stages", "阶段")
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200), .inList)

    public init() {}

    static func seed(_ tx: any Transaction) throws {
        guard try tx.first(Pipeline.self, where: .everything) == nil else { return }
        try make(
            "通用销售流程", 10,
            [
                ("初步接触", 1000, .pipeline, []), ("需求确认", 2000, .pipeline, [.requirement, .buyWithin]),
                ("产品展示/试驾", 4000, .bestCase, [.contact]), ("报价/方案", 6000, .mostLikely, [.amount, .expectedClose]),
                ("谈判", 8000, .mostLikely, [.quote]), ("签约/下定", 9500, .commit, [.decision]),
            ], tx)
        try make(
            "经销开户", 20,
            [
                ("拜访", 1000, .pipeline, []), ("样品试销", 3000, .pipeline, [.requirement]),
                ("谈条件", 6000, .mostLikely, [.amount, .expectedClose]), ("首单", 9000, .commit, []),
            ], tx)
    }

    private static func make(
        _ name: String, _ position: Int, _ stages: [(String, Int64, Opportunity.Forecast, [PipelineStage.Need])], _ tx: any Transaction
    ) throws {
        var pipeline = Record<Pipeline>()
        (pipeline.title, pipeline.position) = (name, position)
        let saved = try tx.insert(pipeline).id
        for (place, stage) in stages.enumerated() {
            var record = Record<PipelineStage>()
            (record.pipeline, record.title, record.position) = (saved, stage.0, place)
            (record.probability, record.forecast, record.needs) = (Percent(basisPoints: stage.1), stage.2, stage.3)
            try tx.insert(record)
        }
    }
}

/// One step of a pipeline: how likely a deal is there, and what must be known before it is entered.
public struct PipelineStage: Entity {
    public static let name = "pipeline_stages", label = "销售阶段"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list-ordered", english: "Pipeline stages").with {
            $0.parent = "pipeline_id"
            $0.sort = ["pipeline_id", "position", "id"]
            $0.indexes = [["pipeline_id", "position"]]
        }
    }

    public let title = Field<String>("name", "阶段名称", kind: TextKind(limit: 50), .title)
    public let pipeline = Field<Ref<Pipeline>>("pipeline_id", "销售流程", .inList, .indexed)
    public let probability = Field<Percent>("probability_bp", "赢率", .inList, .quick, .english("Win probability"))
    public let forecast = Field<Opportunity.Forecast>("forecast_category", "预测类别", .inList, .quick, .initial("pipeline"))
    public let needs = Field<[Need]>("needs", "进入前必填", .inList, .english("Needed before"))
    public let alertDays = Field<Int?>(
        "alert_days", "停留几天提醒", kind: WholeNumberKind(range: 1...1000), .inList, .unit("天", "days"),
        .help("留空为平均停留的两倍", "Twice the average stay when empty"), .english("Alert after"))
    public let position = Field<Int?>("position", "排序", .inList, .english("Order"))

    public init() {}

    /// What may be asked for before a stage is entered.
    public enum Need: String, Choice {
        case amount = "amount_cents", expectedClose = "expected_close_on", contact = "contact_id", requirement, budget = "budget_cents",
            buyWithin = "buy_within", mustHaves = "must_haves", finance, tradeIn = "trade_in"
        case decision, quote
        public static let options: [Option<Need>] = [
            .init(.amount, "预计金额"), .init(.expectedClose, "预计成交日"), .init(.contact, "联系人"), .init(.requirement, "需求"), .init(.budget, "预算"),
            .init(.buyWithin, "购买时间"), .init(.mustHaves, "必备条件"),
            .init(.finance, "金融需求"), .init(.tradeIn, "置换需求"), .init(.decision, "决策链", english: "Decision chain"), .init(.quote, "报价单"),
        ]
    }

    public static var rules: Rules {
        .of(PipelineStage.self) {
            $0.beforeDelete { stage, _, tx in
                guard try tx.count(Query(tx.catalog.schema(Opportunity.self), where: \Opportunity.stage == stage.id), cap: 1) == 0 else {
                    throw Refusal.conflict("阶段「\(stage.title)」中还有商机，不能删除；请先把它们移到其他阶段")
                }
            }
        }
    }
}
