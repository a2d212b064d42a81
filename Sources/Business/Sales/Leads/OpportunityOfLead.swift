import Core
import Records

/// Which lead a deal came from.
public struct OpportunityOfLead: Extension {
    public static let of = Opportunity.self
    public let lead = Field<Ref<Lead>?>("lead_id", "来自线索", .readOnly, .indexed, .reverse("商机", "Opportunities"))
    public init() {}
}
