import Core
import Records

/// A19, §2.8: what is offered to a customer, at which price and until when. What has been submitted is not changed: there is a new version.
public struct Quote: Entity {
    public static let name = "quotes", label = "报价单"
    public static var traits: EntityTraits {
        EntityTraits(icon: "file-text", menu: .sales, english: "Quotes").with {
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.highlights = ["customer_id", "status", "total_cents", "discount_bp", "margin_bp", "authority", "valid_until"]
            $0.reason = "discount_reason"
            $0.related = ["quote_lines", "orders"]
            $0.papers = [.quote]
            $0.queues = [.init("三天内到期的报价", "Quotes running out", icon: "file-clock", [("valid_until[lt]", "today+4"), ("status", "sent")])]
            $0.indexes = [
                ["customer_id", "-created_at"], ["opportunity_id", "-created_at"], ["owner_id", "-created_at"],
                ["owner_id", "status", "valid_until"], ["department_id", "-created_at"], ["status", "valid_until"],
                ["status", "-created_at"],
            ]
        }
    }

    public let no = Field<String?>(
        "no", "报价单号", kind: AutoNumberKind("Q-{yyyyMMdd}-{####}"), .unique, .title, .help("留空自动编号", "Numbered automatically when empty"),
        .english("Quote no."))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed)
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人")
    public let opportunity = Field<Ref<Opportunity>?>("opportunity_id", "商机", .inList, .quick, .indexed)
    public let validUntil = Field<Day?>(
        "valid_until", "有效期至", .inList, .quick, .indexed, .help("留空按公司参数", "The company's parameter when empty"), .english("Valid until"))
    public let channel = Field<SalesChannel?>(
        "channel", "销售渠道", .help("留空按客户类型", "By the kind of customer when empty"), .english("Sales channel"))
    public let lines = Field<Lines<QuoteLine>>("lines", "明细")
    public let discountReason = Field<String?>(
        "discount_reason", "折扣原因", kind: TextKind(limit: 200), .help("超出本人折扣权限时填写", "Beyond one's own authority"),
        .english("Reason for the discount"))
    public let terms = Field<String?>("terms", "条款", kind: LongTextKind())
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)

    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("draft"), .section(.state))
    public let version = Field<Int>("quote_version", "版本", .readOnly, .inList, .initial(1), .section(.state), .english("Version"))
    public let previous = Field<Ref<Quote>?>(
        "previous_id", "前一版本", .readOnly, .section(.state), .reverse("后续版本", "Later versions"), .english("Earlier version"))
    public let listTotal = Field<Money?>("list_total_cents", "原价合计", .readOnly, .section(.state), .english("List total"))
    public let total = Field<Money?>("total_cents", "报价金额", .readOnly, .inList, .section(.state), .english("Total"))
    public let discount = Field<Percent?>("discount_bp", "折扣", .readOnly, .inList, .section(.state), .english("Discount"))
    public let authority = Field<Authority>("authority", "折扣权限", .readOnly, .initial("own"), .section(.state), .english("Authority needed"))
    public let belowFloor = Field<Bool?>("below_floor", "低于底价", .readOnly, .inList, .section(.state), .english("Below the floor"))
    public let cost = Field<Money?>("cost_cents", "成本合计", .sensitive, .readOnly, .section(.costs), .english("Cost"))
    public let margin = Field<Money?>(
        "margin_cents", "毛利", kind: MoneyKind(allowsNegative: true), .sensitive, .readOnly, .section(.costs), .english("Gross margin"))
    public let marginRate = Field<Int?>(
        "margin_bp", "毛利率", kind: PercentKind(range: -1_000_000...10_000), .sensitive, .readOnly, .section(.costs), .english("Margin"))
    public let deciders = Field<Refs<Role>>(
        "decider_role_ids", "审批角色", .readOnly, .section(.state), .help("按折扣权限表", "By the table of discount authority"),
        .english("Roles that decide"))
    public let approvedBy = Field<Ref<User>?>("approved_by", "批准人", .readOnly, .section(.state), .english("Approved by"))
    public let approvedAt = Field<Instant?>("approved_at", "批准时间", .readOnly, .section(.state))
    public let sentAt = Field<Instant?>("sent_at", "发送时间", .readOnly, .section(.state))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}

    public enum Status: String, Choice {
        case draft, pending, approved, sent, accepted, expired, rejected, void
        public static let options: [Option<Status>] = [
            .init(.draft, "草稿"), .init(.pending, "审批中", .warn), .init(.approved, "已批准", .accent), .init(.sent, "已发送", .sky),
            .init(.accepted, "已接受", .ok), .init(.expired, "已过期"), .init(.rejected, "已驳回", .bad), .init(.void, "作废"),
        ]
    }

    /// Who may grant a discount, weakest first.
    public enum Authority: String, Choice {
        case own, supervisor, manager, director
        public static let options: [Option<Authority>] = [
            .init(.own, "本人", .ok, english: "Oneself"), .init(.supervisor, "主管", .sky), .init(.manager, "经理", .warn),
            .init(.director, "总监", .bad),
        ]
        var rank: Int { Authority.allCases.firstIndex(of: self) ?? 0 }
    }
}

