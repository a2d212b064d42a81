import Core
import Records

/// 合同: what was agreed and how it is paid.
public enum ContractsCapability: Capability {
    public static let name = "contracts", label = "合同"
    public static let entities: [any Entity.Type] = [Contract.self, PaymentTerm.self]
    public static let extensions: [any Extension.Type] = [ContractHolder.self, ContractOfQuote.self, OrderOfContract.self]
    public static let approvals = [Contract.approval]
    public static let roles = BuiltInRole.templates(
        work: [Contract.self], within: [PaymentTerm.self], finance: ["read", "update", "export"])
}
