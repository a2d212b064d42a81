import Core
import Records
import Sales
import Service

/// What service knows of orders, where a company has both.
enum OrdersInService: Capability {
    static let name = "orders_in_service", label = "订单服务"
    static let entities: [any Entity.Type] = []
    static let extensions: [any Extension.Type] = [ComplaintOrder.self, TicketOrder.self, FollowedOrder.self]

    /// Whoever calls must see whom, and about what.
    static let roles = [BuiltInRole.followUp.template { $0.allow(.all, ["read"], on: [Order.self]) }]

    static func seed(_ tx: any Transaction) throws {
        try FollowSetUp.seed(
            [
                .init(
                    "交车（订单）后 3、7、30 日回访", .sale3d, Order.name, "ordered_on", offsets: "3,7,30", states: "shipped,settled",
                    questionnaire: "sale"),
                .init("成交 180 日未再来邀约", .nearLost, Customer.name, "last_purchase_at", offsets: "180"),
            ], tx)
    }
}

/// Which order a complaint is about.
public struct ComplaintOrder: Extension {
    public static let of = Complaint.self
    public let order = Field<Ref<Order>?>("order_id", "相关订单")
    public init() {}
}

/// Which order a request is about.
public struct TicketOrder: Extension {
    public static let of = Ticket.self
    public let order = Field<Ref<Order>?>("order_id", "相关订单")

    public static var rules: Rules {
        .of(Ticket.self) {
            $0.beforeSave { ticket, change, tx in
                // A follow-up request is about the same order.
                guard change.isNew, ticket[TicketOrder.self].order == nil, let earlier = ticket.previous else { return }
                ticket[TicketOrder.self].order = try tx.get(Ticket.self, earlier)?[TicketOrder.self].order
            }
        }
    }

    public init() {}
}

/// Orders are followed up.
public struct FollowedOrder: Extension {
    public static let of = Order.self

    public static var rules: Rules {
        .of(Order.self) { $0.afterSave { order, change, tx in try FollowPlanning.hear(order.row, change, tx) } }
    }

    public init() {}
}
