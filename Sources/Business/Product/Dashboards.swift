import Records

/// The dashboards people find on the first day, by their role (design §3.5); and everybody's own results on the home page.
enum Dashboards {
    static let all = [home, sales, care, store, chief]

    private static let home = DashboardDefault(
        DashboardDefault.home, "我的业绩", "My results", for: [], tiles: [won, collected, newCustomers, contacts])

    private static let sales = DashboardDefault(
        "sales", "销售仪表盘", "Sales", for: ["sales_mgr", "supervisor", "sales_consultant", "director", "gm", "admin"],
        tiles: [
            won, collected, newOpportunities, newLeads,
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

    private static let care = DashboardDefault(
        "care", "客服仪表盘", "Customer care", for: ["cs_mgr", "svc_mgr", "svc_advisor", "followup", "gm", "admin"],
        tiles: [
            newTickets,
            .init("本月投诉", "Complaints this month", of: Complaint.name, "span=received_at:month&better=less", width: 3),
            .init("解决超时", "Resolved late", of: Ticket.name, "filter[is_late]=true&span=reported_at:month&better=less", width: 3),
            contacts,
            .init(
                "服务请求趋势", "Requests by month", of: Ticket.name,
                "filter[reported_at][gte]=month-11&by=reported_at:month&and=type&chart=stacked", width: 7),
            .init("服务请求状态", "Requests by state", of: Ticket.name, "by=status&chart=donut", width: 5),
            .init("投诉：类型与级别", "Complaints by kind and level", of: Complaint.name, "by=type&and=level&chart=heat", width: 7),
            .init(
                "最急的服务请求", "Most urgent requests", of: Ticket.name, "filter[status][in]=new,assigned,working&chart=rows&sort=due_at",
                width: 5),
        ])

    private static let store = DashboardDefault(
        "store", "门店仪表盘", "Store", for: ["store_mgr", "clerk", "gm", "admin"],
        tiles: [
            newCustomers, newOrders,
            .init("本月订单金额", "Orders this month", of: Order.name, "measure=sum:amount_cents&span=ordered_on:month", width: 3),
            contacts,
            .init(
                "每周新客户", "New customers by week", of: Customer.name, "filter[created_at][gte]=today-180&by=created_at:week&chart=bar",
                width: 7),
            .init("客户来源", "Where customers come from", of: Customer.name, "by=source&chart=donut", width: 5),
            .init("订单（按状态）", "Orders by state", of: Order.name, "by=status&measure=count,sum:amount_cents&chart=bar", width: 6),
            .init("客户（按生命周期）", "Customers by life cycle", of: Customer.name, "by=lifecycle&chart=bar", width: 6),
        ])

    private static let chief = DashboardDefault(
        "chief", "经营仪表盘", "Company", for: ["gm", "director", "finance", "admin"],
        tiles: [
            .init("本季新签合同", "Contracts this quarter", of: Contract.name, "measure=sum:amount_cents&span=signed_on:quarter", width: 3),
            collected, newCustomers,
            .init("本月投诉", "Complaints this month", of: Complaint.name, "span=received_at:month&better=less", width: 3),
            .init(
                "回款趋势", "Collected by month", of: Collection.name,
                "filter[status]=collected&filter[paid_on][gte]=month-11&by=paid_on:month&measure=sum:amount_cents&chart=line", width: 7),
            .init(
                "应收账龄", "Receivables by age", of: Receivable.name,
                "filter[balance_cents][gt]=0&by=bucket&measure=sum:balance_cents&chart=bar", width: 5),
            .init(
                "新客户（部门 × 月）", "New customers by department", of: Customer.name,
                "filter[created_at][gte]=month-5&by=department_id&and=created_at:month&chart=heat", width: 7),
            .init(
                "余额最大的应收", "Largest receivables", of: Receivable.name, "filter[balance_cents][gt]=0&chart=rows&sort=-balance_cents",
                width: 5),
        ])

    private static let won = DashboardDefault.Tile(
        "本月成交", "Won this month", of: Opportunity.name, "filter[status]=won&measure=sum:won_amount_cents&span=closed_on:month", width: 3)
    private static let collected = DashboardDefault.Tile(
        "本月回款", "Collected this month", of: Collection.name, "filter[status]=collected&measure=sum:amount_cents&span=paid_on:month",
        width: 3)
    private static let newCustomers = DashboardDefault.Tile(
        "本月新客户", "New customers this month", of: Customer.name, "span=created_at:month", width: 3)
    private static let newOpportunities = DashboardDefault.Tile(
        "本月新商机", "New deals this month", of: Opportunity.name, "span=created_at:month", width: 3)
    private static let newLeads = DashboardDefault.Tile("本月新线索", "New leads this month", of: Lead.name, "span=created_at:month", width: 3)
    private static let newOrders = DashboardDefault.Tile("本月订单", "Orders this month", of: Order.name, "span=ordered_on:month", width: 3)
    private static let newTickets = DashboardDefault.Tile(
        "本月服务请求", "Requests this month", of: Ticket.name, "span=reported_at:month&better=less", width: 3)
    private static let contacts = DashboardDefault.Tile(
        "本月跟进次数", "Contacts this month", of: Interaction.name, "span=happened_at:month", width: 3)
}
