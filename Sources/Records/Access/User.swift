/// Somebody who logs in. Secrets (password hash, TOTP secret) are kept elsewhere, so that no answer can carry them.
public struct User: Entity {
    public static let name = "users", label = "用户"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "user", english: "Users").with {
            $0.sort = ["name"]
            $0.hasAttachments = false
        }
    }

    public let title = Field<String>("name", "姓名", .title)
    public let username = Field<String>("username", "登录名", .unique, .searchable, .inList, .quick)
    public let mobile = Field<String?>("mobile", "手机号码", kind: MobileKind(), .searchable, .inList)
    public let email = Field<String?>("email", "邮箱", kind: EmailKind(), .inList)
    public let department = Field<Ref<Department>?>("department_id", "所属部门", .inList, .quick, .indexed)
    public let manager = Field<Ref<User>?>("manager_id", "直属上级", .inList, .indexed)
    public let roles = Field<Refs<Role>>("roles", "角色", .inList, .quick)
    public let status = Field<Status>("status", "状态", .inList, .initial("active"))
    public let isDemo = Field<Bool?>("is_demo", "演示账号", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case active, disabled
        public static let options: [Option<Status>] = [.init(.active, "在职", .ok), .init(.disabled, "已停用", .neutral)]
    }
}
