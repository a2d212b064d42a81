import Core
import Records

/// The demo group's deals: in every stage of the pipeline, with quotes in every state, won by contracts and lost with reasons (§5).
enum DemoOpportunities {
    static func each(_ demo: Demo) -> Int { demo.pick(small: 23, full: 210) }
    private static let slice = 12

    static func steps(_ demo: Demo) -> [Demo.Step] {
        [{ tx in try insertCompetitors(tx) }]
            + DemoLeads.sellers.enumerated().flatMap { place, seller in
                stride(from: 0, to: each(demo), by: slice).map { first -> Demo.Step in
                    { tx in
                        let directory = try DemoDirectory(tx)
                        guard let owner = directory.users[seller.username] else { return }
                        let customers = try tx.all(
                            Customer.self, where: .field("owner_id", .eq, .int(owner)), sort: [.init("id")], limit: each(demo))
                        guard !customers.isEmpty else { return }
                        for index in first..<min(first + slice, each(demo)) {
                            try DemoDeal(place * each(demo) + index, customers[index % customers.count], demo).insert(directory, tx)
                        }
                    }
                }
            }
    }

    private static func insertCompetitors(_ tx: any Transaction) throws {
        for (name, strengths, weaknesses) in [
            ("风行汽车", "价格低，促销力度大", "交付周期长，售后网点少"), ("朗途", "内饰做工好", "没有纯电车型"), ("远山旅游", "线路多", "导游流动大"), ("泉山饮品", "买十送一", "配送慢"),
        ] {
            var record = Record<Competitor>()
            (record.title, record.strengths, record.weaknesses) = (name, strengths, weaknesses)
            try tx.insert(record)
        }
    }
}

struct DemoDeal {
    let customer: Record<Customer>
    let demo: Demo
    let index: Int
    /// 0…5 an open stage, 6 won, 7 lost.
    let place: Int

    init(_ index: Int, _ customer: Record<Customer>, _ demo: Demo) {
        (self.index, self.customer, self.demo) = (index, customer, demo)
        place = [(0, 18), (1, 16), (2, 14), (3, 14), (4, 8), (5, 5), (6, 15), (7, 10)].at(Spread(seed: demo.seed, 7)[index])
    }

