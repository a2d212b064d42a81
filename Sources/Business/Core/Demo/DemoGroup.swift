import Records

/// 演示集团: the demo company's people and customers, before anything else of it.
enum DemoGroup: Capability {
    static let name = "demo_group", label = "演示集团"
    static let entities: [any Entity.Type] = []
    static func demo(_ demo: Demo) -> [Demo.Step] { DemoCompany.steps(demo) }
}
