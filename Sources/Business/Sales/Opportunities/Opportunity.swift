import Core
import Records

/// C11, §2.7: a deal that may come about, from first talk to a contract or an order.
public struct Opportunity: Entity, Losable {
    public static let name = "opportunities", label = "商机"
    public static var traits: EntityTraits {
        EntityTraits(icon: "target", menu: .sales, english: "Opportunities").with {
            $0.board = "stage_id"
            $0.hasTags = true
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.highlights = ["customer_id", "stage_id", "amount_cents", "probability_bp", "expected_close_on", "level", "status"]
            $0.related = ["interactions", "tasks", "orders", "decision_roles", "stage_moves"]
            $0.presets = [Preset("停滞", "Stalled", ["filter[stalled_at][not_empty]": "1"])]
            $0.queues = [
                .init(
                    "逾期商机", "Overdue opportunities", icon: "target", urgent: true, [("expected_close_on[lt]", "today"), ("status", "open")])
            ]
            $0.indexes = [
                ["customer_id", "-created_at"], ["owner_id", "-created_at"], ["owner_id", "status", "expected_close_on"],
                ["owner_id", "status", "closed_on"], ["department_id", "-created_at"], ["stage_id", "status", "-created_at"],
                ["stage_id", "stage_since"],
                ["status", "-created_at"],
            ]
        }
    }

    public let name = Field<String>("name", "商机名称", kind: TextKind(limit: 100), .title, .aliases("名称", "项目名称"))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称"))
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人")
    public let amount = Field<Money?>("amount_cents", "预计金额", .inList, .quick, .indexed, .english("Expected amount"), .aliases("金额"))
    public let expectedClose = Field<Day?>(
        "expected_close_on", "预计成交日", .inList, .quick, .indexed, .onCalendar, .english("Expected close"), .aliases("预计成交日期"))
    public let pipeline = Field<Ref<Pipeline>?>("pipeline_id", "销售流程", .help("留空为默认流程", "The default when empty"))
    public let stage = Field<Ref<PipelineStage>?>("stage_id", "阶段", .inList, .indexed, .help("留空为第一阶段", "The first when empty"))
    public let stageReason = Field<String?>(
        "stage_reason", "退回原因", kind: TextKind(limit: 200), .help("退回到前面的阶段时填写", "When it goes back to an earlier stage"),
        .english("Reason for going back"))
    public let level = Field<IntentionLevel?>("level", "意向级别", .inList, .english("Intention level"))
    public let source = Field<Customer.Source?>("source", "来源")
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)

    public let requirement = Field<String?>("requirement", "需求", kind: TextKind(limit: 500), .searchable, .section(.needs))
    public let purpose = Field<String?>("purpose", "用途", kind: TextKind(limit: 200), .section(.needs))
    public let budget = Field<Money?>("budget_cents", "预算", .section(.needs), .english("Budget"))
    public let buyWithin = Field<BuyWithin?>("buy_within", "购买时间", .section(.needs), .english("Buys within"))
    public let mustHaves = Field<String?>("must_haves", "必备条件", kind: TextKind(limit: 500), .section(.needs))
    public let tradeIn = Field<String?>(
        "trade_in", "置换", kind: TextKind(limit: 200), .section(.needs), .help("旧车或旧设备的情况", "What is traded in"))
    public let finance = Field<Finance?>("finance", "金融需求", .section(.needs))
    public let competitors = Field<Refs<Competitor>>("competitor_ids", "竞争对手", .section(.needs), .english("Competitors"))
    public let chain = Field<Lines<DecisionRole>>("chain", "决策链", .section(.needs), .english("Decision chain"))

    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("open"), .section(.state))
    public let probability = Field<Percent?>("probability_bp", "赢率", .readOnly, .inList, .section(.state), .english("Win probability"))
    public let weighted = Field<Money?>("weighted_cents", "加权金额", .readOnly, .section(.state), .english("Weighted amount"))
    public let forecast = Field<Forecast?>(
        "forecast_category", "预测类别", .section(.state), .help("随阶段变化，可另行指定", "Follows the stage, may be set otherwise"))
    public let stageSince = Field<Instant?>("stage_since", "进入阶段时间", .readOnly, .section(.state))
    public let stalledAt = Field<Instant?>("stalled_at", "停滞提醒", .readOnly, .indexed, .section(.state), .english("Stalled since"))
    public let closedOn = Field<Day?>("closed_on", "结束日期", .readOnly, .indexed, .section(.state))
    public let wonAmount = Field<Money?>("won_amount_cents", "成交金额", .readOnly, .section(.state), .english("Won amount"))
    public let lossReason = Field<LossReason?>("loss_reason", "输单原因", .readOnly, .indexed, .section(.state))
    public let lossNote = Field<String?>("loss_note", "输单说明", kind: TextKind(limit: 500), .readOnly, .section(.state))
    public let lossCompetitor = Field<String?>(
        "loss_competitor", "输给", kind: TextKind(limit: 100), .readOnly, .section(.state), .english("Lost to"))
    public let lossAskedAt = Field<Instant?>("loss_asked_at", "战败申请时间", .readOnly, .section(.state), .english("Loss requested at"))
    public let lossAskedBy = Field<Ref<User>?>("loss_asked_by", "战败申请人", .readOnly, .section(.state), .english("Loss requested by"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}

    public enum Status: String, Choice {
        case open, won, lost
        public static let options: [Option<Status>] = [.init(.open, "进行中", .accent), .init(.won, "赢单", .ok), .init(.lost, "输单", .bad)]
    }

    /// S33: how far the company counts on it.
    public enum Forecast: String, Choice {
        case pipeline, bestCase = "best_case", mostLikely = "most_likely", commit, closed, omitted
        public static let options: [Option<Forecast>] = [
            .init(.pipeline, "预测中", .sky), .init(.bestCase, "乐观", .teal), .init(.mostLikely, "最可能", .accent), .init(.commit, "承诺", .violet),
            .init(.closed, "已成交", .ok), .init(.omitted, "不计入"),
        ]
    }

    public enum Finance: String, Choice {
        case cash, loan, lease, undecided
        public static let options: [Option<Finance>] = [
            .init(.cash, "全款"), .init(.loan, "贷款"), .init(.lease, "租赁"), .init(.undecided, "未定"),
        ]
    }
}
