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
        var list = Money.zero, total = Money.zero, isBelow = false, isFree = false
        var agreed = try AgreedPrices(for: order, tx)
        let customer = try tx.get(Customer.self, order.customer)
        let lines = try tx.all(OrderLine.self, where: \OrderLine.order == order.id, limit: 500)
        for line in lines where line.quantity > 0 {
            let amount = line.amount ?? .zero, each = Money(cents: amount.cents / Int64(line.quantity))
            let beyond = agreed.take(line, at: each)
            guard beyond > 0 else { continue }
            // Whoever types a product's name sells that product.
            guard
                let product = try line.item.flatMap({ try tx.get(Product.self, $0) })
                    ?? tx.first(Product.self, where: \Product.name == line.product && \Product.status == .active)
            else {
                isFree = true
                continue
            }
            let price = try Pricing.price(
                of: product, quantity: line.quantity, for: customer, through: order.channel, on: order.orderedOn ?? tx.today, tx)
            let paid = beyond == line.quantity ? amount : OrderLine.total(beyond, at: each)
            (list, total) = (list + OrderLine.total(beyond, at: max(price, each)), total + paid)
            isBelow = try isBelow || QuoteLine.isBelowFloor(each, product, tx)
        }
        if lines.isEmpty { isFree = agreed.total.map { (order.amount ?? .zero) < $0 } ?? true }
        let exact = total < list ? (list - total).rateUp(of: list) : 0
        order[OrderDiscount.self].discount = Percent(basisPoints: min(exact, 10_000))
        order[OrderDiscount.self].belowFloor = isBelow
        let table = try DiscountAuthority.table(tx)
        let needed = try DiscountAuthority.needed(table, discount: exact, belowFloor: isBelow, isFree: isFree, tx)
        guard needed != .own, try !isWithin(needed, table, tx) else { return }
        let what =
            isBelow
            ? "有明细低于底价"
            : exact > 0 ? "折扣 \(PercentKind().show(.int(min(exact, 10_000)), in: .chinese))" : lines.isEmpty ? "只有金额，没有明细" : "有目录外的明细"
        throw Refusal.conflict("订单 \(order.no ?? "") \(what)，须由\(needed.label)级以上批准；请由其批准，或修改价格、按已批准的报价下单")
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
