import Core
import Records

/// 合同变更: how a contract in effect is changed, with what is owed by it.
public enum AmendmentsCapability: Capability {
    public static let name = "amendments", label = "合同变更"
    public static let entities: [any Entity.Type] = [ContractAmendment.self]
    public static let extensions: [any Extension.Type] = [AmendedContract.self]
    public static let roles = BuiltInRole.templates(work: [ContractAmendment.self], finance: ["read", "update", "export"])

    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoAmendments.steps(demo) }
}
