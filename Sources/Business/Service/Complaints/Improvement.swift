import Core
import Records

/// A9, A34, A37: something to be done better — why it went wrong, what is done, by whom, until when, and whether it helped. One PDCA round.
public struct Improvement: Entity {
    public static let name = "improvements", label = "改进项"
    public static var traits: EntityTraits {
        EntityTraits(icon: "trending-up", menu: .service, english: "Improvements").with {
            $0.sort = ["due_at"]
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.openStates = ["plan", "do", "check"]
            $0.indexes = [
                ["owner_id", "status", "due_at"], ["department_id", "due_at"], ["status", "due_at"], ["status", "escalated_at", "due_at"],
            ]
            $0.highlights = ["status", "source", "due_at", "complaint_id", "score_before", "score_after"]
        }
    }

    public let title = Field<String>("title", "改进项", kind: TextKind(limit: 200, searching: .prose), .title)
    public let source = Field<Source>("source", "来源", .inList, .quick, .initial("complaint"))
    public let kind = Field<Kind>("kind", "性质", .inList, .quick, .initial("corrective"), .english("Kind"))
    public let status = Field<Status>("status", "阶段", .inList, .initial("plan"))
    public let complaint = Field<Ref<Complaint>?>("complaint_id", "来自投诉", .indexed, .english("Complaint"))
    public let due = Field<Instant?>("due_at", "完成期限", .inList, .quick, .indexed, .english("Due"))
    public let rootCause = Field<String?>("root_cause", "根本原因", kind: LongTextKind(), .searchable)
    public let action = Field<String?>("action", "改进措施", kind: LongTextKind(), .quick, .searchable)
    public let target = Field<String?>(
        "target", "目标", kind: TextKind(limit: 200), .help("可衡量的指标，例如等候不超过 15 分钟", "Measurable, such as waiting under 15 minutes"))
    public let done = Field<String?>("done", "执行情况", kind: LongTextKind(), .readOnly, .english("What was done"))
    public let verification = Field<String?>("verification", "检查结论", kind: LongTextKind(), .readOnly)
    public let before = Field<Int?>("score_before", "改进前得分", kind: WholeNumberKind(range: 0...1000), .english("Score before"))
    public let after = Field<Int?>("score_after", "改进后得分", kind: WholeNumberKind(range: 0...1000), .english("Score after"))
    public let effect = Field<String?>("effect", "效果与标准化", kind: LongTextKind(), .readOnly, .english("Effect"))
    public let closedAt = Field<Instant?>("closed_at", "关闭时间", .readOnly)
    public let escalatedAt = Field<Instant?>("escalated_at", "上报时间", .readOnly)
    public let key = Field<String?>("dedupe_key", "去重键", kind: JSONTextKind(limit: 200), .unique, .readOnly, .english("Key"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Source: String, Choice {
        case complaint, survey, audit, kpi, suggestion
        public static let options: [Option<Source>] = [
            .init(.complaint, "投诉", .bad), .init(.survey, "满意度调查", .sky), .init(.audit, "检查", .violet),
            .init(.kpi, "指标", .warn, english: "KPI"), .init(.suggestion, "建议", .teal),
        ]
    }

    public enum Kind: String, Choice {
        case corrective, preventive, improvement
        public static let options: [Option<Kind>] = [
            .init(.corrective, "纠正"), .init(.preventive, "预防", .sky), .init(.improvement, "提升", .ok),
        ]
    }

    public enum Status: String, Choice {
        case plan, doing = "do", check, act, closed, cancelled
        public static let options: [Option<Status>] = [
            .init(.plan, "计划 P", .accent, english: "Plan"), .init(.doing, "执行 D", .sky, english: "Do"),
            .init(.check, "检查 C", .warn, english: "Check"), .init(.act, "处置 A", .violet, english: "Act"), .init(.closed, "已关闭", .ok),
            .init(.cancelled, "已取消"),
        ]
    }

    private static let report = text("done", "执行情况", "What was done"), finding = text("verification", "检查结论", "Verification"),
        outcome = text("effect", "效果与标准化", "Effect")

    private static func text(_ name: String, _ label: String, _ english: String) -> Field<String> {
        Field(name, label, kind: LongTextKind(), .english(english))
    }

    public static var flow: Flow? {
        .of(Improvement.self, \.status) {
            $0.step(
                "start", "开始执行", from: [.plan, .act], to: .doing, requires: [\.rootCause, \.action, \.due], icon: "play", primary: true)
            $0.step(
                "submit_check", "提交检查", from: [.doing], to: .check, parameters: [report], icon: "send", english: "Submit for a check",
                primary: true
            ) { item, arguments, _ in item.done = arguments[report] }
            $0.step(
                "pass", "检查通过", from: [.check], to: .act, parameters: [finding], permission: "verify", icon: "badge-check", primary: true,
                guard: byAnother
            ) { item, arguments, _ in item.verification = arguments[finding] }
            $0.step(
                "fail", "未达目标，重新执行", from: [.check], to: .doing, parameters: [finding], permission: "verify", icon: "rotate-ccw",
                english: "Not there yet", guard: byAnother
            ) { item, arguments, _ in item.verification = arguments[finding] }
            $0.step(
                "close", "标准化并关闭", from: [.act], to: .closed, parameters: [outcome], icon: "circle-check",
                english: "Make it the standard", primary: true
            ) { item, arguments, tx in (item.effect, item.closedAt) = (arguments[outcome], tx.now) }
            $0.step("cancel", "取消", from: [.plan, .doing], to: .cancelled, parameters: [Reason.demanded], keeper: true, icon: "x")
            ($0.removable, $0.undoable) = ([.cancelled], [.closed, .cancelled])
        }
    }

    /// Whoever did it does not check it.
    @Sendable private static func byAnother(_ item: Record<Improvement>, _ actor: Actor) -> String? {
        item.ownerID == actor.userID ? "负责人不能检查自己的改进项" : nil
    }

    public static var rules: Rules {
        .of(Improvement.self) {
            $0.beforeSave { item, change, tx in
                try Ownership.follow(&item.row, change, tx)
                if change.changed(\Improvement.due, in: item) { item.escalatedAt = nil }
            }
        }
    }

    /// Opens an item once for `key`; false when there is one.
    static func open(
        _ title: String, source: Source, key: String, complaint: Record<Complaint>? = nil, owner: Int64?, _ tx: any Transaction
    ) throws -> Bool {
        guard try tx.first(Improvement.self, where: \Improvement.key == key) == nil else { return false }
        var item = Record<Improvement>()
        (item.title, item.source, item.key) = (title, source, key)
        item.complaint = complaint?.id
        item.rootCause = complaint?.rootCause
        item.due = try WorkCalendar.load(tx).adding(workingDays: 10, to: tx.now)
        item.ownerID = owner
        item.departmentID = try owner.flatMap { try tx.get(User.self, Ref($0))?.department?.id } ?? complaint?.departmentID
        let saved = try tx.insert(item)
        if let owner { try tx.notify([owner], of: .assigned, "新的改进项：\(title)", about: saved.row) }
        return true
    }
}

/// A45: a decision with what it rested on, what it should bring, and what came of it.
public struct Decision: Entity {
    public static let name = "decisions", label = "决策记录"
    public static var traits: EntityTraits {
        EntityTraits(icon: "landmark", menu: .service, english: "Decisions").with {
            $0.sort = ["-decided_on"]
            $0.hasAttachments = true
            $0.openStates = ["decided"]
            $0.indexes = [
                ["owner_id", "status", "due_at"], ["owner_id", "-decided_on"], ["department_id", "-decided_on"], ["status", "due_at"],
            ]
            $0.highlights = ["status", "decided_on", "due_at", "target"]
        }
    }

    public let title = Field<String>("title", "决策事项", kind: TextKind(limit: 200, searching: .prose), .title)
    public let status = Field<Status>("status", "状态", .inList, .initial("proposed"))
    public let data = Field<String?>(
        "data", "所依据的数据", kind: LongTextKind(), .quick, .searchable,
        .help("当时的数字和出处，之后不随系统变化", "The figures of the day and where they come from"), .english("Data used"))
    public let alternatives = Field<String?>("alternatives", "备选方案", kind: LongTextKind(), .english("Options"))
    public let choice = Field<String?>("decision", "决定", kind: LongTextKind(), .quick, .searchable, .english("Decision"))
    public let target = Field<String?>("target", "目标指标", kind: TextKind(limit: 200), .inList, .quick, .english("KPI target"))
    public let decidedOn = Field<Day?>("decided_on", "决定日期", .inList, .indexed, .readOnly, .english("Decided on"))
    public let review = Field<Instant?>("due_at", "复盘时间", .inList, .quick, .indexed, .english("Review at"))
    public let improvement = Field<Ref<Improvement>?>("improvement_id", "相关改进项", .english("Improvement"))
    public let result = Field<String?>("result", "结果", kind: LongTextKind(), .readOnly)
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case proposed, decided, reviewed
        public static let options: [Option<Status>] = [
            .init(.proposed, "待决定", .accent), .init(.decided, "已决定", .sky), .init(.reviewed, "已复盘", .ok),
        ]
    }

    private static let outcome = Field<String>("result", "结果", kind: LongTextKind())

    public static var flow: Flow? {
        .of(Decision.self, \.status) {
            $0.step(
                "decide", "作出决定", from: [.proposed], to: .decided, requires: [\.data, \.choice, \.target, \.review], permission: "verify",
                icon: "stamp", primary: true
            ) { decision, _, tx in decision.decidedOn = tx.today }
            $0.step(
                "review", "复盘", from: [.decided], to: .reviewed, parameters: [outcome], icon: "badge-check", primary: true
            ) { decision, arguments, _ in decision.result = arguments[outcome] }
            $0.lock([.decided], but: [\.review, \.improvement], instead: "情况有变请另写一条决策记录")
        }
    }

    public static var rules: Rules {
        .of(Decision.self) {
            $0.beforeSave { decision, change, tx in try Ownership.follow(&decision.row, change, tx) }
        }
    }
}
