import Records

/// The roles that come with the product, put together from all capabilities' templates.
enum BuiltInRole {
    /// What the engine needs whatever capabilities there are.
    static let always: [RoleTemplate] = {
        var everything = Rights()
        for right in Rights.common { everything.fallback[right] = .all }
        var system = Rights()
        system.system = Set(Rights.overSystem)
        return [
            RoleTemplate(Rights.admin, "系统管理员", english: "Administrator", .all),
            RoleTemplate("gm", "总经理", english: "General manager", everything),
            RoleTemplate("sysadmin", "系统运维（无业务数据）", english: "System administrator without business data", system),
        ]
    }()

    /// One template for each code: the union of what the capabilities say. The engine's own count only where no capability speaks of the
    /// role.
    static func templates(_ catalog: Catalog) -> [RoleTemplate] {
        var order: [String] = [], byCode: [String: RoleTemplate] = [:]
        for template in catalog.capabilities.flatMap({ $0.roles }) {
            guard var known = byCode[template.code] else {
                order.append(template.code)
                byCode[template.code] = template
                continue
            }
            known.rights = known.rights.joined(template.rights)
            byCode[template.code] = known
        }
        for template in always where byCode[template.code] == nil {
            order.append(template.code)
            byCode[template.code] = template
        }
        return order.compactMap { byCode[$0] }
    }
}

extension Rights {
    /// Two capabilities' words about one role: each speaks of its own entities, and the wider counts where both do. Unlike ``union(_:)``,
    /// which adds up two roles of one user, a field that one capability narrows stays narrow.
    func joined(_ other: Rights) -> Rights {
        var sum = self
        sum.isAdmin = isAdmin || other.isAdmin
        sum.system.formUnion(other.system)
        sum.fallback.merge(other.fallback, uniquingKeysWith: max)
        for (entity, scopes) in other.scopes { sum.scopes[entity, default: [:]].merge(scopes, uniquingKeysWith: max) }
        for (entity, rules) in other.fields { sum.fields[entity, default: [:]].merge(rules, uniquingKeysWith: max) }
        return sum
    }
}

extension GateTransaction {
    /// Brings one built-in role into the database: new, or changed since the last version where the company has not changed it itself.
    func ship(_ template: RoleTemplate) throws {
        let wanted = RightsText(template.rights)
        let before = try note(SetUpNote.shipped(template.code)).flatMap(Plain.init(jsonText:)).flatMap(RightsText.init(note:))
        guard before != wanted else { return }
        var query = Query(catalog.schema(Role.self), where: \Role.code == template.code, limit: 1)
        query.life = .both
        if let found = try reading.fetch(query).first {
            if let before, found.deletedAt == nil { try upgrade(Record<Role>(found), from: Rights(before), to: template.rights) }
        } else if before == nil {
            try add(template, wanted)
        }
        try setNote(SetUpNote.shipped(template.code), wanted.note.jsonText)
    }

    private func add(_ template: RoleTemplate, _ text: RightsText) throws {
        var role = Record<Role>()
        role.title = template.label
        role.code = template.code
        role.permissions = text.permissions
        role.fields = text.fields
        role.system = text.system
        role.isBuiltIn = true
        role.position = (BuiltInRole.templates(catalog).firstIndex { $0.code == template.code } ?? 0) * 10
        try insert(role)
    }

    /// What the company left as it was shipped follows the product; what it changed stays.
    private func upgrade(_ role: Record<Role>, from old: Rights, to new: Rights) throws {
        var role = role
        let mine = Rights(RightsText(role))
        var merged = mine
        func settle<Key: Hashable, Part: Equatable>(_ mine: [Key: Part], _ old: [Key: Part], _ new: [Key: Part]) -> [Key: Part] {
            var result = mine
            for key in Set(old.keys).union(new.keys) where mine[key] == old[key] { result[key] = new[key] }
            return result
        }
        merged.scopes = settle(mine.scopes, old.scopes, new.scopes)
        merged.fields = settle(mine.fields, old.fields, new.fields)
        merged.fallback = settle(mine.fallback, old.fallback, new.fallback)
        merged.system = mine.system.union(new.system.subtracting(old.system)).subtracting(old.system.subtracting(new.system))
        let text = RightsText(merged)
        role.permissions = text.permissions
        role.fields = text.fields
        role.system = text.system
        try save(role)
    }
}

extension RightsText {
    var note: Plain { .object(["permissions": .text(permissions ?? ""), "fields": .text(fields ?? ""), "system": .text(system ?? "")]) }

    init?(note: Plain) {
        guard let members = note.object else { return nil }
        func text(_ name: String) -> String? { members[name]?.text.flatMap { $0.isEmpty ? nil : $0 } }
        self.init(permissions: text("permissions"), fields: text("fields"), system: text("system"))
    }
}
