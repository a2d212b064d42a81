import Records
import Sales

/// A54, A55, C14: how far a campaign has come, what it cost, and what it brought.
extension Campaign {
    /// Deals beyond these are not looked at: a figure, not a census.
    private static let most = 5_000

    static func findings(_ campaign: Record<Campaign>, _ look: any Looking) throws -> [Finding] {
        let own = [("campaign_id", String(campaign.row.id))], harvest = try Harvest(campaign, look, most: most)
        var found = [try funnel(campaign, harvest, own, look), money(campaign)]
        found += try goals(campaign, harvest, look)
        if let channels = try channels(campaign, own, look) { found.append(channels) }
        if campaign.status != .draft { found += returns(campaign, harvest) }
        return found
    }

    private static func funnel(
        _ campaign: Record<Campaign>, _ harvest: Harvest, _ own: [(String, String)], _ look: any Looking
    ) throws -> Finding {
        let leads = campaign.leadCount ?? 0, people = campaign.invited ?? 0
        func count<E: Entity>(_ type: E.Type, _ condition: Condition) throws -> Int {
            try look.count(Query(look.catalog.schema(type), where: condition), cap: 1_000_000)
        }
        let signedUp = try count(
            CampaignPerson.self, \CampaignPerson.campaign == campaign.id && .field("status", .in, "signed_up", "attended", "absent"))
        let qualified = try count(Lead.self, \CampaignLead.campaign == campaign.id && .field("status", .in, "qualified", "converted"))
        let steps: [(String, Int, [(String, String)])] = [
            ("名单", people, []), ("报名", signedUp, []), ("到场", campaign.attended ?? 0, []), ("线索", leads, own),
            ("有效线索", qualified, own + [("status[in]", "qualified,converted")]), ("赢单", harvest.deals.count, []),
        ]
        let widest = max(1, steps.map(\.1).max() ?? 1)
        return Finding(
            "漏斗", "Funnel", "\(leads)",
            note: Words("线索 \(leads) 条，赢单 \(harvest.deals.count) 笔", "\(leads) leads, \(harvest.deals.count) deals won"), of: Lead.name,
            own,
            bars: steps.map { Finding.Bar($0.0, String($0.1), share: Double($0.1) / Double(widest), $0.2) })
    }

    private static func money(_ campaign: Record<Campaign>) -> Finding {
        let budget = campaign.budget ?? .zero, actual = campaign.actual ?? .zero, committed = campaign.committed ?? .zero
        let share = budget > .zero ? Double(actual.cents) / Double(budget.cents) : 0
        return Finding(
            "预算使用", "Budget used", budget > .zero ? percent(share) : "—", tone: share > 0.9 ? .warn : .ok,
            note: Words(
                "批准 \(yuan(budget))，已承诺 \(yuan(committed))，实际 \(yuan(actual))",
                "\(yuan(budget)) approved, \(yuan(committed)) committed, \(yuan(actual)) spent"))
    }

    private static func goals(_ campaign: Record<Campaign>, _ harvest: Harvest, _ look: any Looking) throws -> [Finding] {
        try look.all(CampaignGoal.self, where: \CampaignGoal.campaign == campaign.id, sort: [.init("id")], limit: 50).map { goal in
            let leads = campaign.leadCount ?? 0
            let reached: Int? =
                switch goal.metric {
                case .leads: leads
                case .visits: campaign.attended ?? 0
                case .orders: harvest.deals.count
                case .revenue: Int(harvest.revenue.cents / 100)
                case .costPerLead: leads > 0 ? Int((campaign.actual ?? .zero).cents / 100) / leads : nil
                }
            // A cost is met from below.
            let isMet = reached.map { goal.metric == .costPerLead ? $0 <= goal.target : $0 >= goal.target } ?? false
            let label = goal.metric.label
            return Finding(
                "目标：\(label)", "Goal: \(ChoiceKind(CampaignGoal.Metric.self).show(goal.metric.stored, in: .english))",
                reached.map(String.init) ?? "—", tone: isMet ? .ok : goal.due < look.today ? .bad : .neutral,
                note: Words("目标 \(goal.target)，期限 \(goal.due.iso)", "Target \(goal.target) by \(goal.due.iso)"), from: Order.name)
        }
    }

    private static func channels(_ campaign: Record<Campaign>, _ own: [(String, String)], _ look: any Looking) throws -> Finding? {
        let all = try look.all(CampaignChannel.self, where: \CampaignChannel.campaign == campaign.id, sort: [.init("id")], limit: 100)
        guard !all.isEmpty else { return nil }
        let lines = try look.summarize(
            Summary(Query(look.catalog.schema(Lead.self), where: \CampaignLead.campaign == campaign.id), by: [Summary.Group("source_code")])
        )
        let counts = Dictionary(lines.map { ($0.keys.first?.text ?? "", Int($0.values.first?.int ?? 0)) }, uniquingKeysWith: +),
            widest = max(1, counts.values.max() ?? 1)
        return Finding(
            "各渠道线索", "Leads by channel", "\(all.count)", note: Words("个渠道", "channels"),
            bars: all.map { channel in
                let count = counts[channel.code] ?? 0
                return Finding.Bar(
                    channel.title, String(count), share: Double(count) / Double(widest), tone: channel.paused == true ? .neutral : .accent,
                    own + [("source_code", channel.code)])
            })
    }

