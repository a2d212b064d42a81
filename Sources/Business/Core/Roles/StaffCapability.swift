import Records

/// 角色: who works in a company, as the built-in roles have it.
enum StaffCapability: Capability {
    static let name = "staff", label = "角色"
    static let entities: [any Entity.Type] = []
    static let roles = BuiltInRoles.all
}
