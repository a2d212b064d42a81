import Core
import Records

/// The drinks distributor's dealers: what they may owe, what they owe and how they pay: 71 % in time, the rest late in every age (§5).
enum DemoFinance {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        (1...8).map { rep -> Demo.Step in
            { tx in
                let directory = try DemoDirectory(tx)
                guard let owner = directory.users["rep0\(rep)"] else { return }
                let dealers = try tx.all(
                    Customer.self, where: .field("owner_id", .eq, .int(owner)) && \Customer.type == .dealer, sort: [.init("id")],
                    limit: demo.pick(small: 8, full: 60))
                for (place, dealer) in dealers.enumerated() { try DemoDebtor(dealer, rep * 100 + place, demo).insert(tx) }
            }
        } + [{ tx in try CreditJobs.review.run([:], tx) }]
    }
}

struct DemoDebtor {
    let dealer: Record<Customer>
    let index: Int
    let demo: Demo
    /// The story's dealer: limit ¥300,000, exposure ¥298,500, an order of ¥6,000 that must wait.
    private var isYongsheng: Bool { dealer.code == "CUS-0003" }

    init(_ dealer: Record<Customer>, _ index: Int, _ demo: Demo) { (self.dealer, self.index, self.demo) = (dealer, index, demo) }

    func insert(_ tx: any Transaction) throws {
        var random = SplitMix64(seed: demo.seed &+ 5_501 &+ UInt64(index) &* 7_919)
        try account(&random, tx)
        try invoiceTitle(tx)
        if isYongsheng { return try yongsheng(tx) }
        let isBad = index % 9 == 4
        for place in 0..<5 {
            // Invoices of the last months, thirty days to pay.
            let issued = demo.asOf - (140 - place * 28) - random.number(0...9), due = issued + 30
            let amount = Money(cents: Int64(random.number(30...260)) * 10_000)
            let unpaid = due >= demo.asOf || place == 4
            try receivable(amount, issued, due, tx)
            guard !unpaid else { continue }
            let late = [(0, 71), (15, 22), (25, 7)].at(random.fraction())
            guard !isBad || place < 2 else { continue }
            let paid = due + (late == 0 ? -random.number(0...6) : random.number(1...late))
            guard paid <= demo.asOf else { continue }
            try collect(
                amount, on: paid, method: random.pick(weighted: [(.transfer, 70), (.cheque, 12), (.acceptance, 10), (.cash, 8)]), tx)
        }
        // Something in every age, of the few who do not pay; whoever is a little late is not frozen for it.
        for age in isBad ? (index % 2 == 0 ? [400, 130, 45] : [250, 75, 12]) : index % 4 == 0 ? [random.number(2...20)] : [] {
            try receivable(Money(cents: Int64(random.number(20...90)) * 10_000), demo.asOf - age - 30, demo.asOf - age, tx)
        }
        if index % 5 == 2, !isBad { try collect(Money(cents: 150_000), on: demo.asOf - 1, method: .transfer, tx) }
        if index == 200 || index == 500 {
            var cheque = try collect(Money(cents: 3_600_000), on: demo.asOf - 6, method: .cheque, tx)
            try Collection.schema.actions.first { $0.name == "bounce" }?.perform(&cheque.row, Arguments(["reason": "空头支票"]), tx)
            try tx.save(cheque)
        }
        var plan = Record<Collection>()
        (plan.customer, plan.amount, plan.plannedOn, plan.method, plan.status) = (
            dealer.id, Money(cents: Int64(random.number(30...150)) * 10_000), demo.asOf + random.number(-3...12), .transfer,
            random.pick([.planned, .planned, .promised])
        )
        if let day = plan.plannedOn, day < demo.asOf { plan.status = .overdue }
        try insert(&plan, at: demo.asOf - 7, tx)
    }

