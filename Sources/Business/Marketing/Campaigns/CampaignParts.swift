import Records

/// A49: one thing a campaign is to reach, as a number and by a day.
public struct CampaignGoal: Entity {
    public static let name = "campaign_goals", label = "活动目标"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "target", english: "Campaign goals").with { ($0.parent, $0.sort) = ("campaign_id", ["id"]) }
    }

    public let campaign = Field<Ref<Campaign>>("campaign_id", "市场活动", .indexed)
    public let metric = Field<Metric>("metric", "指标", .inList, .quick, .initial("leads"))
    public let target = Field<Int>(
        "target", "目标值", kind: WholeNumberKind(range: 1...1_000_000_000), .inList, .quick, .help("金额按元", "Money in yuan"),
        .english("Target"))
    public let due = Field<Day>("due_on", "期限", .inList, .quick, .english("By"))
    public let title = Field<String?>("note", "说明", kind: TextKind(limit: 200), .title, .inList)

    public init() {}

    public enum Metric: String, Choice {
        case leads, visits, orders, revenue, costPerLead = "cost_per_lead"
        public static let options: [Option<Metric>] = [
            .init(.leads, "线索数"), .init(.visits, "到场人数"), .init(.orders, "成交数"), .init(.revenue, "成交金额（元）", english: "Revenue (yuan)"),
            .init(.costPerLead, "每条线索成本（元）", english: "Cost per lead (yuan)"),
        ]
    }
}

/// A51: what is paid for. Nothing beyond the approved budget is committed or spent.
public struct CampaignCost: Entity {
    public static let name = "campaign_costs", label = "活动费用"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "wallet", english: "Campaign costs").with { ($0.parent, $0.sort) = ("campaign_id", ["id"]) }
    }

    public let campaign = Field<Ref<Campaign>>("campaign_id", "市场活动", .indexed)
    public let category = Field<Category>("category", "类别", .inList, .quick, .initial("media"))
    public let title = Field<String>("name", "项目", kind: TextKind(limit: 100), .title)
    public let planned = Field<Money?>("planned_cents", "计划", .inList, .quick)
    public let committed = Field<Money?>(
        "committed_cents", "已承诺", .inList, .quick, .help("已下单、已签约", "Ordered or signed"), .english("Committed"))
    public let actual = Field<Money?>("actual_cents", "实际", .inList, .quick)
    public let supplier = Field<String?>("supplier", "供应商", kind: TextKind(limit: 100), .inList)

    public init() {}

    public enum Category: String, Choice {
        case venue, media, material, gift, staff, travel, other
        public static let options: [Option<Category>] = [
            .init(.venue, "场地"), .init(.media, "媒体投放"), .init(.material, "物料"), .init(.gift, "礼品"), .init(.staff, "人员"),
            .init(.travel, "差旅"), .init(.other, "其他"),
        ]
    }

    /// What the line takes out of the budget: what was paid or, until then, what was promised.
    static func used(_ row: Row) -> Money { max(Record<CampaignCost>(row).committed ?? .zero, Record<CampaignCost>(row).actual ?? .zero) }

    public static var rules: Rules {
        .of(CampaignCost.self) {
            $0.beforeSave { cost, _, tx in
                guard let campaign = try tx.get(Campaign.self, cost.campaign) else { return }
                let mine = used(cost.row)
                guard mine > .zero else { return }
                guard let budget = campaign.budget, Campaign.Status.live.contains(campaign.status) else {
                    throw Problem("committed_cents", code: "locked", "活动「\(campaign.title)」的预算还没有批准，只能填写「计划」")
                }
                let others = try tx.all(
                    CampaignCost.self, where: \CampaignCost.campaign == cost.campaign && .not(.ids([cost.row.id])), limit: 500
                ).map { used($0.row) }
                let sum = others.reduce(mine) { $0 + $1 }
                guard sum <= budget else {
                    throw Problem(
                        "actual_cents", code: "over_budget",
                        "超出批准预算：预算 \(MoneyKind().show(budget.stored, in: .chinese)) 元，本行后合计 \(MoneyKind().show(sum.stored, in: .chinese)) "
                            + "元；请先“追加预算”"
                    )
                }
            }
        }
    }
}

/// A53: a way in which a campaign is made known, with the code by which its leads are told.
public struct CampaignChannel: Entity {
    public static let name = "campaign_channels", label = "推广渠道"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "radio-tower", english: "Campaign channels").with { ($0.parent, $0.sort) = ("campaign_id", ["id"]) }
    }

    public let campaign = Field<Ref<Campaign>>("campaign_id", "市场活动", .indexed)
    public let title = Field<String>("name", "渠道", kind: TextKind(limit: 50), .title)
    public let code = Field<String>(
        "code", "渠道码", kind: TextKind(limit: 60), .unique, .inList, .quick,
        .help("线索的渠道码与此相同即算本活动", "Leads with this source code are the campaign's"), .english("Source code"))
    public let paused = Field<Bool?>("is_paused", "暂停", .inList, .quick, .english("Paused"))
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200))

    public init() {}
}

/// A52: who does what.
public struct CampaignMember: Entity {
    public static let name = "campaign_members", label = "活动成员"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "users", english: "Campaign team").with { ($0.parent, $0.sort) = ("campaign_id", ["id"]) }
    }

    public let campaign = Field<Ref<Campaign>>("campaign_id", "市场活动", .indexed)
    public let user = Field<Ref<User>>("user_id", "成员", .inList, .quick, .indexed, .reverse("参与的活动", "Campaigns"))
    public let title = Field<String>("role", "分工", kind: TextKind(limit: 50), .title)

    public init() {}
}
