import Records

/// 经营: how the whole company does. What of it belongs to a pack that is off is left out.
enum ManagementCapability: Capability {
    static let name = "management", label = "经营"
    static let entities: [any Entity.Type] = []
    static let reports = ManagementReports.all
    static let dashboards = Dashboards.all

    static func demo(_ demo: Demo) -> [Demo.Step] { DemoTruth.steps }
}

extension ReportDefault.Area {
    static let management = Self("management", "经营", "Management", icon: "gauge")
}
