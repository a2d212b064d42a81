import Core
import Records
import Sales
import Service

/// Dashboards over all that a company does, by role (design §3.5); and everybody's own results on the home page.
enum Dashboards {
    static let all = [home, store, chief]

    private static let home = DashboardDefault(
        DashboardDefault.home, "我的业绩", "My results", for: [], tiles: [.won, .collected, .newCustomers, .contacts])

    private static let store = DashboardDefault(
        "store", "门店仪表盘", "Store", for: ["store_mgr", "clerk", "gm", "admin"],
        tiles: [
            .newCustomers, .newOrders,
            .init("本月订单金额", "Orders this month", of: Order.name, "measure=sum:amount_cents&span=ordered_on:month", width: 3),
            .contacts,
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
            .collected, .newCustomers,
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
}
