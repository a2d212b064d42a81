import Records

/// §2.25 as rights over the entities of the core. Later capabilities add theirs with templates of the same codes.
enum BuiltInRoles {
    static let all: [RoleTemplate] = BuiltInRole.allCases.map { role in
        guard role != .admin else { return RoleTemplate(role.rawValue, role.label, english: role.english, .all) }
        return role.template { fill(&$0, for: role) }
    }

    /// Customers and everything said and done about them.
    private static let work: [any Entity.Type] = [
        Customer.self, Contact.self, Interaction.self, Todo.self, SpecialDate.self, ContactGroup.self,
    ]
    /// Small things of one's own that may be thrown away.
    private static let notes: [any Entity.Type] = [Todo.self, Contact.self, SpecialDate.self, ContactGroup.self]
    /// What everybody reads so that forms and lists make sense; few may change it. `tags` is the engine's.
    private static let setUp = [
        CustomerLevel.name, CustomerCategory.name, Department.name, User.name, Announcement.name, WordList.name, DictionaryItem.name,
        CalendarDay.name, "tags",
        "approval_flows", "approval_steps", "message_templates",
    ]
    private static let lists = [CustomerLevel.name, CustomerCategory.name, WordList.name, DictionaryItem.name, "tags"]
    private static let system: Set<String> = ["users", "roles", "fields", "parameters", "audit", "recycle", "backup", "announcements"]

    private static func fill(_ rights: inout Rights, for role: BuiltInRole) {
        readSetUp(&rights)
        switch role {
        case .admin: break
        case .gm: everything(&rights)
        case .director: direct(&rights)
        case .salesManager, .serviceManager, .storeManager: manage(&rights)
        case .careManager:
            manage(&rights)
            maintainLists(&rights)
        case .supervisor: supervise(&rights)
        case .salesConsultant, .serviceAdvisor, .followUp, .clerk, .fieldRep, .tourSales: workAlone(&rights)
        case .insurance, .loan:
            workAlone(&rights)
            rights.allow(.departmentTree, ["read"], on: [Customer.self, Contact.self, Interaction.self])
            rights.show(.edit, "id_no", of: Customer.self)
        case .tourOperator:
            workAlone(&rights)
            rights.allow(.departmentTree, ["read"], on: [Customer.self, Contact.self])
            rights.show(.edit, "id_no", of: Customer.self)
        case .guide: keepTasks(&rights)
        case .marketing: market(&rights)
        case .finance: account(&rights)
        case .warehouse: store(&rights)
        case .hr: keepStaff(&rights)
        case .steward: keepData(&rights)
        case .dpo: protect(&rights)
        case .sysadmin: runSystem(&rights)
        }
        askForApproval(&rights)
        for entity in ["dashboards", "dashboard_tiles", "saved_reports", "saved_report_parts", "report_issues", "report_schedules"] {
            rights.allow(.none, every, on: entity)
            rights.allow(.own, Rights.everyday + ["delete"], on: entity)
        }
        write(&rights, role)
    }

    /// Everybody sees what they asked for and what they are asked; what the request itself allows is not a matter of roles.
    private static func askForApproval(_ rights: inout Rights) {
        let reach = max(rights.scope("approvals", "read"), .own)
        rights.allow(.none, every, on: "approvals")
        rights.allow(reach, ["read"], on: "approvals")
        rights.allow(.own, Rights.everyday + ["delete"], on: "approval_delegations")
    }

    /// One reads what one sent, or those below one; the channels' keys are the administrators'.
    private static func write(_ rights: inout Rights, _ role: BuiltInRole) {
        let reach: Scope =
            switch role {
            case .gm, .director, .marketing, .dpo, .sysadmin: .all
            case .salesManager, .serviceManager, .storeManager, .careManager: .departmentTree
            case .supervisor: .ownAndSubordinates
            default: .own
            }
        rights.allow(.none, every, on: "messages")
        rights.allow(reach, ["read"], on: "messages")
        rights.allow(.none, every, on: "message_channels")
        if [.marketing, .careManager, .gm, .director].contains(role) {
            rights.allow(.all, ["create", "update", "delete"], on: "message_templates")
        }
        if [.marketing, .careManager, .followUp, .dpo].contains(role) {
            rights.allow(.all, ["read", "create", "update", "delete"], on: "message_opt_outs")
            rights.fields["message_opt_outs"] = ["address": .edit]
        }
        if role == .sysadmin { rights.allow(.all, ["read", "create", "update", "delete"], on: "message_channels") }
    }

    private static func readSetUp(_ rights: inout Rights) {
        for entity in setUp {
            rights.allow(.all, ["read"], on: entity)
            rights.allow(.none, writing, on: entity)
        }
        rights.allow(.none, every, on: Role.name)
    }

