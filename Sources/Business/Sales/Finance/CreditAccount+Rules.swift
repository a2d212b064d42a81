import Core
import Records

extension CreditAccount {
    public static var rules: Rules {
        .of(CreditAccount.self) {
            $0.beforeSave { account, change, tx in
                try Ownership.follow(&account.row, change, tx)
                guard account.limit >= .zero else { throw Problem("limit_cents", "信用额度不能为负") }
                score(&account)
                let purchases = try tx.get(Customer.self, account.customer).map { try monthly($0.id, tx) } ?? .zero
                account.suggested = account.grade.map { Money(cents: purchases.cents / 2) * $0.halves }
            }
            $0.afterSave(weighOrders)
        }
    }

    private static func weighOrders(_ account: Record<CreditAccount>, _ change: Change, _ tx: any Transaction) throws {
        guard
            change.changed(\CreditAccount.status, in: account) || change.changed(\CreditAccount.limit, in: account)
                || change.changed(\CreditAccount.validTo, in: account)
        else { return }
        try OrderCredit.weighAgain(ordersOf: account.customer, tx)
    }

    static func score(_ account: inout Record<CreditAccount>) {
        let parts = [account.character, account.capacity, account.capital, account.collateral, account.conditions].compactMap(\.self)
        account.score = parts.count == 5 ? parts.reduce(0, +) : nil
        account.grade = account.score.map(Grade.init)
    }

    /// What the customer bought in a month of the last twelve, on average.
    private static func monthly(_ customer: Ref<Customer>, _ look: any Looking) throws -> Money {
        let year =
            \Order.customer == customer && .field("status", .in, "approved", "allocated", "shipped", "settled", "closed")
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
            $0.move(from: [.active], to: [.suspended], "任务「信用复核」：逾期超过 30 天（参数）或评分过低，通知负责人")
            let scores: [PartialKeyPath<CreditAccount>] = [\.character, \.capacity, \.capital, \.collateral, \.conditions]
            let views: [PartialKeyPath<CreditAccount>] = [\.repView, \.collectionView, \.managerView]
            $0.lock([.approving, .active, .suspended], but: scores + views, instead: "请用「调整额度」")
            // Who sells does not grade.
            $0.lock([.approving, .active, .suspended], only: scores, unless: "approve", instead: "请由上级复核评分")
            $0.removable = [.closed]
        }
    }

    @Sendable private static func keepReason(_ account: inout Record<CreditAccount>, _ arguments: Arguments, _ tx: any Transaction) {
        account.reason = arguments[Reason.demanded]
    }

    private static let newLimit = Field<Money>("limit_cents", "新额度", .english("New limit"))
    private static let newTerm = Field<Int?>(
        "term_days", "新账期", kind: WholeNumberKind(range: 0...365), .unit("天", "days"), .help("留空不变", "Unchanged when empty"),
        .english("New term"))
    private static let newEnd = Field<Day?>("valid_to", "新有效期至", .help("留空不变", "Unchanged when empty"), .english("New end"))

    public static var actions: [Action] {
        [
            Action.on(
                CreditAccount.self, "change_limit", "调整额度", icon: "sliders-horizontal", english: "Change the limit",
                parameters: [newLimit, newTerm, newEnd, Reason.demanded],
                unavailable: { account, _ in [.active, .suspended].contains(account.status) ? nil : "草稿可直接修改额度" }
            ) { account, arguments, tx in
                (account.limit, account.reason, account.limitChangedAt) = (arguments[newLimit], arguments[Reason.demanded], tx.now)
                account.termDays = arguments[newTerm] ?? account.termDays
                account.validTo = arguments[newEnd] ?? account.validTo
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
