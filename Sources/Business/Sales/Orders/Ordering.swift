import Core
import Records

/// What orders tell of a customer: what it has bought (``Buyer``), and that it stays while business is under way.
public struct Ordering: Extension {
    public static let of = Customer.self

    public static func add(to traits: inout EntityTraits) {
        let place = traits.related.firstIndex(of: SpecialDate.name) ?? traits.related.endIndex
        traits.related.insert(Order.name, at: place)
    }

    public static var rules: Rules {
        .of(Customer.self) {
            // C7: a customer with business under way stays.
            $0.keep(
                while: Order.self, by: "customer_id", .field("status", .in, "draft", "approved", "allocated", "shipped"), "张未完成的订单")
            $0.rollUp(RollUp("first_purchase_at", of: Order.name, by: "customer_id", .min("ordered_on"), where: Order.dealt))
            $0.rollUp(RollUp("last_purchase_at", of: Order.name, by: "customer_id", .max("ordered_on"), where: Order.dealt))
            $0.rollUp(RollUp("order_count", of: Order.name, by: "customer_id", .count, where: Order.dealt))
            $0.rollUp(RollUp("order_amount_cents", of: Order.name, by: "customer_id", .sum("amount_cents"), where: Order.dealt))
        }
    }

    public init() {}
}

extension Order {
    /// The states that count as business done, as a list's address writes them.
    static let dealtStates = "approved,allocated,shipped,settled,closed"
    /// The same as a filter in a list's address.
    public static let dealtFilter = "filter[status][in]=" + dealtStates
    /// Orders that count as business done.
    static let dealt = Condition.compare(.init("status"), .in, dealtStates.split(separator: ",").map { .text(String($0)) })
}
