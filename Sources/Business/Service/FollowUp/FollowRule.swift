import Core
import Records

/// D12, A15, §3.1: so many days after (or before) a day of a record, its customer is followed up — once, every year, by the lunar calendar,
/// or every so many days.
public struct FollowRule: Entity {
    public static let name = "follow_rules", label = "跟踪规则"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "route", english: "Follow-up rules").with {
            $0.sort = ["entity", "id"]
            $0.indexes = [["entity", "is_enabled"]]
            $0.highlights = ["is_enabled", "scene", "entity", "field", "offsets", "planned"]
        }
    }

    public let title = Field<String>("name", "规则名称", kind: TextKind(limit: 100), .title)
    public let scene = Field<Question.Scene>("scene", "场景", .inList, .quick, .initial("custom"), .english("Scene"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(false), .english("Enabled"))

    public let entity = Field<String>(
        "entity", "对象", kind: TextKind(limit: 60), .inList, .quick, .section(.trigger),
        .help("对象的标识，例如 orders、tickets、complaints、customers", "The entity's name, such as orders, tickets, complaints, customers"))
    public let field = Field<String>(
        "field", "日期或数字字段", kind: TextKind(limit: 60), .inList, .quick, .section(.trigger),
        .help(
            "例如 ordered_on、resolved_at、next_birthday_on；数字字段要填界限",
            "Such as ordered_on, resolved_at, next_birthday_on; a number needs a threshold"), .english("Day or number field"))
    public let offsets = Field<String>(
        "offsets", "之后几天", kind: TextKind(limit: 60), .inList, .quick, .initial("3"), .section(.trigger),
        .help("可填多个，如 3,7,30；提前为负数，如 -3", "Several: 3,7,30; before: -3"), .english("Days after"))
    public let repeats = Field<Repeats>("repeats", "重复", .initial("once"), .section(.trigger))
    public let every = Field<Int?>(
        "every_days", "每隔", kind: WholeNumberKind(range: 7...3650), .unit("天", "days"), .section(.trigger), .only(when: "repeats", "every"),
        .english("Every"))
    public let threshold = Field<Int?>(
        "threshold", "数字达到", .section(.trigger), .help("数字字段首次达到此值时跟踪一次；金额以分计", "Once the number reaches it; money in cents"))
    public let states = Field<String?>(
        "states", "仅限状态", kind: TextKind(limit: 200), .section(.trigger),
        .help("状态代码，用逗号隔开，例如 shipped,settled", "State codes with commas: shipped,settled"), .english("Only in states"))
    public let condition = Field<String?>(
        "condition", "其他条件", kind: JSONTextKind(limit: 20_000), .section(.trigger), .english("Further conditions"))
    public let sampling = Field<Sampling>("sampling", "抽样", .initial("all"), .section(.trigger))
    public let size = Field<Int?>(
        "sample_size", "抽样数", kind: WholeNumberKind(range: 1...100_000), .section(.trigger), .only(when: "sampling", "share", "per_owner"),
        .help("百分数，或每位负责人每月几个", "Percent, or how many a month of each owner"), .english("Sample"))

    public let method = Field<Ref<TrackingMethod>?>("method_id", "跟踪方式", .inList, .section(.work), .english("Method"))
    public let questionnaire = Field<Ref<Questionnaire>?>("questionnaire_id", "问卷", .inList, .section(.work))
    public let assign = Field<Assign>("assign", "由谁跟踪", .initial("workload"), .section(.work), .english("Done by"))
    public let people = Field<Refs<User>>(
        "user_ids", "跟踪人员", .section(.work), .help("按在办多少均衡分派；留空则待分派", "Whoever has the fewest; waits to be assigned when empty"),
        .english("People"))
    public let attempts = Field<Int>(
        "max_attempts", "最多拨打", kind: WholeNumberKind(range: 1...20), .initial(5), .unit("天", "days"), .section(.work), .english("At most")
    )
    public let retry = Field<Int>(
        "retry_days", "未接通隔几天再拨", kind: WholeNumberKind(range: 0...30), .initial(1), .unit("天", "days"), .section(.work),
        .english("Try again after"))
    public let priority = Field<Todo.Priority>("priority", "优先级", .initial("normal"), .section(.work))
    public let planned = Field<Int?>("planned", "已生成", .readOnly, .inList, .unit("个", ""), .section(.work), .english("Plans made"))

    public init() {}

    public enum Repeats: String, Choice {
        case once, yearly, lunar, every
        public static let options: [Option<Repeats>] = [
            .init(.once, "一次"), .init(.yearly, "每年（公历）", .sky, english: "Every year"),
            .init(.lunar, "每年（农历）", .violet, english: "Every lunar year"), .init(.every, "每隔若干天", .teal, english: "Every so many days"),
        ]
    }

    public enum Sampling: String, Choice {
        case all, share, perOwner = "per_owner"
        public static let options: [Option<Sampling>] = [
            .init(.all, "全部"), .init(.share, "按比例", english: "A share"), .init(.perOwner, "每位负责人若干", english: "So many of each owner"),
        ]
    }

    public enum Assign: String, Choice {
        case workload, owner
        public static let options: [Option<Assign>] = [
            .init(.workload, "指定人员，均衡分派", .accent, english: "People, by workload"),
            .init(.owner, "客户负责人", .sky, english: "The customer's owner"),
        ]
    }

    public static var rules: Rules {
        .of(FollowRule.self) {
            $0.rollUp(RollUp("planned", of: FollowPlan.name, by: "rule_id", .count))
            $0.beforeSave { rule, _, tx in try check(rule, tx) }
        }
    }

    /// §4.3-1: who keeps the call desk need not wait for the night's work, which makes the same plans.
    public static var actions: [Action] {
        [
            Action.on(
                FollowRule.self, "generate", "生成今日计划", icon: "list-plus", english: "Plan now", permission: "generate",
                unavailable: { rule, _ in rule.isEnabled ? nil : "规则没有启用" }
            ) { rule, _, tx in try FollowPlanning.ask(rule.row.id, tx) }.with {
                ($0.isPrimary, $0.isUndoable) = (true, false)
            }
        ]
    }

    /// What it names is there.
    private static func check(_ rule: Record<FollowRule>, _ tx: any Transaction) throws {
        guard let schema = tx.catalog[rule.entity], schema.isOwned,
            schema.name == Customer.name || schema["customer_id"]?.target == Customer.name
        else { throw Problem("entity", code: "not_found", "没有可跟踪的对象「\(rule.entity)」：应为客户，或有「客户」字段的对象") }
        guard let field = schema[rule.field], field.isColumn else {
            throw Problem("field", code: "not_found", "\(schema.label)没有字段「\(rule.field)」")
        }
        switch field.kind {
        case is DayKind: break
        case is InstantKind: if rule.repeats != .once { throw Problem("repeats", "「\(field.label)」是时刻，只能跟踪一次；每年或定期重复请用日期字段") }
        default:
            guard field.column == .integer, field.target == nil else { throw Problem("field", "「\(field.label)」不是日期，也不是数字") }
            if rule.threshold == nil { throw Problem("threshold", code: "required", "按数字字段跟踪时请填写「数字达到」") }
        }
        guard rule.days != nil else { throw Problem("offsets", "应为 1 到 10 个整数，用逗号隔开，例如 3,7,30") }
        if rule.repeats == .every, rule.every == nil { throw Problem("every_days", code: "required", "请填写「每隔」几天") }
        if rule.sampling != .all, rule.size == nil { throw Problem("sample_size", code: "required", "请填写「抽样数」") }
        if rule.sampling == .share, let share = rule.size, share > 100 { throw Problem("sample_size", "按比例抽样时填 1 到 100") }
        let codes = rule.stateCodes
        if !codes.isEmpty {
            guard let status = schema["status"], let kind = status.kind as? ChoiceKind else {
                throw Problem("states", "\(schema.label)没有状态")
            }
            if let wrong = codes.first(where: { code in !kind.options.contains { $0.code == code } }) {
                throw Problem("states", "\(schema.label)没有状态「\(wrong)」，可填：\(kind.options.map(\.code).joined(separator: "、"))")
            }
        }
        if let text = rule.condition { _ = try tx.count(Query(schema, where: try tx.question(text, about: schema), limit: 1), cap: 1) }
    }
}

