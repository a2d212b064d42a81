import Records

/// Roles that came with the product and are about nothing but what is switched off. They stay in the table, with whoever carries them, and
/// are offered to nobody meanwhile.
public struct IdleRoles: Sendable {
    private let shipped: Set<String>
    private let present: Set<String>

    public init(_ catalog: Catalog) {
        let present = Set(catalog.schemas.map(\.name))
        self.present = present
        shipped = catalog.restingEntities.isEmpty ? [] : Set(BuiltInRole.templates(catalog.whole).map(\.code))
    }

    public func contains(_ role: Record<Role>) -> Bool { contains(role.code, Rights(RightsText(role))) }
    public func contains(_ role: OrgChart.Role) -> Bool { contains(role.code, role.rights) }

    /// The other roles of a company.
    public func others(of chart: OrgChart) -> [OrgChart.Role] { chart.roles.values.filter { !contains($0) }.sorted { $0.id < $1.id } }

    private func contains(_ code: String, _ rights: Rights) -> Bool {
        guard shipped.contains(code), !rights.isAdmin, rights.system.isEmpty, rights.fallback.values.allSatisfy({ $0 == .none }) else {
            return false
        }
        let spoken = rights.scopes.filter { $0.value.values.contains { $0 != .none } }.keys
        return !spoken.isEmpty && spoken.allSatisfy { !present.contains($0) }
    }
}
