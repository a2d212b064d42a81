import Records

/// What is written to people about records of one entity. There is no logic in it: `{field}` stands for the record's value.
public struct MessageTemplate: Entity {
    public static let name = "message_templates", label = "消息模板"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "file-text", english: "Message templates").with {
            $0.sort = ["entity", "name"]
            $0.indexes = [["entity", "name"]]
        }
    }

    public let title = Field<String>("name", "模板名称", kind: TextKind(limit: 100), .title)
    public let entity = Field<String>(
        "entity", "对象", kind: TextKind(limit: 60), .inList, .quick, .initial("customers"),
        .help("对象的标识，例如 customers、leads、orders", "The entity's name, such as customers"), .english("Entity"))
    public let kind = Field<MessageChannel.Kind>("kind", "方式", .inList, .quick, .initial("email"), .english("Way"))
    public let purpose = Field<Purpose>(
        "purpose", "用途", .inList, .quick, .initial("service"),
        .help("营销消息遵守拒绝打扰、退订、同意、频次和静默时段", "Advertising obeys refusals, opt-outs, consent, the frequency cap and quiet hours"),
        .english("Purpose"))
    public let channel = Field<Ref<MessageChannel>?>(
        "channel_id", "渠道", .help("留空用这种方式的第一个启用渠道", "The first active one of the kind when empty"), .english("Channel"))
    public let subject = Field<String?>("subject", "主题", kind: TextKind(limit: 200), .english("Subject"))
    public let text = Field<String>(
        "text", "内容", kind: LongTextKind(limit: 4000),
        .help("{字段标识} 代入记录的值，例如 {name}、{owner_id}；{today} 为当天", "{field} stands for the record's value, {today} for the day"),
        .english("Text"))
    public let isActive = Field<Bool>("is_active", "启用", .inList, .initial(true), .english("Active"))

    public init() {}

    public enum Purpose: String, Choice {
        case service, marketing
        public static let options: [Option<Purpose>] = [
            .init(.service, "服务通知", .teal, english: "Service"), .init(.marketing, "营销", .violet, english: "Advertising"),
        ]
    }

    public static var rules: Rules {
        .of(MessageTemplate.self) {
            $0.beforeSave { template, _, tx in
                guard let schema = tx.catalog[template.entity], schema.traits.isPublic, schema.traits.nature == .owned else {
                    throw Problem("entity", code: "not_found", "没有可以发消息的对象「\(template.entity)」，例如 customers")
                }
                var problems: [Problem] = []
                for (place, text) in [("subject", template.subject ?? ""), ("text", template.text)] {
                    for name in AutomationText(text: text).names where !AutomationText.isKnown(name, schema) {
                        problems.append(Problem(place, code: "not_found", "{\(name)} 不是\(schema.label)的字段，或是加密的字段，不能代入"))
                    }
                }
                if template.kind == .email, template.subject?.trimmed.isEmpty ?? true {
                    problems.append(Problem("subject", code: "required", "邮件请填写「主题」"))
                }
                if template.kind.isPersonal, !tx.catalog.isReachable(schema) {
                    problems.append(Problem("entity", code: "invalid", "\(schema.label)没有邮箱或手机号，也没有关联客户"))
                }
                guard problems.isEmpty else { throw Problems(problems) }
            }
        }
    }
}

extension Catalog {
    /// Whether people can be written to about these records.
    func isReachable(_ schema: Schema) -> Bool { schema.traits.mailing != nil || !mailingLinks(schema).isEmpty }

    /// Links to whom a record is about: the more special first.
    func mailingLinks(_ schema: Schema) -> [FieldSpec] {
        schema.fields.filter { field in field.isLink && field.target.flatMap { self[$0] }?.traits.mailing != nil }
            .sorted {
                (self[$0.target ?? ""]?.traits.mailing?.through != nil ? 0 : 1)
                    < (self[$1.target ?? ""]?.traits.mailing?.through != nil ? 0 : 1)
            }
    }
}