extension Words {
    static let trigger = Words("何时跟踪", "When")
}

extension Record<FollowRule> {
    /// Days after the day; nil when the text is no list of them.
    var days: [Int]? {
        let parts = self.offsets.split(whereSeparator: { ",，、; ".contains($0) }), days = parts.compactMap { Int($0) }
        return days.count == parts.count && (1...10).contains(days.count) && days.allSatisfy { $0.magnitude <= 3650 } ? days : nil
    }

    var stateCodes: [String] { (self.states ?? "").split(whereSeparator: { ",，、; ".contains($0) }).map(String.init) }

    /// Which days of the record come round on `day`.
    func origins(of day: Day) -> [Day] {
        switch self.repeats {
        case .once: return [day]
        case .every: return self.every.map { step in stride(from: step, through: 3650, by: step).map { day - $0 } } ?? []
        case .yearly:
            let (year, month, date) = day.parts
            var origins = (1...100).compactMap { Day(year: year - $0, month: month, day: date) }
            // 29 February comes round on the 28th in common years.
            if month == 2, date == 28, !Day.isLeap(year) { origins += (1...100).compactMap { Day(year: year - $0, month: 2, day: 29) } }
            return origins
        case .lunar:
            guard let lunar = LunarDate(day), !lunar.isLeapMonth else { return [] }
            // Entered as the lunar year, month and day.
            var origins = (0...100).compactMap { Day(year: lunar.year - $0, month: lunar.month, day: lunar.day) }
            let isShort = lunar.day == 29 && LunarDate(day + 1)?.day == 1
            if isShort { origins += (0...100).compactMap { Day(year: lunar.year - $0, month: lunar.month, day: 30) } }
            return origins.filter { $0 != day }
        }
    }
}
