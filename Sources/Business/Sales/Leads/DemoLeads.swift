import Core
import Records

/// The demo group's leads of six months (§5): O4 H10 A22 B31 C33, most given up by the salesperson, a few in the pool.
enum DemoLeads {
    static func size(_ demo: Demo) -> Int { demo.pick(small: 600, full: 6_000) }
    private static let slice = 60
    static let sellers: [(unit: String, username: String)] =
        ["CX-SALES", "BJ-SALES", "SX-SALES"].flatMap { unit in
            (unit == "SX-SALES"
                ? ["sales07", "sales08"] : unit == "BJ-SALES" ? ["sales04", "sales05", "sales06"] : ["sales01", "sales02", "sales03"]).map {
                    (unit, $0)
                }
        } + [("TR-HQ", "tour01"), ("TR-1", "tour02"), ("TR-2", "tour03"), ("TR-3", "tour04"), ("WA-HZ", "rep01"), ("WA-NB", "rep04")]

    static func steps(_ demo: Demo) -> [Demo.Step] {
        stride(from: 0, to: size(demo), by: slice).map { first -> Demo.Step in
            { tx in
                let directory = try DemoDirectory(tx), products = try DemoCatalog.products(tx)
                for index in first..<min(first + slice, size(demo)) { try DemoLead(index, demo).insert(directory, products, tx) }
            }
        } + [{ tx in try insertRules(tx) }]
    }

    private static func insertRules(_ tx: any Transaction) throws {
        let directory = try DemoDirectory(tx)
        for (name, code, source) in [("预约试驾", "test-drive", Customer.Source.website), ("秋季车展留资", "autumn-fair", .exhibition)] {
            var form = Record<LeadForm>()
            (form.title, form.code, form.source) = (name, code, source)
            try tx.insert(form)
        }
        for (name, position, condition, people) in [
            ("绍兴的线索给绍兴店", 10, #"{"field":"city","op":"eq","values":["绍兴市"]}"#, ["sales07", "sales08"]),
            (
                "其余汽车线索轮流", 20, #"{"field":"interest","op":"contains","values":["星驰"]}"#,
                ["sales01", "sales02", "sales03", "sales04", "sales05", "sales06"]
            ),
        ] {
            var rule = Record<AssignmentRule>()
            (rule.title, rule.position, rule.condition, rule.method, rule.capacity) = (
                name, position, condition, position == 10 ? .turn : .fewest, 200
            )
            rule.people = Refs(people.compactMap { directory.users[$0] })
            try tx.insert(rule)
        }
    }
}

/// One demo lead, worked out from the seed and its number alone.
struct DemoLead {
    var lead = Record<Lead>()
    var asksForLoss = false
    var talks: [Record<Interaction>] = []
    let seller: (unit: String, username: String)

