import Core
import Records

/// A customer who owes, or may owe, stays.
public struct Debtor: Extension {
    public static let of = Customer.self

    public static var rules: Rules {
        .of(Customer.self) {
            $0.keep(while: Receivable.self, by: "customer_id", Receivable.isOpen, "笔未收清的应收")
            $0.keep(
                while: CreditAccount.self, by: "customer_id", .field("status", .in, "approving", "active", "suspended"), "个未关闭的信用账户")
        }
    }

    public init() {}
}
