import Records

/// What sellers and their managers look at (design §3.5).
enum SalesDashboard {
    static let all = [sales]

    private static let sales = DashboardDefault(
        "sales", "销售仪表盘", "Sales", for: ["sales_mgr", "supervisor", "sales_consultant", "director", "gm", "admin"],
        tiles: [
            .won, .collected, .newOpportunities, .newLeads,
            .init(
                "成交趋势", "Won by month", of: Opportunity.name,
                "filter[status]=won&filter[closed_on][gte]=month-11&by=closed_on:month&measure=sum:won_amount_cents&chart=line", width: 7),
            .init("销售漏斗", "Sales funnel", of: Opportunity.name, "filter[status]=open&by=stage_id&chart=funnel", width: 5),
            .init(
                "在谈金额（按负责人与阶段）", "Open amount by owner and stage", of: Opportunity.name,
                "filter[status]=open&by=owner_id&and=stage_id&measure=sum:amount_cents&chart=stacked", width: 7),
            .init("输单原因", "Why deals are lost", of: Opportunity.name, "filter[status]=lost&by=loss_reason&chart=donut", width: 5),
            .init("线索来源", "Where leads come from", of: Lead.name, "by=source&and=status&chart=stacked", width: 7),
            .init("金额最大的在谈商机", "Largest open deals", of: Opportunity.name, "filter[status]=open&chart=rows&sort=-amount_cents", width: 5),
        ])
}

extension DashboardDefault.Tile {
    public static let won = Self(
        "本月成交", "Won this month", of: Opportunity.name, "filter[status]=won&measure=sum:won_amount_cents&span=closed_on:month", width: 3)
    public static let collected = Self(
        "本月回款", "Collected this month", of: Collection.name, "filter[status]=collected&measure=sum:amount_cents&span=paid_on:month",
        width: 3)
    public static let newOpportunities = Self(
        "本月新商机", "New deals this month", of: Opportunity.name, "span=created_at:month", width: 3)
    public static let newLeads = Self("本月新线索", "New leads this month", of: Lead.name, "span=created_at:month", width: 3)
    public static let newOrders = Self("本月订单", "Orders this month", of: Order.name, "span=ordered_on:month", width: 3)
}
