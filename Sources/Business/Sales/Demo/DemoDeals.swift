import Records

/// What the demo group's sellers have done with their customers and leads: deals with quotes, contracts and money, and what they write.
enum DemoDeals: Capability {
    static let name = "demo_deals", label = "演示商机"
    static let entities: [any Entity.Type] = []
    static func demo(_ demo: Demo) -> [Demo.Step] { DemoOpportunities.steps(demo) + DemoSalesMessages.steps(demo) }
}
