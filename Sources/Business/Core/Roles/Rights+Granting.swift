import Records

extension Rights {
    /// What daily work takes.
    public static let everyday = ["read", "create", "update"]
    /// What changes records.
    public static let writing = ["create", "update", "delete", "import", "merge", "assign"]
    /// Everything there is to do to business records.
    public static let every = ["read", "create", "update", "delete", "export", "import", "merge", "assign", "approve", "claim"]

    /// Allows `rights` as far as `scope` on these entities.
    public mutating func allow(_ scope: Scope, _ rights: [String], on entities: [any Entity.Type]) {
        for entity in entities { allow(scope, rights, on: entity.name) }
    }

    public mutating func allow(_ scope: Scope, _ rights: [String], on entity: String) {
        for right in rights { scopes[entity, default: [:]][right] = scope }
    }

    /// Allows `rights` on every entity that is not named, those of later capabilities included.
    public mutating func allowElsewhere(_ scope: Scope, _ rights: [String]) {
        for right in rights { fallback[right] = scope }
    }

    public mutating func show(_ right: FieldRight, _ names: String..., of entity: any Entity.Type) {
        for name in names { fields[entity.name, default: [:]][name] = right }
    }
}
