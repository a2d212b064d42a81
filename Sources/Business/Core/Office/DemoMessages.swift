import Records

/// How the demo group writes to people, what it lets happen by itself, and what was written lately. Nothing of it leaves the demonstration.
enum DemoMessages {
    static func steps(_ demo: Demo) -> [Demo.Step] { [{ tx in try ways(tx) }, { tx in try letters(demo, tx) }, { tx in try rules(tx) }] }

    private static let templates: [(name: String, entity: String, kind: String, purpose: String, subject: String?, text: String)] = [
        ("节日问候", "customers", "email", "service", "{name}，星河集团向您问好", "{name}：\n\n您的专属顾问 {owner_id} 祝您一切顺利。有任何需要，请直接回复本邮件。\n\n星河集团"),
        ("秋季试驾会邀请", "customers", "email", "marketing", "邀请您参加秋季试驾会", "{name}：\n\n诚邀您本周末到店试驾新车，到店即享专属礼遇。\n\n不想再收到此类邮件，请回复“退订”。"),
        ("保养提醒", "customers", "sms", "service", nil, "【星驰汽车】{name}您好，您的爱车即将到保养里程，可致电门店预约。"),
        ("线索首次联系", "leads", "sms", "service", nil, "【星河集团】{name}您好，已收到您的咨询，顾问 {owner_id} 将尽快与您联系。"),
        ("报价送达", "quotes", "email", "service", "报价单 {no}", "您好：\n\n报价单 {no} 已备好，金额 {total_cents}，有效期至 {valid_until}。如有疑问请联系 {owner_id}。"),
        ("订单确认", "orders", "sms", "service", nil, "【星河集团】订单 {no} 已确认，金额 {amount_cents}。"),
        ("合同到期提醒", "contracts", "email", "service", "合同 {no} 将于 {to_on} 到期", "您好：\n\n合同《{name}》将于 {to_on} 到期，{owner_id} 会与您商议续签。"),
    ]

    private static func ways(_ tx: any Transaction) throws {
        guard let channels = tx.catalog["message_channels"], let list = tx.catalog["message_templates"] else { return }
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
        for template in templates {
            var row = list.blank()
            (row["name"], row["entity"], row["kind"], row["purpose"], row["text"]) = (
                .text(template.name), .text(template.entity), .text(template.kind), .text(template.purpose), .text(template.text)
            )
            row["subject"] = template.subject.map(Value.text) ?? .null
            try tx.insert(row)
        }
    }

    /// A few to customers and about quotes, by their owners.
    private static func letters(_ demo: Demo, _ tx: any Transaction) throws {
        guard let list = tx.catalog["message_templates"] else { return }
        let numbers = Dictionary(try tx.fetch(Query(list, limit: 100)).map { ($0.title, $0.id) }) { first, _ in first }
        for customer in try tx.all(
            Customer.self, where: \Customer.pool == .private && \Customer.email != nil, sort: [Query.Sort("id")], limit: 24)
        {
            try send(numbers["节日问候"], customer.row, tx)
        }
        for quote in try tx.all(Quote.self, where: \Quote.status == .sent, sort: [Query.Sort("id")], limit: 12) {
            try send(numbers["报价送达"], quote.row, tx)
        }
    }

    private static func send(_ template: Int64?, _ row: Row, _ tx: any Transaction) throws {
        guard let template, let owner = row.ownerID else { return }
        // Who has no address is left out.
        do { try tx.perform("send_message", row, as: owner, ["template_id": .int(template)]) } catch is Refusal {}
    }

    private static func rules(_ tx: any Transaction) throws {
        guard let rules = tx.catalog["automation_rules"], let steps = tx.catalog["automation_steps"] else { return }
        for (name, values, step) in [
            (
                "H 级线索通知主管", ["entity": "leads", "trigger": "created", "condition": #"{"field":"level","op":"eq","values":["H"]}"#],
                ["kind": "notify", "target": "superior", "content": "新的 H 级线索：{name}（{mobile}），请关注首次联系"]
            ),
            (
                "合同到期前三十天建续签任务", ["entity": "contracts", "trigger": "day", "field": "to_on", "days": -30],
                [
                    "kind": "create", "target": "tasks",
                    "content": "title=续签 {name}\ncustomer_id={customer_id}\nowner_id={owner_id}\ndue_at=today+7",
                ]
            ),
        ] as [(String, [String: Value], [String: Value])] {
            var rule = rules.blank(), line = steps.blank()
            rule["name"] = .text(name)
            for (field, value) in values { rule[field] = value }
            line["rule_id"] = .int(try tx.insert(rule).id)
            for (field, value) in step { line[field] = value }
            try tx.insert(line)
        }
    }
}