    /// ROI = (attributed gross profit − cost) / cost.
    private static func returns(_ campaign: Record<Campaign>, _ harvest: Harvest) -> [Finding] {
        let cost = campaign.actual ?? .zero
        return Attribution.allCases.map { model in
            let revenue = harvest.credited(model, \.amount), profit = harvest.credited(model, \.profit)
            let roi = cost > .zero ? Double(profit.cents - cost.cents) / Double(cost.cents) : nil
            let names: (String, String) =
                switch model {
                case .first: ("首次触达", "first touch");
                case .last: ("末次触达", "last touch");
                case .linear: ("均分", "linear")
                }
            let unknown = harvest.deals.filter { $0.profit == nil }.count
            return Finding(
                "ROI（\(names.0)）", "ROI (\(names.1))", roi.map(percent) ?? "—", tone: roi.map { $0 >= 0 ? .ok : .bad } ?? .neutral,
                note: Words(
                    "归因成交 \(yuan(revenue))，毛利 \(yuan(profit))，费用 \(yuan(cost))" + (unknown > 0 ? "；\(unknown) 笔没有成本，毛利按 0" : ""),
                    "\(yuan(revenue)) credited, \(yuan(profit)) gross profit, \(yuan(cost)) cost"
                        + (unknown > 0 ? "; \(unknown) without cost" : "")), from: Order.name)
        }
    }

    private static func yuan(_ money: Money) -> String { "¥" + MoneyKind().show(money.stored, in: .chinese) }
    private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10)%" }
}

/// The deals won with customers whom a campaign reached, and every campaign that reached them before.
struct Harvest {
    struct Deal {
        var amount: Money?
        /// Nil when what was sold has no cost.
        var profit: Money?
        var closed: Instant
        var touches: [Attribution.Touch]
    }

    let campaign: Int64
    private(set) var deals: [Deal] = []

    init(_ campaign: Record<Campaign>, _ look: any Looking, most: Int) throws {
        self.campaign = campaign.row.id
        var customers = Set(
            try look.all(Lead.self, where: \CampaignLead.campaign == campaign.id && .field("customer_id", .notEmpty), limit: most)
                .compactMap {
                    $0.customer?.id
                })
        let came = \CampaignPerson.campaign == campaign.id && .field("status", .in, "signed_up", "attended")
        customers.formUnion(try look.all(CampaignPerson.self, where: came, limit: most).compactMap { $0.customer?.id })
        guard !customers.isEmpty else { return }
        let those = Condition.compare(.init("customer_id"), .in, customers.map(Value.int))
        var touches: [Int64: [Attribution.Touch]] = [:]
        for lead in try look.all(Lead.self, where: those && .field("campaign_id", .notEmpty), limit: most) {
            if let customer = lead.customer, let source = lead[CampaignLead.self].campaign {
                touches[customer.id, default: []].append(.init(source.id, lead.row.createdAt))
            }
        }
        for person in try look.all(CampaignPerson.self, where: those && .field("status", .in, "signed_up", "attended"), limit: most) {
            if let customer = person.customer, let at = person.attendedAt ?? person.signedUpAt {
                touches[customer.id, default: []].append(.init(person.campaign.id, at))
            }
        }
        let won = try look.all(Opportunity.self, where: those && \Opportunity.status == .won, limit: most)
        let profits = try Harvest.profits(of: won.map(\.id), look)
        deals = won.compactMap { deal in
            guard let closed = deal.closedOn, let touched = touches[deal.customer.id] else { return nil }
            let end = Instant(closed + 1), before = touched.filter { $0.at <= end }
            guard before.contains(where: { $0.campaign == campaign.row.id }) else { return nil }
            return Deal(amount: deal.wonAmount, profit: profits[deal.row.id], closed: end, touches: before)
        }
    }

    /// Gross profit as the orders tell, else the accepted quote.
    private static func profits(of deals: [Ref<Opportunity>], _ look: any Looking) throws -> [Int64: Money] {
        guard !deals.isEmpty else { return [:] }
        let those = Condition.compare(.init("opportunity_id"), .in, deals.map { .int($0.id) })
        var profits: [Int64: Money] = [:]
        for quote in try look.all(Quote.self, where: those && \Quote.status == .accepted, limit: 5_000) {
            if let deal = quote.opportunity, let margin = quote.margin { profits[deal.id] = margin }
        }
        var sold: [Int64: Money] = [:]
        for order in try look.all(
            Order.self, where: those && .field("margin_cents", .notEmpty) && .field("status", .ne, "cancelled"), limit: 5_000)
        {
            if let deal = order.opportunity, let margin = order.margin {
                sold[deal.id, default: .zero] = sold[deal.id, default: .zero] + margin
            }
        }
        return profits.merging(sold) { $1 }
    }

    var revenue: Money { deals.reduce(.zero) { $0 + ($1.amount ?? .zero) } }

    /// What of the deals is this campaign's.
    func credited(_ model: Attribution, _ value: KeyPath<Deal, Money?>) -> Money {
        deals.reduce(.zero) { sum, deal in
            sum + (model.shares(of: deal[keyPath: value] ?? .zero, deal.touches, until: deal.closed)[campaign] ?? .zero)
        }
    }
}
