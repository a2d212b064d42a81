/// A part of the company: the company itself, a department, or a store (门店 are departments of their own kind).
public struct Department: Entity {
    public static let name = "departments", label = "部门"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "network", english: "Departments").with { $0.sort = ["position", "name"] }
    }

    public let title = Field<String>("name", "部门名称", .title)
    public let code = Field<String?>("code", "部门编码", .unique, .inList)
    public let parent = Field<Ref<Department>?>("parent_id", "上级部门", .inList, .quick, .indexed)
    public let kindOf = Field<Kind>("kind", "类型", .inList, .quick, .initial("department"))
    public let manager = Field<Ref<User>?>("manager_id", "负责人", .inList)
    public let phone = Field<String?>("phone", "电话")
    public let address = Field<String?>("address", "地址")
    public let position = Field<Int?>("position", "排序")
    public let isActive = Field<Bool>("is_active", "启用", .inList, .initial(true))

    public init() {}

    public enum Kind: String, Choice {
        case company, department, store
        public static let options: [Option<Kind>] = [.init(.company, "公司", .accent), .init(.department, "部门"), .init(.store, "门店", .teal)]
    }
}
