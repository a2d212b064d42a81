import Core
import Records

/// What a customer has bought (§2.8): the light order that every trade shares.
public struct Order: Entity {
    public static let name = "orders", label = "订单"
    public static var traits: EntityTraits {
        EntityTraits(icon: "shopping-cart", menu: .sales, english: "Orders").with {
            $0.sort = ["-ordered_on"]
            $0.hasTags = true
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.timeline = .init(at: "ordered_on", text: "remark")
            $0.indexes = [
                ["customer_id", "-ordered_on"], ["status", "-ordered_on"], ["owner_id", "-ordered_on"], ["department_id", "-ordered_on"],
            ]
            $0.highlights = ["customer_id", "status", "amount_cents", "ordered_on"]
            $0.related = ["order_lines", "receivables"]
            $0.papers = [.order]
            $0.queues = [
                .init("待批准的订单", "Orders to approve", icon: "stamp", by: "approve", [("status", "draft")]),
                .init("待配货发货的订单", "Orders to send out", icon: "truck", by: "ship", [("status[in]", "approved,allocated")]),
            ]
        }
    }

    public let no = Field<String?>(
        "no", "订单号", kind: AutoNumberKind("ORD-{yyyyMMdd}-{####}"), .unique, .title, .help("留空自动编号", "Numbered automatically when empty"),
        .english("Order no."), .aliases("订单编号", "单号", "订单号码"))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称", "客户编号"))
    public let orderedOn = Field<Day?>(
        "ordered_on", "下单日期", .inList, .quick, .indexed, .help("留空为今天", "Today when empty"), .aliases("订单日期", "日期", "购买日期"))
    public let amount = Field<Money?>(
        "amount_cents", "金额", .inList, .quick, .help("有明细时按明细合计", "The sum of the lines when there are any"), .english("Amount"),
        .aliases("订单金额", "总金额", "合计"))
    public let status = Field<Status?>("status", "状态", .inList, .english("Status"), .aliases("订单状态"))
    public let channel = Field<SalesChannel?>(
        "channel", "销售渠道", .english("Sales channel"), .help("留空按客户类型", "By the kind of customer when empty"))
    public let quantity = Field<Int?>("quantity", "数量", kind: WholeNumberKind(range: 0...100_000_000))
    public let lines = Field<Lines<OrderLine>>("lines", "明细")
    public let opportunity = Field<Ref<Opportunity>?>("opportunity_id", "商机", .indexed)
    public let margin = Field<Money?>(
        "margin_cents", "毛利", kind: MoneyKind(allowsNegative: true), .sensitive, .readOnly,
        .help("有成本的明细的金额减成本", "What the lines whose cost is known leave"), .english("Gross margin"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case draft, approved, allocated, shipped, settled, closed, cancelled
        public static let options: [Option<Status>] = [
            .init(.draft, "草稿"), .init(.approved, "已批准", .accent), .init(.allocated, "已配货", .teal),
            .init(.shipped, "已发货", .sky), .init(.settled, "已结算", .ok),
            .init(.closed, "关闭"),
            .init(.cancelled, "已取消", .bad),
        ]
    }
}
