import Records

/// 服务: what customers ask, who receives them, what to say and what is known.
public enum ServiceCapability: Capability {
    public static let name = "service", label = "服务"
    public static let entities: [any Entity.Type] = [Ticket.self, Reception.self, Article.self, Script.self, ServiceLevel.self]
    public static let extensions: [any Extension.Type] = [TicketTalk.self]
    public static let parameters = ServiceParameters.all
    public static let jobs = ServiceJobs.all
    public static let roles = ServiceRoles.all

    public static func seed(_ tx: any Transaction) throws { try ServiceSetUp.seed(tx) }
    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoService.steps(demo) }
}
