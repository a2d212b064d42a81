import Core
import Records

/// §2.9: what a customer owes and by when.
public struct Receivable: Entity {
    public static let name = "receivables", label = "应收"
    public static var traits: EntityTraits {
        EntityTraits(icon: "hand-coins", menu: .finance, english: "Receivables").with {
            $0.sort = ["due_on"]
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.highlights = ["customer_id", "status", "amount_cents", "balance_cents", "due_on", "bucket"]
            $0.related = ["allocations"]
            $0.presets = [Preset("逾期", "Overdue", ["filter[status]": "overdue"])]
            $0.queues = [
                .init(
                    "七天内待回款", "Due in seven days", icon: "hand-coins",
                    [("due_on[lt]", "today+8"), ("due_on[gte]", "today"), ("status[in]", "open,partial")]),
                .init("逾期未回款", "Payments overdue", icon: "hand-coins", urgent: true, [("status", "overdue")]),
                .init("全公司逾期应收", "The company's overdue", icon: "hand-coins", urgent: true, by: "settle", [("status", "overdue")]),
                .init("有争议的应收", "Disputed receivables", icon: "scale", by: "settle", [("status", "disputed")]),
            ]
            $0.indexes = [
                ["customer_id", "due_on"], ["contract_id", "due_on"], ["order_id", "due_on"], ["owner_id", "due_on"],
                ["owner_id", "status", "due_on"], ["department_id", "due_on"], ["status", "due_on"], ["bucket", "due_on"],
                ["dunning_level", "due_on"],
            ]
        }
    }

    public let no = Field<String?>(
        "no", "应收编号", kind: AutoNumberKind("AR-{yyyyMMdd}-{####}"), .unique, .searchable, .english("Receivable no."))
    public let title = Field<String>("name", "款项", kind: TextKind(limit: 200), .title, .english("What for"))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称"))
    public let contract = Field<Ref<Contract>?>("contract_id", "合同", .indexed)
    public let order = Field<Ref<Order>?>("order_id", "订单", .indexed, .english("Order"))
    public let amount = Field<Money>("amount_cents", "应收金额", .inList, .quick, .english("Amount"))
    public let issuedOn = Field<Day?>(
        "issued_on", "入账日期", .indexed,
        .help("开票或入账的日子；留空时取订单发货日、合同生效日或今天，只有财务能填", "When it was billed; empty: the shipment, the contract's start or today"),
        .english("Billed on"), .aliases("开票日期", "账单日期", "发生日期"))
    public let dueOn = Field<Day>("due_on", "应收日", .inList, .quick, .indexed, .due, .english("Due on"))
    public let paid = Field<Money?>("paid_cents", "已收", .readOnly, .inList, .english("Paid"))
    public let balance = Field<Money?>("balance_cents", "余额", .readOnly, .inList, .indexed, .english("Balance"))
    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("open"))
    public let bucket = Field<Bucket?>("bucket", "账龄", .readOnly, .inList, .indexed, .english("Age"))
    public let allowance = Field<Money?>(
        "allowance_cents", "坏账准备", .readOnly, .help("余额按账龄的默认比例：0、0、5%、10%、20%、50%、100%", "The balance times the default rate of its age"),
        .english("Allowance"))
    public let dunningLevel = Field<Int?>("dunning_level", "催收级别", .readOnly, .initial(0), .english("Dunning level"))
    public let paidOn = Field<Day?>("paid_on", "收清日期", .readOnly, .indexed)
    public let reason = Field<String?>("status_reason", "争议或坏账原因", kind: TextKind(limit: 200), .readOnly, .english("Reason"))
    public let remark = Field<String?>("remark", "备注", kind: LongTextKind(), .searchable)
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case open, partial, paid, overdue, bad, disputed
        public static let options: [Option<Status>] = [
            .init(.open, "未收", .sky), .init(.partial, "部分收回", .accent), .init(.paid, "已收清", .ok), .init(.overdue, "逾期", .bad),
            .init(.bad, "坏账"), .init(.disputed, "有争议", .warn),
        ]
    }

    /// §3.10: how long it has been overdue.
    public enum Bucket: String, Choice {
        case notDue = "not_due", d30, d60, d90, d180, d365, older
        public static let options: [Option<Bucket>] = [
            .init(.notDue, "未到期", .ok), .init(.d30, "1–30天", .sky, english: "1–30 days"),
            .init(.d60, "31–60天", .accent, english: "31–60 days"), .init(.d90, "61–90天", .warn, english: "61–90 days"),
            .init(.d180, "91–180天", .warn, english: "91–180 days"), .init(.d365, "181–365天", .bad, english: "181–365 days"),
            .init(.older, "365天以上", .bad, english: "Over 365 days"),
        ]

        /// The last day late of each; the default bad-debt allowance in percent.
        static let table: [(bucket: Bucket, until: Int, allowance: Int64)] = [
            (.notDue, 0, 0), (.d30, 30, 0), (.d60, 60, 5), (.d90, 90, 10), (.d180, 180, 20), (.d365, 365, 50), (.older, .max, 100),
        ]

        init(late days: Int) { self = Bucket.table.first { days <= $0.until }?.bucket ?? .older }
    }

    /// Balance times the default rate of its age; nil for what no longer ages.
    static func allowance(on balance: Money, _ bucket: Bucket?) -> Money? {
        Bucket.table.first { $0.bucket == bucket }.map { balance.share(Percent(basisPoints: $0.allowance * 100)) }
    }

    static let isOpen = Condition.field("status", .in, "open", "partial", "overdue", "disputed")
}
