import Core
import Records

/// 商机: deals on their way, in pipelines of the company's own.
public enum OpportunitiesCapability: Capability {
    public static let name = "opportunities", label = "商机"
    public static let entities: [any Entity.Type] = [
        Opportunity.self, Pipeline.self, PipelineStage.self, DecisionRole.self, Competitor.self, StageMove.self,
    ]
    public static let extensions: [any Extension.Type] = [DealTalk.self, DealTask.self]
    public static let parameters = OpportunityParameters.all
    public static let approvals = [Opportunity.approval]
    public static let jobs = [StalledJob.job]
    public static let roles = BuiltInRole.templates(
        work: [Opportunity.self], within: [DecisionRole.self, StageMove.self], setUp: [Pipeline.self, PipelineStage.self, Competitor.self],
        marketing: ["read"], finance: ["read"])

    public static func seed(_ tx: any Transaction) throws { try Pipeline.seed(tx) }
}
