import Core
import Records

/// §2.12, C15: what a customer asks of the company — a question, a repair, an appointment, a suggestion — with a promise of when it is
/// answered and done.
public struct Ticket: Entity {
    public static let name = "tickets", label = "服务请求"
    public static var traits: EntityTraits {
        EntityTraits(icon: "life-buoy", menu: .service, english: "Service requests").with {
            $0.sort = ["-reported_at"]
            $0.hasTags = true
            $0.hasAttachments = true
            $0.hasTimeline = true
            $0.timeline = .init(at: "reported_at", text: "description", compose: Words("登记请求", "Log a request"))
            $0.openStates = Status.open.map(\.rawValue)
            $0.loans = [Loan("customer_id", to: "owner_id")]
            $0.queues = [.init("待分派的工单", "Requests to assign", icon: "life-buoy", by: "assign", [("status", "new")])]
            $0.indexes = [
                ["owner_id", "status", "due_at"], ["customer_id", "-reported_at"], ["owner_id", "-reported_at"],
                ["department_id", "-reported_at"], ["status", "clock_at"], ["status", "-reported_at"],
            ]
            $0.highlights = ["status", "priority", "customer_id", "response_due_at", "due_at", "type"]
        }
    }

    public let subject = Field<String>("subject", "主题", kind: TextKind(limit: 200, searching: .prose), .title, .aliases("标题", "事项"))
    public let no = Field<String?>(
        "no", "编号", kind: AutoNumberKind("SR-{yyyyMMdd}-{####}"), .unique, .searchable, .inList,
        .help("留空自动编号", "Numbered automatically when empty"), .english("Request no."))
    public let customer = Field<Ref<Customer>>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称"))
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人")
    public let type = Field<Kind>("type", "类型", .inList, .quick, .initial("consult"), .english("Kind"))
    public let priority = Field<Priority>("priority", "优先级", .inList, .quick, .initial("P3"))
    public let channel = Field<Channel>("channel", "来源渠道", .quick, .initial("phone"), .english("Channel"))
    public let description = Field<String?>(
        "description", "内容", kind: LongTextKind(), .searchable, .quick, .english("Description"), .aliases("描述", "问题描述"))
    public let status = Field<Status>("status", "状态", .inList, .initial("new"))
    public let reportedAt = Field<Instant?>(
        "reported_at", "提出时间", .inList, .indexed, .help("留空为现在", "Now when empty"), .english("Reported"))

    public let level = Field<Ref<ServiceLevel>?>("service_level_id", "服务时限", .readOnly, .section(.clocks), .english("Service level"))
    public let responseDue = Field<Instant?>("response_due_at", "首次响应期限", .readOnly, .section(.clocks), .english("First response due"))
    public let respondedAt = Field<Instant?>("responded_at", "首次响应", .readOnly, .section(.clocks), .english("First response"))
    public let due = Field<Instant?>("due_at", "解决期限", .readOnly, .inList, .indexed, .section(.clocks), .english("Due"))
    public let resolvedAt = Field<Instant?>("resolved_at", "解决时间", .readOnly, .section(.clocks), .english("Resolved"))
    public let closedAt = Field<Instant?>("closed_at", "关闭时间", .readOnly, .section(.clocks), .english("Closed"))
    public let waitingSince = Field<Instant?>("waiting_since", "暂停开始", .readOnly, .section(.clocks), .english("Waiting since"))
    public let waitedMinutes = Field<Int?>("waited_minutes", "累计暂停", .readOnly, .unit("分钟", "min"), .section(.clocks), .english("Waited"))
    public let responseMissed = Field<Bool?>("response_missed", "响应超时", .readOnly, .section(.clocks), .english("Response late"))
    public let isLate = Field<Bool?>("is_late", "解决超时", .readOnly, .section(.clocks), .english("Late"))
    /// The next moment at which a clock runs out.
    public let clockAt = Field<Instant?>("clock_at", "下次检查", .readOnly, .section(.clocks), .english("Next check"))