/// One line of a quote.
public struct QuoteLine: Entity {
    public static let name = "quote_lines", label = "报价明细"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list", english: "Quote lines").with {
            $0.parent = "quote_id"
            $0.sort = ["position", "id"]
        }
    }

    public let quote = Field<Ref<Quote>>("quote_id", "报价单", .indexed)
    public let item = Field<Ref<Product>?>(
        "product_id", "产品目录", .inList, .quick, .indexed, .reverse("报价明细", "Quote lines"), .english("From the catalogue"))
    public let product = Field<String>(
        "product", "产品", kind: TextKind(limit: 200), .title, .help("选了产品目录可以留空", "May be left empty with a product"))
    public let quantity = Field<Int>("quantity", "数量", kind: WholeNumberKind(range: 1...100_000_000), .inList, .quick, .initial(1))
    public let list = Field<Money?>("list_cents", "原价", .inList, .english("List price"), .help("留空按价目表", "By the price book when empty"))
    public let price = Field<Money?>(
        "price_cents", "报价", .inList, .quick, .help("留空等于原价", "The list price when empty"), .english("Quoted price"))
    public let discount = Field<Percent?>("discount_bp", "折扣", .readOnly, .inList, .english("Discount"))
    public let amount = Field<Money?>("amount_cents", "金额", .readOnly, .inList)
    public let cost = Field<Money?>("cost_cents", "成本单价", .sensitive, .readOnly, .english("Unit cost"))
    public let belowFloor = Field<Bool?>("below_floor", "低于底价", .readOnly, .english("Below the floor"))
    public let isFree = Field<Bool?>("is_free", "目录外", .readOnly, .english("Not in the catalogue"))
    public let remark = Field<String?>("remark", "备注", kind: TextKind(limit: 200))
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public static var rules: Rules {
        .of(QuoteLine.self) {
            $0.beforeSave { line, change, tx in
                guard let quote = try tx.get(Quote.self, line.quote) else { return }
                try price(&line, change, quote, tx)
            }
            $0.afterSave { line, _, tx in try Quote.sumUp(line.quote, tx) }
            $0.afterDelete { line, _, tx in try Quote.sumUp(line.quote, tx) }
        }
    }

    private static func price(_ line: inout Record<QuoteLine>, _ change: Change, _ quote: Record<Quote>, _ tx: any Transaction) throws {
        let product = try line.item.flatMap { try tx.get(Product.self, $0) }
        if let product {
            if product.status == .stopped, change.changed(\QuoteLine.item, in: line) {
                throw Problem("product_id", "产品「\(product.name)」已停售")
            }
            if line.isBlank(\.product) || line.product.isEmpty { line.product = product.name }
            // The catalogue is the measure, not what the line says.
            line.cost = product.cost
            line.list = try Pricing.price(
                of: product, quantity: line.quantity, for: try tx.get(Customer.self, quote.customer), through: quote.channel,
                on: tx.today, tx)
        } else {
            line.cost = nil
            if !line.isBlank(\.product),
                try tx.first(Product.self, where: \Product.name == line.product && \Product.status == .active) != nil
            {
                throw Problem("product_id", "「\(line.product)」在产品目录中，请从目录选择")
            }
        }
        if line.price == nil { line.price = line.list }
        guard let price = line.price else { throw Problem("price_cents", code: "required", "请填写「报价」，或选择目录产品") }
        if line.list == nil { line.list = price }
        line.isFree = product == nil
        line.amount = OrderLine.total(line.quantity, at: price)
        let list = line.list ?? price
        line.discount = list > price ? (list - price).rate(of: list).map { Percent(basisPoints: $0) } : Percent(basisPoints: 0)
        line.belowFloor = try isBelowFloor(price, product, tx)
    }

    /// G5: below the product's floor price, or with less margin than its own or the company's lowest.
    static func isBelowFloor(_ price: Money, _ product: Record<Product>?, _ look: any Looking) throws -> Bool {
        guard let product else { return false }
        if let floor = product.floorPrice, price < floor { return true }
        guard let cost = product.cost else { return false }
        let lowest = try product.floorMargin?.basisPoints ?? Int64(look.value(of: QuoteParameters.floorMargin, on: nil).int ?? 0)
        guard let margin = (price - cost).rate(of: price) else { return price <= cost && cost > .zero }
        return margin < lowest
    }
}
