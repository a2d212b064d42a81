import Records

extension Order {
    public static var flow: Flow? {
        Flow(
            "status",
            [
                .init(
                    "approve", "批准", from: [Status.draft], to: .approved, requires: ["amount_cents"], permission: "approve", icon: "stamp",
                    primary: true,
                    effect: { row, _, tx in
                        let order = Record<Order>(row)
                        try Opportunity.win(order.opportunity, order.amount, on: order.orderedOn ?? tx.today, tx)
                    }),
                .init("ship", "发货", from: [Status.approved], to: .shipped, icon: "truck", primary: true, effect: ship),
                .init("settle", "结算", from: [Status.shipped], to: .settled, icon: "banknote", primary: true),
                .init("close", "关闭", from: [Status.settled], to: .closed, icon: "circle-check"),
                .init(
                    "cancel", "取消", from: [Status.draft, .approved], to: .cancelled,
                    parameters: [FieldSpec("reason", "原因", TextKind(limit: 200), isRequired: true)], icon: "x", effect: keepReason
                ),
            ])
    }

    @Sendable private static func keepReason(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        let earlier = row["remark"].text.map { "\($0)\n" } ?? ""
        row["remark"] = .text("\(earlier)取消原因：\(arguments["reason"].text ?? "")")
    }

    public static var actions: [Action] {
        [
            .sendMessage,
            Action.on(
                Order.self, "release_credit", "信用放行", icon: "shield-check", english: "Release credit",
                parameters: [FieldSpec("reason", "放行原因", TextKind(limit: 200), isRequired: true)],
                unavailable: { order, _ in order.creditHold == true ? nil : "订单没有被信用冻结" }
            ) { order, arguments, tx in
                (order.releasedAt, order.releaseReason, order.creditHold) = (tx.now, arguments["reason"].text, false)
            },
        ]
    }

    /// I11: what goes beyond the credit is released by the manager and by finance.
    static let release = ApprovalDefault(
        "orders.release", "超信用放行审批", on: Order.name, .action("release_credit"),
        steps: [.init("销售经理", .role("sales_mgr")), .init("财务", .role("finance"))], amount: "amount_cents",
        locked: ["amount_cents", "customer_id"])

    /// §2.27: within the customer's credit or released; sold on credit it becomes a receivable.
    @Sendable private static func ship(_ row: inout Row, _ arguments: Arguments, _ tx: any Transaction) throws {
        var order = Record<Order>(row)
        if let objection = try Credit.objection(to: order, tx) { throw Refusal.conflict(objection) }
        if order.contract == nil, order.isBilled != true, let amount = order.amount, amount > .zero,
            let account = try tx.first(
                CreditAccount.self, where: \CreditAccount.customer == order.customer && .field("status", .in, "active", "suspended"))
        {
            var due = Record<Receivable>()
            (due.customer, due.order, due.title, due.amount, due.dueOn, due.isDemo) = (
                order.customer, order.id, "订单 \(order.no ?? "")", amount, tx.today + account.termDays, order.isDemo
            )
            due.row["owner_id"] = row["owner_id"]
            due.row["department_id"] = row["department_id"]
            try tx.insert(due)
            order.isBilled = true
        }
        row = order.row
    }

    public static var rules: Rules {
        .of(Order.self) {
            $0.afterSave { order, change, tx in try FollowPlanning.hear(order.row, change, tx) }
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
