import Core
import Records

/// A contract that has been submitted is changed by an amendment and by nothing else.
public struct AmendedContract: Extension {
    public static let of = Contract.self
    public let amendment = Field<Ref<ContractAmendment>?>("amendment_id", "最近变更", .readOnly, .section(.state), .english("Last amendment"))

    public static var rules: Rules {
        .of(Contract.self) { $0.beforeSave { contract, change, _ in try refuseChange(of: contract, change) } }
    }

    /// What both sides have signed; the amendment that changes it says so in the same save.
    private static let agreed = [
        "customer_id", "type", "amount_cents", "signed_on", "from_on", "to_on", "method", "settle_time", "settle_discount_bp", "term_days",
        "payment_terms", "return_clause", "return_period_days", "sales_year",
    ]

    private static func refuseChange(of contract: Record<Contract>, _ change: Change) throws {
        guard let old = change.old.map({ Record<Contract>($0) }),
            ![.draft, .approving].contains(old.status) || old.status == .approving && contract.status == .approving
        else { return }
        guard !change.changed(\AmendedContract.amendment, in: contract) else { return }
        for name in agreed where old.row[name] != contract.row[name] {
            let label = contract.row.schema[name]?.label ?? name
            throw Problem(name, code: "locked", "合同 \(contract.no ?? "") \(old.status.label)，「\(label)」不能直接修改；请建立合同变更")
        }
    }

    public init() {}
}
