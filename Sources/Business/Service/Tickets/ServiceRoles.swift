import Core
import Records

/// Who does what in service, on top of what the core says: §2.25.
enum ServiceRoles {
    private static let work: [any Entity.Type] = [Ticket.self, Reception.self]
    private static let library: [any Entity.Type] = [Article.self, Script.self, ServiceLevel.self]

    static let all: [RoleTemplate] = BuiltInRole.allCases.filter { $0 != .admin }.map { role in
        role.template { rights in
            rights.allow(.all, ["read"], on: library)
            // Whoever meets customers takes down what they ask, and answers for it.
            if role.isAmong(.frontDesk) { rights.allow(.own, Rights.everyday, on: work) }
            switch role {
            case .supervisor: rights.allow(.ownAndSubordinates, Rights.everyday + ["assign"], on: work)
            // The desk that calls customers sees what any of them has asked.
            case .followUp: rights.allow(.all, ["read"], on: [Ticket.self])
            case .careManager:
                rights.allow(.all, Rights.everyday + ["delete", "assign", "export"], on: work)
                rights.allow(.all, Rights.everyday + ["delete"], on: library)
            case .serviceManager: rights.allow(.all, Rights.everyday, on: [Article.self, Script.self])
            case .gm: rights.allow(.all, Rights.everyday + ["delete"], on: library)
            case .steward: rights.allow(.all, Rights.every, on: work)
            case .dpo: rights.allow(.all, ["read", "update", "delete", "export"], on: work)
            case .marketing: rights.allow(.all, ["read"], on: [Ticket.self])
            default: break
            }
        }
    }
}
