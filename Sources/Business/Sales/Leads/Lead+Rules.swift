import Core
import Records

extension Lead {
    public static var rules: Rules {
        .of(Lead.self) {
            $0.beforeSave(fillIn)
            $0.beforeSave(settleOwner)
            $0.beforeSave(settleLevel)
            $0.beforeDelete { lead, _, _ in
                guard lead.status != .converted else { throw Refusal.conflict("线索「\(lead.name)」已转化为客户，不能删除") }
            }
            $0.afterSave(tellOwner)
            $0.afterSent { lead, written, tx in
                var lead = lead
                guard OwnAnswer.isWithin(lead.clockStart, written) else { return }
                try answered(&lead, at: tx.now, tx)
                try tx.save(lead)
            }
            $0.notice { lead, _ in lead.recallOn.map { Notice(.warn, "\($0.iso) 起将回收到公海，请尽快联系", "Goes back to the pool on \($0.iso)") } }
            $0.duplicate(
                Duplicate(
                    ["mobile", "name"], exact: true, where: .field("status", .in, "new", "assigned", "contacted", "qualified"), "手机号码和姓名相同")
            )
            $0.duplicate(Duplicate(["mobile"], exact: false, "手机号码相同"))
            $0.duplicate(Duplicate(["mobile"], like: Customer.name, ["mobile"], where: \Customer.fileStatus == .active, "手机号码相同"))
            // An import is not stopped by what is likely: the lead says it itself.
            $0.notice { lead, look in try colleague(of: lead, look) }
        }
    }

    /// A17: a colleague looks after a customer with this number; who, as far as the reader may see it.
    private static func colleague(of lead: Record<Lead>, _ look: any Looking) throws -> Notice? {
        guard let mobile = lead.mobile, Status.open.contains(lead.status) else { return nil }
        let same = \Customer.mobile == mobile && \Customer.fileStatus == .active && .field("owner_id", .notEmpty)
        guard let customer = try look.all(Customer.self, where: same, limit: 5).first(where: { $0.ownerID != lead.ownerID }),
            let owner = customer.ownerID
        else { return nil }
        let name = try look.get(User.self, Ref(owner))?.title ?? ""
        let who = look.sees(customer.row) ? "「\(look.name(of: customer.row))」" : ""
        return Notice(.warn, "手机号码与同事的客户\(who)相同（负责人：\(name)），请先与其确认", "The number of a customer\(who) of \(name)")
    }

    static func fillIn(_ lead: inout Record<Lead>, _ change: Change, _ tx: any Transaction) throws {
        if lead.isBlank(\.source), change.source == "import" { lead.source = .import }
        if change.isNew, ["web", "api", "intake"].contains(change.source), lead.mobile == nil, lead.phone == nil, lead.wechat == nil,
            lead.email == nil
        {
            throw Problem("mobile", code: "required", "手机、电话、微信、邮箱至少填写一项")
        }
        if lead.consent == true, lead.consentAt == nil { lead.consentAt = tx.now }
        if lead.consent != true { lead.consentAt = nil }
    }

    /// Whoever is given a lead has the first-contact time to call; whoever loses it has no lead any more.
    static func settleOwner(_ lead: inout Record<Lead>, _ change: Change, _ tx: any Transaction) throws {
        try Ownership.follow(&lead.row, change, tx)
        guard change.isNew || change.old?.ownerID != lead.ownerID else { return }
        if let former = change.old?.ownerID { lead.lastOwner = Ref(former) }
        guard lead.ownerID != nil else {
            if Status.open.contains(lead.status) { lead.status = .new }
            return
        }
        if lead.status == .new { lead.status = .assigned }
        guard lead.assignedAt == nil || !change.isNew else { return }
        lead.assignedAt = tx.now
        (lead.pooledAt, lead.poolReason, lead.recallOn, lead.lateToldAt, lead.escalatedAt) = (nil, nil, nil, nil, nil)
        // Whoever has been contacted before it was filed has no first contact to wait for.
        guard !change.isNew || lead.status == .assigned else { return }
        lead.firstContact = nil
        lead.contactDue = try WorkCalendar.load(tx).adding(minutes: try tx.int(LeadParameters.firstMinutes), to: tx.now)
        if !change.isNew { lead.nextFollow = try next(lead.level ?? .N, after: tx.now, tx) }
    }

    /// A level is suggested by the time of purchase, rises only with a contact of the day, and says when the next contact is due (§3.3).
    static func settleLevel(_ lead: inout Record<Lead>, _ change: Change, _ tx: any Transaction) throws {
        if lead.level == nil { lead.level = lead.buyWithin?.level ?? .N }
        guard let level = lead.level else { return }
        let old = change.old.map { Record<Lead>($0) }
        if let before = old?.level, level.rank < before.rank, tx.actor.userID != 0, lead.lastContact?.day != tx.today {
            throw Problem("level", "升级须有今天的跟进记录，请先写跟进")
        }
        guard Status.open.contains(lead.status), lead.ownerID != nil else { return lead.nextFollow = nil }
        if lead.nextFollow == nil || (old.map { $0.level != level } ?? false) && !change.changed(\Lead.nextFollow, in: lead) {
            lead.nextFollow = try next(level, after: lead.lastContact ?? tx.now, tx)
        }
    }

    /// When the next contact is due at this level; nil when nobody is to be reminded.
    static func next(_ level: IntentionLevel, after moment: Instant, _ look: any Looking) throws -> Instant? {
        try LeadLevel.line(level, look)?.followHours.map { moment.adding(hours: $0) }
    }

    private static func tellOwner(_ lead: Record<Lead>, _ change: Change, _ tx: any Transaction) throws {
        guard let owner = lead.ownerID, owner != tx.actor.userID, owner != change.old?.ownerID, lead.isDemo != true else { return }
        try tx.notify([owner], of: .assigned, "新线索：\(lead.name)，请在 \(lead.contactDue?.shown ?? "") 前联系", about: lead.row)
    }

    /// Somebody was in touch. Only the company's own answer makes a lead contacted and sets its clocks anew; that the customer wrote is kept
    /// as the last contact.
    static func heard(_ interaction: Record<Interaction>, _ change: Change, _ tx: any Transaction) throws {
        guard change.isNew, let ref = interaction[LeadTalk.self].lead, let at = interaction.happenedAt,
            var lead = try tx.get(Lead.self, ref)
        else {
            return
        }
        lead.lastContact = max(lead.lastContact ?? at, min(at, tx.now))
        // What was warned of was reckoned from the contact before.
        lead.recallOn = nil
        if let answer = OwnAnswer.moment(interaction, change, since: lead.clockStart, by: lead.contactDue, tx) {
            try answered(&lead, at: answer, tx)
        }
        if let next = interaction.nextAt, Status.open.contains(lead.status) { lead.nextFollow = next }
        try tx.save(lead)
    }

    private static func answered(_ lead: inout Record<Lead>, at: Instant, _ tx: any Transaction) throws {
        lead.firstContact = lead.firstContact ?? at
        lead.lastContact = max(lead.lastContact ?? at, at)
        if lead.status == .assigned { lead.status = .contacted }
        (lead.escalatedAt, lead.recallOn) = (nil, nil)
        if Status.open.contains(lead.status) { lead.nextFollow = try next(lead.level ?? .N, after: at, tx) }
    }
}

extension Record<Lead> {
    /// When the clock of the first contact began: no talk from before stops it.
    var clockStart: Instant { max(self.assignedAt ?? row.createdAt, row.createdAt) }
}
