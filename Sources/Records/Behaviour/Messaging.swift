/// How whoever a record is about is reached, and what forbids it. Records without a way of their own are reached through what they link to:
/// an order's contact or customer.
public struct Mailing: Sendable {
    /// Fields that hold the addresses.
    public var email: String?
    public var mobile: String?
    /// Yes-no fields of which any forbids what is sent for advertising.
    public var refusals: [String]
    /// What was agreed to: a yes-no field, or the ways (`email`, `sms`).
    public var consent: String?
    /// The link to a record whose refusals count as well.
    public var through: String?

    public init(email: String? = nil, mobile: String? = nil, refusals: [String] = [], consent: String? = nil, through: String? = nil) {
        self.email = email
        self.mobile = mobile
        self.refusals = refusals
        self.consent = consent
        self.through = through
    }
}

extension Action {
    private static let template = Field<Int64>("template_id", "模板", kind: LinkKind("message_templates"), .english("Template"))
    private static let subject = Field<String?>(
        "subject", "主题", kind: TextKind(limit: 200), .help("留空按模板", "The template's when empty"), .english("Subject"))
    private static let text = Field<String?>(
        "text", "内容", kind: LongTextKind(limit: 4000), .help("留空按模板", "The template's when empty"), .english("Text"))

    /// Sends a template about the record to whom it is about: by button, from a list and by program alike. It speaks in the company's name
    /// and may say anything, so it takes the right to change the record.
    public static let sendMessage = Action(
        "send_message", "发消息", icon: "mail", english: "Send a message", parameters: [template.spec, subject.spec, text.spec]
    ) { row, arguments, tx in
        try tx.post(arguments[template], about: row, subject: arguments[subject], text: arguments[text])
    }.with {
        $0.page = "message"
        // Whoever may not carry the addresses out does not write to all of them either.
        $0.bulkPermission = "export"
        $0.isUndoable = false
    }
}
