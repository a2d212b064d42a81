import Records

/// Which part of the audit log somebody asks for.
public struct AuditQuestion: Sendable {
    public var user: Int64?
    public var entity: String?
    public var record: Int64?
    public var action: String?
    public var from: Day?
    public var to: Day?
    public var operation: Int64?
    /// Only entries older than this one.
    public var before: Int64?
    public var limit = 50

    public init() {}

    var condition: Condition {
        var condition = Condition.everything
        if let user { condition = condition && \AuditEntry.user == Ref(user) }
        if let entity { condition = condition && .field("entity", .eq, .text(entity)) }
        if let record { condition = condition && .field("record_id", .eq, .int(record)) }
        if let action { condition = condition && \AuditEntry.action == action }
        if let operation { condition = condition && .field("operation", .eq, .int(operation)) }
        if let from { condition = condition && \AuditEntry.at >= Instant(from) }
        if let to { condition = condition && \AuditEntry.at < Instant(to + 1) }
        if let before { condition = condition && .field("id", .lt, .int(before)) }
        return condition
    }
}

/// One line of the audit log as the actor may see it.
public struct AuditLine: Sendable {
    public var entry: Record<AuditEntry>
    /// The entity, when it still exists, also while its pack is off.
    public var schema: Schema?
    /// Field by field; what the actor may not read is masked, what is not a field (a parameter, a file) has no spec.
    public var changes: [Change]
    /// Whether the actor may open the record.
    public var isOpen: Bool

    public struct Change: Sendable {
        public var name: String
        public var field: FieldSpec?
        public var old: Value
        public var new: Value
    }
}

extension View {
    /// - Parameter toLook: a key that may only read is enough.
    func needsSystem(_ right: String, _ what: String, toLook: Bool = false) throws {
        let rights = actor.rights
        if rights.isAdmin || rights.system.contains(right) || toLook && rights.seen.contains(right) { return }
        guard !rights.withheld.contains(right) else {
            throw Refusal.forbidden("这个 API 令牌的范围不能\(what)，需要 \(toLook ? "read" : "admin") 范围。")
        }
        throw Refusal.forbidden("您没有\(what)的权限，请联系系统管理员。")
    }

    /// Who changed what: for those with the right over the log, and without the values that they could not read on the records themselves.
    public func auditLog(_ question: AuditQuestion) throws -> [AuditLine] {
        try needsSystem("audit", "查看操作日志")
        let limit = min(max(question.limit, 1), 10_000)
        let entries = try reading.fetch(
            Query(catalog.schema(AuditEntry.self), where: question.condition, sort: [Query.Sort("id", descending: true)], limit: limit)
        ).map(Record<AuditEntry>.init)
        let beyond = try outOfReach(entries)
        return entries.map { entry in
            line(entry, isOut: entry.recordID.map { beyond[entry.entity ?? ""]?.contains(Int64($0)) ?? false } ?? false)
        }
    }

    /// The records among those of these entries that the actor does not see, by entity. Of what is gone for good nobody knows any more whose
    /// it was: it takes the reach of everything.
    private func outOfReach(_ entries: [Record<AuditEntry>]) throws -> [String: Set<Int64>] {
        var beyond: [String: Set<Int64>] = [:]
        for (name, group) in Dictionary(grouping: entries, by: { $0.entity ?? "" }) {
            guard let schema = catalog.whole[name], !actor.rights.isAdmin else { continue }
            let holder = model.holders[name]?.parent ?? schema
            if isOpen(schema) || may("read", schema) && actor.reach(holder, "read").isEverything { continue }
            let ids = Set(group.compactMap { $0.recordID.map(Int64.init) })
            let seen = try may("read", schema) ? reading.rows(schema, ids: Array(ids)).filter { may("read", $0) && !isOnlyPooled($0) } : []
            beyond[name] = ids.subtracting(seen.map(\.id))
        }
        return beyond
    }

    private func line(_ entry: Record<AuditEntry>, isOut: Bool) -> AuditLine {
        // What is switched off has its name and its secrets still.
        let schema = entry.entity.flatMap { catalog.whole[$0] }
        let mayRead = (schema.map { may("read", $0) } ?? true) && !isOut
        let isOpen = mayRead && (schema.map { $0.traits.isPublic && catalog[$0.name] != nil } ?? false)
        var entry = entry
        if !mayRead, entry.reason != nil { entry.reason = "****" }
        return AuditLine(entry: entry, schema: schema, changes: changes(entry, schema, mayRead), isOpen: isOpen)
    }

    private func changes(_ entry: Record<AuditEntry>, _ schema: Schema?, _ mayRead: Bool) -> [AuditLine.Change] {
        var changes: [AuditLine.Change] = []
        for (name, pair) in AuditChanges.read(entry.changes) {
            let field = schema?[name]
            var isMasked = !mayRead
            if let schema, let field, !lens(schema).reads(field) || field.traits.isSealed { isMasked = true }
            func shown(_ value: Value) -> Value { isMasked && !value.isNull ? .text("****") : value }
            changes.append(AuditLine.Change(name: name, field: field, old: shown(pair.old), new: shown(pair.new)))
        }
        return changes.sorted { one, two in
            let first = one.field?.slot ?? .max, second = two.field?.slot ?? .max
            return first == second ? one.name < two.name : first < second
        }
    }

    /// Reads the whole log again and says whether anything was changed behind the program's back.
    public func verifyAuditLog() throws -> AuditTrail.Verdict {
        try needsSystem("audit", "校验操作日志")
        return try AuditTrail.verify(reading, secrets)
    }

    /// Who tried to log in, newest first.
    public func loginLog(
        user: Int64? = nil, outcome: String? = nil, address: String? = nil, before: Int64? = nil, limit: Int = 50
    ) throws -> [Record<LoginAttempt>] {
        try needsSystem("audit", "查看登录日志")
        var condition = Condition.everything
        if let user { condition = condition && .field("user_id", .eq, .int(user)) }
        if let outcome { condition = condition && \LoginAttempt.outcome == outcome }
        if let address { condition = condition && .field("address", .eq, .text(address)) }
        if let before { condition = condition && .field("id", .lt, .int(before)) }
        return try reading.fetch(
            Query(
                catalog.schema(LoginAttempt.self), where: condition, sort: [Query.Sort("id", descending: true)],
                limit: min(max(limit, 1), 500))
        )
        .map(Record<LoginAttempt>.init)
    }
}
