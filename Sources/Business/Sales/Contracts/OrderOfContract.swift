import Core
import Records

/// Under which contract an order was placed.
public struct OrderOfContract: Extension {
    public static let of = Order.self
    public let contract = Field<Ref<Contract>?>("contract_id", "合同", .indexed)
    public init() {}
}
