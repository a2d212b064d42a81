import Core
import Records

/// What looks after leads at night and in between. Each finds by itself what is still to do, a batch at a time, so that it may be killed
/// anywhere.
enum LeadJobs {
    /// At night: whose days run out on the day so far ahead is marked with it, and its owner hears of it.
    static let warning = Job("pool.warn", "公海回收提醒", english: "Warn of recalls", schedule: .daily(hour: 1, minute: 30)) { _, tx in
        for rule in try rules(tx) where rule.basis != .firstContact {
            let day = tx.today + rule.warnDays
            let soon = RecallRule.due(rule, by: Instant(day + 1)) && .field("recall_on", .empty)
            try tx.each(Query(schema(of: rule, tx), where: soon, sort: [.init("id")], limit: 200), part: "\(rule.row.id)") { row in
                try warn(row, of: day, rule.warnDays > 0 ? "\(rule.warnDays) 天后" : nil, rule, tx)
            }
        }
    }

    /// How long before its end a first contact that counts in days only is warned of.
    private static let lastHours = 4

    /// Back to the pool within minutes of its time, and never without the warning; what falls due while nobody works waits for the opening.
    static let recall = Job("pool.recall", "回收到公海", english: "Recall to the pool", schedule: .every(seconds: 300)) { _, tx in
        let isOpen = try WorkCalendar.load(tx).isWorking(at: tx.now)
        for rule in try rules(tx) {
            if rule.basis == .firstContact { try warnOfFirst(rule, tx) }
            if isOpen { try take(rule, tx) }
        }
    }

    private static func rules(_ tx: any Transaction) throws -> [Record<RecallRule>] {
        try tx.all(RecallRule.self, where: \RecallRule.isEnabled == true, sort: [.init("id")], limit: 100)
    }

    private static func schema(of rule: Record<RecallRule>, _ tx: any Transaction) -> Schema {
        rule.object == .leads ? tx.catalog.schema(Lead.self) : tx.catalog.schema(Customer.self)
    }

    private static func warnOfFirst(_ rule: Record<RecallRule>, _ tx: any Transaction) throws {
        let ahead = rule.warnDays > 0 ? tx.now.adding(days: rule.warnDays) : tx.now.adding(hours: lastHours)
        let soon = RecallRule.due(rule, by: ahead) && .field("recall_on", .empty)
        try tx.each(Query(schema(of: rule, tx), where: soon, sort: [.init("assigned_at")], limit: 200), part: "warn/\(rule.row.id)") {
            row in
            let end = (Record<Lead>(row).assignedAt ?? tx.now).adding(days: rule.days)
            try warn(row, of: max(end.day, tx.today + rule.warnDays), max(end, tx.now).shown + " 起", rule, tx)
        }
    }

    private static func warn(_ row: Row, of day: Day, _ when: String?, _ rule: Record<RecallRule>, _ tx: any Transaction) throws {
        var row = row
        row["recall_on"] = day.stored
        let saved = try tx.save(row)
        if let owner = saved.ownerID, let when {
            try tx.notify([owner], of: .due, "\(saved.schema.label)「\(saved.title)」\(when)回收到公海（\(rule.title)）", about: saved)
        }
    }

    private static func take(_ rule: Record<RecallRule>, _ tx: any Transaction) throws {
        let isMarked = rule.basis != .firstContact || rule.warnDays > 0
        let due = RecallRule.due(rule, by: tx.now) && (isMarked ? .field("recall_on", .lte, tx.today.stored) : .everything)
        let query = Query(schema(of: rule, tx), where: due, sort: [.init(isMarked ? "recall_on" : "assigned_at")], limit: 200)
        try tx.each(query, part: "take/\(rule.row.id)") { row in
            var row = row
            let owner = row.ownerID
            let schema = row.schema
            try PoolRules.release(&row, reason: rule.title, .recalled, tx)
            if schema.name == Customer.name { row["pool"] = .text(Customer.Pool.public.rawValue) }
            let saved = try tx.save(row)
            try dropTasks(of: saved, owner: owner, tx)
            if let owner { try tx.notify([owner], of: .due, "\(schema.label)「\(saved.title)」已回收到公海（\(rule.title)）", about: nil) }
        }
    }