    func insert(_ directory: DemoDirectory, _ tx: any Transaction) throws {
        var random = SplitMix64(seed: demo.seed &+ 77_003 &+ UInt64(index) &* 15_485_863)
        let items = items(&random)
        guard let pipeline = try tx.all(Pipeline.self, sort: [.init("position")], limit: 1).first else { return }
        let stages = try tx.all(PipelineStage.self, where: \PipelineStage.pipeline == pipeline.id, sort: [.init("position")], limit: 20)
        let contact = try tx.first(Contact.self, where: \Contact.customer == customer.id)
        let age = place >= 6 ? random.number(20...160) : random.number(2...40), opened = demo.asOf - age
        let list = items.reduce(Money.zero) { $0 + OrderLine.total($1.quantity, at: $1.product.price) }
        var deal = Record<Opportunity>()
        deal.name = "\(customer.name)：\(items[0].product.name)"
        (deal.customer, deal.contact, deal.amount, deal.source, deal.isDemo) = (customer.id, contact?.id, list, customer.source, true)
        (deal.pipeline, deal.stage) = (pipeline.id, stages[min(place, 5)].id)
        deal.level = [IntentionLevel.C, .B, .B, .A, .H, .H, .O, .F][place]
        deal.buyWithin = [.later, .quarter, .quarter, .month, .week, .week, .week, .later][place]
        deal.expectedClose = place >= 6 ? opened + random.number(10...30) : demo.asOf + random.number(-6...50)
        deal.requirement = random.pick(["家用代步，关注油耗和安全", "公务接待，看重空间", "员工团建，两天一夜", "新开门店首批铺货", "替换旧车，要算残值", "暑期亲子出行"])
        (deal.budget, deal.purpose) = (
            list.share(Percent(basisPoints: Int64(random.number(8_800...10_000)))), random.pick(["自用", "商务", "转售", "福利"])
        )
        deal.mustHaves = random.pick([nil, "月底前交付", "必须开专票", "三家比价", "含安装"])
        deal.finance = random.pick([.cash, .loan, .undecided])
        deal.stageSince = Instant(demo.asOf - (place >= 6 ? age / 2 : min(age, random.number(1...34))), hour: 10)
        own(&deal.row)
        DemoClock.stamp(&deal.row, Instant(opened, hour: 10))
        let won = place == 6
        if place >= 6 {
            (deal.status, deal.closedOn, deal.forecast, deal.probability) = (
                won ? .won : .lost, deal.expectedClose, won ? .closed : .omitted, Percent(basisPoints: won ? 10_000 : 0)
            )
            if won {
                deal.wonAmount = list
            } else {
                deal.lossReason = random.pick([.price, .competitor, .noDecision, .budget])
                (deal.lossNote, deal.lossCompetitor) = (
                    "客户最后选了别家", deal.lossReason == .competitor ? random.pick(["风行汽车", "朗途", "远山旅游", "泉山饮品"]) : nil
                )
            }
        } else if deal.stageSince.map({ demo.asOf - $0.day > 30 }) ?? false {
            deal.stalledAt = Instant(demo.asOf, hour: 7, minute: 20)
        }
        let saved = try tx.insert(deal)
        if !customer.type.isHuman, let contact {
            var person = Record<DecisionRole>()
            (person.opportunity, person.contact, person.role, person.attitude) = (
                saved.id, contact.id, contact.role ?? .decision, random.pick([.champion, .supports, .neutral])
            )
            try tx.insert(person)
        }
        for step in 1..<max(2, min(place, 5) + 1) where place > 0 {
            var move = Record<StageMove>()
            (move.opportunity, move.from, move.to, move.days) = (saved.id, stages[step - 1].id, stages[step].id, random.number(1...9))
            move.at = Instant(min(opened + step * 3, demo.asOf), hour: 15)
            try tx.insert(move)
        }
        if place >= 3, place != 7 { try quote(for: saved, items, &random, tx) }
    }

    private func items(_ random: inout SplitMix64) -> [(product: (name: String, price: Money), quantity: Int)] {
        let unit = customer.type
        func one(_ product: (String, Int), _ quantity: Int) -> (product: (name: String, price: Money), quantity: Int) {
            ((product.0, Money(cents: Int64(product.1) * 100)), quantity)
        }
        if unit == .dealer {
            return [one(DemoProducts.drinks[0], random.number(10...60) * 10), one(DemoProducts.drinks[2], random.number(4...30) * 10)]
        }
        if unit == .company || unit == .government { return [one(random.pick(DemoProducts.cars), random.number(1...4))] }
        if unit == .family || customer.sourceDetail == nil && index % 5 == 4 {
            return [one(random.pick(DemoProducts.tours), random.number(2...4))]
        }
        return [one(random.pick(DemoProducts.cars), 1)]
    }

