import Records

extension BuiltInRole {
    /// What a capability says of every role but the administrator, who may do everything anyway.
    public static func templates(_ fill: (inout Rights, BuiltInRole) -> Void) -> [RoleTemplate] {
        allCases.filter { $0 != .admin }.map { role in role.template { fill(&$0, role) } }
    }

    /// Who may do what with records that somebody owns: whoever meets customers with one's own, supervisors with their team's, managers with
    /// their department's (§2.25).
    /// - Parameters:
    ///   - work: what has an owner; `within` are lines inside it.
    ///   - claims: what may be taken out of the pool.
    ///   - setUp: what everybody reads and few change.
    ///   - besides: what is different with these entities.
    public static func templates(
        work: [any Entity.Type], within: [any Entity.Type] = [], claims: [any Entity.Type] = [], setUp: [any Entity.Type] = [],
        marketing: [String] = [], finance: [String] = [], warehouse: [String] = [],
        besides: (inout Rights, BuiltInRole) -> Void = { _, _ in }
    ) -> [RoleTemplate] {
        templates { rights, role in
            for entity in setUp {
                rights.allow(.all, ["read"], on: entity.name)
                rights.allow(.none, Rights.writing, on: entity.name)
                if role.isAmong(.tableKeepers) { rights.allow(.all, ["create", "update", "delete", "import", "export"], on: entity.name) }
            }
            let all = work + within
            switch role {
            case _ where role.isAmong(.frontDesk): rights.allow(.own, Rights.everyday, on: all)
            case .supervisor: rights.allow(.ownAndSubordinates, Rights.everyday + ["assign", "approve"], on: all)
            case _ where role.isAmong(.managers):
                rights.allow(.departmentTree, Rights.everyday + ["delete", "export", "import", "assign", "approve"], on: all)
            case .gm, .steward: rights.allow(.all, Rights.every, on: all)
            case .director: rights.allow(.all, Rights.everyday + ["delete", "export", "import", "assign", "approve"], on: all)
            case .marketing: rights.allow(.all, marketing, on: all)
            case .finance: rights.allow(.all, finance, on: all)
            case .warehouse: rights.allow(.all, warehouse, on: all)
            case .dpo: rights.allow(.all, ["read", "update", "delete", "export"], on: all)
            default: break
            }
            let takes = role.isAmong(.frontDesk) || role.isAmong(.managers) || [.supervisor, .gm, .director].contains(role)
            if takes { rights.allow(.all, ["claim"], on: claims) }
            besides(&rights, role)
        }
    }
}
