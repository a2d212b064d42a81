import Records

/// 产品: what is sold, in which order, at which price for whom.
public enum ProductsCapability: Capability {
    public static let name = "products", label = "产品"
    public static let entities: [any Entity.Type] = [Product.self, ProductCategory.self, PriceBook.self, PriceBookLine.self]
    public static let roles = ProductRoles.all
}