    /// Discounts on both sides of every boundary of the authority table.
    private func quote(
        for deal: Record<Opportunity>, _ items: [(product: (name: String, price: Money), quantity: Int)], _ random: inout SplitMix64,
        _ tx: any Transaction
    ) throws {
        let products = try DemoCatalog.products(tx), points = random.pick([0, 100, 200, 300, 450, 500, 501, 800, 1000, 1_001, 1_500])
        var quote = Record<Quote>()
        (quote.customer, quote.contact, quote.opportunity, quote.isDemo) = (deal.customer, deal.contact, deal.id, true)
        quote.validUntil = place == 6 ? (deal.closedOn ?? demo.asOf) : demo.asOf + random.number(1...20)
        quote.discountReason = points > 500 ? random.pick(["竞品报价更低", "老客户增购", "月底冲量"]) : nil
        quote.terms = "报价含税；签约付三成，交付前付清。"
        own(&quote.row)
        DemoClock.stamp(&quote.row, Instant(max(deal.row.createdAt.day, demo.asOf - 15), hour: 11))
        let draft = try tx.insert(quote)
        for (position, item) in items.enumerated() {
            var line = Record<QuoteLine>()
            (line.quote, line.product, line.quantity, line.position) = (draft.id, item.product.name, item.quantity, position)
            line.item = products[item.product.name].map { Ref($0) }
            (line.list, line.price) = (item.product.price, item.product.price.share(Percent(basisPoints: Int64(10_000 - points))))
            try tx.insert(line)
        }
        guard var made = try tx.get(Quote.self, draft.id) else { return }
        let isMine = made.authority == .own
        let status: Quote.Status =
            place == 6
            ? .accepted
            : place >= 4
                ? .sent
                : isMine
                    ? random.pick([.draft, .approved, .approved, .expired, .void])
                    : random.pick([.pending, .pending, .approved, .rejected])
        if !isMine, [.pending, .rejected, .approved].contains(status) {
            try DemoApprovals.ask("confirm", made.row, tx)
            if status == .rejected { try DemoApprovals.decide("reject", made.row, "毛利不足，请与客户再谈", tx) }
            if status == .approved { try DemoApprovals.decide("approve", made.row, "同意，老客户", tx) }
            return
        }
        made.status = status
        if status == .expired { made.validUntil = demo.asOf - random.number(1...9) }
        if [.approved, .sent, .accepted].contains(status) { made.approvedAt = Instant(demo.asOf - 2, hour: 16) }
        try tx.save(made)
        if place == 6 { try contract(for: deal, made, &random, tx) }
    }

    /// Won: an effective contract with its plan, partly paid.
    private func contract(for deal: Record<Opportunity>, _ quote: Record<Quote>, _ random: inout SplitMix64, _ tx: any Transaction) throws {
        let start = deal.closedOn ?? demo.asOf
        var contract = Record<Contract>()
        (contract.title, contract.customer, contract.quote, contract.opportunity, contract.amount) = (
            "\(customer.name)购销合同", deal.customer, quote.id, deal.id, quote.total
        )
        (contract.signedOn, contract.from, contract.to, contract.isDemo) = (
            start, start, random.chance(40) ? demo.asOf + random.number(3...28) : start + 365, true
        )
        (contract.method, contract.isSealed, contract.salesYear) = (.transfer, true, start.year)
        contract.type = customer.type == .dealer ? .distribution : .sale
        (contract.returnClause, contract.returnDays) = customer.type == .dealer ? (true, 90) : (nil, nil)
        own(&contract.row)
        DemoClock.stamp(&contract.row, Instant(start, hour: 14))
        var saved = try tx.insert(contract)
        for (position, term) in [("定金", 3_000, 0), ("尾款", 7_000, random.pick([15, 30, 45]))].enumerated() {
            var line = Record<PaymentTerm>()
            (line.contract, line.title, line.part, line.afterDays, line.position) = (
                saved.id, term.0, Percent(basisPoints: Int64(term.1)), term.2, position
            )
            try tx.insert(line)
        }
        try DemoStep.take("submit", &saved, tx)
        guard let first = try tx.all(Receivable.self, where: \Receivable.contract == saved.id, sort: [.init("due_on")], limit: 1).first
        else { return }
        var money = Record<Collection>()
        (money.customer, money.contract, money.amount, money.plannedOn, money.paidOn, money.method, money.payer, money.isDemo) = (
            deal.customer, saved.id, first.amount, start, start, .transfer, customer.name, true
        )
        own(&money.row)
        DemoClock.stamp(&money.row, Instant(start, hour: 15))
        var planned = try tx.insert(money)
        try DemoStep.take("confirm", &planned, tx)
        // Some are through, and one customer gave up.
        if index % 6 == 1 { try DemoStep.take("fulfil", &saved, tx) }
    }

    private func own(_ row: inout Row) {
        row["owner_id"] = customer.row["owner_id"]
        row["department_id"] = customer.row["department_id"]
    }
}
