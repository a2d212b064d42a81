import Records

/// 报表: what a company asks of its records again and again (C12, C17, C18, M109). One file for each area.
public enum ReportsCapability: Capability {
    public static let name = "reporting", label = "报表"
    public static let entities: [any Entity.Type] = []
    public static let reports = CustomerReports.all + SalesReports.all + MarketingReports.all + ServiceReports.all + ManagementReports.all
}

extension ReportDefault.Area {
    static let customers = Self("customers", "客户", "Customers", icon: "contact")
    static let sales = Self("sales", "销售", "Sales", icon: "target")
    static let marketing = Self("marketing", "市场", "Marketing", icon: "megaphone")
    static let management = Self("management", "经营", "Management", icon: "gauge")
    static let service = Self("service", "服务", "Service", icon: "life-buoy")
}
