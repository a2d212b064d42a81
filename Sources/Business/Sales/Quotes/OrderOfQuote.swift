import Core
import Records

/// Which quote an order was made from.
public struct OrderOfQuote: Extension {
    public static let of = Order.self
    public let quote = Field<Ref<Quote>?>("quote_id", "报价单", .indexed)
    public init() {}
}
