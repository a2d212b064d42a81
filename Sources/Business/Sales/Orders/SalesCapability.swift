import Core
import Records

/// 销售: what customers buy.
public enum SalesCapability: Capability {
    public static let name = "sales", label = "销售"
    public static let entities: [any Entity.Type] = [Order.self, OrderLine.self]
    public static let extensions: [any Extension.Type] = [Buyer.self, Ordering.self, SoldProduct.self]
    public static let parameters = LifecycleRule.parameters
    public static let jobs = [LifecycleRule.job]
    public static let approvals = [Order.reversal]
    public static let roles = OrderRoles.all
    public static let reports = BuyerReports.all
}
