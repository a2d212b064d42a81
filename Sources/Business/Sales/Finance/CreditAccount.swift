import Core
import Records

/// I10, I11, §2.10: how much a customer may owe at most, on whose word and until when.
public struct CreditAccount: Entity {
    public static let name = "credit_accounts", label = "信用账户"
    public static var traits: EntityTraits {
        EntityTraits(icon: "credit-card", menu: .finance, english: "Credit accounts").with {
            $0.hasAttachments = true
            $0.highlights = ["customer_id", "status", "limit_cents", "exposure_cents", "grade", "score"]
            $0.papers = [.creditCard]
            $0.indexes = [["owner_id", "-created_at"], ["department_id", "-created_at"], ["status", "reviewed_on"]]
        }
    }

    public let code = Field<String?>("code", "客户编号", kind: AutoNumberKind("CR-{####}"), .unique, .title, .english("Credit no."))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .unique)
    public let limit = Field<Money>(
        "limit_cents", "信用额度", .inList, .quick, .indexed, .help("最高赊账额", "The most that may be owed"), .english("Credit limit"))
    public let termDays = Field<Int>(
        "term_days", "账期", kind: WholeNumberKind(range: 0...365), .inList, .quick, .unit("天", "days"), .initial(30))
    public let status = Field<Status>("status", "状态", .inList, .indexed, .initial("draft"))
    public let validFrom = Field<Day?>("valid_from", "生效日", .english("Valid from"))
    public let validTo = Field<Day?>("valid_to", "有效期至", .inList, .help("每年复核", "Reviewed every year"), .english("Valid until"))
    public let nature = Field<Customer.Nature?>("nature", "性质", .english("Ownership"))
    public let trade = Field<Trade?>("trade", "经销方式", .english("Way of trading"))

    public let character = Field<Int?>(
        "score_character", "品格（25）", kind: WholeNumberKind(range: 0...25), .section(.scoring), .help("付款记录、失信", "Payment history"),
        .english("Character (25)"))
    public let capacity = Field<Int?>(
        "score_capacity", "能力（25）", kind: WholeNumberKind(range: 0...25), .section(.scoring), .help("销售趋势、营业额", "Sales and turnover"),
        .english("Capacity (25)"))
    public let capital = Field<Int?>(
        "score_capital", "资本（20）", kind: WholeNumberKind(range: 0...20), .section(.scoring), .english("Capital (20)"))
    public let collateral = Field<Int?>(
        "score_collateral", "抵押（15）", kind: WholeNumberKind(range: 0...15), .section(.scoring), .english("Collateral (15)"))
    public let conditions = Field<Int?>(
        "score_conditions", "条件（15）", kind: WholeNumberKind(range: 0...15), .section(.scoring), .english("Conditions (15)"))
    public let score = Field<Int?>("score", "信用评分", .readOnly, .inList, .section(.scoring), .unit("分", "points"))
    public let grade = Field<Grade?>("grade", "信用等级", .readOnly, .inList, .section(.scoring))
    public let suggested = Field<Money?>(
        "suggested_cents", "建议额度", .readOnly, .section(.scoring), .help("月均进货乘以等级倍数", "Monthly purchases times the grade's factor"),
        .english("Suggested limit"))
    public let repView = Field<String?>("rep_view", "销售代表评价", kind: LongTextKind(), .section(.scoring), .english("Representative's view"))
    public let collectionView = Field<String?>(
        "collection_view", "回款评定", kind: LongTextKind(), .section(.scoring), .english("Payment record"))
    public let managerView = Field<String?>("manager_view", "经理意见", kind: LongTextKind(), .section(.scoring), .english("Manager's view"))

    public let exposure = Field<Money?>("exposure_cents", "已用额度", .readOnly, .inList, .section(.state), .english("Exposure"))
    public let overdueDays = Field<Int?>(
        "overdue_max_days", "最长逾期", .readOnly, .section(.state), .unit("天", "days"), .english("Longest overdue"))
    public let dso = Field<Int?>("dso_days", "应收周转天数", .readOnly, .section(.state), .unit("天", "days"), .english("DSO"))
    public let bounced = Field<Int?>("bounced_count", "退票次数", .readOnly, .section(.state), .english("Bounced cheques"))
    public let lateDays = Field<Int?>(
        "average_late_days", "平均晚付", .readOnly, .section(.state), .unit("天", "days"), .english("Average days late"))
    public let reviewedOn = Field<Day?>("reviewed_on", "复核日期", .readOnly, .section(.state))
    public let reason = Field<String?>("status_reason", "状态原因", kind: TextKind(limit: 200), .readOnly, .section(.state), .english("Reason"))
    public let limitChangedAt = Field<Instant?>("limit_changed_at", "额度调整时间", .readOnly, .section(.state))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.state))

    public init() {}

    public enum Status: String, Choice {
        case draft, approving, active, suspended, closed
        public static let options: [Option<Status>] = [
            .init(.draft, "草稿"), .init(.approving, "审批中", .warn), .init(.active, "有效", .ok), .init(.suspended, "冻结", .bad),
            .init(.closed, "关闭"),
        ]
    }

    public enum Trade: String, Choice {
        case consign, distribute
        public static let options: [Option<Trade>] = [.init(.consign, "代销"), .init(.distribute, "经销")]
    }

    /// S34: grades by score, and how many months' purchases each is good for.
    public enum Grade: String, Choice {
        case aaa = "AAA", aa = "AA", a = "A", bbb = "BBB", bb = "BB", b = "B"
        public static let options: [Option<Grade>] = [
            .init(.aaa, "AAA级", .ok, english: "AAA"), .init(.aa, "AA级", .ok, english: "AA"), .init(.a, "A级", .teal, english: "A"),
            .init(.bbb, "BBB级", .accent, english: "BBB"), .init(.bb, "BB级", .warn, english: "BB"), .init(.b, "B级", .bad, english: "B"),
        ]

        init(score: Int) {
            self =
                switch score {
                case 91...: .aaa
                case 81...90: .aa
                case 71...80: .a
                case 61...70: .bbb
                case 51...60: .bb
                default: .b
                }
        }

        /// In halves of a month.
        var halves: Int {
            switch self {
            case .aaa: 6
            case .aa: 5
            case .a: 4
            case .bbb: 2
            case .bb: 1
            case .b: 0
            }
        }
    }
}
