import Core
import Records

/// 线索: who may become a customer, who takes care of it, and what lies in the pool.
public enum LeadsCapability: Capability {
    public static let name = "leads", label = "线索"
    public static let entities: [any Entity.Type] = [
        Lead.self, LeadLevel.self, AssignmentRule.self, RecallRule.self, LeadForm.self,
    ]
    public static let extensions: [any Extension.Type] = [
        LeadTalk.self, LeadTask.self, Recallable.self, RecallStop.self, OpportunityOfLead.self,
    ]
    public static let parameters = LeadParameters.all
    public static let intakes = [LeadForm.intake]
    public static let approvals = [Lead.approval]
    public static let jobs = LeadJobs.all
    public static let roles = BuiltInRole.templates(
        work: [Lead.self], claims: [Lead.self], setUp: [LeadLevel.self, AssignmentRule.self, RecallRule.self, LeadForm.self],
        marketing: ["read", "create", "update", "assign"]
    ) { rights, role in
        if role == .marketing { rights.allow(.all, ["create", "update"], on: [LeadForm.self]) }
    }
    public static let reports = LeadReports.all

    public static func seed(_ tx: any Transaction) throws {
        try LeadLevel.seed(tx)
        try RecallRule.seed(tx)
    }

    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoLeads.steps(demo) }
}
