import Core
import Records

/// I11, §2.27: an order is shipped within the customer's credit or after it was released; sold on credit it becomes a receivable.
public struct OrderCredit: Extension {
    public static let of = Order.self
    public let creditHold = Field<Bool?>("credit_hold", "信用冻结", .readOnly, .indexed, .english("Held for credit"))
    public let releasedAt = Field<Instant?>("credit_released_at", "信用放行时间", .readOnly, .english("Credit released at"))
    public let releaseReason = Field<String?>(
        "credit_release_reason", "信用放行原因", kind: TextKind(limit: 200), .readOnly, .english("Credit released because"))
    public let releasedAmount = Field<Money?>("credit_released_cents", "信用放行金额", .readOnly, .english("Credit released for"))
    public let isCovered = Field<Bool?>("contract_covered", "合同内", .readOnly, .english("Within the contract"))
    public let isBilled = Field<Bool?>("is_billed", "已转应收", .readOnly, .english("Billed"))

    public static func add(to traits: inout EntityTraits) {
        traits.presets.append(Preset("信用冻结", "Held for credit", ["filter[credit_hold]": "true"]))
        traits.queues.append(
            .init(
                "信用冻结的订单", "Orders held for credit", icon: "snowflake", urgent: true, by: "approve",
                [("credit_hold", "true"), ("status[in]", "approved,allocated")]))
    }

    public static var rules: Rules {
        .of(Order.self) {
            $0.beforeSave { order, change, tx in
                if let ref = order[OrderOfContract.self].contract, change.changed(\OrderOfContract.contract, in: order),
                    let contract = try tx.get(Contract.self, ref), contract.customer != order.customer
                {
                    throw Problem("contract_id", "合同「\(tx.name(of: contract.row))」不是这位客户的")
                }
                if change.source != "import", waiting.contains(order.status) { try weigh(&order, change, tx) }
                try follow(&order, change, tx)
            }
            $0.notice { order, look in
                guard waiting.contains(order.status), let objection = try Credit.objection(to: order, look) else { return nil }
                return Notice(.bad, objection, "Beyond the customer's credit: to be released before it is shipped")
            }
        }
    }

    private static let waiting: [Order.Status?] = [.draft, .approved, .allocated]

    /// Whether it must wait. What was released for one customer is not released for another.
    private static func weigh(_ order: inout Record<Order>, _ change: Change, _ tx: any Transaction) throws {
        let isNew = change.changed(\Order.amount, in: order) || change.changed(\Order.customer, in: order)
        guard isNew || change.changed(\Order.status, in: order) || change.changed(\OrderOfContract.contract, in: order) else { return }
        if !change.isNew, change.changed(\Order.customer, in: order) {
            (order[OrderCredit.self].releasedAt, order[OrderCredit.self].releasedAmount) = (nil, nil)
        }
        order[OrderCredit.self].isCovered = try Credit.isCovered(order, tx)
        order[OrderCredit.self].creditHold = try Credit.objection(to: order, tx) != nil
    }

    /// The same of a customer's orders on their way, when the account has become another.
    static func weighAgain(ordersOf customer: Ref<Customer>, _ tx: any Transaction) throws {
        let states = waiting.compactMap { $0.map { Value.text($0.rawValue) } }
        let onTheirWay = \Order.customer == customer && .compare(.init("status"), .in, states)
        for var order in try tx.all(Order.self, where: onTheirWay, sort: [.init("id")], limit: 200) {
            let isHeld = try Credit.objection(to: order, tx) != nil
            guard (order[OrderCredit.self].creditHold ?? false) != isHeld else { continue }
            order[OrderCredit.self].creditHold = isHeld
            try tx.save(order)
        }
    }

    /// What becomes of the debt when the order goes out, by the step or in any other way, and when it is taken back.
    private static func follow(_ order: inout Record<Order>, _ change: Change, _ tx: any Transaction) throws {
        guard let before = change.old.map({ Record<Order>($0).status }), before != order.status else { return }
        if order.status == .shipped, waiting.contains(before), order[OrderCredit.self].isBilled != true { try ship(&order, tx) }
        if [.cancelled, .draft, .approved].contains(order.status), [.shipped, .settled].contains(before) { try takeBack(&order, tx) }
    }

    /// Every shipment is owed: by the account's term, or on the day where there is none.
    private static func ship(_ order: inout Record<Order>, _ tx: any Transaction) throws {
        let isCovered = try Credit.isCovered(order, tx)
        order[OrderCredit.self].isCovered = isCovered
        guard !isCovered else { return }
        if let objection = try Credit.objection(to: order, tx) { throw Refusal.conflict(objection) }
        guard let amount = order.amount, amount > .zero else { return }
        order[OrderCredit.self].isBilled = true
        // A shipment that was undone and done again is not owed twice.
        guard try tx.first(Receivable.self, where: \Receivable.order == order.id) == nil else { return }
        let account = try tx.first(
            CreditAccount.self, where: \CreditAccount.customer == order.customer && .field("status", .in, "active", "suspended"))
        var due = Record<Receivable>()
        (due.customer, due.order, due.title, due.amount, due.dueOn, due.isDemo) = (
            order.customer, order.id, "订单 \(order.no ?? "")", amount, tx.today + (account?.termDays ?? 0), order.isDemo
        )
        (due.ownerID, due.departmentID) = (order.ownerID, order.departmentID)
        try tx.insert(due)
        for paid in try tx.all(
            Collection.self,
            where: \Collection.customer == order.customer && \Collection.status == .collected && \Collection.prepaid > .zero,
            sort: [.init("paid_on"), .init("id")], limit: 50)
        { try Collection.allot(paid, tx) }
    }

    /// A reversed order is not owed any more; what was paid for it must be settled first.
    private static func takeBack(_ order: inout Record<Order>, _ tx: any Transaction) throws {
        order[OrderCredit.self].isBilled = nil
        for due in try tx.all(Receivable.self, where: \Receivable.order == order.id, limit: 10) {
            guard (due.paid ?? .zero) == .zero else {
                throw Refusal.conflict("应收「\(due.title)」已收款 \((due.paid ?? .zero).shown)，请先在回款中撤销核销或退款，再冲销订单")
            }
            try tx.delete(due.row.schema, id: due.row.id)
        }
    }

    private static let whyReleased = Field<String>("reason", "放行原因", kind: TextKind(limit: 200))

    public static var actions: [Action] {
        [
            Action.on(
                Order.self, "release_credit", "信用放行", icon: "shield-check", english: "Release credit", parameters: [whyReleased],
                unavailable: { order, _ in order[OrderCredit.self].creditHold == true ? nil : "订单没有被信用冻结" }
            ) { order, arguments, tx in
                (order[OrderCredit.self].releasedAt, order[OrderCredit.self].releasedAmount) = (tx.now, order.amount ?? .zero)
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
