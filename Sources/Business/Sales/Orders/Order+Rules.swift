import Core
import Records

extension Order {
    public static var flow: Flow? {
        .of(Order.self, \.status) {
            $0.step(
                "approve", "批准", from: [.draft], to: .approved, requires: [\.amount], permission: "approve", icon: "stamp", primary: true
            ) { order, _, tx in try Opportunity.win(order.opportunity, order.amount, on: order.orderedOn ?? tx.today, tx) }
            $0.step("ship", "发货", from: [.approved], to: .shipped, icon: "truck", primary: true, effect: ship)
            $0.step("settle", "结算", from: [.shipped], to: .settled, icon: "banknote", primary: true)
            $0.step("close", "关闭", from: [.settled], to: .closed, icon: "circle-check")
            $0.step(
                "cancel", "取消", from: [.draft, .approved], to: .cancelled, parameters: [Reason.demanded], icon: "x"
            ) { order, arguments, _ in
                let earlier = order.remark.map { "\($0)\n" } ?? ""
                order.remark = "\(earlier)取消原因：\(arguments[Reason.demanded])"
            }
        }
    }

    private static let whyReleased = Field<String>("reason", "放行原因", kind: TextKind(limit: 200))

    public static var actions: [Action] {
        [
            .sendMessage,
            Action.on(
                Order.self, "release_credit", "信用放行", icon: "shield-check", english: "Release credit", parameters: [whyReleased],
                unavailable: { order, _ in order.creditHold == true ? nil : "订单没有被信用冻结" }
            ) { order, arguments, tx in
                (order.releasedAt, order.releaseReason, order.creditHold) = (tx.now, arguments[whyReleased], false)
            },
        ]
    }

    /// I11: what goes beyond the credit is released by the manager and by finance.
    static let release = ApprovalDefault(
        "orders.release", "超信用放行审批", on: Order.name, .action("release_credit"),
        steps: [.init("销售经理", .role("sales_mgr")), .init("财务", .role("finance"))], amount: "amount_cents",
        locked: ["amount_cents", "customer_id"])

    /// §2.27: within the customer's credit or released; sold on credit it becomes a receivable.
    @Sendable private static func ship(_ order: inout Record<Order>, _ arguments: Arguments, _ tx: any Transaction) throws {
        if let objection = try Credit.objection(to: order, tx) { throw Refusal.conflict(objection) }
        if order.contract == nil, order.isBilled != true, let amount = order.amount, amount > .zero,
            let account = try tx.first(
                CreditAccount.self, where: \CreditAccount.customer == order.customer && .field("status", .in, "active", "suspended"))
        {
            var due = Record<Receivable>()
            (due.customer, due.order, due.title, due.amount, due.dueOn, due.isDemo) = (
                order.customer, order.id, "订单 \(order.no ?? "")", amount, tx.today + account.termDays, order.isDemo
            )
            (due.ownerID, due.departmentID) = (order.ownerID, order.departmentID)
            try tx.insert(due)
            order.isBilled = true
        }
    }

    public static var rules: Rules {
        .of(Order.self) {
            $0.beforeSave { order, change, tx in
                try Ownership.follow(&order.row, change, tx)
                // History from a spreadsheet is business done; what a person enters starts as a draft.
                if order.status == nil { order.status = change.source == "import" ? .settled : .draft }
                if order.orderedOn == nil { order.orderedOn = tx.today }
                if order.amount == nil { order.amount = .zero }
                if change.source != "import", [.draft, .approved].contains(order.status),
                    change.changed(\Order.amount, in: order) || change.changed(\Order.status, in: order)
                {
                    order.creditHold = try Credit.objection(to: order, tx) != nil
                }
            }
            $0.notice { order, look in
                guard [.draft, .approved].contains(order.status), let objection = try Credit.objection(to: order, look) else { return nil }
                return Notice(.bad, objection, "Beyond the customer's credit: to be released before it is shipped")
            }
            $0.beforeDelete { order, _, _ in
                guard order.status == .draft || order.status == .cancelled else {
                    throw Refusal.conflict("订单 \(order.no ?? "") 已生效，不能删除；可以先取消")
                }
            }
        }
    }
}
