import Core
import Records

extension Campaign {
    /// §2.23, §2.27.
    public static var flow: Flow? {
        .of(Campaign.self, \.status) {
            $0.step(
                "submit", "提交", from: [.draft], to: .approved, waiting: .pending, requires: [\.group], icon: "stamp", english: "Submit",
                primary: true
            ) { campaign, _, tx in
                guard try tx.first(CampaignGoal.self, where: \CampaignGoal.campaign == campaign.id) != nil else {
                    throw Problem("goals", code: "required", "请先填写至少一个目标：指标、目标值和期限（SMART）")
                }
                campaign.budget = campaign.planned ?? .zero
            }
            $0.step(
                "start", "开始", from: [.approved, .paused], to: .running, icon: "play", english: "Start", primary: true,
                guard: { campaign, _ in (campaign.budget ?? .zero) > .zero ? nil : "没有批准的预算，不能开始；请填写预算明细后重新提交" }
            ) { campaign, _, tx in
                guard let group = campaign.group else { throw Problem("group_id", code: "required", "请先选择「目标人群」，再开始活动") }
                try requireConsent(group, tx)
                campaign.reason = nil
            }
            $0.step(
                "pause", "暂停", from: [.running], to: .paused, parameters: [Reason.demanded], icon: "circle-pause", english: "Pause"
            ) { campaign, arguments, _ in campaign.reason = arguments[Reason.demanded] }
            $0.step("end", "结束", from: [.running, .paused], to: .ended, keeper: true, icon: "circle-check", english: "End")
            $0.step(
                "evaluate", "完成评估", from: [.ended], to: .evaluated, requires: [\.summary, \.lessons], icon: "clipboard-check",
                english: "Evaluated", primary: true)
            $0.step(
                "cancel", "取消", from: [.draft, .approved, .running, .paused], to: .cancelled, parameters: [Reason.demanded], keeper: true,
                icon: "ban",
                english: "Cancel"
            ) { campaign, arguments, _ in campaign.reason = arguments[Reason.demanded] }
            $0.lock([.pending, .approved, .running, .paused], only: [\.group, \.goals, \.type])
            $0.lock([.ended], but: [\.summary, \.lessons, \.costs])
            $0.move(from: [.running, .paused], to: [.ended], "任务「结束到期的活动」：过了结束日期")
            ($0.removable, $0.undoable) = ([.cancelled], [.ended])
        }
    }

    public static var actions: [Action] { [gather, raiseBudget, copy] }

    /// A51: money above a threshold takes a superior's word.
    static let approvals = [
        ApprovalDefault(
            "campaigns.budget", "活动预算审批", on: Campaign.name, .action("submit"), when: \Campaign.planned > Money(cents: 1_000_000),
            steps: [.init("直属上级", .superior(1))], amount: "planned_cents"),
        ApprovalDefault(
            "campaigns.more", "追加预算审批", on: Campaign.name, .action("raise_budget"), when: .everything,
            steps: [.init("直属上级", .superior(1))]),
    ]

    /// §2.27: somebody in the audience must have agreed to be written to.
    private static func requireConsent(_ group: Ref<ContactGroup>, _ tx: any Transaction) throws {
        guard
            try tx.count(Query(tx.catalog.schema(Contact.self), where: members(of: group, tx) && .field("consent", .notEmpty)), cap: 1) > 0
        else {
            throw Refusal.conflict("目标人群里没有一位同意被联系的联系人，不能开始；请先取得同意或换一个分组")
        }
    }

    /// The contacts of a group, as they are now.
    static func members(of group: Ref<ContactGroup>, _ tx: any Transaction) throws -> Condition {
        var query = Query(tx.catalog.schema(ContactGroup.self), where: .ids([group.id]), limit: 1)
        query.withLinks = true
        guard let found = try tx.fetch(query).first.map(Record<ContactGroup>.init) else { return .nothing }
        guard found.kind == .dynamic, let text = found.condition else { return .ids(found.members.ids) }
        return try tx.question(text, about: tx.catalog.schema(Contact.self))
    }

    /// Puts whoever is in the audience on the campaign's list; once each, however often it is asked.
    private static let gather = Action.on(
        Campaign.self, "gather", "生成邀请名单", icon: "list-plus", english: "Gather the list",
        unavailable: { campaign, _ in
            campaign.group == nil
                ? "请先选择「目标人群」" : [.approved, .running].contains(campaign.status) ? nil : "活动\(campaign.status.label)，不能生成名单"
        }
    ) { campaign, _, tx in
        campaign.gatheredTo = 0
        try tx.enqueue(
            CampaignJobs.gathering, ["campaign": .int(campaign.row.id)], key: "\(CampaignJobs.gathering)/\(campaign.row.id)", after: 0)
    }

