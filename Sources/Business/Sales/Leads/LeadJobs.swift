import Core
import Records

/// What looks after leads at night and in between. Each finds by itself what is still to do, a batch at a time, so that it may be killed
/// anywhere.
enum LeadJobs {
    /// T-3: the owner hears of it; then back to the pool, never without the warning.
    static let recall = Job("pool.recall", "回收到公海", english: "Recall to the pool", schedule: .daily(hour: 1, minute: 30)) { _, tx in
        for rule in try tx.all(RecallRule.self, where: \RecallRule.isEnabled == true, sort: [.init("id")], limit: 100) {
            let schema = rule.object == .leads ? tx.catalog.schema(Lead.self) : tx.catalog.schema(Customer.self)
            try warn(rule, schema, tx)
            try take(rule, schema, tx)
        }
    }

    private static func warn(_ rule: Record<RecallRule>, _ schema: Schema, _ tx: any Transaction) throws {
        guard rule.warnDays > 0 else { return }
        let soon = RecallRule().condition(rule, since: tx.today - rule.days + rule.warnDays, now: tx.now) && .field("recall_on", .empty)
        try tx.each(Query(schema, where: soon, sort: [.init("id")], limit: 200), part: "warn/\(rule.row.id)") { row in
            var row = row
            row["recall_on"] = (tx.today + rule.warnDays).stored
            let saved = try tx.save(row)
            if let owner = saved.ownerID {
                try tx.notify([owner], of: .due, "\(schema.label)「\(saved.title)」\(rule.warnDays) 天后回收到公海（\(rule.title)）", about: saved)
            }
        }
    }

    private static func take(_ rule: Record<RecallRule>, _ schema: Schema, _ tx: any Transaction) throws {
        let warned: Condition = rule.warnDays == 0 ? .everything : .field("recall_on", .lte, tx.today.stored)
        let due = RecallRule().condition(rule, since: tx.today - rule.days, now: tx.now) && warned
        try tx.each(Query(schema, where: due, sort: [.init("id")], limit: 200), part: "take/\(rule.row.id)") { row in
            var row = row
            let owner = row.ownerID
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
        let late = \Lead.status == .assigned && \Lead.contactDue < tx.now && \Lead.firstContact == nil && \Lead.lateToldAt == nil
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

    static let all = [recall, late, escalate, downgrade, AssignmentRule.job]
}
