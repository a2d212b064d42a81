import Core
import Records

extension CreditAccount {
    public static var rules: Rules {
        .of(CreditAccount.self) {
            $0.beforeSave { account, change, tx in
                try Ownership.follow(&account.row, change, tx)
                guard account.limit >= .zero else { throw Problem("limit_cents", "信用额度不能为负") }
                if let old = change.old.map({ Record<CreditAccount>($0) }), [.active, .suspended].contains(old.status),
                    old.limit != account.limit, old.limitChangedAt == account.limitChangedAt
                {
                    throw Problem("limit_cents", code: "locked", "信用额度已批准，请用「调整额度」")
                }
                score(&account)
                let purchases = try tx.get(Customer.self, account.customer).map { try monthly($0.id, tx) } ?? .zero
                account.suggested = account.grade.map { Money(cents: purchases.cents / 2 * $0.halves) }
            }
            $0.beforeDelete { account, _, _ in
                guard [.draft, .closed].contains(account.status) else { throw Refusal.conflict("信用账户有效，不能删除；请先关闭") }
            }
        }
    }

    static func score(_ account: inout Record<CreditAccount>) {
        let parts = [account.character, account.capacity, account.capital, account.collateral, account.conditions].compactMap(\.self)
        account.score = parts.count == 5 ? parts.reduce(0, +) : nil
        account.grade = account.score.map(Grade.init)
    }

    /// What the customer bought in a month of the last twelve, on average.
    private static func monthly(_ customer: Ref<Customer>, _ look: any Looking) throws -> Money {
        let year =
            \Order.customer == customer && .field("status", .in, "approved", "shipped", "settled", "closed")
            && \Order.orderedOn >= look.today.adding(months: -12)
        let sum =
            try look.summarize(Summary(Query(look.catalog.schema(Order.self), where: year), measures: [.sum("amount_cents")])).first?
            .values[0].int ?? 0
        return Money(cents: sum / 12)
    }

    public static var flow: Flow? {
        .of(CreditAccount.self, \.status) {
            $0.step(
                "submit", "提交生效", from: [.draft], to: .active, waiting: .approving, icon: "stamp", english: "Put into effect", primary: true
            ) { account, _, tx in
                account.validFrom = account.validFrom ?? tx.today
                account.validTo = account.validTo ?? tx.today.adding(months: 12)
            }
            $0.step(
                "suspend", "冻结", from: [.active], to: .suspended, parameters: [Reason.demanded], permission: "approve", icon: "snowflake",
                english: "Suspend", effect: keepReason)
            $0.step(
                "resume", "解冻", from: [.suspended], to: .active, parameters: [Reason.demanded], icon: "sun", english: "Resume",
                effect: keepReason)
            $0.step(
                "close", "关闭", from: [.draft, .active, .suspended], to: .closed, parameters: [Reason.demanded], permission: "approve",
                icon: "circle-x", effect: keepReason)
        }
    }

    @Sendable private static func keepReason(_ account: inout Record<CreditAccount>, _ arguments: Arguments, _ tx: any Transaction) {
        account.reason = arguments[Reason.demanded]
    }

    private static let newLimit = Field<Money>("limit_cents", "新额度", .english("New limit"))

    public static var actions: [Action] {
        [
            Action.on(
                CreditAccount.self, "change_limit", "调整额度", icon: "sliders-horizontal", english: "Change the limit",
                parameters: [newLimit, Reason.demanded],
                unavailable: { account, _ in [.active, .suspended].contains(account.status) ? nil : "草稿可直接修改额度" }
            ) { account, arguments, tx in
                (account.limit, account.reason, account.limitChangedAt) = (arguments[newLimit], arguments[Reason.demanded], tx.now)
            }
        ]
    }

    /// §2.10: limits by the manager, large ones by the director as well; a suspension is lifted by manager and finance.
    static let approvals: [ApprovalDefault] = {
        let manager = ApprovalDefault.Step("销售经理", .role("sales_mgr")),
            director = ApprovalDefault.Step("营销总监", .role("director"), over: Money(cents: 30_000_000))
        return [
            ApprovalDefault(
                "credit.grant", "信用额度审批", on: CreditAccount.name, .action("submit"), steps: [manager, director], amount: "limit_cents"),
            ApprovalDefault(
                "credit.limit", "调整额度审批", on: CreditAccount.name, .action("change_limit"), steps: [manager, director], amount: "limit_cents"
            ),
            ApprovalDefault(
                "credit.resume", "信用解冻审批", on: CreditAccount.name, .action("resume"), steps: [manager, .init("财务", .role("finance"))],
                amount: "limit_cents"),
        ]
    }()
}

