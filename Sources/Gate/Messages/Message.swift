import Records

/// One message to one person, with what became of it.
public struct Message: Entity {
    public static let name = "messages", label = "消息"
    public static var traits: EntityTraits {
        EntityTraits(icon: "mail", menu: Words("工作", "Work"), english: "Messages").with {
            $0.sort = ["-created_at"]
            $0.isCreatable = false
            $0.about = "entity"
            $0.highlights = ["status", "kind", "to", "send_at", "sent_at"]
            $0.timeline = .init(at: "created_at", text: "text")
            $0.indexes = [
                ["entity", "record_id", "-created_at"], ["to", "-created_at"], ["owner_id", "-created_at"],
                ["department_id", "-created_at"], ["status", "-created_at"],
            ]
        }
    }

    public let title = Field<String?>("subject", "主题", kind: TextKind(limit: 200), .title, .readOnly, .english("Subject"))
    public let about = Field<String?>("about", "关于", kind: TextKind(limit: 200), .inList, .readOnly, .english("About"))
    public let to = Field<String?>("to", "收件人", kind: TextKind(limit: 200), .sensitive, .readOnly, .english("To"))
    public let kind = Field<MessageChannel.Kind>("kind", "方式", .inList, .readOnly, .initial("email"), .english("Way"))
    public let purpose = Field<MessageTemplate.Purpose>("purpose", "用途", .readOnly, .initial("service"), .english("Purpose"))
    public let status = Field<Status>("status", "状态", .inList, .readOnly, .initial("waiting"), .english("Status"))
    public let text = Field<String?>("text", "内容", kind: LongTextKind(limit: 4000), .readOnly, .searchable, .english("Text"))
    public let error = Field<String?>("error", "未送达原因", kind: TextKind(limit: 500), .readOnly, .english("Why it was not delivered"))
    public let dueAt = Field<Instant?>(
        "send_at", "预定时间", .readOnly, .help("静默时段内的营销消息顺延", "Advertising waits for the quiet hours to end"), .english("To be sent"))
    public let sentAt = Field<Instant?>("sent_at", "发出时间", .inList, .readOnly, .english("Sent"))
    public let tries = Field<Int?>("tries", "尝试次数", .readOnly, .english("Tries"))
    public let template = Field<Ref<MessageTemplate>?>("template_id", "模板", .readOnly, .english("Template"))
    public let channel = Field<Ref<MessageChannel>?>("channel_id", "渠道", .readOnly, .english("Channel"))
    public let entity = Field<String?>("entity", "对象", kind: TextKind(limit: 60), .internal, .readOnly)
    public let recordID = Field<Int?>("record_id", "记录", .internal, .readOnly)
    /// A person wrote it, not an automation in somebody's name.
    public let isPersonal = Field<Bool?>("is_personal", "人工发送", .internal, .readOnly)

    public init() {}

    public enum Status: String, Choice {
        case waiting, sending, sent, failed, refused, withheld, cancelled
        public static let options: [Option<Status>] = [
            .init(.waiting, "待发送", .accent, english: "Waiting"), .init(.sending, "发送中", .sky, english: "Sending"),
            .init(.sent, "已发送", .ok, english: "Sent"), .init(.failed, "失败", .bad, english: "Failed"),
            .init(.refused, "不允许发送", .warn, english: "Not allowed"), .init(.withheld, "未对外发送", .warn, english: "Withheld"),
            .init(.cancelled, "已取消", english: "Cancelled"),
        ]
    }

    public static var actions: [Action] {
        [
            Action.on(
                Message.self, "again", "重新发送", icon: "rotate-ccw", english: "Send again", permission: "read",
                unavailable: { message, _ in
                    [.failed, .withheld, .cancelled].contains(message.status) ? nil : "只有未发出的消息可以重新发送"
                }
            ) { message, _, tx in
                let tx = try tx.gate
                if let about = try message.entity.flatMap({ tx.catalog[$0] }).flatMap({ schema in
                    try message.recordID.flatMap { try tx.get(schema, id: Int64($0)) }
                }) {
                    try tx.maySpeak(of: about)
                }
                (message.status, message.error, message.tries, message.dueAt) = (.waiting, nil, 0, tx.now)
                try tx.dispatch(message)
            }.with { $0.isUndoable = false },
            Action.on(
                Message.self, "cancel", "取消发送", icon: "ban", english: "Cancel", permission: "read",
                unavailable: { message, _ in message.status == .waiting ? nil : "消息\(message.status.label)，不能取消" }
            ) { message, _, _ in
                message.status = .cancelled
            }.with { $0.isUndoable = false },
        ]
    }

    public static var rules: Rules {
        .of(Message.self) {
            $0.notice { message, _ in
                guard let entity = message.entity, let id = message.recordID else { return nil }
                return Notice(.neutral, "消息所说的记录", "The record it is about", entity: entity, id: Int64(id))
            }
        }
    }
}

/// Somebody wants no more advertising at this address, whoever it belongs to.
public struct MessageOptOut: Entity {
    public static let name = "message_opt_outs", label = "退订名单"
    public static var traits: EntityTraits { EntityTraits(.shared, icon: "bell-off", english: "Opt-outs") }

    public let address = Field<String>("address", "邮箱或手机号", kind: TextKind(limit: 200), .title, .unique, .sensitive, .english("Address"))
    public let at = Field<Instant?>("at", "退订时间", .inList, .readOnly, .english("Since"))
    public let remark = Field<String?>("remark", "说明", kind: TextKind(limit: 200), .inList)

    public init() {}

    public static var rules: Rules {
        .of(MessageOptOut.self) {
            $0.beforeSave { entry, change, tx in
                entry.address = entry.address.trimmed.lowercased()
                if change.isNew { entry.at = tx.now }
            }
        }
    }
}

/// What a company decides about its messages.
public enum MessageParameters {
    static let section = Words("消息", "Messages")

    public static let isOn = Parameter(
        "messages.on", "对外发送消息", 1, kind: YesNoKind(),
        help: Words("关闭后所有消息都留在系统内，用于试用和测试", "Off: everything stays inside, for trials and tests"), section: section,
        english: "Send messages outside")
    public static let quietFrom = Parameter(
        "messages.quiet_from", "营销静默开始", 21, range: 0...23, unit: Words("点", "o'clock"), section: section, english: "Quiet from")
    public static let quietUntil = Parameter(
        "messages.quiet_until", "营销静默结束", 8, range: 0...23, unit: Words("点", "o'clock"), section: section, english: "Quiet until")
    public static let perWeek = Parameter(
        "messages.per_week", "同一收件人每七天最多营销消息", 3, range: 1...100, unit: Words("条", "messages"), section: section,
        english: "Advertising a week at most")

    static let all = [isOn, quietFrom, quietUntil, perWeek]

    /// When advertising may go out: now, or when the quiet hours end.
    static func opening(_ now: Instant, from: Int, until: Int) -> Instant {
        guard from != until else { return now }
        let day = now.day, hour = Int((now.milliseconds - Instant(day).milliseconds) / 3_600_000)
        let isQuiet = from < until ? (from..<until).contains(hour) : hour >= from || hour < until
        guard isQuiet else { return now }
        return hour < until ? Instant(day, hour: until) : Instant(day + 1, hour: until)
    }
}
