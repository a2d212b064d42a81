import Records

/// What customer care looks at (design §3.5).
enum ServiceDashboard {
    static let all = [care]

    private static let care = DashboardDefault(
        "care", "客服仪表盘", "Customer care", for: ["cs_mgr", "svc_mgr", "svc_advisor", "followup", "gm", "admin"],
        tiles: [
            .newTickets,
            .init("本月投诉", "Complaints this month", of: Complaint.name, "span=received_at:month&better=less", width: 3),
            .init("解决超时", "Resolved late", of: Ticket.name, "filter[is_late]=true&span=reported_at:month&better=less", width: 3),
            .contacts,
            .init(
                "服务请求趋势", "Requests by month", of: Ticket.name,
                "filter[reported_at][gte]=month-11&by=reported_at:month&and=type&chart=stacked", width: 7),
            .init("服务请求状态", "Requests by state", of: Ticket.name, "by=status&chart=donut", width: 5),
            .init("投诉：类型与级别", "Complaints by kind and level", of: Complaint.name, "by=type&and=level&chart=heat", width: 7),
            .init(
                "最急的服务请求", "Most urgent requests", of: Ticket.name, "filter[status][in]=new,assigned,working&chart=rows&sort=due_at",
                width: 5),
        ])
}

extension DashboardDefault.Tile {
    public static let newTickets = Self(
        "本月服务请求", "Requests this month", of: Ticket.name, "span=reported_at:month&better=less", width: 3)
}
