import Core
import Records

extension Quote {
    public static var rules: Rules {
        .of(Quote.self) {
            $0.beforeSave { quote, change, tx in
                try Ownership.follow(&quote.row, change, tx)
                if quote.validUntil == nil { quote.validUntil = tx.today + (try tx.int(QuoteParameters.validDays)) }
                if let opportunity = quote.opportunity, change.changed(\Quote.opportunity, in: quote),
                    let deal = try tx.get(Opportunity.self, opportunity), deal.customer != quote.customer
                {
                    throw Problem("opportunity_id", "商机「\(tx.name(of: deal.row))」不是这位客户的")
                }
            }
            $0.notice { quote, look in
                guard [.approved, .sent].contains(quote.status), let until = quote.validUntil, until < look.today else { return nil }
                return Notice(.bad, "报价已过有效期（\(until.iso)），客户接受前请建立新版本", "Ran out on \(until.iso): make a new version")
            }
        }
    }

    /// Totals, discount, margin, and whose word it takes.
    static func sumUp(_ ref: Ref<Quote>, _ tx: any Transaction) throws {
        guard var quote = try tx.get(Quote.self, ref) else { return }
        var list = Money.zero, total = Money.zero, cost = Money.zero, knowsCost = true, belowFloor = false, isFree = false
        for line in try tx.all(QuoteLine.self, where: \QuoteLine.quote == ref, limit: 500) {
            list = list + OrderLine.total(line.quantity, at: line.list ?? line.price ?? .zero)
            total = total + (line.amount ?? .zero)
            if let each = line.cost { cost = cost + OrderLine.total(line.quantity, at: each) } else { knowsCost = false }
            belowFloor = belowFloor || line.belowFloor == true
            isFree = isFree || line.isFree == true
        }
        (quote.listTotal, quote.total, quote.belowFloor) = (list, total, belowFloor)
        quote.discount = Percent(basisPoints: total < list ? (list - total).rate(of: list) ?? 0 : 0)
        quote.cost = knowsCost ? cost : nil
        quote.margin = knowsCost ? total - cost : nil
        quote.marginRate = knowsCost ? (total - cost).rate(of: total).map { Int(clamping: max($0, -1_000_000)) } : nil
        let table = try DiscountAuthority.table(tx)
        // A discount that rounds down to a boundary is beyond it all the same.
        let exact = total < list ? (list - total).rateUp(of: list) : 0
        quote.authority = try DiscountAuthority.needed(table, discount: exact, belowFloor: belowFloor, isFree: isFree, tx)
        quote.deciders = quote.authority == .own ? Refs([]) : DiscountAuthority.roles(table, quote.authority)
        try tx.save(quote)
    }
}

extension Money {
    /// As ``rate(of:)``, but every started basis point counts.
    func rateUp(of other: Money) -> Int64 {
        guard other.cents > 0, cents > 0 else { return 0 }
        let (high, low) = cents.magnitude.multipliedFullWidth(by: 10_000), divisor = UInt64(other.cents)
        guard high < divisor else { return .max }
        let (whole, rest) = divisor.dividingFullWidth((high, low))
        return Int64(clamping: whole).adding(clamping: rest > 0 ? 1 : 0)
    }
}
