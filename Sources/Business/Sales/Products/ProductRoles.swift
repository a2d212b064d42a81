import Core
import Records

/// Everybody reads what is sold and at which price; what it costs the company is for those who answer for the margin (G5).
enum ProductRoles {
    static let all = BuiltInRole.templates { fill(&$0, for: $1) }

    private static let entities = [Product.name, ProductCategory.name, PriceBook.name, PriceBookLine.name]
    private static let maintainers = Set<BuiltInRole>.tableKeepers.union([.storeManager])

    private static func fill(_ rights: inout Rights, for role: BuiltInRole) {
        for entity in entities {
            rights.allow(.all, ["read"], on: entity)
            rights.allow(.none, Rights.writing, on: entity)
        }
        if role.isAmong(maintainers) {
            for entity in entities { rights.allow(.all, ["create", "update", "delete", "export", "import"], on: entity) }
        }
        let right: FieldRight = !role.isAmong(.costReaders) ? .hidden : role.isAmong(maintainers) ? .edit : .read
        rights.show(right, "cost_cents", "floor_cents", "floor_margin_bp", of: Product.self)
    }
}
