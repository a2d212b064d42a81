import Core
import Records

extension Quote {
    public static var flow: Flow? {
        .of(Quote.self, \.status) {
            $0.step(
                "confirm", "确认", from: [.draft], to: .approved, waiting: .pending, refused: .rejected, requires: [\.total],
                requiresWhen: [(\.discountReason, { @Sendable quote in quote.authority != .own })], icon: "check", english: "Confirm",
                primary: true
            ) { quote, _, tx in (quote.approvedAt, quote.approvedBy) = (tx.now, tx.actor.approvedBy.map { Ref($0) }) }
            $0.step(
                "send", "标记已发送", from: [.approved], to: .sent, icon: "mail-check", english: "Mark as sent", primary: true
            ) { quote, _, tx in quote.sentAt = tx.now }
            $0.step(
                "accept", "客户接受", from: [.approved, .sent], to: .accepted, icon: "handshake", english: "Accepted", primary: true
            ) { quote, _, tx in
                if let until = quote.validUntil, until < tx.today { throw Refusal.conflict("报价已于 \(until.iso) 到期，请用「新版本」重新报价") }
            }
            $0.step(
                "cancel", "作废", from: [.draft, .approved, .sent, .rejected], to: .void, parameters: [Reason.welcome], keeper: true,
                icon: "ban",
                english: "Void")
            $0.move(from: [.approved, .sent], to: [.expired], "任务「报价到期」：过了有效期")
            $0.move(from: [.approved, .sent, .expired], to: [.void], "操作「新版本」：旧版本作废")
            $0.lock([.pending], but: [\.remark])
            $0.lock([.approved, .sent, .expired, .rejected], but: [\.remark], instead: "请用「新版本」")
            $0.lock([.accepted, .void], but: [\.remark])
            ($0.removable, $0.undoable) = ([.void, .rejected], [.approved, .sent])
        }
    }

    public static var actions: [Action] { [revise, toOrder, .sendMessage] }

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
        (next.customer, next.contact, next.opportunity, next.channel) = (quote.customer, quote.contact, quote.opportunity, quote.channel)
        (next.discountReason, next.terms, next.remark, next.isDemo) = (quote.discountReason, quote.terms, quote.remark, quote.isDemo)
        (next.ownerID, next.departmentID) = (quote.ownerID, quote.departmentID)
        (next.version, next.previous) = (quote.version + 1, quote.id)
        let saved = try tx.insert(next)
        for line in try tx.all(QuoteLine.self, where: \QuoteLine.quote == quote.id, sort: [.init("position"), .init("id")], limit: 500) {
            var copy = Record<QuoteLine>()
            (copy.quote, copy.item, copy.product, copy.quantity) = (saved.id, line.item, line.product, line.quantity)
            (copy.list, copy.price, copy.remark, copy.position) = (line.list, line.price, line.remark, line.position)
            try tx.insert(copy)
        }
        if quote.status != .rejected { quote.status = .void }
        tx.lead(to: saved.row)
    }

    private static let toOrder = Action.on(
        Quote.self, "to_order", "转为订单", icon: "shopping-cart", english: "Make an order",
        unavailable: { quote, _ in quote.status == .accepted ? nil : "客户接受后才能转订单" }
    ) { quote, _, tx in
        if let order = try OrderOfQuote.order(of: quote.id, but: nil, tx) {
            throw Refusal.conflict("这份报价已转过订单 \(order.no ?? "")")
        }
        var order = Record<Order>()
        (order.customer, order.opportunity, order.channel, order.status, order.isDemo) = (
            quote.customer, quote.opportunity, quote.channel, .draft, quote.isDemo
        )
        order[OrderOfQuote.self].quote = quote.id
        (order.ownerID, order.departmentID) = (quote.ownerID, quote.departmentID)
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
        try tx.each(Quote.self, where: over, sort: "valid_until") { quote in
            var quote = quote
            quote.status = .expired
            try tx.save(quote)
        }
    }
}
