import Records

/// 报价: what is offered, at which discount and on whose word.
public enum QuotesCapability: Capability {
    public static let name = "quotes", label = "报价"
    public static let entities: [any Entity.Type] = [Quote.self, QuoteLine.self, DiscountAuthority.self]
    public static let parameters = QuoteParameters.all
    public static let approvals = [Quote.approval]
    public static let jobs = [Quote.expiry]
    public static let roles = SalesRoles.quotes

    public static func seed(_ tx: any Transaction) throws { try DiscountAuthority.seed(tx) }
    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoSalesMessages.steps(demo) }
}
