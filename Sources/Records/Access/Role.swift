/// A set of rights that users carry; a user may have several, and they add up.
public struct Role: Entity {
    public static let name = "roles", label = "角色"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "shield", english: "Roles").with { $0.sort = ["position", "code"] }
    }

    public let title = Field<String>("name", "角色名称", .title)
    public let code = Field<String>("code", "角色编码", .unique, .inList)
    public let description = Field<String?>("description", "说明")
    /// `{"customers":{"read":"department_tree","create":true,…}}`, as in the API.
    public let permissions = Field<String?>("permissions", "权限", kind: JSONTextKind())
    /// `{"customers.id_no":"masked"}`
    public let fields = Field<String?>("fields", "字段权限", kind: JSONTextKind())
    /// Rights over the system, comma-separated: `users,roles,audit`.
    public let system = Field<String?>("system", "系统权限", kind: JSONTextKind())
    public let needsTOTP = Field<Bool?>("needs_totp", "必须启用两步验证")
    public let isBuiltIn = Field<Bool?>("is_built_in", "内置", .readOnly, .inList)
    public let position = Field<Int?>("position", "排序")

    public init() {}
}
