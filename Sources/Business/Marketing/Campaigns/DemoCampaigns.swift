import Core
import Records
import Sales

/// Eighteen campaigns of half a year (§5): most are over and evaluated, two run, two pause, one has used its budget up, one waits for
/// its time, one for the word of its superiors, and one is being planned.
enum DemoCampaigns {
    static func steps(_ demo: Demo) -> [Demo.Step] {
        names.indices.map { place -> Demo.Step in { tx in try DemoCampaign(place, demo).insert(tx) } } + [
            // What it costs is known when its costs are stored.
            { tx in
                guard let last = try tx.first(Campaign.self, where: \Campaign.title == names[names.count - 1].title) else { return }
                try DemoApprovals.ask("submit", last.row, tx)
            }
        ]
    }

    static let names: [(title: String, type: Campaign.Kind)] = [
        ("夏季试驾周", .testdrive), ("暑期亲子旅游节", .tourExpo), ("车主保养季", .maintenance), ("七月会员日", .memberDay), ("星驰S5 上市巡展", .roadshow),
        ("清泉夏日促销", .promotion), ("八月老客回馈", .memberDay), ("杭城车展", .exhibition), ("续保早鸟季", .renewal),
        ("中秋出境游专场", .tourExpo), ("国庆试驾会", .testdrive), ("秋季旅展", .tourExpo), ("金秋保养季", .maintenance), ("短视频种草", .content),
        ("十一月车展", .exhibition), ("双十二促销", .promotion), ("年终会员答谢", .memberDay), ("春节出游早鸟", .tourExpo),
    ]
}

private struct DemoCampaign {
    let place: Int
    let demo: Demo
    private var random: SplitMix64

    init(_ place: Int, _ demo: Demo) {
        (self.place, self.demo) = (place, demo)
        random = SplitMix64(seed: demo.seed &+ 31_337 &+ UInt64(place) &* 6_151)
    }

    private var status: Campaign.Status {
        switch place {
        case 0...8: .evaluated
        case 9: .cancelled
        case 10: .ended
        case 11, 12: .paused
        case 13, 14: .running
        case 15: .approved
        case 16: .draft
        default: .pending
        }
    }

    func insert(_ tx: any Transaction) throws {
        var random = random
        let directory = try DemoDirectory(tx), name = DemoCampaigns.names[place]
        guard let owner = directory.users["marketing\(place % 2 + 1)"] ?? directory.users["director1"] else { return }
        let start = place < 15 ? demo.asOf - 165 + place * 11 : demo.asOf + (place - 14) * 14
        let isOver = status == .evaluated || status == .ended,
            planned = Int64(random.number(status == .pending ? 30...60 : 8...60)) * 100_000
        var campaign = Record<Campaign>()
        (campaign.title, campaign.type, campaign.from, campaign.to) = (
            name.title, name.type, start, isOver ? min(start + 10, demo.asOf - 1) : start + 40
        )
        (campaign.analysis, campaign.strategy) = ("同城竞品同期也有活动；我们的优势是老客户口碑与到店体验。", "以老带新，到店有礼；线上预约，门店承接。")
        (campaign.offer, campaign.creative) = (random.pick(["到店礼一份，下订赠保养一次", "两人同行一人半价", "满三箱赠一箱", "前五十名赠精品"]), "主视觉、海报、短视频各一套")
        (campaign.budget, campaign.isDemo) = (Money(cents: planned), true)
        if status == .draft || status == .pending { campaign.budget = nil }
        campaign.status = isOver ? .ended : status == .pending ? .draft : status
        campaign.group = try tx.all(ContactGroup.self, sort: [.init("id")], limit: 1).first?.id
        if status == .paused { campaign.reason = random.pick(["投放成本偏高，调整素材", "场地改期"]) }
        if status == .cancelled { campaign.reason = "供应商档期冲突" }
        campaign.ownerID = owner
        DemoClock.stamp(&campaign.row, Instant(min(start, demo.asOf) - 25, hour: 10))
        var saved = try tx.insert(campaign)
        try plan(saved, planned, &random, tx)
        if place < 15, status != .cancelled { try harvest(saved, &random, tx) }
        try people(saved, tx)
        if isOver { try buyers(saved, &random, tx) }
        guard status == .evaluated, let fresh = try tx.get(Campaign.self, saved.id) else { return }
        saved = fresh
        (saved.status, saved.summary) = (.evaluated, "到场人数达到预期，线上渠道的线索多，门店渠道的成交率高。")
        saved.lessons = random.pick(["提前两周邀约老客户效果最好；周末下午到场集中，应增派顾问。", "短视频带来的线索要当天回电；礼品按到场人数的八成准备即可。", "与社区合作的成本最低，下次提前一个月洽谈。"])
        try tx.save(saved)
    }

