import Records

/// D4, C8: what kind of customer it is in the company's own tree: 个人, 单位, 网约, 租赁, 二网 …
public struct CustomerCategory: Entity {
    public static let name = "customer_categories", label = "客户分类"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "folder-tree", english: "Customer categories").with { $0.sort = ["position", "code"] }
    }

    public let name = Field<String>("name", "分类名称", kind: TextKind(limit: 50), .title)
    public let code = Field<String>("code", "分类编码", kind: TextKind(limit: 30), .unique, .inList, .quick)
    public let parent = Field<Ref<CustomerCategory>?>("parent_id", "上级分类", .inList, .quick, .indexed)
    public let defaultLevel = Field<Ref<CustomerLevel>?>("default_level_id", "默认级别", .inList)
    public let defaultChannel = Field<Channel?>("default_channel", "默认跟踪方式")
    public let position = Field<Int?>("position", "排序", .english("Order"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind())

    public init() {}

    public static var rules: Rules {
        .of(CustomerCategory.self) {
            $0.beforeSave { category, change, tx in
                try refuseLoop(category, tx)
                if category.isBlank(\.position) { category.position = 100 }
            }
            $0.beforeDelete { category, _, tx in
                let used = try tx.count(Query(tx.catalog.schema(Customer.self), where: \Customer.category == category.id), cap: 1)
                guard used == 0 else { throw Refusal.conflict("分类「\(category.name)」已有客户使用，不能删除；可以把它停用") }
            }
        }
    }

    /// A category is not below itself.
    private static func refuseLoop(_ category: Record<CustomerCategory>, _ tx: any Transaction) throws {
        var above = category.parent, steps = 0
        while let parent = above, steps < 20 {
            guard parent.id != category.row.id || category.row.id == 0 else { throw Problem("parent_id", "上级分类不能是自己或自己的下级") }
            above = try tx.get(CustomerCategory.self, parent)?.parent
            steps += 1
        }
    }
}
