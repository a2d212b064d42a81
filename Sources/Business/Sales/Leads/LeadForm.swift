import Core
import Records

/// A17: a form on a public page, or a program's call, by which people make themselves known, with a source and a channel code of its own.
public struct LeadForm: Entity {
    public static let name = "lead_forms", label = "线索表单"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "form-input", english: "Lead forms").with { $0.sort = ["name"] }
    }

    public let title = Field<String>("name", "表单名称", kind: TextKind(limit: 50), .title)
    public let code = Field<String>(
        "code", "表单代码", kind: TextKind(limit: 40), .unique, .inList, .quick,
        .help("公开地址为 /forms/代码，只用字母、数字和连字符", "The public address is /forms/code: letters, digits and hyphens"), .english("Form code"))
    public let source = Field<Customer.Source>("source", "线索来源", .inList, .quick, .initial("website"))
    public let sourceCode = Field<String?>(
        "source_code", "渠道码", kind: TextKind(limit: 60), .inList, .help("留空用表单代码", "The form's code when empty"), .english("Source code"))
    public let consentText = Field<String>(
        "consent_text", "同意说明", kind: TextKind(limit: 500), .initial("我同意贵公司保存以上信息，并用电话或短信与我联系。"), .english("Consent text"))
    public let thanksText = Field<String?>(
        "thanks_text", "提交后的话", kind: TextKind(limit: 200), .initial("已收到，我们会尽快与您联系。"), .english("Thanks"))
    public let perHour = Field<Int>(
        "per_hour", "每小时最多", kind: WholeNumberKind(range: 1...100_000), .initial(60), .unit("次", "times"), .english("At most an hour"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    public static var rules: Rules {
        .of(LeadForm.self) {
            $0.beforeSave { form, _, _ in
                guard
                    form.code.utf8.allSatisfy({ (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45 }),
                    !form.code.isEmpty
                else {
                    throw Problem("code", "表单代码只能用字母、数字和连字符，例如 autumn-fair")
                }
            }
        }
    }

    static let intake = Intake(
        LeadForm.name, for: Lead.name, asking: ["name", "mobile", "interest", "city", "buy_within", "remark"],
        required: ["name", "mobile"], accept: accept)

    /// A new lead, or one more word to the open lead of the same telephone: whoever asks twice is not two people, and is not told that we
    /// know them.
    @Sendable private static func accept(_ row: Row, _ values: [String: Value], _ tx: any Transaction) throws {
        let form = Record<LeadForm>(row), open = Condition.field("status", .in, "new", "assigned", "contacted", "qualified")
        if let mobile = values["mobile"]?.text, let known = try tx.first(Lead.self, where: \Lead.mobile == mobile && open) {
            var talk = Record<Interaction>()
            talk[LeadTalk.self].lead = known.id
            (talk.channel, talk.direction, talk.happenedAt) = (.web, .incoming, tx.now)
            talk.content =
                "再次提交表单「\(form.title)」：" + [values["interest"]?.text, values["remark"]?.text].compactMap(\.self).joined(separator: "；")
            (talk.ownerID, talk.departmentID) = (known.ownerID, known.departmentID)
            try tx.insert(talk)
            if let owner = known.ownerID { try tx.notify([owner], of: .assigned, "线索「\(known.name)」再次提交了表单", about: known.row) }
            return
        }
        var lead = Record<Lead>()
        for (name, value) in values { lead.row[name] = value }
        (lead.source, lead.sourceCode, lead.consent) = (form.source, form.sourceCode ?? form.code, true)
        lead.poolReason = nil
        try tx.insert(lead)
    }
}