    /// Goals, costs, channels, team and what is to be prepared.
    private func plan(_ campaign: Record<Campaign>, _ planned: Int64, _ random: inout SplitMix64, _ tx: any Transaction) throws {
        for (metric, target) in [(CampaignGoal.Metric.leads, 12), (.visits, 8), (.orders, 2), (.costPerLead, 3_000)] {
            var goal = Record<CampaignGoal>()
            (goal.campaign, goal.metric, goal.target, goal.due) = (campaign.id, metric, target, campaign.to)
            try tx.insert(goal)
        }
        // One has used up what it has; what is over spent most of it.
        let spent: Int64 =
            place == 14
            ? 100
            : status == .evaluated || status == .ended
                ? Int64(random.number(70...98)) : Campaign.Status.live.contains(status) && status != .approved ? 45 : 0
        for (category, title, share) in [
            (CampaignCost.Category.media, "线上投放", Int64(40)), (.venue, "场地与布置", 25), (.gift, "到店礼", 20), (.material, "海报与展具", 15),
        ] {
            var cost = Record<CampaignCost>()
            let part = planned * share / 100
            (cost.campaign, cost.category, cost.title, cost.planned) = (campaign.id, category, title, Money(cents: part))
            if spent > 0 { (cost.committed, cost.actual) = (Money(cents: part * spent / 100), Money(cents: part * spent / 100)) }
            try tx.insert(cost)
        }
        for (title, code) in [("短视频", "video"), ("门店海报", "poster"), ("老客转介绍", "friend")] {
            var channel = Record<CampaignChannel>()
            (channel.campaign, channel.title, channel.code) = (campaign.id, title, "mk\(place + 1)-\(code)")
            try tx.insert(channel)
        }
        if let owner = campaign.ownerID {
            var member = Record<CampaignMember>()
            (member.campaign, member.user, member.title) = (campaign.id, Ref(owner), "总负责")
            try tx.insert(member)
        }
        guard [.running, .approved, .draft].contains(status) else { return }
        for (days, title) in [(-10, "确认场地与物料"), (-5, "邀约老客户"), (-1, "现场彩排")] {
            var task = Record<Todo>()
            task[CampaignTask.self].campaign = campaign.id
            (task.title, task.dueAt, task.isDemo) = (
                "\(title)：\(campaign.title)", Instant(campaign.from + days, hour: 17), true
            )
            if campaign.from + days < demo.asOf { task.status = .done }
            task.ownerID = campaign.ownerID
            try tx.insert(task)
        }
    }

    /// The leads of these weeks came through its channels.
    private func harvest(_ campaign: Record<Campaign>, _ random: inout SplitMix64, _ tx: any Transaction) throws {
        let weeks =
            .field("created_at", .gte, Instant(campaign.from).stored) && .field("created_at", .lt, Instant(campaign.from + 11).stored)
        for var lead in try tx.all(
            Lead.self, where: weeks && .field("campaign_id", .empty), sort: [.init("id")], limit: random.number(8...22))
        {
            lead[CampaignLead.self].campaign = campaign.id
            lead.sourceCode = "mk\(place + 1)-" + random.pick(["video", "video", "poster", "friend"])
            try tx.save(lead)
        }
    }

    /// Of those who bought in the weeks after, some had been there.
    private func buyers(_ campaign: Record<Campaign>, _ random: inout SplitMix64, _ tx: any Transaction) throws {
        let after = \Opportunity.status == .won && \Opportunity.closedOn > campaign.from && \Opportunity.closedOn <= campaign.from + 45
        for deal in try tx.all(Opportunity.self, where: after, sort: [.init("id")], limit: 12) where random.chance(45) {
            guard let customer = try tx.get(Customer.self, deal.customer) else { continue }
            var contact = try tx.first(Contact.self, where: \Contact.customer == deal.customer)
            if contact == nil {
                var made = Record<Contact>()
                (made.customer, made.name, made.relation, made.isDemo) = (customer.id, customer.name, .self, true)
                (made.ownerID, made.departmentID) = (customer.ownerID, customer.departmentID)
                contact = try tx.insert(made)
            }
            // Nobody is on a list twice.
            guard let contact,
                try tx.first(CampaignPerson.self, where: \CampaignPerson.campaign == campaign.id && \CampaignPerson.contact == contact.id)
                    == nil
            else { continue }
            var person = Record<CampaignPerson>()
            (person.campaign, person.contact, person.customer, person.status, person.isDemo) = (
                campaign.id, contact.id, customer.id, .attended, true
            )
            (person.signedUpAt, person.attendedAt) = (Instant(campaign.from - 2, hour: 9), Instant(campaign.from, hour: 14))
            (person.ownerID, person.departmentID) = (customer.ownerID, customer.departmentID)
            try tx.insert(person)
        }
    }

    private func people(_ campaign: Record<Campaign>, _ tx: any Transaction) throws {
        guard [10, 13, 14].contains(place) else { return }
        let found = try tx.all(
            Contact.self, where: .field("consent", .notEmpty) && .field("id", .gt, .int(Int64(place) * 13)), sort: [.init("id")], limit: 24)
        for (index, contact) in found.enumerated() {
            var person = Record<CampaignPerson>()
            (person.campaign, person.contact, person.customer, person.isDemo) = (campaign.id, contact.id, contact.customer, true)
            person.status =
                status == .ended
                ? [.attended, .attended, .absent, .declined][index % 4] : [.invited, .signedUp, .listed, .invited][index % 4]
            if person.status != .listed, person.status != .invited { person.signedUpAt = Instant(campaign.from - 3, hour: 11) }
            if person.status == .attended { person.attendedAt = Instant(campaign.from, hour: 14) }
            (person.ownerID, person.departmentID) = (contact.ownerID, contact.departmentID)
            try tx.insert(person)
        }
    }
}