    private static let more = Field<Money>("more_cents", "追加金额", .english("More"))
    private static let raiseBudget = Action.on(
        Campaign.self, "raise_budget", "追加预算", icon: "circle-plus", english: "Raise the budget", parameters: [more, Reason.demanded],
        unavailable: { campaign, _ in Status.live.contains(campaign.status) ? nil : "只有已批准、未评估的活动可以追加预算" }
    ) { campaign, arguments, _ in
        guard arguments[more] > .zero else { throw Problem("more_cents", "追加金额应大于 0") }
        campaign.budget = (campaign.budget ?? .zero) + arguments[more]
    }

    /// A55: what was learnt is used again.
    private static let copy = Action.on(Campaign.self, "copy", "复制为新活动", icon: "copy-plus", english: "Copy as a new one") {
        campaign, _, tx in
        var next = Record<Campaign>()
        (next.type, next.strategy, next.offer, next.creative, next.group, next.departmentID) = (
            campaign.type, campaign.strategy, campaign.offer, campaign.creative, campaign.group, campaign.departmentID
        )
        next.title = "\(campaign.title)（新）"
        let length = campaign.to - campaign.from
        (next.from, next.to) = (tx.today + 30, tx.today + 30 + length)
        next.analysis = [campaign.analysis, campaign.lessons.map { "上次的经验（\(campaign.code ?? campaign.title)）：\($0)" }].compactMap(\.self)
            .joined(separator: "\n\n")
        let saved = try tx.insert(next)
        for goal in try tx.all(CampaignGoal.self, where: \CampaignGoal.campaign == campaign.id, sort: [.init("id")], limit: 100) {
            var line = Record<CampaignGoal>()
            (line.campaign, line.metric, line.target, line.due, line.title) = (saved.id, goal.metric, goal.target, next.to, goal.title)
            try tx.insert(line)
        }
        for cost in try tx.all(CampaignCost.self, where: \CampaignCost.campaign == campaign.id, sort: [.init("id")], limit: 500) {
            var line = Record<CampaignCost>()
            (line.campaign, line.category, line.title, line.planned, line.supplier) = (
                saved.id, cost.category, cost.title, cost.actual ?? cost.planned, cost.supplier
            )
            try tx.insert(line)
        }
        tx.lead(to: saved.row)
    }.with { $0.isBulk = false }
}

enum CampaignJobs {
    static let gathering = "campaigns.gather"
    private static let batch = 500

    /// A batch of the audience; asks for the next until there is none. Whoever is on the list already stays as they are.
    private static let gather = Job(gathering, "生成活动名单", english: "Campaign list") { payload, tx in
        guard let id = payload["campaign"]?.int, var campaign = try tx.get(Campaign.self, Ref(id)), let group = campaign.group else {
            return
        }
        let after = Int64(campaign.gatheredTo ?? 0)
        let found = try tx.all(
            Contact.self, where: .field("id", .gt, .int(after)) && \Contact.status == .active && Campaign.members(of: group, tx),
            sort: [.init("id")], limit: batch)
        let known = Set(
            try tx.all(
                CampaignPerson.self,
                where: \CampaignPerson.campaign == campaign.id && .compare(.init("contact_id"), .in, found.map { .int($0.row.id) }),
                limit: batch
            ).map { $0.contact.id })
        for contact in found where !known.contains(contact.row.id) {
            var person = Record<CampaignPerson>()
            (person.campaign, person.contact, person.customer, person.isDemo) = (campaign.id, contact.id, contact.customer, campaign.isDemo)
            (person.ownerID, person.departmentID) = (contact.ownerID, contact.departmentID)
            try tx.apart(contact) { try tx.insert(person) }
        }
        guard let last = found.last else { return }
        campaign.gatheredTo = Int(last.row.id)
        try tx.save(campaign)
        if found.count == batch { try tx.enqueue(gathering, payload, key: "\(gathering)/\(id)", after: 0) }
    }

    /// Nightly: whatever has run its time.
    private static let end = Job("campaigns.end", "结束到期的活动", english: "End campaigns", schedule: .daily(hour: 0, minute: 35)) { _, tx in
        let over = .field("status", .in, "running", "paused") && \Campaign.to < tx.today
        try tx.each(Campaign.self, where: over, sort: "end_on") { campaign in
            var campaign = campaign
            campaign.status = .ended
            try tx.save(campaign)
            if let owner = campaign.ownerID {
                try tx.notify([owner], of: .assigned, "活动「\(campaign.title)」已结束，请填写总结与经验并完成评估", about: campaign.row)
            }
        }
    }

    static let all = [gather, end]
}
