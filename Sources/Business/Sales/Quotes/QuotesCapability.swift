import Core
import Records

/// 报价: what is offered, at which discount and on whose word.
public enum QuotesCapability: Capability {
    public static let name = "quotes", label = "报价"
    public static let entities: [any Entity.Type] = [Quote.self, QuoteLine.self, DiscountAuthority.self]
    public static let extensions: [any Extension.Type] = [OrderOfQuote.self, QuotedDeal.self, OrderDiscount.self]
    public static let parameters = QuoteParameters.all
    public static let approvals = [Quote.approval]
    public static let jobs = [Quote.expiry]
    public static let roles = BuiltInRole.templates(
        work: [Quote.self], within: [QuoteLine.self], setUp: [DiscountAuthority.self], finance: ["read"]
    ) { rights, role in
        let right: FieldRight = role.isAmong(.costReaders) ? .read : .hidden
        rights.show(right, "cost_cents", "margin_cents", "margin_bp", of: Quote.self)
        rights.show(right, "cost_cents", of: QuoteLine.self)
    }

    public static func seed(_ tx: any Transaction) throws { try DiscountAuthority.seed(tx) }
}