    public let resolution = Field<String?>(
        "resolution", "解决方案", kind: LongTextKind(), .searchable, .section(.outcome), .english("Resolution"))
    public let article = Field<Ref<Article>?>("article_id", "采用的知识", .section(.outcome), .english("Article used"))
    public let reopened = Field<Int?>(
        "reopen_count", "重开次数", .readOnly, .unit("次", "times"), .section(.outcome), .english("Times reopened"))
    public let previous = Field<Ref<Ticket>?>(
        "previous_id", "前一请求", .readOnly, .section(.outcome), .reverse("后续请求", "Follow-up requests"), .english("Earlier request"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.outcome))

    public init() {}

    public enum Kind: String, Choice {
        case consult, repair, appointment, suggestion, complaint, other
        public static let options: [Option<Kind>] = [
            .init(.consult, "咨询", .sky, english: "Question"), .init(.repair, "报修", .warn), .init(.appointment, "预约", .teal),
            .init(.suggestion, "建议", .violet), .init(.complaint, "投诉", .bad), .init(.other, "其他"),
        ]
    }

    public enum Priority: String, Choice {
        case p1 = "P1", p2 = "P2", p3 = "P3", p4 = "P4"
        public static let options: [Option<Priority>] = [
            .init(.p1, "P1 紧急", .bad, english: "P1 urgent"), .init(.p2, "P2 高", .warn, english: "P2 high"),
            .init(.p3, "P3 中", english: "P3 normal"), .init(.p4, "P4 低", english: "P4 low"),
        ]
    }

    public enum Status: String, Choice {
        case new, assigned, working, waitingCustomer = "waiting_customer", waitingSupplier = "waiting_supplier", resolved, closed, cancelled
        public static let options: [Option<Status>] = [
            .init(.new, "新建", .accent), .init(.assigned, "已分派", .sky), .init(.working, "处理中", .teal), .init(.waitingCustomer, "待客户", .warn),
            .init(.waitingSupplier, "待第三方", .warn),
            .init(.resolved, "已解决", .ok), .init(.closed, "已关闭"), .init(.cancelled, "已取消"),
        ]
        static let open: [Status] = [.new, .assigned, .working, .waitingCustomer, .waitingSupplier]
        var isWaiting: Bool { self == .waitingCustomer || self == .waitingSupplier }
    }
}

/// How soon requests of a kind and priority are to be answered and done; the company's own numbers ([CFG]).
public struct ServiceLevel: Entity {
    public static let name = "service_levels", label = "服务时限"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "timer", english: "Service levels").with { $0.sort = ["priority", "id"] }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 50), .title)
    public let priority = Field<Ticket.Priority>("priority", "优先级", .inList, .quick, .initial("P3"), .indexed)
    public let type = Field<Ticket.Kind?>("type", "类型", .inList, .quick, .help("留空适用于所有类型", "All kinds when empty"), .english("Kind"))
    public let response = Field<Int>(
        "response_minutes", "首次响应", kind: WholeNumberKind(range: 1...100_000), .inList, .quick, .unit("分钟", "min"),
        .english("First response"))
    public let resolve = Field<Int>(
        "resolve_minutes", "解决", kind: WholeNumberKind(range: 1...1_000_000), .inList, .quick, .unit("分钟", "min"),
        .english("Resolve within"))
    public let clock = Field<Clock>("clock", "计时", .inList, .quick, .initial("working"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    /// Time that counts.
    public enum Clock: String, Choice {
        case working, always
        public static let options: [Option<Clock>] = [
            .init(.working, "工作时间", english: "Working time"), .init(.always, "自然时间（7×24）", .warn, english: "Around the clock"),
        ]

        func adding(_ minutes: Int, to start: Instant, _ calendar: WorkCalendar) -> Instant {
            self == .working ? calendar.adding(minutes: minutes, to: start) : start.adding(minutes: minutes)
        }

        func minutes(from start: Instant, to end: Instant, _ calendar: WorkCalendar) -> Int {
            self == .working ? calendar.minutes(from: start, to: end) : Int(max(0, end.milliseconds - start.milliseconds) / 60_000)
        }
    }
}
