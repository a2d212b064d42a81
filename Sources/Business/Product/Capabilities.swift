import Records

/// Everything the product can do, in the order of the navigation.
public enum Capabilities {
    public static let all: [any Capability.Type] = [
        CustomersCapability.self, LeadsCapability.self, OpportunitiesCapability.self, QuotesCapability.self, ContractsCapability.self,
        SalesCapability.self, ProductsCapability.self, FinanceCapability.self, TargetsCapability.self, CampaignsCapability.self,
        ServiceCapability.self, ComplaintsCapability.self, SurveysCapability.self, FollowUpCapability.self, ReportsCapability.self,
        OfficeCapability.self,
    ]
}
