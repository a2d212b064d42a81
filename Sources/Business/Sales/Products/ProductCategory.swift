import Records

/// Where a product stands in the company's range; categories form a tree.
public struct ProductCategory: Entity {
    public static let name = "product_categories", label = "产品分类"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "folder-tree", english: "Product categories").with {
            $0.sort = ["position", "code"]
            $0.related = ["products"]
        }
    }

    public let name = Field<String>("name", "分类名称", kind: TextKind(limit: 50), .title)
    public let code = Field<String>("code", "分类编码", kind: TextKind(limit: 30), .unique, .inList, .quick)
    public let parent = Field<Ref<ProductCategory>?>("parent_id", "上级分类", .inList, .quick, .indexed, .reverse("下级分类", "Categories below"))
    public let position = Field<Int?>("position", "排序", .inList, .english("Order"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    public static var rules: Rules {
        .of(ProductCategory.self) {
            $0.beforeSave { category, _, tx in
                var above = category.parent, steps = 0
                while let parent = above, steps < 20 {
                    guard parent.id != category.row.id || category.row.id == 0 else { throw Problem("parent_id", "上级分类不能是自己或自己的下级") }
                    above = try tx.get(ProductCategory.self, parent)?.parent
                    steps += 1
                }
            }
            $0.beforeDelete { category, _, tx in
                let below = try tx.count(
                    Query(tx.catalog.schema(ProductCategory.self), where: \ProductCategory.parent == category.id), cap: 1)
                let used = try tx.count(Query(tx.catalog.schema(Product.self), where: \Product.category == category.id), cap: 1)
                guard below + used == 0 else { throw Refusal.conflict("分类「\(category.name)」下还有产品或下级分类，不能删除；可以把它停用") }
            }
        }
    }
}
