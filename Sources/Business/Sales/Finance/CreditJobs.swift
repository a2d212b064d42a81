import Core
import Records

/// Nightly: what each account has used, how its customer pays, and whether it must be suspended (§2.27).
enum CreditJobs {
    static let review = Job("credit.review", "信用复核", english: "Credit review", schedule: .daily(hour: 0, minute: 45)) { _, tx in
        let due = .field("status", .in, "active", "suspended") && (\CreditAccount.reviewedOn == nil || \CreditAccount.reviewedOn < tx.today)
        try tx.each(CreditAccount.self, where: due, batch: 100) { account in
            var account = account
            try look(at: &account, tx)
            try tx.save(account)
        }
    }

    private static func look(at account: inout Record<CreditAccount>, _ tx: any Transaction) throws {
        account.reviewedOn = tx.today
        account.exposure = try Credit.exposure(of: account.customer, tx)
        let oldest = try tx.all(
            Receivable.self,
            // A dispute does not make it younger.
            where: \Receivable.customer == account.customer && .field("status", .in, "overdue", "disputed") && \Receivable.dueOn < tx.today,
            sort: [.init("due_on")], limit: 1
        ).first
        account.overdueDays = oldest.map { tx.today - $0.dueOn } ?? 0
        account.bounced = try tx.count(
            Query(tx.catalog.schema(Collection.self), where: \Collection.customer == account.customer && \Collection.status == .bounced),
            cap: 999)
        let paid = try tx.all(
            Receivable.self, where: \Receivable.customer == account.customer && \Receivable.status == .paid, sort: [.init("-due_on")],
            limit: 24)
        let days = paid.compactMap { due in due.paidOn.map { $0 - due.dueOn } }
        account.lateDays = days.isEmpty ? nil : max(0, days.reduce(0, +) / days.count)
        account.dso = try dso(of: account.customer, tx)
        guard account.status == .active else { return }
        let limit = try tx.int(FinanceParameters.suspendDays), lowest = try tx.int(FinanceParameters.lowestScore)
        let reason =
            (account.overdueDays ?? 0) > limit
            ? "逾期 \(account.overdueDays ?? 0) 天"
            : account.score.map { $0 < lowest } ?? false ? "信用评分 \(account.score ?? 0) 低于 \(lowest)" : nil
        guard let reason else { return }
        (account.status, account.reason) = (.suspended, reason)
        if let owner = account.ownerID, account.isDemo != true {
            try tx.notify([owner], of: .due, "客户信用已冻结：\(account.code ?? "")（\(reason)）", about: account.row)
        }
    }

    /// Receivables over the sales on credit that were billed in the last 90 days, today being one of them, times 90 (§3.10).
    private static func dso(of customer: Ref<Customer>, _ tx: any Transaction) throws -> Int? {
        let schema = tx.catalog.schema(Receivable.self)
        let owed =
            try tx.summarize(
                Summary(Query(schema, where: \Receivable.customer == customer && Receivable.isOpen), measures: [.sum("balance_cents")])
            ).first?.values[0].int ?? 0
        let since = \Receivable.issuedOn >= tx.today - 89 && \Receivable.issuedOn <= tx.today && \Receivable.customer == customer
        let sold = try tx.summarize(Summary(Query(schema, where: since), measures: [.sum("amount_cents")])).first?.values[0].int ?? 0
        return days(owed: Money(cents: owed), sold: Money(cents: sold), period: 90)
    }

    /// DSO: balance ÷ credit sales × days, to the nearest day; nil without sales.
    static func days(owed: Money, sold: Money, period: Int) -> Int? {
        guard sold.cents > 0, owed.cents >= 0 else { return nil }
        let (high, low) = UInt64(owed.cents).multipliedFullWidth(by: UInt64(period)), divisor = UInt64(sold.cents)
        guard high < divisor else { return nil }
        let (whole, rest) = divisor.dividingFullWidth((high, low))
        return Int(clamping: whole).adding(clamping: rest >= divisor - rest ? 1 : 0)
    }
}
