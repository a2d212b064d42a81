import Core
import Records

/// Which quote an order was made from: one that is this customer's, and no other order's.
public struct OrderOfQuote: Extension {
    public static let of = Order.self
    public let quote = Field<Ref<Quote>?>("quote_id", "报价单", .indexed)

    public static var rules: Rules {
        .of(Order.self) {
            $0.beforeSave { order, change, tx in
                guard let id = order[OrderOfQuote.self].quote,
                    change.changed(\OrderOfQuote.quote, in: order) || change.changed(\Order.customer, in: order),
                    let quote = try tx.get(Quote.self, id)
                else { return }
                guard quote.customer == order.customer else {
                    throw Problem("quote_id", "报价单 \(quote.no ?? "") 是另一位客户的，请选择本客户的报价单或留空")
                }
                if let other = try OrderOfQuote.order(of: id, but: order, tx) {
                    throw Problem("quote_id", "报价单 \(quote.no ?? "") 已用于订单 \(other.no ?? "")，请留空，或先取消那张订单")
                }
            }
        }
    }

    /// Another order that was made from this quote and still stands.
    static func order(of quote: Ref<Quote>, but order: Record<Order>?, _ tx: any Transaction) throws -> Record<Order>? {
        let standing = \OrderOfQuote.quote == quote && \Order.status != .cancelled
        return try tx.first(Order.self, where: order.map { standing && .field("id", .ne, .int($0.row.id)) } ?? standing)
    }

    public init() {}
}
