import Core
import Records

/// What the demo group's sellers write, and what it lets happen by itself.
enum DemoSalesMessages {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        [{ tx in try DemoMessages.insert(templates, tx) }, { tx in try letters(tx) }, { tx in try rules(tx) }]
    }

    private static let templates: [DemoMessages.Template] = [
        ("线索首次联系", "leads", "sms", "service", nil, "【星河集团】{name}您好，已收到您的咨询，顾问 {owner_id} 将尽快与您联系。"),
        ("报价送达", "quotes", "email", "service", "报价单 {no}", "您好：\n\n报价单 {no} 已备好，金额 {total_cents}，有效期至 {valid_until}。如有疑问请联系 {owner_id}。"),
        ("订单确认", "orders", "sms", "service", nil, "【星河集团】订单 {no} 已确认，金额 {amount_cents}。"),
        ("合同到期提醒", "contracts", "email", "service", "合同 {no} 将于 {to_on} 到期", "您好：\n\n合同《{name}》将于 {to_on} 到期，{owner_id} 会与您商议续签。"),
    ]

    /// A few about quotes, by their owners.
    private static func letters(_ tx: any Transaction) throws {
        for quote in try tx.all(Quote.self, where: \Quote.status == .sent, sort: [Query.Sort("id")], limit: 12) {
            try DemoMessages.send("报价送达", quote.row, tx)
        }
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
