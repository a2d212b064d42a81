import Core
import Records

/// A contract that has been submitted is changed by an amendment and by nothing else.
public struct AmendedContract: Extension {
    public static let of = Contract.self
    public let amendment = Field<Ref<ContractAmendment>?>("amendment_id", "最近变更", .readOnly, .section(.state), .english("Last amendment"))

    public init() {}
}
