import Core
import Records
import Sales

/// A49–A55, C13, §2.23: something the company does to win customers — what for, for whom, with how much money — and what came of it.
public struct Campaign: Entity {
    public static let name = "campaigns", label = "市场活动"
    public static var traits: EntityTraits {
        EntityTraits(icon: "megaphone", menu: .marketing, english: "Campaigns").with {
            $0.sort = ["-start_on"]
            $0.hasTags = true
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.highlights = ["status", "type", "start_on", "end_on", "budget_cents", "actual_cents", "lead_count"]
            $0.related = ["campaign_people", "leads", "tasks"]
            $0.openStates = ["draft", "approved", "running", "paused"]
            $0.queues = [.init("待评估的活动", "Campaigns to evaluate", icon: "clipboard-check", [("status", "ended")])]
            $0.indexes = [
                ["owner_id", "-start_on"], ["owner_id", "status", "end_on"], ["department_id", "-start_on"], ["status", "-start_on"],
                ["status", "end_on"],
            ]
        }
    }

    public let title = Field<String>("name", "活动名称", kind: TextKind(limit: 100, searching: .prose), .title)
    public let code = Field<String?>(
        "code", "活动编号", kind: AutoNumberKind("MK-{yyyy}-{###}"), .unique, .searchable, .help("留空自动编号", "Numbered automatically when empty"),
        .english("Campaign no."))
    public let type = Field<Kind>("type", "活动类型", .inList, .quick, .initial("promotion"), .english("Kind"))
    public let status = Field<Status>("status", "状态", .inList, .initial("draft"))
    public let from = Field<Day>("start_on", "开始日期", .inList, .quick, .indexed, .onCalendar, .english("Start"))
    public let to = Field<Day>("end_on", "结束日期", .inList, .quick, .indexed, .english("End"))

    public let analysis = Field<String?>(
        "market_analysis", "市场环境", kind: LongTextKind(), .section(.brief), .help("市场、竞品、优势与不足", "Market, rivals, strengths and weaknesses"),
        .english("Market"))
    public let strategy = Field<String?>("strategy", "策略", kind: LongTextKind(), .section(.brief))
    public let offer = Field<String?>("offer", "优惠内容", kind: TextKind(limit: 500), .section(.brief))
    public let creative = Field<String?>(
        "creative", "创意与物料", kind: LongTextKind(), .section(.brief), .help("文件放在附件里", "Files go to the attachments"), .english("Creative"))
    public let group = Field<Ref<ContactGroup>?>(
        "group_id", "目标人群", .section(.brief), .help("联系人分组：手工挑选或按条件自动", "A contact group: picked by hand or by a condition"),
        .english("Audience"))
    public let goals = Field<Lines<CampaignGoal>>("goals", "目标", .section(.brief))

    public let budget = Field<Money?>("budget_cents", "批准预算", .readOnly, .inList, .section(.money), .english("Approved budget"))
    public let planned = Field<Money?>("planned_cents", "计划费用", .readOnly, .section(.money), .english("Planned"))
    public let committed = Field<Money?>("committed_cents", "已承诺", .readOnly, .section(.money), .english("Committed"))
    public let actual = Field<Money?>("actual_cents", "实际费用", .readOnly, .inList, .section(.money), .english("Actual"))
    public let costs = Field<Lines<CampaignCost>>("costs", "预算明细", .section(.money))
    public let channels = Field<Lines<CampaignChannel>>("channels", "推广渠道", .section(.promotion))
    public let team = Field<Lines<CampaignMember>>("team", "活动团队", .section(.promotion))

    public let summary = Field<String?>("summary", "总结", kind: LongTextKind(), .section(.evaluation))
    public let lessons = Field<String?>("lessons", "经验与改进", kind: LongTextKind(), .searchable, .section(.evaluation), .english("Lessons"))

    public let leadCount = Field<Int?>("lead_count", "线索数", .readOnly, .inList, .section(.state), .english("Leads"))
    public let invited = Field<Int?>("people_count", "名单人数", .readOnly, .section(.state), .english("On the list"))
    public let attended = Field<Int?>("attended_count", "到场人数", .readOnly, .section(.state), .english("Attended"))
    public let gatheredTo = Field<Int?>("gathered_to", "名单已取到", .internal, .readOnly)
    public let reason = Field<String?>(
        "status_reason", "暂停或取消原因", kind: TextKind(limit: 200), .readOnly, .section(.state), .english("Reason"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}

    public enum Kind: String, Choice {
        case exhibition, testdrive, promotion, content, memberDay = "member_day", roadshow, renewal, maintenance, tourExpo = "tour_expo"
        public static let options: [Option<Kind>] = [
            .init(.exhibition, "展会", .accent), .init(.testdrive, "试驾会", .sky, english: "Test drive"), .init(.promotion, "促销", .warn),
            .init(.content, "内容", .teal), .init(.memberDay, "会员日", .violet, english: "Members' day"),
            .init(.roadshow, "巡展", .ok), .init(.renewal, "续保季", english: "Renewal season"),
            .init(.maintenance, "保养季", english: "Maintenance season"), .init(.tourExpo, "旅展", .teal, english: "Travel expo"),
        ]
    }

    public enum Status: String, Choice {
        case draft, pending, approved, running, paused, ended, evaluated, cancelled
        public static let options: [Option<Status>] = [
            .init(.draft, "草稿"), .init(.pending, "审批中", .warn), .init(.approved, "已批准", .accent), .init(.running, "进行中", .ok),
            .init(.paused, "已暂停", .warn), .init(.ended, "已结束", .sky), .init(.evaluated, "已评估", .violet), .init(.cancelled, "已取消"),
        ]
        /// While money may be spent.
        static let live: [Status] = [.approved, .running, .paused, .ended]
    }

    public static var rules: Rules {
        .of(Campaign.self) {
            $0.rollUp(RollUp("planned_cents", of: CampaignCost.name, by: "campaign_id", .sum("planned_cents")))
            $0.rollUp(RollUp("committed_cents", of: CampaignCost.name, by: "campaign_id", .sum("committed_cents")))
            $0.rollUp(RollUp("actual_cents", of: CampaignCost.name, by: "campaign_id", .sum("actual_cents")))
            $0.rollUp(RollUp("lead_count", of: Lead.name, by: "campaign_id", .count))
            $0.rollUp(RollUp("people_count", of: CampaignPerson.name, by: "campaign_id", .count))
            $0.rollUp(
                RollUp("attended_count", of: CampaignPerson.name, by: "campaign_id", .count, where: .field("status", .eq, "attended")))
            $0.beforeSave { campaign, change, tx in
                try Ownership.follow(&campaign.row, change, tx)
                if campaign.to < campaign.from { throw Problem("end_on", "结束日期不能早于开始日期") }
            }
            $0.beforeDelete { campaign, _, _ in
                guard [.draft, .cancelled].contains(campaign.status) else {
                    throw Refusal.conflict("活动「\(campaign.title)」\(campaign.status.label)，不能删除")
                }
            }
            $0.finding { campaign, look in try findings(campaign, look) }
        }
    }
}

extension Words {
    static let marketing = Words("市场", "Marketing")
    static let brief = Words("策划", "Brief")
    static let money = Words("预算", "Budget")
    static let promotion = Words("推广与团队", "Promotion and team")
    static let evaluation = Words("评估", "Evaluation")
}
