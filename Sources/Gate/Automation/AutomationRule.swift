import Records

/// When something happens to a record and it meets a condition, something else is done: an administrator's rule over any entity, without
/// code.
public struct AutomationRule: Entity {
    public static let name = "automation_rules", label = "自动化规则"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "zap", english: "Automation rules").with {
            $0.sort = ["entity", "position"]
            $0.indexes = [["entity", "position"]]
        }
    }

    public let title = Field<String>("name", "规则名称", kind: TextKind(limit: 100), .title)
    public let entity = Field<String>(
        "entity", "对象", kind: TextKind(limit: 60), .inList, .quick, .help("对象的标识，例如 orders", "The entity's name, such as orders"))
    public let trigger = Field<Trigger>("trigger", "何时执行", .inList, .quick, .initial("created"))
    public let field = Field<String?>(
        "field", "字段", kind: TextKind(limit: 60),
        .help("修改：哪个字段，留空为任何字段；到期：哪个日期", "Changed: which field, any when empty; on a day: which day"))
    public let days = Field<Int?>(
        "days", "日期之后几天", kind: WholeNumberKind(range: -3650...3650), .help("负数为提前几天；只用于到期", "Negative for days before; for a day only"),
        .english("Days after"))
    public let condition = Field<String?>(
        "condition", "条件", kind: JSONTextKind(limit: 20_000), .help("满足条件的记录才执行；留空为全部", "Only for records that meet it; all when empty"))
    public let isActive = Field<Bool>("is_active", "启用", .inList, .initial(true), .english("Active"))
    public let position = Field<Int?>("position", "顺序", .initial(0), .english("Order"))
    /// Whoever saved the rule or one of its steps last: it does what they may do.
    public let author = Field<Ref<User>?>("author_id", "作者", .inList, .readOnly, .english("Author"))
    public let failures = Field<Int?>("failures", "连续失败", .inList, .readOnly, .english("Failures in a row"))
    public let steps = Field<Lines<AutomationStep>>("steps", "执行")

    public init() {}

    public enum Trigger: String, Choice {
        case created, changed, day
        public static let options: [Option<Trigger>] = [
            .init(.created, "新建时", .accent, english: "Created"), .init(.changed, "修改时", .violet, english: "Changed"),
            .init(.day, "到某日", .sky, english: "On a day"),
        ]
    }

    public static var rules: Rules {
        .of(AutomationRule.self) {
            $0.beforeSave { rule, _, tx in
                let tx = try tx.gate
                try tx.check(&rule)
            }
        }
    }
}

/// One thing that a rule does.
public struct AutomationStep: Entity {
    public static let name = "automation_steps", label = "自动化步骤"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "list-checks", english: "Automation steps").with {
            $0.parent = "rule_id"
            $0.sort = ["position", "id"]
        }
    }

    public let rule = Field<Ref<AutomationRule>>("rule_id", "自动化规则", .indexed)
    public let kind = Field<Kind>("kind", "做什么", .inList, .quick, .initial("notify"))
    /// The field, the entity, the people or the webhook: see ``Kind``.
    public let target = Field<String>(
        "target", "对什么", kind: TextKind(limit: 200), .title,
        .help(
            "字段、对象、人员（owner、superior、creator 或用户编号）或 Webhook、消息模板的编号",
            "A field, an entity, people (owner, superior, creator or numbers of users) or the number of a webhook or template"))
    public let content = Field<String?>(
        "content", "内容", kind: LongTextKind(limit: 4000), .help("可用 {字段} 代入记录的值", "{field} stands for the record's value"))
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public enum Kind: String, Choice {
        /// `target` is a field of the record, `content` its new value.
        case set
        /// `target` is an entity, `content` a line `field=value` for each field.
        case create
        /// `target` is who, `content` the message.
        case notify
        /// `target` is a webhook's number.
        case webhook
        /// `target` is a message template's number.
        case message
        public static let options: [Option<Kind>] = [
            .init(.set, "修改字段", .accent, english: "Set a field"), .init(.create, "新建记录", .sky, english: "Create a record"),
            .init(.notify, "通知", .violet, english: "Notify"),
            .init(.webhook, "调用 Webhook", .warn, english: "Call a webhook"),
            .init(.message, "发消息", .teal, english: "Send a message"),
        ]
    }

    public static var rules: Rules {
        .of(AutomationStep.self) {
            $0.beforeSave { step, _, tx in
                let tx = try tx.gate
                guard let rule = try tx.get(AutomationRule.self, step.rule) else { return }
                try tx.check(step, of: rule)
                try tx.answer(for: rule)
            }
        }
    }
}

/// What a rule did to one record, or why it could not.
public struct AutomationRun: Entity {
    public static let name = "automation_runs", label = "自动化记录"
    public static var traits: EntityTraits {
        EntityTraits(.log, icon: "history", english: "Automation log").with {
            $0.isPublic = false
            $0.indexes = [["rule_id", "-at"], ["at"]]
        }
    }

    public let rule = Field<Ref<AutomationRule>>("rule_id", "规则")
    public let entity = Field<String>("entity", "对象")
    public let recordID = Field<Int>("record_id", "记录")
    public let at = Field<Instant>("at", "时间")
    public let isFailed = Field<Bool>("is_failed", "失败")
    public let text = Field<String>("text", "结果", kind: TextKind(limit: 2000))
    /// Once a record and day, for rules that wait for a day.
    public let key = Field<String?>("key", "一次", kind: TextKind(limit: 200), .unique)

    public init() {}
}
