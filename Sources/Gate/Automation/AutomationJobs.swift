import Records

/// Rules that wait for a day: looked at every morning, once for each record and day. A morning that was missed is made up for within three
/// days.
enum AutomationJobs {
    static let daily = "automation.daily", one = "automation.rule", tidy = "automation.purge"
    private static let batch = 200, memory = 3, kept = 180

    static let all = [
        Job(daily, "自动化：按日期执行", english: "Automation by day", schedule: .daily(hour: 6, minute: 30)) { _, tx in
            for rule in try tx.all(
                AutomationRule.self, where: \AutomationRule.isActive == true && \AutomationRule.trigger == .day, limit: 500)
            {
                try tx.enqueue(one, ["rule": .int(rule.row.id)], key: "\(one):\(rule.row.id)", after: 0)
            }
        },
        Job(one, "自动化：执行规则", english: "Automation: run a rule") { payload, tx in
            let tx = try tx.gate
            guard let id = payload["rule"]?.int, let rule = try tx.get(AutomationRule.self, Ref(id)),
                rule.isActive, rule.trigger == .day
            else { return }
            if let last = try tx.runDay(rule, after: payload["after"]?.int ?? 0, limit: batch, memory: memory) {
                try tx.enqueue(one, ["rule": .int(id), "after": .int(last)], key: nil, after: 0)
            }
        },
        Job(tidy, "清理自动化记录", english: "Clear the automation log", schedule: .daily(hour: 3, minute: 50)) { _, tx in
            let schema = tx.catalog.schema(AutomationRun.self)
            let old = try tx.fetch(
                Query(
                    schema, where: \AutomationRun.at < tx.now.adding(days: -kept), sort: [Query.Sort("at")], limit: 5000)
            ).map(\.id)
            try tx.erase(schema, ids: old)
            if old.count == 5000 { try tx.enqueue(tidy, [:], key: nil, after: 1) }
        },
    ]
}

extension GateTransaction {
    /// The next records whose day has come. Returns the last one's number when there may be more.
    func runDay(_ rule: Record<AutomationRule>, after: Int64, limit: Int, memory: Int) throws -> Int64? {
        guard let schema = catalog[rule.entity], let field = rule.field.flatMap({ schema[$0] }), let time = field.kind.time else {
            return nil
        }
        let end = now.day + -(rule.days ?? 0), start = end + -memory
        var condition =
            Condition.field(field.name, .gte, time.start(of: start)) && .field(field.name, .lt, time.start(of: end + 1))
            && .field("id", .gt, .int(after))
        if let text = rule.condition {
            guard let more = Condition(jsonText: text) else { return nil }
            condition = condition && more
        }
        let rows = try reading.fetch(Query(schema, where: condition, sort: [Query.Sort("id")], limit: limit))
        for row in rows {
            let key = "\(rule.row.id)/\(row.id)/\(row[field].int ?? 0)"
            guard try first(AutomationRun.self, where: \AutomationRun.key == key) == nil else { continue }
            automated.insert("\(rule.row.id)/\(schema.name)/\(row.id)")
            try run(rule, schema, row.id, key: key)
        }
        return rows.count == limit ? rows.last?.id : nil
    }
}
