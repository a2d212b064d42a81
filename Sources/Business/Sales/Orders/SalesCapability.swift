import Records

/// 销售: what customers buy. Leads, opportunities, quotes and contracts join here.
public enum SalesCapability: Capability {
    public static let name = "sales", label = "销售"
    public static let entities: [any Entity.Type] = [Order.self, OrderLine.self]
    public static let approvals = [Order.release]
}
