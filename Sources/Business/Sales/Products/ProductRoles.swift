import Core
import Records

/// Everybody reads what is sold and at which price; what it costs the company is for those who answer for the margin (G5).
enum ProductRoles {
    static let all: [RoleTemplate] = BuiltInRole.allCases.filter { $0 != .admin }.map { role in role.template { fill(&$0, for: role) } }

    private static let entities = [Product.name, ProductCategory.name, PriceBook.name, PriceBookLine.name]
    /// Who answers for margins.
    static let seesCost: Set<BuiltInRole> = [.gm, .director, .salesManager, .storeManager, .finance]
    private static let maintains: Set<BuiltInRole> = [.gm, .director, .salesManager, .storeManager, .steward]

    private static func fill(_ rights: inout Rights, for role: BuiltInRole) {
        for entity in entities {
            rights.allow(.all, ["read"], on: entity)
            rights.allow(.none, Rights.writing, on: entity)
        }
        if maintains.contains(role) {
            for entity in entities { rights.allow(.all, ["create", "update", "delete", "export", "import"], on: entity) }
        }
        let right: FieldRight = maintains.contains(role) && role != .steward ? .edit : seesCost.contains(role) ? .read : .hidden
        rights.show(right, "cost_cents", "floor_cents", "floor_margin_bp", of: Product.self)
        rights.show(min(right, .read), "cost_cents", of: OrderLine.self)
        rights.show(min(right, .read), "margin_cents", of: Order.self)
    }
}