    /// The former owner no longer sees what the tasks are about (§6.2 no. 4).
    private static func dropTasks(of row: Row, owner: Int64?, _ tx: any Transaction) throws {
        guard let owner else { return }
        let about: Condition = row.schema.name == Lead.name ? \LeadTask.lead == Ref(row.id) : \Todo.customer == Ref(row.id)
        for var task in try tx.all(Todo.self, where: about && \Todo.status == .open && .field("owner_id", .eq, .int(owner)), limit: 200) {
            (task.status, task.outcome) = (.cancelled, "记录已回收到公海")
            try tx.save(task)
        }
    }

    /// Nobody called in time: the owner and the superior hear of it, once.
    static let late = Job("leads.late", "首次联系超时", english: "First contact late", schedule: .every(seconds: 300)) { _, tx in
        let open = Condition.field("status", .in, "assigned", "contacted", "qualified")
        let late = open && \Lead.contactDue < tx.now && \Lead.firstContact == nil && \Lead.lateToldAt == nil
        try tx.each(Lead.self, where: late, sort: "contact_due_at") { lead in
            var lead = lead
            lead.lateToldAt = tx.now
            try tx.save(lead)
            try tell(lead, "线索「\(lead.name)」超过首次联系时限", tx)
        }
    }

    /// §3.3: three days overdue and the superior hears of it.
    static let escalate = Job("leads.escalate", "线索逾期上报", english: "Escalate overdue leads", schedule: .daily(hour: 8, minute: 40)) {
        _, tx in
        let days = try tx.int(LeadParameters.escalateDays)
        let overdue =
            .field("status", .in, "assigned", "contacted", "qualified") && \Lead.nextFollow < tx.now.adding(days: -days)
            && \Lead.escalatedAt == nil
        try tx.each(Lead.self, where: overdue) { lead in
            var lead = lead
            lead.escalatedAt = tx.now
            try tx.save(lead)
            try tell(lead, "线索「\(lead.name)」逾期 \(days) 天未跟进", tx)
        }
    }

    private static func tell(_ lead: Record<Lead>, _ text: String, _ tx: any Transaction) throws {
        guard let owner = lead.ownerID, let user = try tx.get(User.self, Ref(owner)) else { return }
        try tx.notify([owner] + (user.manager.map { [$0.id] } ?? []), of: .due, text, about: lead.row)
    }

    /// §3.3: whoever was not called for two intervals in a row is one level cooler.
    static let downgrade = Job("leads.downgrade", "意向级别自动降级", english: "Downgrade intention levels", schedule: .daily(hour: 2, minute: 30))
    { _, tx in
        let profile = LeadLevel.Profile(stored: try tx.value(of: LeadParameters.profile, on: nil)),
            missed = try tx.int(LeadParameters.missedLimit)
        for line in try tx.all(LeadLevel.self, where: \LeadLevel.profile == profile && \LeadLevel.downgradeTo != nil) {
            guard let hours = line.followHours, let lower = line.downgradeTo else { continue }
            // The first interval was missed when the contact fell due.
            let cutoff = tx.now.adding(hours: hours.multiplied(clampingBy: 1 - missed))
            let cold = .field("status", .in, "assigned", "contacted", "qualified") && \Lead.level == line.code && \Lead.nextFollow < cutoff
            try tx.each(Lead.self, where: cold, part: line.code.rawValue) { lead in
                var lead = lead
                lead.level = lower
                // Due today still; at the new level's pace from here on.
                lead.nextFollow = Instant(tx.today, hour: 18)
                try tx.save(lead)
            }
        }
    }

    static let all = [warning, recall, late, escalate, downgrade, AssignmentRule.job]
}
