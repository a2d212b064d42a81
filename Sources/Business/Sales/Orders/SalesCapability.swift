import Core
import Records

/// 销售: what customers buy. Leads, opportunities, quotes and contracts join here.
public enum SalesCapability: Capability {
    public static let name = "sales", label = "销售"
    public static let entities: [any Entity.Type] = [Order.self, OrderLine.self]
    public static let extensions: [any Extension.Type] = [Buyer.self, Ordering.self]
    public static let parameters = LifecycleRule.parameters
    public static let jobs = [LifecycleRule.job]
    public static let approvals = [Order.release]
    public static let roles = SalesRoles.orders
    public static let reports = SalesReports.all + BuyerReports.all
    public static let dashboards = SalesDashboard.all
}
