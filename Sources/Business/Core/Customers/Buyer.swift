import Records

/// What a customer has bought (§2.1). Whatever pack sells keeps these figures and lists this among its extensions; where nothing is sold they
/// are not there.
public struct Buyer: Extension {
    public static let of = Customer.self
    public let firstPurchase = Field<Day?>("first_purchase_at", "首次购买", .readOnly, .section(.state))
    public let lastPurchase = Field<Day?>("last_purchase_at", "最近购买", .readOnly, .indexed, .section(.state))
    public let orderCount = Field<Int?>("order_count", "成交次数", .readOnly, .unit("次", "times"), .section(.state))
    public let orderAmount = Field<Money?>("order_amount_cents", "累计成交金额", .readOnly, .indexed, .section(.state))

    public static func add(to traits: inout EntityTraits) {
        traits.highlights.append("order_amount_cents")
        traits.indexes.append(["lifecycle", "-last_purchase_at"])
    }

    public static var rules: Rules {
        .of(Customer.self) {
            $0.beforeSave { customer, change, _ in
                guard change.isNew else { return }
                if customer[Buyer.self].orderCount == nil { customer[Buyer.self].orderCount = 0 }
                if customer[Buyer.self].orderAmount == nil { customer[Buyer.self].orderAmount = .zero }
            }
        }
    }

    public init() {}
}
