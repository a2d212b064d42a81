import Core
import Records

/// The check of an order against the customer's credit (I11).
enum Credit {
    /// Open receivables, and orders on their way that are not billed yet.
    static func exposure(of customer: Ref<Customer>, except order: Int64? = nil, _ look: any Looking) throws -> Money {
        let owed = Query(look.catalog.schema(Receivable.self), where: \Receivable.customer == customer && Receivable.isOpen)
        let debts = try look.summarize(Summary(owed, measures: [.sum("balance_cents")])).first?.values[0].int ?? 0
        var underway =
            \Order.customer == customer && .field("status", .in, "approved", "allocated", "shipped") && .not(\OrderCredit.isBilled == true)
            && .not(\OrderCredit.isCovered == true)
        if let order { underway = underway && .not(.ids([order])) }
        let orders =
            try look.summarize(Summary(Query(look.catalog.schema(Order.self), where: underway), measures: [.sum("amount_cents")])).first?
            .values[0].int ?? 0
        return Money(cents: debts) + Money(cents: orders)
    }

    /// Whether a contract in effect with this customer, whose instalments are owed already, has room for the order beside the others under
    /// it. Any other link to a contract changes nothing.
    static func isCovered(_ order: Record<Order>, _ look: any Looking) throws -> Bool {
        guard let ref = order[OrderOfContract.self].contract, let contract = try look.get(Contract.self, ref),
            contract.customer == order.customer, [.effective, .fulfilled].contains(contract.status), let room = contract.amount
        else { return false }
        let others =
            \OrderOfContract.contract == ref && .not(.ids([order.row.id]))
            && .field("status", .in, "approved", "allocated", "shipped", "settled", "closed")
        let used =
            try look.summarize(Summary(Query(look.catalog.schema(Order.self), where: others), measures: [.sum("amount_cents")])).first?
            .values[0].int ?? 0
        return Money(cents: used) + (order.amount ?? .zero) <= room
    }

    /// Why the order must wait; nil when it may go. Whoever has an account has its terms, whatever has become of it; dealers buy on credit, so
    /// one without an account waits as well; everybody else pays when the goods go out.
    static func objection(to order: Record<Order>, _ look: any Looking) throws -> String? {
        let credit = order[OrderCredit.self], wanted = order.amount ?? .zero
        if credit.releasedAt != nil, wanted <= (credit.releasedAmount ?? .zero) { return nil }
        guard try !isCovered(order, look) else { return nil }
        guard let account = try look.first(CreditAccount.self, where: \CreditAccount.customer == order.customer) else {
            let isDealer = try look.get(Customer.self, order.customer)?.type == .dealer
            return isDealer ? "客户还没有信用账户，发货前须放行" : nil
        }
        switch account.status {
        case .draft, .approving: return "客户信用还没有生效，发货前须放行"
        case .closed: return "客户信用已关闭，发货前须放行"
        case .suspended: return "客户信用已冻结\(account.reason.map { "（\($0)）" } ?? "")，发货前须放行"
        case .active: break
        }
        if let until = account.validTo, until < look.today { return "客户信用已于 \(until.iso) 到期，发货前须放行" }
        if let from = account.validFrom, from > look.today { return "客户信用从 \(from.iso) 起有效，发货前须放行" }
        let used = try exposure(of: order.customer, except: order.row.id, look)
        guard used + wanted > account.limit else { return nil }
        return "已用信用 \(used.shown)，加上本单 \(wanted.shown) 超过额度 \(account.limit.shown)，发货前须放行"
    }
}
