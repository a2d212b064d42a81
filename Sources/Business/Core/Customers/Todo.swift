import Records

/// Something somebody has promised to do by a certain time; a follow-up is a task about a customer (§6.2 no. 1: reminders are core).
public struct Todo: Entity {
    public static let name = "tasks", label = "任务"
    public static var traits: EntityTraits {
        EntityTraits(icon: "square-check", menu: .work, english: "Tasks").with {
            $0.sort = ["due_at"]
            $0.isToDo = true
            $0.hasAttachments = true
            $0.timeline = .init(at: "due_at", text: "content", compose: Words("安排任务", "Plan a task"))
            $0.indexes = [
                ["owner_id", "status", "due_at"], ["customer_id", "status", "due_at"], ["status", "remind_at"],
                ["about_entity", "about_id"],
            ]
            $0.highlights = ["status", "due_at", "priority", "customer_id"]
            $0.loans = [Loan("customer_id", to: "owner_id")]
        }
    }

    public let title = Field<String>("title", "任务", kind: TextKind(limit: 200), .title, .aliases("标题", "任务名称", "主题"))
    public let status = Field<Status>("status", "状态", .inList, .initial("open"))
    public let dueAt = Field<Instant?>("due_at", "截止时间", .inList, .quick, .indexed, .due, .english("Due"), .aliases("到期时间", "完成期限"))
    public let remindAt = Field<Instant?>(
        "remind_at", "提醒时间", .english("Remind me at"), .help("留空时按默认提前量提醒", "The usual lead time when empty"))
    public let priority = Field<Priority>("priority", "优先级", .inList, .quick, .initial("normal"))
    public let kind = Field<Kind>("kind", "类型", .inList, .initial("todo"))
    public let customer = Field<Ref<Customer>?>("customer_id", "客户", .inList, .quick, .indexed)
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人")
    public let content = Field<String?>("content", "说明", kind: LongTextKind(), .searchable)
    public let outcome = Field<String?>("outcome", "完成情况", kind: LongTextKind())
    public let aboutEntity = Field<String?>("about_entity", "相关对象", kind: TextKind(limit: 50), .readOnly, .english("About entity"))
    public let aboutID = Field<Int?>("about_id", "相关记录", .readOnly, .english("About record"))
    public let completedAt = Field<Instant?>("completed_at", "完成时间", .readOnly, .indexed)
    public let postponed = Field<Int?>("postponed", "推迟次数", .readOnly, .unit("次", "times"), .english("Times postponed"))
    public let remindedAt = Field<Instant?>("reminded_at", "已提醒", .readOnly, .english("Reminded at"))
    public let overdueToldAt = Field<Instant?>("overdue_told_at", "逾期通知时间", .readOnly, .english("Told overdue at"))
    public let escalatedAt = Field<Instant?>("escalated_at", "上报时间", .readOnly, .english("Escalated at"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case open, done, cancelled
        public static let options: [Option<Status>] = [.init(.open, "待办", .sky), .init(.done, "已完成", .ok), .init(.cancelled, "已取消")]
    }

    public enum Priority: String, Choice {
        case urgent, high, normal, low
        public static let options: [Option<Priority>] = [
            .init(.urgent, "紧急", .bad), .init(.high, "高", .warn), .init(.normal, "普通"), .init(.low, "低"),
        ]
    }

    public enum Kind: String, Choice {
        case todo, followUp = "follow_up", care, other
        public static let options: [Option<Kind>] = [
            .init(.todo, "待办"), .init(.followUp, "客户跟进", .accent), .init(.care, "客户关怀", .rose), .init(.other, "其他"),
        ]
    }
}
