import Core
import Records

/// 赢单: how a deal is won by an order or a contract, and open again when these are gone.
public enum WonCapability: Capability {
    public static let name = "won", label = "赢单"
    public static let entities: [any Entity.Type] = []
    public static let extensions: [any Extension.Type] = [OrderWins.self, ContractWins.self, WonDeal.self]
}

/// An approved order wins its deal.
public struct OrderWins: Extension {
    public static let of = Order.self

    public static var rules: Rules {
        .of(Order.self) {
            $0.afterSave { order, change, tx in
                guard let old = change.old.map(Record<Order>.init), old.status != order.status, let deal = order.opportunity else { return }
                switch (old.status, order.status) {
                case (_, .approved): try WonDeal.win(deal, by: order.customer, order.amount, on: order.orderedOn ?? tx.today, tx)
                case (_, .draft), (_, .cancelled):
                    try WonDeal.lapse(deal, "订单 \(order.no ?? "")\(order.status == .draft ? "退回修改" : "已取消")", tx)
                default: break
                }
            }
        }
    }

    public init() {}
}

/// A contract in effect wins its deal.
public struct ContractWins: Extension {
    public static let of = Contract.self

    public static var rules: Rules {
        .of(Contract.self) {
            $0.afterSave { contract, change, tx in
                guard let old = change.old.map(Record<Contract>.init), old.status != contract.status, let deal = contract.opportunity else {
                    return
                }
                switch contract.status {
                case .effective:
                    try WonDeal.win(deal, by: contract.customer, contract.amount, on: contract.signedOn ?? tx.today, tx)
                case .terminated, .void: try WonDeal.lapse(deal, "合同 \(contract.no ?? "")\(contract.status.label)", tx)
                default: break
                }
            }
        }
    }

    public init() {}
}
