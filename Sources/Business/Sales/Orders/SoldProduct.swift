import Core
import Records

/// A product that has been ordered stays.
public struct SoldProduct: Extension {
    public static let of = Product.self

    public static var rules: Rules {
        .of(Product.self) {
            $0.beforeDelete { product, _, tx in
                let sold = try tx.count(Query(tx.catalog.schema(OrderLine.self), where: \OrderLine.item == product.id), cap: 1)
                guard sold == 0 else { throw Refusal.conflict("产品「\(product.name)」已有订单，不能删除；可以停售") }
            }
        }
    }

    public init() {}
}
