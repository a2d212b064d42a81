import Core
import Records

extension Order {
    public static var flow: Flow? {
        .of(Order.self, \.status) {
            $0.step(
                "approve", "批准", from: [.draft], to: .approved, requires: [\.amount], permission: "approve", icon: "stamp", primary: true)
            // §2.27: the warehouse sends out.
            $0.step("allocate", "配货", from: [.approved], to: .allocated, permission: "ship", icon: "package", primary: true)
            $0.step("ship", "发货", from: [.approved, .allocated], to: .shipped, permission: "ship", icon: "truck", primary: true)
            $0.step("settle", "结算", from: [.shipped], to: .settled, icon: "banknote", primary: true)
            $0.step("close", "关闭", from: [.settled], to: .closed, keeper: true, icon: "circle-check")
            $0.step(
                "cancel", "取消", from: [.draft, .approved, .allocated], to: .cancelled, parameters: [Reason.demanded], keeper: true,
                icon: "x"
            ) { order, arguments, _ in note("取消原因：\(arguments[Reason.demanded])", in: &order) }
            $0.step(
                "revise", "退回修改", from: [.approved, .allocated], to: .draft, parameters: [Reason.demanded], permission: "approve",
                icon: "undo-2", english: "Back to draft"
            ) { order, arguments, _ in note("退回修改：\(arguments[Reason.demanded])", in: &order) }
            $0.step(
                "reverse", "冲销", from: [.shipped, .settled], to: .cancelled, parameters: [Reason.demanded], permission: "approve",
                icon: "rotate-ccw", english: "Reverse"
            ) { order, arguments, _ in note("冲销原因：\(arguments[Reason.demanded])", in: &order) }
            $0.lock([.approved, .allocated, .closed, .cancelled], but: [\.remark])
            $0.lock([.shipped, .settled], but: [\.remark], instead: "有误请「冲销」后重新下单")
            ($0.removable, $0.undoable) = ([.cancelled], [.approved])
        }
    }

    private static func note(_ text: String, in order: inout Record<Order>) {
        order.remark = [order.remark, text].compactMap(\.self).joined(separator: "\n")
    }

    /// What has gone out or was settled is taken back on the word of those who answer for it.
    static let reversal = ApprovalDefault(
        "orders.reverse", "订单冲销审批", on: Order.name, .action("reverse"),
        steps: [.init("销售经理", .role("sales_mgr")), .init("财务", .role("finance"))], amount: "amount_cents")

    public static var actions: [Action] { [.sendMessage] }

    public static var rules: Rules {
        .of(Order.self) {
            $0.beforeSave { order, change, tx in
                try Ownership.follow(&order.row, change, tx)
                // History from a spreadsheet is business done; what a person enters starts as a draft.
                if order.status == nil { order.status = change.source == "import" ? .settled : .draft }
                if order.orderedOn == nil { order.orderedOn = tx.today }
                if order.amount == nil { order.amount = .zero }
            }
        }
    }
}
