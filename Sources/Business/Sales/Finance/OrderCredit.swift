import Core
import Records

/// I11, §2.27: an order is shipped within the customer's credit or after it was released; sold on credit it becomes a receivable.
public struct OrderCredit: Extension {
    public static let of = Order.self
    public let creditHold = Field<Bool?>("credit_hold", "信用冻结", .readOnly, .indexed, .english("Held for credit"))
    public let releasedAt = Field<Instant?>("credit_released_at", "信用放行时间", .readOnly, .english("Credit released at"))
    public let releaseReason = Field<String?>(
        "credit_release_reason", "信用放行原因", kind: TextKind(limit: 200), .readOnly, .english("Credit released because"))
    public let isBilled = Field<Bool?>("is_billed", "已转应收", .readOnly, .english("Billed"))

    public static func add(to traits: inout EntityTraits) {
        traits.presets.append(Preset("信用冻结", "Held for credit", ["filter[credit_hold]": "true"]))
    }

    public static var rules: Rules {
        .of(Order.self) {
            $0.beforeSave { order, change, tx in
                if change.source != "import", [.draft, .approved].contains(order.status),
                    change.changed(\Order.amount, in: order) || change.changed(\Order.status, in: order)
                {
                    order[OrderCredit.self].creditHold = try Credit.objection(to: order, tx) != nil
                }
                if isShipped(by: change, order) { try ship(&order, tx) }
            }
            $0.notice { order, look in
                guard [.draft, .approved].contains(order.status), let objection = try Credit.objection(to: order, look) else { return nil }
                return Notice(.bad, objection, "Beyond the customer's credit: to be released before it is shipped")
            }
        }
    }

    /// By the step or in any other way; not where a shipment that was billed is only put back.
    private static func isShipped(by change: Change, _ order: Record<Order>) -> Bool {
        guard order.status == .shipped, let before = change.old.map({ Record<Order>($0).status }) else { return false }
        return [.draft, .approved].contains(before) && order[OrderCredit.self].isBilled != true
    }

    private static func ship(_ order: inout Record<Order>, _ tx: any Transaction) throws {
        if let objection = try Credit.objection(to: order, tx) { throw Refusal.conflict(objection) }
        guard order[OrderOfContract.self].contract == nil, let amount = order.amount, amount > .zero,
            let account = try tx.first(
                CreditAccount.self, where: \CreditAccount.customer == order.customer && .field("status", .in, "active", "suspended"))
        else { return }
        order[OrderCredit.self].isBilled = true
        // A shipment that was undone and done again is not owed twice.
        guard try tx.first(Receivable.self, where: \Receivable.order == order.id) == nil else { return }
        var due = Record<Receivable>()
        (due.customer, due.order, due.title, due.amount, due.dueOn, due.isDemo) = (
            order.customer, order.id, "订单 \(order.no ?? "")", amount, tx.today + account.termDays, order.isDemo
        )
        (due.ownerID, due.departmentID) = (order.ownerID, order.departmentID)
        try tx.insert(due)
    }

    private static let whyReleased = Field<String>("reason", "放行原因", kind: TextKind(limit: 200))

    public static var actions: [Action] {
        [
            Action.on(
                Order.self, "release_credit", "信用放行", icon: "shield-check", english: "Release credit", parameters: [whyReleased],
                unavailable: { order, _ in order[OrderCredit.self].creditHold == true ? nil : "订单没有被信用冻结" }
            ) { order, arguments, tx in
                order[OrderCredit.self].releasedAt = tx.now
                order[OrderCredit.self].releaseReason = arguments[whyReleased]
                order[OrderCredit.self].creditHold = false
            }
        ]
    }

    /// What goes beyond the credit is released by the manager and by finance.
    static let release = ApprovalDefault(
        "orders.release", "超信用放行审批", on: Order.name, .action("release_credit"),
        steps: [.init("销售经理", .role("sales_mgr")), .init("财务", .role("finance"))], amount: "amount_cents",
        locked: ["amount_cents", "customer_id"])

    public init() {}
}
