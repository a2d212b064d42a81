import Records

/// What a rule would do now, to the newest records that meet its condition; nothing of it stays.
public struct AutomationTrial: Sendable {
    public struct Line: Sendable {
        public let id: Int64
        public let title: String
        public let text: String
        public let isFailed: Bool
    }

    public let lines: [Line]
}

extension Gate {
    /// - Parameter id: the rule's.
    public func tryAutomation(_ id: Int64, as actor: Actor, limit: Int = 10) async throws -> AutomationTrial {
        do {
            try await write(as: actor) { tx in throw Tried(lines: try tx.trial(of: id, limit: limit)) }
            return AutomationTrial(lines: [])
        } catch let tried as Tried {
            return AutomationTrial(lines: tried.lines)
        }
    }
}

/// Ends the transaction so that nothing of it stays.
private struct Tried: Error { let lines: [AutomationTrial.Line] }

extension GateTransaction {
    func trial(of id: Int64, limit: Int) throws -> [AutomationTrial.Line] {
        let rule = Record<AutomationRule>(try reachable(catalog.schema(AutomationRule.self), id: id, "update"))
        guard let schema = catalog[rule.entity] else { throw Refusal.notFound }
        var condition = Condition.everything
        if let text = rule.condition { condition = try checked(Condition(jsonText: text) ?? .everything, in: schema) }
        var query = Query(schema, where: condition, sort: [Query.Sort("id", descending: true)], limit: limit)
        query.scope = actor.reach(schema, "read")
        return try reading.fetch(query).map { row in
            do {
                let done = try takingBack { try perform(rule, schema, row.id) }
                return .init(id: row.id, title: row.title, text: done.isEmpty ? "不用改" : done.joined(separator: "；"), isFailed: false)
            } catch {
                return .init(id: row.id, title: row.title, text: Reason.text(error), isFailed: true)
            }
        }
    }
}

extension View {
    /// The webhooks that a rule may call.
    public func automationHooks() throws -> [(id: Int64, name: String)] {
        guard may("update", catalog.schema(AutomationRule.self)) else { return [] }
        return try reading.fetch(Query(catalog.schema(Webhook.self), sort: [Query.Sort("id")], limit: 200)).map {
            ($0.id, Record<Webhook>($0).title)
        }
    }

    /// What a rule did lately, newest first.
    public func automationRuns(of rule: Int64, limit: Int = 50) throws -> [Record<AutomationRun>] {
        let schema = catalog.schema(AutomationRule.self)
        guard may("update", schema) else { throw Refusal.forbidden("您没有管理自动化规则的权限，请联系系统管理员。") }
        let query = Query(
            catalog.schema(AutomationRun.self), where: \AutomationRun.rule == Ref(rule), sort: [Query.Sort("at", descending: true)],
            limit: min(limit, 500))
        return try reading.fetch(query).map(Record<AutomationRun>.init)
    }
}
