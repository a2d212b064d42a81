import Records

/// A1: one exchange between company and customer — a call, a visit, a message — with what was said and what comes next.
public struct Interaction: Entity {
    public static let name = "interactions", label = "互动记录"
    public static var traits: EntityTraits {
        EntityTraits(icon: "messages-square", menu: .customers, english: "Interactions").with {
            $0.sort = ["-happened_at"]
            $0.hasAttachments = true
            $0.timeline = .init(at: "happened_at", text: "content", compose: Words("写跟进", "Log a follow-up"))
            $0.indexes = [
                ["customer_id", "-happened_at"], ["contact_id", "-happened_at"], ["owner_id", "-happened_at"],
                ["department_id", "-happened_at"],
            ]
            $0.highlights = ["customer_id", "channel", "happened_at", "outcome"]
            $0.needsOneOf = ["customer_id"]
            $0.seenWith = SeenWith("customer_id", unless: "is_confidential")
        }
    }

    public let customer = Field<Ref<Customer>?>("customer_id", "客户", .inList, .quick, .indexed, .aliases("客户名称"))
    public let contact = Field<Ref<Contact>?>("contact_id", "联系人", .quick)
    public let subject = Field<String?>(
        "subject", "主题", kind: TextKind(limit: 200, searching: .prose), .title,
        .help("留空时取内容的开头", "The beginning of the content when empty"))
    public let channel = Field<Channel>("channel", "方式", .inList, .quick, .initial("phone"), .aliases("沟通方式", "联系方式"))
    public let direction = Field<Direction>("direction", "方向", .initial("out"))
    public let happenedAt = Field<Instant?>(
        "happened_at", "时间", .inList, .indexed, .help("留空为现在", "Now when empty"), .english("When"), .aliases("联系时间", "互动时间", "跟进时间"))
    public let minutes = Field<Int?>(
        "duration_minutes", "时长", kind: WholeNumberKind(range: 0...1440), .unit("分钟", "min"), .english("Duration"))
    public let content = Field<String?>("content", "内容", kind: LongTextKind(), .searchable, .quick, .aliases("沟通内容", "跟进内容", "跟进记录"))
    public let outcome = Field<String?>("outcome", "结果", kind: TextKind(limit: 200), .inList, .quick)
    public let nextAt = Field<Instant?>(
        "next_at", "下次联系", .quick, .ahead, .section(.nextStep), .help("填写后自动安排负责人的跟进任务", "Plans a follow-up task for the owner"),
        .english("Next contact"), .aliases("下次跟进时间", "下次联系时间"))
    public let nextAction = Field<String?>("next_action", "下一步做什么", kind: TextKind(limit: 200), .section(.nextStep))
    public let participants = Field<String?>("participants", "参与人", kind: TextKind(limit: 200), .section(.quality))
    public let responseMinutes = Field<Int?>(
        "response_minutes", "响应用时", kind: WholeNumberKind(range: 0...100_000), .unit("分钟", "min"), .section(.quality),
        .english("Response time"))
    public let isResolved = Field<Bool?>("is_resolved", "一次解决", .section(.quality), .english("Resolved at first contact"))
    public let satisfaction = Field<Int?>(
        "satisfaction", "满意度", kind: WholeNumberKind(range: 1...5), .unit("分", "points"), .section(.quality))
    public let isConfidential = Field<Bool?>(
        "is_confidential", "保密", .section(.quality),
        .help("勾选后，客户的负责人也看不到，只有记录人及其上级可见", "Seen by its writer and those above only, not by whoever keeps the customer"),
        .english("Confidential"))
    public let isDemo = Field<Bool?>("is_demo", "演示数据", .readOnly, .section(.quality))

    public init() {}

    public static var rules: Rules {
        .of(Interaction.self) {
            $0.beforeSave(fillIn)
            $0.afterSave { talk, change, tx in
                guard let ref = talk.customer else { return }
                try planNext(talk, change, about: \Todo.customer == ref, tx) { task in
                    task.customer = ref
                    return "跟进客户「\(try tx.get(Customer.self, ref)?.name ?? "")」"
                }
            }
        }
    }

    static func fillIn(_ interaction: inout Record<Interaction>, _ change: Change, _ tx: any Transaction) throws {
        try Ownership.follow(&interaction.row, change, tx)
        let at = interaction.happenedAt ?? tx.now
        interaction.happenedAt = at
        if interaction.subject == nil { interaction.subject = heading(of: interaction) }
        guard at <= tx.now.adding(hours: 24) else { throw Problem("happened_at", "互动时间不能在将来；将来的联系请填写「下次联系」") }
        if let next = interaction.nextAt, next <= at { throw Problem("next_at", "下次联系应晚于本次时间") }
    }

    /// The beginning of what was said, or how it took place.
    public static func heading(of interaction: Record<Interaction>) -> String {
        let line = interaction.content?.split(whereSeparator: { "\n。！？；".contains($0) }).first.map(String.init)?.trimmed ?? ""
        guard line.isEmpty else { return line.count > 30 ? "\(line.prefix(29))…" : line }
        return interaction.channel.label
    }

    /// The next contact becomes the owner's follow-up task: an open one about the same moves, otherwise there is a new one.
    ///
    /// - Parameters:
    ///   - about: tells the tasks about the one who was spoken to.
    ///   - link: points a task to whom it is about, and says what it is called when nobody said what to do.
    public static func planNext(
        _ interaction: Record<Interaction>, _ change: Change, about: Condition, _ tx: any Transaction,
        link: (inout Record<Todo>) throws -> String
    ) throws {
        guard let next = interaction.nextAt, change.changed(\Interaction.nextAt, in: interaction), let owner = interaction.ownerID else {
            return
        }
        let open = about && \Todo.status == .open && \Todo.kind == .followUp && .field("owner_id", .eq, .int(owner))
        var task = try tx.first(Todo.self, where: open) ?? Todo.followUp(nil, owner: owner, department: interaction.departmentID)
        let name = try link(&task)
        if let action = interaction.nextAction { task.title = action } else if task.isBlank(\.title) { task.title = name }
        task.contact = interaction.contact ?? task.contact
        task.dueAt = next
        task.remindAt = try Todo.reminder(before: next, tx)
        task.remindedAt = nil
        task.isDemo = interaction.isDemo
        _ = try task.row.id == 0 ? tx.insert(task) : tx.save(task)
    }
}
