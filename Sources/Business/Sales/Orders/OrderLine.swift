import Core
import Records

/// One line of an order; the order's amount is the lines' sum as soon as there are lines.
public struct OrderLine: Entity {
    public static let name = "order_lines", label = "订单明细"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list", english: "Order lines").with {
            $0.parent = "order_id"
            $0.sort = ["position", "id"]
        }
    }

    public let order = Field<Ref<Order>>("order_id", "订单", .indexed)
    public let product = Field<String>("product", "产品", kind: TextKind(limit: 200), .title, .aliases("商品", "产品名称", "项目"))
    public let item = Field<Ref<Product>?>(
        "product_id", "产品目录", .inList, .quick, .indexed, .reverse("订单明细", "Order lines"),
        .help("选了产品，名称和价格可以留空", "Name and price may be left empty then"), .english("From the catalogue"))
    public let quantity = Field<Int>("quantity", "数量", kind: WholeNumberKind(range: 0...100_000_000), .inList, .quick, .initial(1))
    public let price = Field<Money?>("price_cents", "单价", .inList, .quick)
    public let amount = Field<Money?>("amount_cents", "金额", .inList, .help("留空为数量乘单价", "Quantity times price when empty"))
    public let cost = Field<Money?>("cost_cents", "成本单价", .sensitive, .readOnly, .english("Unit cost"))
    public let remark = Field<String?>("remark", "备注", kind: TextKind(limit: 200))
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public static var rules: Rules {
        .of(OrderLine.self) {
            $0.beforeSave { line, change, tx in
                try takeFromCatalogue(&line, change, tx)
                let isGiven = change.changed(\OrderLine.amount, in: line) && line.amount != nil
                if let price = line.price, !isGiven { line.amount = total(line.quantity, at: price) }
            }
            $0.afterSave { line, _, tx in try sumUp(line.order, tx) }
            $0.afterDelete { line, _, tx in try sumUp(line.order, tx) }
        }
    }

    /// A line that names a product takes its name, its price for this customer and what it costs today.
    private static func takeFromCatalogue(_ line: inout Record<OrderLine>, _ change: Change, _ tx: any Transaction) throws {
        guard let item = line.item, change.changed(\OrderLine.item, in: line), let product = try tx.get(Product.self, item) else { return }
        if line.isBlank(\.product) || line.product.isEmpty { line.product = product.name }
        line.cost = product.cost
        guard line.price == nil, let order = try tx.get(Order.self, line.order) else { return }
        line.price = try Pricing.price(
            of: product, quantity: line.quantity, for: try tx.get(Customer.self, order.customer), through: order.channel,
            on: order.orderedOn ?? tx.today, tx)
    }

    /// Quantity × price; an impossible sum is the largest there is.
    static func total(_ quantity: Int, at price: Money) -> Money { price * quantity }

    /// What the lines whose cost is known leave; nil when none is.
    private static func margin(of order: Ref<Order>, _ tx: any Transaction) throws -> Money? {
        let known = try tx.all(OrderLine.self, where: \OrderLine.order == order && \OrderLine.cost != nil, limit: 500)
        guard !known.isEmpty else { return nil }
        return known.reduce(Money.zero) { sum, line in sum + ((line.amount ?? .zero) - total(line.quantity, at: line.cost ?? .zero)) }
    }

    private static func sumUp(_ order: Ref<Order>, _ tx: any Transaction) throws {
        let lines = Query(tx.catalog.schema(OrderLine.self), where: \OrderLine.order == order)
        guard let sums = try tx.summarize(Summary(lines, measures: [.sum("amount_cents"), .sum("quantity")])).first,
            var record = try tx.get(Order.self, order)
        else { return }
        record.amount = Money(cents: sums.values[0].int ?? 0)
        record.quantity = Int(sums.values[1].int ?? 0)
        record.margin = try margin(of: order, tx)
        try tx.save(record)
    }
}
