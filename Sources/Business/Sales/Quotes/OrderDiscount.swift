import Core
import Records

/// G5, §2.8: what an order grants beyond an accepted quote takes the word that it would take in a quote. The catalogue's price and cost are
/// the measure, whatever the lines say.
public struct OrderDiscount: Extension {
    public static let of = Order.self
    public let discount = Field<Percent?>(
        "discount_bp", "折扣", .readOnly, .help("与目录价相比，不含已接受报价的明细", "Against the catalogue, without what an accepted quote covers"),
        .english("Discount"))
    public let belowFloor = Field<Bool?>("below_floor", "低于底价", .readOnly, .english("Below the floor"))

    public static var rules: Rules {
        .of(Order.self) {
            $0.beforeSave { order, change, tx in
                guard let old = change.old.map(Record<Order>.init), old.status == .draft, order.status == .approved else { return }
                try weigh(&order, tx)
            }
        }
    }

    private static func weigh(_ order: inout Record<Order>, _ tx: any Transaction) throws {
        var list = Money.zero, total = Money.zero, isBelow = false
        let customer = try tx.get(Customer.self, order.customer), quoted = try quotedPrices(for: order, tx)
        for line in try tx.all(OrderLine.self, where: \OrderLine.order == order.id, limit: 500) {
            guard let item = line.item, line.quantity > 0, let product = try tx.get(Product.self, item) else { continue }
            let amount = line.amount ?? .zero, each = Money(cents: amount.cents / Int64(line.quantity))
            if let agreed = quoted[item.id], each >= agreed { continue }
            let price = try Pricing.price(
                of: product, quantity: line.quantity, for: customer, through: order.channel, on: order.orderedOn ?? tx.today, tx)
            (list, total) = (list + OrderLine.total(line.quantity, at: max(price, each)), total + amount)
            isBelow = try isBelow || QuoteLine.isBelowFloor(each, product, tx)
        }
        let exact = total < list ? (list - total).rateUp(of: list) : 0
        order[OrderDiscount.self].discount = Percent(basisPoints: min(exact, 10_000))
        order[OrderDiscount.self].belowFloor = isBelow
        let table = try DiscountAuthority.table(tx)
        let needed = DiscountAuthority.needed(table.map { ($0.upTo.basisPoints, $0.authority) }, discount: exact, belowFloor: isBelow)
        guard needed != .own, try !isWithin(needed, table, tx) else { return }
        let what = isBelow ? "有明细低于底价" : "折扣 \(PercentKind().show(.int(min(exact, 10_000)), in: .chinese))"
        throw Refusal.conflict("订单 \(order.no ?? "") \(what)，须由\(needed.label)级以上批准；请由其批准，或修改价格、按已批准的报价下单")
    }

    /// The prices of the accepted quote it was made from, by product; none of a quote for somebody else.
    private static func quotedPrices(for order: Record<Order>, _ tx: any Transaction) throws -> [Int64: Money] {
        guard let quote = try order[OrderOfQuote.self].quote.flatMap({ try tx.get(Quote.self, $0) }), quote.status == .accepted,
            quote.customer == order.customer
        else { return [:] }
        let lines = try tx.all(QuoteLine.self, where: \QuoteLine.quote == quote.id && \QuoteLine.item != nil, limit: 500)
        return Dictionary(lines.compactMap { line in line.item.map { ($0.id, line.price ?? .zero) } }, uniquingKeysWith: max)
    }

    /// Whether whoever approves has one of the roles that may grant it. The program itself and administrators have.
    private static func isWithin(_ needed: Quote.Authority, _ table: [Record<DiscountAuthority>], _ tx: any Transaction) throws -> Bool {
        let approver = tx.actor.approvedBy ?? tx.actor.userID
        guard approver != 0, !tx.actor.rights.isAdmin, let user = try tx.get(User.self, Ref(approver)) else { return true }
        let roles = Set(table.filter { $0.authority.rank >= needed.rank }.flatMap(\.roles.ids))
        return !roles.isDisjoint(with: user.roles.ids)
    }

    public init() {}
}