    private func account(_ random: inout SplitMix64, _ tx: any Transaction) throws {
        var account = Record<CreditAccount>()
        (account.customer, account.limit, account.termDays) = (
            dealer.id, Money(cents: isYongsheng ? 30_000_000 : Int64(random.number(5...120)) * 1_000_000), 30
        )
        (account.character, account.capacity, account.capital, account.collateral, account.conditions) = (
            random.number(14...25), random.number(14...24), random.number(10...19), random.number(7...14), random.number(8...14)
        )
        (account.nature, account.trade) = (dealer.nature ?? .private, random.pick([.distribute, .distribute, .consign]))
        (account.status, account.validFrom, account.validTo) = (index % 11 == 7 ? .draft : .active, demo.asOf - 200, demo.asOf + 165)
        (account.repView, account.collectionView) = ("门店动销稳定，老板配合盘点", random.pick(["按期付款", "偶有拖延，催一次即付", "月底集中付款"]))
        account.isDemo = true
        own(&account.row)
        DemoClock.stamp(&account.row, Instant(demo.asOf - 200, hour: 10))
        let saved = try tx.insert(account)
        if saved.status == .draft { try DemoApprovals.ask("submit", saved.row, tx) }
    }

    /// Account numbers of no bank.
    private func invoiceTitle(_ tx: any Transaction) throws {
        var title = Record<InvoiceTitle>()
        (title.title, title.customer, title.kind, title.taxNo) = (
            dealer.name, dealer.id, dealer.uscc == nil ? .normal : .special, dealer.uscc
        )
        (title.address, title.phone, title.bank, title.email) = (
            dealer.address, dealer.phone, "演示银行\(dealer.city ?? "")分行", "invoice\(index)@example.com"
        )
        title.isDemo = true
        own(&title.row)
        DemoClock.stamp(&title.row, Instant(demo.asOf - 200, hour: 10))
        try tx.insert(title)
    }

    private func yongsheng(_ tx: any Transaction) throws {
        for (yuan, issued) in [(139_200, 25), (99_300, 15), (60_000, 8)] {
            try receivable(Money(cents: Int64(yuan) * 100), demo.asOf - issued, demo.asOf - issued + 30, tx)
        }
        guard var order = try tx.first(Order.self, where: \Order.customer == dealer.id && \Order.status == .draft) else { return }
        order[OrderCredit.self].creditHold = true
        try tx.save(order)
    }

    @discardableResult
    private func collect(_ amount: Money, on day: Day, method: PaymentMethod, _ tx: any Transaction) throws -> Record<Collection> {
        var money = Record<Collection>()
        (money.customer, money.amount, money.plannedOn, money.paidOn, money.method, money.payer) = (
            dealer.id, amount, day, day, method, dealer.legalPerson ?? dealer.name
        )
        if method.mayBounce { (money.chequeDue, money.chequeNo) = (day + 30, "DEMO\(index)\(day.number)") }
        var saved = try insert(&money, at: day, tx)
        try DemoStep.take("confirm", &saved, tx)
        return saved
    }

    private func receivable(_ amount: Money, _ issued: Day, _ due: Day, _ tx: any Transaction) throws {
        var record = Record<Receivable>()
        (record.customer, record.amount, record.issuedOn, record.dueOn, record.title) = (
            dealer.id, amount, issued, due, "\(issued.month)月货款"
        )
        record.isDemo = true
        own(&record.row)
        DemoClock.stamp(&record.row, Instant(issued, hour: 11))
        try tx.insert(record)
    }

    @discardableResult
    private func insert(_ money: inout Record<Collection>, at day: Day, _ tx: any Transaction) throws -> Record<Collection> {
        money.isDemo = true
        own(&money.row)
        DemoClock.stamp(&money.row, Instant(day, hour: 15))
        return try tx.insert(money)
    }

    private func own(_ row: inout Row) {
        row["owner_id"] = dealer.row["owner_id"]
        row["department_id"] = dealer.row["department_id"]
    }
}