/// The check of an order against the customer's credit (I11).
enum Credit {
    /// Open receivables, and orders on their way that are not billed yet.
    static func exposure(of customer: Ref<Customer>, except order: Int64? = nil, _ look: any Looking) throws -> Money {
        let owed = Query(look.catalog.schema(Receivable.self), where: \Receivable.customer == customer && Receivable.isOpen)
        let debts = try look.summarize(Summary(owed, measures: [.sum("balance_cents")])).first?.values[0].int ?? 0
        var underway =
            \Order.customer == customer && .field("status", .in, "approved", "shipped") && .not(\Order.isBilled == true)
            && \Order.contract == nil
        if let order { underway = underway && .not(.ids([order])) }
        let orders =
            try look.summarize(Summary(Query(look.catalog.schema(Order.self), where: underway), measures: [.sum("amount_cents")])).first?
            .values[0].int ?? 0
        return Money(cents: debts).adding(Money(cents: orders))
    }

    /// Why the order must wait; nil when it may go, or the customer has no credit to exceed.
    static func objection(to order: Record<Order>, _ look: any Looking) throws -> String? {
        guard order.contract == nil, order.releasedAt == nil,
            let account = try look.first(CreditAccount.self, where: \CreditAccount.customer == order.customer)
        else { return nil }
        switch account.status {
        case .draft, .approving, .closed: return nil
        case .suspended: return "客户信用已冻结\(account.reason.map { "（\($0)）" } ?? "")，发货前须放行"
        case .active: break
        }
        let used = try exposure(of: order.customer, except: order.row.id, look), wanted = order.amount ?? .zero
        guard used.adding(wanted) > account.limit else { return nil }
        return "已用信用 \(used.shown)，加上本单 \(wanted.shown) 超过额度 \(account.limit.shown)，发货前须放行"
    }
}

/// Nightly: what each account has used, how its customer pays, and whether it must be suspended (§2.27).
enum CreditJobs {
    private static let batch = 100

    static let review = Job("credit.review", "信用复核", english: "Credit review", schedule: .daily(hour: 0, minute: 45)) { _, tx in
        let due = .field("status", .in, "active", "suspended") && (\CreditAccount.reviewedOn == nil || \CreditAccount.reviewedOn < tx.today)
        let found = try tx.all(CreditAccount.self, where: due, sort: [.init("id")], limit: batch)
        for var account in found {
            try look(at: &account, tx)
            try tx.save(account)
        }
        if found.count == batch { try tx.enqueue("credit.review", [:], key: "credit.review", after: 1) }
    }

    private static func look(at account: inout Record<CreditAccount>, _ tx: any Transaction) throws {
        account.reviewedOn = tx.today
        account.exposure = try Credit.exposure(of: account.customer, tx)
        let oldest = try tx.all(
            Receivable.self, where: \Receivable.customer == account.customer && \Receivable.status == .overdue, sort: [.init("due_on")],
            limit: 1
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

    /// Receivables over the sales on credit of the last 90 days, times 90 (§3.10).
    private static func dso(of customer: Ref<Customer>, _ tx: any Transaction) throws -> Int? {
        let schema = tx.catalog.schema(Receivable.self)
        let owed =
            try tx.summarize(
                Summary(Query(schema, where: \Receivable.customer == customer && Receivable.isOpen), measures: [.sum("balance_cents")])
            ).first?.values[0].int ?? 0
        let since = .field("created_at", .gte, Instant(tx.today - 90).stored) && \Receivable.customer == customer
        let sold = try tx.summarize(Summary(Query(schema, where: since), measures: [.sum("amount_cents")])).first?.values[0].int ?? 0
        return days(owed: Money(cents: owed), sold: Money(cents: sold), period: 90)
    }

    /// DSO: balance ÷ credit sales × days, to the nearest day; nil without sales.
    static func days(owed: Money, sold: Money, period: Int) -> Int? {
        guard sold.cents > 0, owed.cents >= 0 else { return nil }
        let (high, low) = UInt64(owed.cents).multipliedFullWidth(by: UInt64(period)), divisor = UInt64(sold.cents)
        guard high < divisor else { return nil }
        let (whole, rest) = divisor.dividingFullWidth((high, low))
        return Int(clamping: whole) + (rest >= divisor - rest ? 1 : 0)
    }
}

/// 财务: what customers owe, how it comes in, and how much they may owe.
public enum FinanceCapability: Capability {
    public static let name = "finance", label = "财务"
    public static let entities: [any Entity.Type] = [
        Receivable.self, Collection.self, Allocation.self, CreditAccount.self, InvoiceTitle.self,
    ]
    public static let parameters = FinanceParameters.all
    public static let approvals = CreditAccount.approvals
    public static let jobs = FinanceJobs.all
    public static let roles = SalesRoles.finance
    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoFinance.steps(demo) }
}
