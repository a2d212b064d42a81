import Core
import Records

/// What the company, a department or a person is to reach in a month, what has been reached, and who is ahead: the figures commissions are
/// paid by.
public struct SalesTarget: Entity {
    public static let name = "sales_targets", label = "销售目标"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "trophy", menu: .sales, english: "Sales targets").with {
            $0.sort = ["-month", "place"]
            $0.presets = [
                Preset("个人排行", "People", ["filter[scope]": "person"]), Preset("部门排行", "Departments", ["filter[scope]": "department"]),
            ]
            $0.highlights = ["month", "target_cents", "actual_cents", "attained_bp", "place"]
            $0.indexes = [
                ["month", "scope", "metric"], ["-month", "place"], ["user_id", "-month"], ["for_department_id", "-month"], ["refreshed_at"],
            ]
        }
    }

    public let title = Field<String?>(
        "name", "目标", kind: TextKind(limit: 100), .title, .help("留空自动命名", "Named automatically when empty"), .english("Target"))
    public let month = Field<Day>("month", "月份", .inList, .quick, .indexed, .help("填该月任意一天", "Any day of the month"))
    public let scope = Field<Scope>("scope", "范围", .inList, .quick, .indexed, .initial("person"), .english("For"))
    public let department = Field<Ref<Department>?>(
        "for_department_id", "部门", .inList, .quick, .indexed, .only(when: "scope", "department"), .english("Department"))
    public let user = Field<Ref<User>?>("user_id", "人员", .inList, .quick, .indexed, .only(when: "scope", "person"), .english("Person"))
    public let metric = Field<Metric>("metric", "指标", .inList, .quick, .initial("orders"))
    public let target = Field<Money?>(
        "target_cents", "目标金额", .inList, .quick, .only(when: "metric", "orders", "margin", "collected"), .english("Target"))
    public let targetCount = Field<Int?>(
        "target_count", "目标数量", kind: WholeNumberKind(range: 1...1_000_000), .quick, .only(when: "metric", "won", "customers"),
        .english("Target number"))
    public let actual = Field<Money?>(
        "actual_cents", "完成金额", kind: MoneyKind(allowsNegative: true), .readOnly, .inList, .english("Reached"))
    public let actualCount = Field<Int?>("actual_count", "完成数量", .readOnly, .inList, .english("Number reached"))
    public let attained = Field<Int?>(
        "attained_bp", "完成率", kind: PercentKind(range: -1_000_000...1_000_000), .readOnly, .inList, .english("Attained"))
    public let place = Field<Int?>("place", "排名", .readOnly, .inList, .english("Place"))
    public let refreshedAt = Field<Instant?>("refreshed_at", "统计时间", .readOnly, .english("Counted at"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Scope: String, Choice {
        case company, department, person
        public static let options: [Option<Scope>] = [
            .init(.company, "公司", .violet), .init(.department, "部门", .accent), .init(.person, "个人", .sky),
        ]
    }

    public enum Metric: String, Choice {
        case orders, margin, collected, won, customers
        public static let options: [Option<Metric>] = [
            .init(.orders, "订单金额", .accent, english: "Orders"), .init(.margin, "毛利", .teal, english: "Gross margin"),
            .init(.collected, "回款金额", .ok, english: "Money collected"), .init(.won, "赢单数", .violet, english: "Opportunities won"),
            .init(.customers, "新成交客户", .sky, english: "First-time buyers"),
        ]
        var isMoney: Bool { [.orders, .margin, .collected].contains(self) }
    }

    public static var rules: Rules {
        .of(SalesTarget.self) {
            $0.beforeSave { target, change, tx in
                target.month = target.month.startOfMonth
                if target.scope != .person { target.user = nil }
                if target.scope != .department { target.department = nil }
                if target.scope == .person, target.user == nil { throw Problem("user_id", code: "required", "请选择人员") }
                if target.scope == .department, target.department == nil { throw Problem("for_department_id", code: "required", "请选择部门") }
                if target.metric.isMoney { target.targetCount = nil } else { target.target = nil }
                if target.target == nil, target.targetCount == nil {
                    throw Problem(target.metric.isMoney ? "target_cents" : "target_count", code: "required", "请填写目标")
                }
                if change.isNew || change.changed(\SalesTarget.month, in: target) || change.changed(\SalesTarget.user, in: target)
                    || change.changed(\SalesTarget.department, in: target) || change.changed(\SalesTarget.metric, in: target)
                {
                    try refuseSecond(target, tx)
                    target.title = try heading(target, tx)
                    if change.source != "rule" { try TargetJob.count(&target, tx) }
                }
                target.attained = attained(target)
            }
        }
    }

    private static func refuseSecond(_ target: Record<SalesTarget>, _ tx: any Transaction) throws {
        let same =
            \SalesTarget.month == target.month && \SalesTarget.scope == target.scope && \SalesTarget.metric == target.metric
            && \SalesTarget.user == target.user && \SalesTarget.department == target.department
        guard try tx.first(SalesTarget.self, where: same && .not(.ids([target.row.id]))) == nil else {
            throw Problem("month", code: "duplicate", "该月已有同一指标的目标，请直接修改")
        }
    }

    private static func heading(_ target: Record<SalesTarget>, _ tx: any Transaction) throws -> String {
        let who =
            try target.user.flatMap { try tx.get(User.self, $0)?.title } ?? target.department.flatMap {
                try tx.get(Department.self, $0)?.title
            } ?? "公司"
        return "\(target.month.iso.prefix(7)) \(who) \(target.metric.label)"
    }

    /// What has been reached of the target, in basis points.
    static func attained(_ target: Record<SalesTarget>) -> Int? {
        let (wanted, reached) =
            target.metric.isMoney
            ? (target.target, target.actual)
            : (target.targetCount.map { Money(cents: Int64($0)) }, target.actualCount.map { Money(cents: Int64($0)) })
        guard let wanted, let reached else { return nil }
        return reached.rate(of: wanted).map { Int(clamping: min(max($0, -1_000_000), 1_000_000)) }
    }
}

extension Day {
    /// The first day of its month.
    var startOfMonth: Day { self - (day - 1) }
}
