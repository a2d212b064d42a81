import Records

/// How the demo group writes to people, and what was written lately. Nothing of it leaves the demonstration.
public enum DemoMessages {
    public typealias Template = (name: String, entity: String, kind: String, purpose: String, subject: String?, text: String)

    static func steps(_ demo: Demo) -> [Demo.Step] { [{ tx in try letters(tx) }] }

    private static let templates: [Template] = [
        ("节日问候", "customers", "email", "service", "{name}，星河集团向您问好", "{name}：\n\n您的专属顾问 {owner_id} 祝您一切顺利。有任何需要，请直接回复本邮件。\n\n星河集团"),
        ("秋季试驾会邀请", "customers", "email", "marketing", "邀请您参加秋季试驾会", "{name}：\n\n诚邀您本周末到店试驾新车，到店即享专属礼遇。\n\n不想再收到此类邮件，请回复“退订”。"),
        ("保养提醒", "customers", "sms", "service", nil, "【星驰汽车】{name}您好，您的爱车即将到保养里程，可致电门店预约。"),
    ]

    /// The ways out, and what is written to customers.
    static func open(_ tx: any Transaction) throws {
        guard let channels = tx.catalog["message_channels"] else { return }
        for (name, kind, values) in [
            ("集团客服邮箱", "email", ["from_name": "星河集团", "from_address": "service@example.com", "host": "smtp.example.com"]),
            (
                "短信网关", "sms",
                [
                    "url": "https://sms.example.com/send", "body": #"{"phone":"{mobile}","content":"{text}","request_id":"{id}"}"#,
                    "success": "\"code\":0",
                ]
            ), ("销售群机器人", "wecom", ["url": "https://robot.example.com/send?key=demo"]),
        ] as [(String, String, [String: Value])] {
            var row = channels.blank()
            (row["name"], row["kind"]) = (.text(name), .text(kind))
            for (field, value) in values { row[field] = value }
            try tx.insert(row)
        }
        try insert(templates, tx)
    }

    public static func insert(_ templates: [Template], _ tx: any Transaction) throws {
        guard let list = tx.catalog["message_templates"] else { return }
        for template in templates {
            var row = list.blank()
            (row["name"], row["entity"], row["kind"], row["purpose"], row["text"]) = (
                .text(template.name), .text(template.entity), .text(template.kind), .text(template.purpose), .text(template.text)
            )
            row["subject"] = template.subject.map(Value.text) ?? .null
            try tx.insert(row)
        }
    }

    /// A few, by the customers' owners.
    private static func letters(_ tx: any Transaction) throws {
        for customer in try tx.all(
            Customer.self, where: \Customer.pool == .private && \Customer.email != nil, sort: [Query.Sort("id")], limit: 24)
        {
            try send("节日问候", customer.row, tx)
        }
    }

    /// Writes by a template about a record, in the name of its owner.
    public static func send(_ template: String, _ row: Row, _ tx: any Transaction) throws {
        guard let list = tx.catalog["message_templates"], let owner = row.ownerID,
            let found = try tx.fetch(Query(list, where: .field("name", .eq, .text(template)), limit: 1)).first
        else { return }
        // Who has no address is left out.
        do { try tx.perform("send_message", row, as: owner, ["template_id": .int(found.id)]) } catch is Refusal {}
    }
}
