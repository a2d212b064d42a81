import Core
import Records

/// Numbers of those who buy measured against one another, each with its formula (§3.12).
public enum BuyerFigures {
    public static let repurchase = Figure(
        "repurchase", "复购率", "Repurchase rate", .percent,
        .init("买过两次以上的客户", "Bought at least twice", of: Customer.name, "filter[order_count][gte]=2"),
        per: .init("买过的客户", "Bought", of: Customer.name, "filter[order_count][gte]=1"))
    public static let orderValue = Figure(
        "order_value", "客单价", "Average order", .money,
        .init("近一年订单金额", "Ordered in a year", of: Order.name, dealt + "&measure=sum:amount_cents"),
        per: .init("近一年订单数", "Orders in a year", of: Order.name, dealt))
    public static let churn = Figure(
        "churn", "流失率", "Lost", .percent,
        .init("流失客户", "Lost", of: Customer.name, "filter[lifecycle]=lost"),
        per: .init("买过的客户", "Bought", of: Customer.name, "filter[lifecycle][ne]=potential"), less: true)
    public static let retention = Figure(
        "retention", "客户保持率", "Kept", .percent,
        .init("新客户与活跃客户", "New and active", of: Customer.name, "filter[lifecycle][in]=new,active"),
        per: .init("买过的客户", "Bought", of: Customer.name, "filter[lifecycle][ne]=potential"))

    private static let dealt = Order.dealtFilter + "&filter[ordered_on][gte]=today-364"
}
