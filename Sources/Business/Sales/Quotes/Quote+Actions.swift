import Records

extension Quote {
    public static var flow: Flow? {
        Flow(
            "status",
            [
                .init(
                    "confirm", "确认", from: [Status.draft], to: .approved, waiting: .pending, refused: .rejected, requires: ["total_cents"],
                    icon: "check", english: "Confirm", primary: true,
                    guard: { row, _ in
                        Record<Quote>(row).authority != .own && row["discount_reason"].isNull ? "折扣或毛利超出本人权限，请先填写「折扣原因」" : nil
                    },
                    effect: { row, _, tx in
                        row["approved_at"] = tx.now.stored
                        row["approved_by"] = tx.actor.approvedBy.map(Value.int) ?? .null
                    }
                ),
                .init(
                    "send", "标记已发送", from: [Status.approved], to: .sent, icon: "mail-check", english: "Mark as sent", primary: true,
                    effect: { row, _, tx in row["sent_at"] = tx.now.stored }),
                .init(
                    "accept", "客户接受", from: [Status.approved, .sent], to: .accepted, icon: "handshake", english: "Accepted", primary: true,
                    effect: { row, _, tx in
                        let quote = Record<Quote>(row)
                        if let until = quote.validUntil, until < tx.today { throw Refusal.conflict("报价已于 \(until.iso) 到期，请用「新版本」重新报价") }
                    }),
                .init(
                    "cancel", "作废", from: [Status.draft, .approved, .sent, .rejected], to: .void,
                    parameters: [FieldSpec("reason", "原因", TextKind(limit: 200))], icon: "ban", english: "Void"),
            ])
    }

    public static var actions: [Action] { [revise, toOrder, toContract, .sendMessage] }

    /// §2.8, G5: beyond one's own discount, or below the floor, those decide whom the table of discount authority names.
    static let approval = ApprovalDefault(
        "quotes.discount", "折扣审批", on: Quote.name, .action("confirm"), when: \Quote.authority != .own,
        steps: [.init("折扣权限人", .field("decider_role_ids"))], amount: "total_cents")

    /// The next version, a draft with the same lines; the one before counts no more.
    private static let revise = Action.on(
        Quote.self, "revise", "新版本", icon: "copy-plus", english: "New version",
        unavailable: { quote, _ in
            [.draft, .pending].contains(quote.status) ? "草稿可直接修改；审批中请先在审批单上撤回" : quote.status == .accepted ? "客户已接受，请转合同或订单" : nil
        }
    ) { quote, _, tx in
        var next = Record<Quote>()
        for name in [
            "customer_id", "contact_id", "opportunity_id", "channel", "discount_reason", "terms", "remark", "owner_id", "department_id",
            "is_demo",
        ] { next.row[name] = quote.row[name] }
        (next.version, next.previous) = (quote.version + 1, quote.id)
        let saved = try tx.insert(next)
        for line in try tx.all(QuoteLine.self, where: \QuoteLine.quote == quote.id, sort: [.init("position"), .init("id")], limit: 500) {
            var copy = Record<QuoteLine>()
            for name in ["product_id", "product", "quantity", "list_cents", "price_cents", "remark", "position"] {
                copy.row[name] = line.row[name]
            }
            copy.quote = saved.id
            try tx.insert(copy)
        }
        if quote.status != .rejected { quote.status = .void }
        tx.lead(to: saved.row)
    }

    private static let toOrder = Action.on(
        Quote.self, "to_order", "转为订单", icon: "shopping-cart", english: "Make an order",
        unavailable: { quote, _ in quote.status == .accepted ? nil : "客户接受后才能转订单" }
    ) { quote, _, tx in
        guard try tx.first(Order.self, where: \Order.quote == quote.id && \Order.status != .cancelled) == nil else {
            throw Refusal.conflict("这份报价已转过订单")
        }
        var order = Record<Order>()
        (order.customer, order.quote, order.opportunity, order.channel, order.status, order.isDemo) = (
            quote.customer, quote.id, quote.opportunity, quote.channel, .draft, quote.isDemo
        )
        order.row["owner_id"] = quote.row["owner_id"]
        order.row["department_id"] = quote.row["department_id"]
        order.remark = "来自报价单 \(quote.no ?? "")"
        let saved = try tx.insert(order)
        for (position, line) in try tx.all(
            QuoteLine.self, where: \QuoteLine.quote == quote.id, sort: [.init("position"), .init("id")], limit: 500
        ).enumerated() {
            var copy = Record<OrderLine>()
            (copy.order, copy.item, copy.product, copy.quantity, copy.price, copy.position) = (
                saved.id, line.item, line.product, line.quantity, line.price, position
            )
            try tx.insert(copy)
        }
        tx.lead(to: saved.row)
    }

    /// Nightly: what nobody accepted in time.
    static let expiry = Job("quotes.expire", "报价到期", english: "Quotes run out", schedule: .daily(hour: 0, minute: 40)) { _, tx in
        let over = .field("status", .in, "approved", "sent") && \Quote.validUntil < tx.today
        let found = try tx.all(Quote.self, where: over, sort: [.init("valid_until")], limit: 200)
        for var quote in found {
            quote.status = .expired
            try tx.save(quote)
        }
        if found.count == 200 { try tx.enqueue("quotes.expire", [:], key: "quotes.expire", after: 1) }
    }
}
