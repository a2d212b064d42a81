import Records

/// Users, departments and roles: who works here and what they may do.
enum Organisation {
    /// The right over the system that managing users and roles takes, and writing rules that act by themselves.
    static let governors = [
        User.name: "users", Role.name: "roles", AutomationRule.name: "automation", AutomationStep.name: "automation",
    ]
    /// Their changes make a new ``OrgChart``.
    static let governed: Set<String> = [User.name, Department.name, Role.name]
    /// What an instance remembers between requests of who may do what.
    static let remembered = governed.union([
        Session.name, APIToken.name, Credential.name, Share.name, ParameterValue.name,
    ])
    /// Counts the transactions that changed any of it, where several instances share the database.
    static let sequence = "accounts"
    /// What an API key never changes unless it may do all that its user may: it would give the key's holder more than the key allows.
    static let keptFromKeys = governed.union([AutomationRule.name, AutomationStep.name])
}

/// What the API takes for users and roles besides, or instead of, their fields' own kinds.
public enum OrganisationInput {
    /// JSON schemas by member.
    public static func properties(of schema: Schema) -> [String: Plain] {
        switch schema.name {
        case User.name:
            [
                "password": ["type": ["string", "null"], "writeOnly": true, "title": "密码"],
                "must_change_password": ["type": ["boolean", "null"], "writeOnly": true, "title": "首次登录须修改密码"],
                "roles": ["type": ["array", "null"], "items": ["type": ["integer", "string"]], "title": "角色（编码或编号）"],
                "department_id": ["type": ["integer", "string", "null"], "title": "所属部门（编号、编码或名称）"],
            ]
        case Role.name:
            [
                "permissions": ["type": ["object", "string", "null"], "title": "权限"],
                "fields": ["type": ["object", "string", "null"], "title": "字段权限"],
                "system": ["type": ["array", "string", "null"], "title": "系统权限"],
            ]
        default: [:]
        }
    }
}