    private static func keepTasks(_ rights: inout Rights) { rights.allow(.own, Rights.everyday + ["delete"], on: [Todo.self]) }

    /// One's own records, and what lies in the pool for the taking.
    private static func workAlone(_ rights: inout Rights) {
        rights.allow(.own, Rights.everyday, on: work)
        rights.allow(.own, ["delete"], on: notes)
        rights.allow(.all, ["claim"], on: [Customer.self])
    }

    private static func supervise(_ rights: inout Rights) {
        rights.allow(.ownAndSubordinates, Rights.everyday + ["delete", "assign", "approve"], on: work)
        rights.allow(.none, ["delete"], on: [Customer.self])
        rights.allow(.all, ["claim"], on: [Customer.self])
        rights.allowElsewhere(.ownAndSubordinates, Rights.everyday)
    }

    private static func manage(_ rights: inout Rights) {
        rights.allowElsewhere(.departmentTree, ["read", "create", "update", "delete", "export", "import", "assign", "approve"])
        rights.allow(.all, ["claim"], on: [Customer.self])
        rights.allow(.all, ["create", "update"], on: Announcement.name)
        rights.system = ["announcements", "recycle"]
    }

    private static func direct(_ rights: inout Rights) {
        rights.allowElsewhere(.all, ["read", "create", "update", "export", "import", "assign", "approve", "claim"])
        rights.allow(.all, ["create", "update", "delete"], on: Announcement.name)
        rights.system = ["announcements", "parameters"]
    }

    private static func everything(_ rights: inout Rights) {
        rights.allowElsewhere(.all, every)
        for entity in setUp + [Role.name] { rights.allow(.all, every, on: entity) }
        rights.allow(.none, writing, on: Role.name)
        rights.allow(.none, writing, on: User.name)
        rights.show(.edit, "id_no", of: Customer.self)
        rights.system = ["announcements", "parameters", "audit", "recycle"]
    }

    private static func maintainLists(_ rights: inout Rights) {
        for entity in lists { rights.allow(.all, ["create", "update", "delete"], on: entity) }
        rights.system.insert("parameters")
    }

    /// Reads to plan campaigns; sees no whole phone number.
    private static func market(_ rights: inout Rights) {
        keepTasks(&rights)
        rights.allow(.all, ["read"], on: [Customer.self, Contact.self, Interaction.self, SpecialDate.self])
        rights.allow(.all, ["create"], on: [Customer.self])
        rights.allow(.all, Rights.everyday + ["delete"], on: [ContactGroup.self])
        rights.allow(.all, ["create", "update"], on: Announcement.name)
        rights.show(.masked, "mobile", "phone", of: Customer.self)
        rights.show(.masked, "mobile", "phone", of: Contact.self)
        rights.system = ["announcements"]
    }

    private static func account(_ rights: inout Rights) {
        keepTasks(&rights)
        rights.allow(.all, ["read"], on: [Customer.self, Contact.self])
        rights.show(.masked, "mobile", "phone", of: Contact.self)
    }

    private static func store(_ rights: inout Rights) {
        keepTasks(&rights)
        rights.allow(.all, ["read"], on: [Customer.self])
        rights.show(.masked, "mobile", "phone", "wechat", "email", of: Customer.self)
    }

    private static func keepStaff(_ rights: inout Rights) {
        keepTasks(&rights)
        for entity in [User.name, Department.name, Announcement.name] { rights.allow(.all, Rights.everyday, on: entity) }
        rights.allow(.all, ["read"], on: Role.name)
        rights.system = ["users", "announcements"]
    }

    /// The customer master's keeper: merges, imports, corrects (§2.1 "merge = steward").
    private static func keepData(_ rights: inout Rights) {
        rights.allow(.all, every, on: work)
        maintainLists(&rights)
        rights.show(.edit, "id_no", of: Customer.self)
        rights.system.formUnion(["recycle", "fields"])
    }

    /// Answers people's requests about their data (PIPL): reads all of it, corrects, erases and hands over.
    private static func protect(_ rights: inout Rights) {
        rights.allowElsewhere(.all, ["read"])
        rights.allow(.all, ["read", "update", "delete", "export"], on: work)
        rights.show(.edit, "id_no", of: Customer.self)
        rights.system = ["audit", "recycle"]
    }

    /// Keeps the system running for companies where that must not mean reading customers.
    private static func runSystem(_ rights: inout Rights) {
        for entity in [User.name, Department.name, Role.name, Announcement.name] { rights.allow(.all, every, on: entity) }
        rights.system = system
    }

    private static let writing = Rights.writing
    private static let every = Rights.every
}
