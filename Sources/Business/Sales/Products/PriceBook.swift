import Core
import Records

/// Prices for certain customers: by their level, by the way they buy, for a time. The standard price of a product holds where no book names
/// it.
public struct PriceBook: Entity {
    public static let name = "price_books", label = "价目表"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "book-open", menu: .sales, english: "Price books").with {
            $0.sort = ["-priority", "name"]
            $0.highlights = ["level_id", "channel", "valid_from", "valid_to", "is_enabled"]
            $0.related = ["price_book_lines"]
        }
    }

    public let name = Field<String>("name", "价目表名称", kind: TextKind(limit: 50), .title)
    public let level = Field<Ref<CustomerLevel>?>("level_id", "客户级别", .inList, .quick, .help("留空表示所有级别", "All levels when empty"))
    public let channel = Field<SalesChannel?>(
        "channel", "销售渠道", .inList, .quick, .help("留空表示所有渠道", "All channels when empty"), .english("Sales channel"))
    public let validFrom = Field<Day?>("valid_from", "生效日", .inList, .quick, .english("Valid from"))
    public let validTo = Field<Day?>("valid_to", "失效日", .inList, .quick, .english("Valid until"))
    public let priority = Field<Int>(
        "priority", "优先级", kind: WholeNumberKind(range: 0...1000), .inList, .initial(0),
        .help("同样合适的价目表，数字大的先用", "Among books that fit equally the higher number counts"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))
    public let lines = Field<Lines<PriceBookLine>>("lines", "价格")
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200))

    public init() {}

    public static var rules: Rules {
        .of(PriceBook.self) {
            $0.beforeSave { book, _, _ in
                if let from = book.validFrom, let to = book.validTo, to < from { throw Problem("valid_to", "失效日不能早于生效日") }
            }
        }
    }

    /// How closely the book fits: by level, by channel, by priority; nil when it is for others or for another time.
    static func fit(_ book: Record<PriceBook>, level: Ref<CustomerLevel>?, channel: SalesChannel?, on day: Day) -> (Int, Int)? {
        guard book.isEnabled, book.validFrom.map({ $0 <= day }) ?? true, book.validTo.map({ $0 >= day }) ?? true else { return nil }
        if let wanted = book.level, wanted != level { return nil }
        if let wanted = book.channel, wanted != channel { return nil }
        return ((book.level == nil ? 0 : 2) + (book.channel == nil ? 0 : 1), book.priority)
    }
}

/// How a sale comes about: prices differ by it (G1).
public enum SalesChannel: String, Choice {
    case shop, phone, web, distributor, fleet
    public static let options: [Option<SalesChannel>] = [
        .init(.shop, "门店零售", .sky), .init(.phone, "电话销售"), .init(.web, "线上商城", .violet), .init(.distributor, "经销批发", .teal),
        .init(.fleet, "大客户", .accent),
    ]

    /// What a customer of this kind usually buys through.
    init(_ kind: Customer.Kind) {
        switch kind {
        case .dealer: self = .distributor
        case .company, .government: self = .fleet
        case .person, .family: self = .shop
        }
    }
}
