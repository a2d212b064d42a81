import Core
import Records

/// §2.27: an effective contract or order wins a deal, and nothing else.
public struct WonDeal: Extension {
    public static let of = Opportunity.self

    public static var actions: [Action] { [confirm] }

    /// Won by less than half of what was expected, on the word of a superior, who says why.
    private static let confirm = Action.on(
        Opportunity.self, "confirm_win", "确认赢单", icon: "badge-check", english: "Confirm as won", parameters: [Reason.demanded],
        permission: "assign", unavailable: { deal, _ in deal.status == .open ? nil : "商机已结束" }
    ) { deal, arguments, tx in
        let customer = deal.customer
        guard let sale = try sales(of: deal.id, tx).first(where: { $0.customer == customer }) else {
            throw Refusal.conflict("还没有这位客户的生效合同或已批准订单指向此商机，不能赢单")
        }
        deal.close(asWon: sale.amount, on: tx.today)
        deal.remark = [deal.remark, "确认赢单：\(arguments[Reason.demanded])"].compactMap(\.self).joined(separator: "\n")
    }.with { $0.isUndoable = false }

    /// Won by this customer's sale of at least half of what was expected. What is less leaves it open; its owner hears why.
    static func win(_ ref: Ref<Opportunity>, by customer: Ref<Customer>, _ amount: Money?, on day: Day, _ tx: any Transaction) throws {
        guard var deal = try tx.get(Opportunity.self, ref), deal.status == .open else { return }
        let expected = deal.amount ?? .zero, amount = amount ?? .zero
        guard deal.customer == customer, amount >= expected.share(Percent(basisPoints: 5000)) else {
            let why = deal.customer == customer ? "成交金额 \(amount.shown) 不到预计 \(expected.shown) 的一半" : "成交的不是这位客户"
            return try tell(deal, "商机「\(deal.name)」没有自动赢单：\(why)；可由上级确认赢单", tx)
        }
        deal.close(asWon: amount, on: day)
        try tx.save(deal)
    }

    /// What it was won by is gone: it is open again, with a note, unless something else carries it.
    static func lapse(_ ref: Ref<Opportunity>, _ why: String, _ tx: any Transaction) throws {
        guard var deal = try tx.get(Opportunity.self, ref), deal.status == .won else { return }
        let customer = deal.customer
        guard try !sales(of: ref, tx).contains(where: { $0.customer == customer }) else { return }
        (deal.status, deal.closedOn, deal.wonAmount, deal.level, deal.stageSince) = (.open, nil, nil, .A, tx.now)
        if let stage = try deal.stage.flatMap({ try tx.get(PipelineStage.self, $0) }) {
            (deal.probability, deal.forecast) = (stage.probability, stage.forecast)
        }
        deal.remark = [deal.remark, "\(tx.today.iso) 重新打开：\(why)"].compactMap(\.self).joined(separator: "\n")
        try tx.save(deal)
        try tell(deal, "商机「\(deal.name)」重新打开：\(why)", tx)
    }

    /// The orders and contracts that count for it, the largest amount first.
    private static func sales(of deal: Ref<Opportunity>, _ look: any Looking) throws -> [(customer: Ref<Customer>, amount: Money)] {
        let orders = try look.all(Order.self, where: \Order.opportunity == deal && Order.dealt, limit: 200)
            .map { ($0.customer, $0.amount ?? .zero) }
        let inEffect = \Contract.opportunity == deal && .field("status", .in, "effective", "fulfilled", "closed")
        let contracts = try look.all(Contract.self, where: inEffect, limit: 200).map { ($0.customer, $0.amount ?? .zero) }
        return (orders + contracts).sorted { $0.1 > $1.1 }
    }

    private static func tell(_ deal: Record<Opportunity>, _ text: String, _ tx: any Transaction) throws {
        guard let owner = deal.ownerID, deal.isDemo != true else { return }
        try tx.notify([owner], of: .due, text, about: deal.row)
    }

    public init() {}
}

extension Record<Opportunity> {
    fileprivate mutating func close(asWon amount: Money, on day: Day) {
        (self.status, self.closedOn, self.wonAmount, self.level) = (.won, day, amount, .O)
        (self.probability, self.forecast, self.stalledAt) = (Percent(basisPoints: 10_000), .closed, nil)
        Loss.clear(&self)
    }
}
