import Core
import Records

/// §2.8: up to which discount a salesperson decides alone, and whose word it takes beyond: ≤5 % oneself, ≤10 % supervisor, ≤20 % manager,
/// then director.
public struct DiscountAuthority: Entity {
    public static let name = "discount_authorities", label = "折扣权限表"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "badge-percent", english: "Discount authorities").with { $0.sort = ["up_to_bp"] }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 50), .title)
    public let authority = Field<Quote.Authority>("authority", "权限级别", .inList, .quick, .english("Authority"))
    public let upTo = Field<Percent>("up_to_bp", "折扣不超过", .inList, .quick, .unique, .english("Discounts up to"))
    public let roles = Field<Refs<Role>>("role_ids", "批准角色", .inList, .english("Approving roles"))

    public init() {}

    static func seed(_ tx: any Transaction) throws {
        guard try tx.first(DiscountAuthority.self, where: .everything) == nil else { return }
        let roles = try Dictionary(tx.all(Role.self).map { ($0.code, $0.row.id) }) { first, _ in first }
        let lines: [(String, Quote.Authority, Int64, Set<BuiltInRole>)] = [
            ("本人", .own, 500, []), ("主管", .supervisor, 1000, [.supervisor]),
            ("经理", .manager, 2000, .managers),
            ("总监", .director, 10_000, [.director, .gm]),
        ]
        for (name, authority, points, codes) in lines {
            var line = Record<DiscountAuthority>()
            (line.title, line.authority, line.upTo) = (name, authority, Percent(basisPoints: points))
            line.roles = Refs(BuiltInRole.allCases.filter(codes.contains).compactMap { roles[$0.rawValue] })
            try tx.insert(line)
        }
    }

    /// Whose word this discount takes: boundaries are inclusive; below the floor at least a manager's (G5).
    static func needed(_ table: [(upTo: Int64, authority: Quote.Authority)], discount: Int64, belowFloor: Bool) -> Quote.Authority {
        let byDiscount = table.sorted { $0.upTo < $1.upTo }.first { discount <= $0.upTo }?.authority ?? .director
        return belowFloor && byDiscount.rank < Quote.Authority.manager.rank ? .manager : byDiscount
    }

    /// The same for the company's table; what is not in the catalogue has no price to be measured by, and takes a supervisor.
    static func needed(
        _ table: [Record<DiscountAuthority>], discount: Int64, belowFloor: Bool, isFree: Bool, _ tx: any Transaction
    ) throws -> Quote.Authority {
        let found = needed(table.map { ($0.upTo.basisPoints, $0.authority) }, discount: discount, belowFloor: belowFloor)
        guard isFree, found == .own, try tx.isOn(QuoteParameters.freeLines) else { return found }
        return .supervisor
    }

    static func table(_ tx: any Transaction) throws -> [Record<DiscountAuthority>] {
        var query = Query(tx.catalog.schema(DiscountAuthority.self), limit: 100)
        query.withLinks = true
        return try tx.fetch(query).map(Record<DiscountAuthority>.init)
    }

    /// The roles written beside this authority or, where none are, beside the next higher one.
    static func roles(_ table: [Record<DiscountAuthority>], _ authority: Quote.Authority) -> Refs<Role> {
        table.filter { $0.authority.rank >= authority.rank && !$0.roles.ids.isEmpty }.min { $0.authority.rank < $1.authority.rank }?.roles
            ?? Refs([])
    }
}

/// What a company may set about its quotes.
public enum QuoteParameters {
    static let section = Words("报价与折扣", "Quotes and discounts")

    public static let validDays = Parameter(
        "quotes.valid_days", "报价默认有效期", 15, range: 1...365, unit: Words("天", "days"), section: section, english: "Quotes are valid for")
    public static let floorMargin = Parameter(
        "quotes.floor_margin", "最低毛利率", .int(300), kind: PercentKind(),
        help: Words("低于它的报价须经理批准；产品可另定", "A quote below it takes a manager; a product may have its own"), section: section,
        english: "Lowest margin")

    public static let freeLines = Parameter(
        "quotes.free_lines", "目录外明细须主管批准", true, kind: YesNoKind(),
        help: Words("目录外的明细没有可比的价格和成本", "What is not in the catalogue has no price or cost to compare with"), section: section,
        english: "Lines outside the catalogue take a supervisor")

    static let all = [validDays, floorMargin, freeLines]
}
