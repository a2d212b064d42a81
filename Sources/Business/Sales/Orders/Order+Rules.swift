import Core
import Records

extension Order {
    public static var flow: Flow? {
        .of(Order.self, \.status) {
            $0.step(
                "approve", "批准", from: [.draft], to: .approved, requires: [\.amount], permission: "approve", icon: "stamp", primary: true
            ) { order, _, tx in try Opportunity.win(order.opportunity, order.amount, on: order.orderedOn ?? tx.today, tx) }
            $0.step("ship", "发货", from: [.approved], to: .shipped, icon: "truck", primary: true)
            $0.step("settle", "结算", from: [.shipped], to: .settled, icon: "banknote", primary: true)
            $0.step("close", "关闭", from: [.settled], to: .closed, keeper: true, icon: "circle-check")
            $0.step(
                "cancel", "取消", from: [.draft, .approved], to: .cancelled, parameters: [Reason.demanded], keeper: true, icon: "x"
            ) { order, arguments, _ in
                let earlier = order.remark.map { "\($0)\n" } ?? ""
                order.remark = "\(earlier)取消原因：\(arguments[Reason.demanded])"
            }
            $0.step(
                "revise", "退回修改", from: [.approved], to: .draft, parameters: [Reason.demanded], permission: "approve", icon: "undo-2",
                english: "Back to draft"
            ) { order, arguments, _ in
                let earlier = order.remark.map { "\($0)\n" } ?? ""
                order.remark = "\(earlier)退回修改：\(arguments[Reason.demanded])"
            }
            $0.lock([.approved, .shipped, .settled, .closed, .cancelled], but: [\.remark])
            ($0.removable, $0.undoable) = ([.cancelled], [.approved])
        }
    }

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
