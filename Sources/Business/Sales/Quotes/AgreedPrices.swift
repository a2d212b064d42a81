import Core
import Records

/// What the accepted quote of an order grants it (§2.8): each product at the quoted price, up to the quoted quantity.
struct AgreedPrices {
    /// Of the whole quote; nil without one.
    let total: Money?
    private var lines: [String: [(price: Money, left: Int)]] = [:]

    /// Nothing is agreed by a quote for somebody else, or by one that another order uses as well.
    init(for order: Record<Order>, _ tx: any Transaction) throws {
        guard let quote = try order[OrderOfQuote.self].quote.flatMap({ try tx.get(Quote.self, $0) }), quote.status == .accepted,
            quote.customer == order.customer, try OrderOfQuote.order(of: quote.id, but: order, tx) == nil
        else {
            total = nil
            return
        }
        total = quote.total
        for line in try tx.all(QuoteLine.self, where: \QuoteLine.quote == quote.id, limit: 500) {
            lines[Self.key(line.item, line.product), default: []].append((line.price ?? .zero, line.quantity))
        }
        // The dearest first: what is left stays as cheap as can be.
        for key in lines.keys { lines[key]?.sort { $0.price > $1.price } }
    }

    /// Takes what was agreed for this line at no more than `price` each; returns the quantity that is beyond it.
    mutating func take(_ line: Record<OrderLine>, at price: Money) -> Int {
        var beyond = line.quantity
        guard var agreed = lines[Self.key(line.item, line.product)] else { return beyond }
        for place in agreed.indices where agreed[place].price <= price {
            let taken = min(beyond, agreed[place].left)
            agreed[place].left -= taken
            beyond -= taken
        }
        lines[Self.key(line.item, line.product)] = agreed
        return beyond
    }

    private static func key(_ item: Ref<Product>?, _ name: String) -> String { item.map { "#\($0.id)" } ?? "=" + name }
}
