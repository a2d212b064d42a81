import Core
import Records

/// Numbers of the sales work measured against one another, each with its formula (§3.10, §3.12).
public enum SalesFigures {
    /// §3.10: receivables ÷ credit sales × days.
    public static let dso = Figure(
        "dso", "应收周转天数 DSO", "Days sales outstanding", .days,
        .init("应收余额", "Receivables", of: Receivable.name, "filter[status][in]=open,partial,overdue,disputed&measure=sum:balance_cents"),
        per: .init(
            "近 90 天应收发生额", "Billed in 90 days", of: Receivable.name,
            "filter[issued_on][gte]=today-89&filter[issued_on][lte]=today"
                + "&measure=sum:amount_cents"),
        times: 90, less: true)
    /// §3.10: collected ÷ due.
    public static let collected = Figure(
        "collected", "到期款收回率", "Collected of what fell due", .percent,
        .init("近 90 天到期已收", "Paid", of: Receivable.name, "filter[due_on][gte]=today-89&filter[due_on][lte]=today&measure=sum:paid_cents"),
        per: .init(
            "近 90 天到期应收", "Due", of: Receivable.name, "filter[due_on][gte]=today-89&filter[due_on][lte]=today&measure=sum:amount_cents"))
    public static let overdue = Figure(
        "overdue", "逾期率", "Overdue", .percent,
        .init("逾期余额", "Overdue", of: Receivable.name, "filter[status]=overdue&measure=sum:balance_cents"),
        per: .init(
            "应收余额", "Receivables", of: Receivable.name, "filter[status][in]=open,partial,overdue,disputed&measure=sum:balance_cents"),
        less: true)
    public static let winRate = Figure(
        "win_rate", "赢单率", "Win rate", .percent,
        .init("近一年赢单", "Won in a year", of: Opportunity.name, "filter[status]=won&filter[closed_on][gte]=today-364"),
        per: .init("近一年结束的商机", "Ended in a year", of: Opportunity.name, "filter[status][in]=won,lost&filter[closed_on][gte]=today-364"))
}