    init(_ index: Int, _ demo: Demo) {
        var random = SplitMix64(seed: demo.seed &+ 9_001 &+ UInt64(index) &* 104_729)
        let level = Spread(seed: demo.seed, 5)[index], state = Spread(seed: demo.seed, 6)[index]
        seller = DemoLeads.sellers[index % DemoLeads.sellers.count]
        let isCar = seller.username.hasPrefix("sales"), isTour = seller.username.hasPrefix("tour")
        let product = isCar ? random.pick(DemoProducts.cars) : isTour ? random.pick(DemoProducts.tours) : ("清泉饮品经销", 60_000)
        let city = DemoTrade.city(of: seller.unit)
        lead.name = DemoNames.person(&random)
        lead.code = "L-D\(DemoIdentity.padded(index + 1, 5))"
        lead.mobile = DemoIdentity.mobile(10_000 - 1 - index % 9_000)
        if !isCar, !isTour { lead.company = "\(DemoNames.given(&random))便利超市" }
        lead.source = random.pick(weighted: [
            (.website, 22), (.shortVideo, 18), (.portal, 12), (.walkIn, 16), (.phoneIn, 10), (.referral, 10), (.campaign, 8), (.ad, 4),
        ])
        lead.sourceCode = [.shortVideo: "dy-2026q4", .ad: "ad-metro-07", .campaign: "autumn-fair", .website: "web-form"][lead.source]
        lead.city = city.name
        lead.interest = product.0
        lead.level = [(IntentionLevel.O, 4), (.H, 10), (.A, 22), (.B, 31), (.C, 33)].at(level)
        lead.buyWithin = [.O: .week, .H: .week, .A: .month, .B: .quarter, .C: .later][lead.level ?? .C]
        lead.budget = Money(cents: Int64(product.1) * 100)
        (lead.consent, lead.isDemo) = (true, true)
        let status: Lead.Status = [
            (Lead.Status.assigned, 6), (.contacted, 26), (.qualified, 18), (.converted, 10), (.lost, 22), (.invalid, 10), (.new, 8),
        ].at(state)
        let isOpen = [.assigned, .contacted, .qualified].contains(status)
        let age = status == .assigned ? 0 : isOpen ? random.number(1...24) : random.number(8...175)
        let at = Instant(demo.asOf - age, hour: random.number(9...16), minute: random.number(0...59))
        DemoClock.stamp(&lead.row, at)
        lead.status = status
        guard status != .new else {
            (lead.pooledAt, lead.poolReason) = (
                Instant(demo.asOf - random.number(1...20), hour: 9), random.pick(["30 天未联系", "电话多次无人接听", "暂无购买计划"])
            )
            return
        }
        (lead.assignedAt, lead.contactDue) = (at, at.adding(seconds: 1800))
        guard status != .assigned else {
            lead.nextFollow = at.adding(days: 1)
            return
        }
        let first = at.adding(minutes: random.number(5...90))
        talk(at: first, isCar ? .carSales : isTour ? .travelSales : .dealer, product.0, &random)
        if isOpen, age > 6, random.chance(50) {
            talk(
                at: Instant(demo.asOf - random.number(1...4), hour: random.number(9...17)),
                isCar ? .carSales : isTour ? .travelSales : .dealer, product.0, &random)
        }
        (lead.firstContact, lead.lastContact) = (first, talks.last?.happenedAt)
        switch status {
        case .lost:
            lead.lossReason = random.pick(weighted: [
                (.price, 28), (.competitor, 22), (.noDecision, 24), (.time, 12), (.budget, 8), (.product, 6),
            ])
            lead.lossNote = random.pick(["对方说再考虑，三次邀约未到店", "比价后选了别家", "购买计划推迟到明年", "家人意见不一", "价格差距谈不拢"])
            if lead.lossReason == .competitor { lead.lossCompetitor = random.pick(["风行汽车", "朗途", "远山旅游", "泉山饮品"]) }
            (lead.lossAskedAt, lead.level) = (first.adding(days: 4), .F)
        case .converted: lead.convertedAt = min(first.adding(days: random.number(2...20)), Instant(demo.asOf, hour: 8))
        case .invalid: lead.invalidReason = random.pick([.wrongNumber, .noIntent, .duplicate, .outArea])
        default:
            lead.nextFollow = Instant(demo.asOf + random.number(-3...6), hour: random.number(9...17))
            if index % 23 == 0 { lead.recallOn = demo.asOf + random.number(1...3) }
            asksForLoss = index % 31 == 7
        }
    }

    private mutating func talk(at: Instant, _ texts: DemoTexts, _ product: String, _ random: inout SplitMix64) {
        let words = texts.talk(
            &random,
            [
                "称呼": String(lead.name.prefix(1)) + random.pick(["先生", "女士"]), "车型": product, "年": "三", "万": "十五", "线路": product, "人": "三",
                "商品": product, "箱": "50", "日期": "下周", "辆": "2", "月": "下个月",
            ])
        var record = Record<Interaction>()
        (record.channel, record.direction, record.content, record.outcome) = (words.channel, words.direction, words.content, words.outcome)
        record.happenedAt = at
        record.subject = Interaction.heading(of: record)
        record.isDemo = true
        DemoClock.stamp(&record.row, at)
        talks.append(record)
    }

    func insert(_ directory: DemoDirectory, _ products: [String: Int64], _ tx: any Transaction) throws {
        var lead = lead
        let owner = directory.users[seller.username], department = directory.departments[seller.unit]
        if lead.status != .new { lead.ownerID = owner } else { lead.lastOwner = owner.map { Ref($0) } }
        lead.departmentID = department
        lead.product = lead.interest.flatMap { products[$0] }.map { Ref($0) }
        if lead.lossAskedAt != nil { lead.lossAskedBy = owner.map { Ref($0) } }
        if lead.status == .converted {
            lead.customer = try tx.first(Customer.self, where: .field("owner_id", .eq, owner.map(Value.int) ?? .null))?.id
        }
        let next = lead.nextFollow
        let saved = try tx.insert(lead).id
        for var talk in talks {
            talk[LeadTalk.self].lead = saved
            (talk.ownerID, talk.departmentID) = (owner, department)
            try tx.insert(talk)
        }
        // What was planned stays planned, whatever the talks would have planned.
        guard var fresh = try tx.get(Lead.self, saved) else { return }
        if fresh.nextFollow != next || fresh.recallOn != lead.recallOn, !talks.isEmpty {
            (fresh.nextFollow, fresh.recallOn) = (next, lead.recallOn)
            fresh = try tx.save(fresh)
        }
        if asksForLoss, Lead.Status.open.contains(fresh.status) {
            try DemoApprovals.ask("lose", fresh.row, with: ["loss_reason": "no_decision", "loss_note": "客户表示今年不再考虑"], tx)
        }
    }
}
