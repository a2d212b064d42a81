import Records

/// One product's price in a book, from a quantity on.
public struct PriceBookLine: Entity {
    public static let name = "price_book_lines", label = "价目明细"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list", english: "Price book lines").with {
            $0.parent = "price_book_id"
            $0.sort = ["position", "id"]
            $0.unique = [["price_book_id", "product_id", "min_quantity"]]
            $0.indexes = [["product_id", "price_book_id"]]
        }
    }

    public let book = Field<Ref<PriceBook>>("price_book_id", "价目表", .indexed, .inList)
    public let product = Field<Ref<Product>>("product_id", "产品", .inList, .quick, .indexed)
    public let minQuantity = Field<Int>(
        "min_quantity", "起订量", kind: WholeNumberKind(range: 1...1_000_000), .inList, .quick, .initial(1), .english("From quantity"))
    public let price = Field<Money>("price_cents", "价格", .inList, .quick)
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}
}
