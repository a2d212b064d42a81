import Records

/// 销售总览: how sales go as a whole, over all that its capabilities keep.
enum SalesOverview: Capability {
    static let name = "sales_overview", label = "销售总览"
    static let entities: [any Entity.Type] = []
    static let reports = SalesReports.all
    static let dashboards = SalesDashboard.all
}
