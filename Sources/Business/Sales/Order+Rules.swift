import Records

extension Order {
    public static var flow: Flow? {
        Flow("status", [
            .init("approve", "批准", from: [Status.draft], to: .approved, requires: ["amount_cents"], permission: "approve", icon: "stamp", primary: true),
            .init("ship", "发货", from: [Status.approved], to: .shipped, icon: "truck", primary: true),
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

    public static var rules: Rules {
        .of(Order.self) {
            $0.beforeSave { order, change, tx in
                try Ownership.follow(&order.row, change, tx)
                // History from a spreadsheet is business done; what a person enters starts as a draft.
                if order.status == nil { order.status = change.source == "import" ? .settled : .draft }
                if order.orderedOn == nil { order.orderedOn = tx.today }
                if order.amount == nil { order.amount = .zero }
            }
            $0.beforeDelete { order, _, _ in
                guard order.status == .draft || order.status == .cancelled else {
                    throw Refusal.conflict("订单 \(order.no ?? "") 已生效，不能删除；可以先取消")
                }
            }
        }
    }
}
