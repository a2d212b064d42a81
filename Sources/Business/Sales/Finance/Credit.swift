import Core
import Records

/// The check of an order against the customer's credit (I11).
enum Credit {
    /// Open receivables, and orders on their way that are not billed yet.
    static func exposure(of customer: Ref<Customer>, except order: Int64? = nil, _ look: any Looking) throws -> Money {
        let owed = Query(look.catalog.schema(Receivable.self), where: \Receivable.customer == customer && Receivable.isOpen)
        let debts = try look.summarize(Summary(owed, measures: [.sum("balance_cents")])).first?.values[0].int ?? 0
        var underway =
            \Order.customer == customer && .field("status", .in, "approved", "shipped") && .not(\OrderCredit.isBilled == true)
            && \OrderOfContract.contract == nil
        if let order { underway = underway && .not(.ids([order])) }
        let orders =
            try look.summarize(Summary(Query(look.catalog.schema(Order.self), where: underway), measures: [.sum("amount_cents")])).first?
            .values[0].int ?? 0
        return Money(cents: debts) + Money(cents: orders)
    }

    /// Why the order must wait; nil when it may go, or the customer has no credit to exceed.
    static func objection(to order: Record<Order>, _ look: any Looking) throws -> String? {
        guard order[OrderOfContract.self].contract == nil, order[OrderCredit.self].releasedAt == nil,
            let account = try look.first(CreditAccount.self, where: \CreditAccount.customer == order.customer)
        else { return nil }
        switch account.status {
        case .draft, .approving, .closed: return nil
        case .suspended: return "客户信用已冻结\(account.reason.map { "（\($0)）" } ?? "")，发货前须放行"
        case .active: break
        }
        let used = try exposure(of: order.customer, except: order.row.id, look), wanted = order.amount ?? .zero
        guard used + wanted > account.limit else { return nil }
        return "已用信用 \(used.shown)，加上本单 \(wanted.shown) 超过额度 \(account.limit.shown)，发货前须放行"
    }
}
