import Records

/// Writing through the gate, in one transaction. What people and programs ask for (``create(_:_:)``, ``update(_:id:_:ifVersion:)`` …) is
/// checked against the actor's rights; what a business rule does in consequence (``Transaction``) is not, but is validated and audited all
/// the same.
public final class GateTransaction: View, Transaction {
    let writing: any Writing
    /// The number that all changes of this command carry.
    public let operation: Int64
    /// What was changed, for whoever listens.
    var events: [ChangeEvent] = []
    /// Parents whose roll-ups must be computed again, by entity.
    var stale: [String: Set<Int64>] = [:]
    /// What those who follow a record will be told, by `entity/id`.
    var heard: [String: [Heard]] = [:]
    /// Which records others took from their owners, and to whom, by former owner.
    var departures: [Int64: [(row: Row, to: Int64?)]] = [:]
    /// How deep rules have called each other.
    var depth = 0
    /// Where the records come from: `web`, `api`, `import`, `rule`; required fields depend on it (A3).
    public var source: String
    /// The user has seen the warnings (likely duplicates, suspicious codes) and insists.
    public var ignoresWarnings = false
    /// Text was typed by a person (1,234.50 元, 2026年1月5日, a choice's label), not sent by a program.
    public var isTyped = false
    /// Said by the user, kept in the audit log.
    public var reason: String?
    /// What is done here has been approved: nobody is asked again, nothing is locked.
    var isApproved = false
    /// What the actor is led to next, if an action has made something.
    public internal(set) var next: Row?
    /// The approval request that was made instead of doing what was asked.
    public internal(set) var submitted: Int64?
    /// Events whose webhooks are already queued.
    var settledEvents: [ChangeEvent] = []
    /// Approval flows by entity, and whether anything waits for approval at all.
    var knownFlows: [String: [Record<ApprovalFlow>]] = [:]
    var knownOpenRequests: Bool?
    /// Changes that automation rules have not been asked about yet, the rules there are, and which ran on which record.
    var cues: [AutomationCue] = []
    var knownAutomations: [Record<AutomationRule>]?
    var automated: Set<String> = []
    /// How many rules are at work: what they do in consequence needs no right of the actor's. Everything else is a request.
    private var rules = 0
    /// The step that was asked for saves the record it was asked of; what it does to others is its consequence.
    private var isOwnStep = false
    /// A rule that somebody wrote acts here in its author's name: with their rights, but in consequence of what another asked for.
    var isAutomatic = false
    /// An action is at work: what it changes itself needs the write scope of an API key.
    var isActing = false
    /// Links already found to lead somewhere, by entity.
    private var knownLinks: [String: Set<Int64>] = [:]
    /// Links that an import has looked up, rights included, by entity.
    var vouched: [String: Set<Int64>] = [:]
    /// Audit lines that wait to be written together; nil when each is written at once.
    var waitingAudit: [Row]?
    /// The audit line's word when it is not the plain one (an action's name, `import`, `undo`).
    var verb: String?

    /// The declared job that this transaction does.
    public internal(set) var errand: Errand?
    /// What became of the records that the job went through, one by one.
    var report = BulkReport()

    /// Who others are, as far as it was asked: see ``actor(of:via:)``.
    var knownChart: OrgChart?
    /// The record whose lines are being written, and what this transaction has made.
    var knownParent: Row?
    private var newborn: Set<String> = []
    func isNewborn(_ schema: Schema, _ id: Int64) -> Bool { newborn.contains("\(schema.name)/\(id)") }
    var knownActors: [Int64: Actor?] = [:]

    init(
        _ writing: any Writing, actor: Actor, model: Model, now: Instant, secrets: Secrets, memory: GateMemory, operation: Int64?
    ) {
        let writing: any Writing = actor.rights.writesNothing ? ReadOnlyWriting(base: writing) : writing
        self.writing = writing
        self.operation = operation ?? Operation.next(at: now)
        source = actor.via
        super.init(writing, actor: actor, model: model, now: now, secrets: secrets, memory: memory)
    }

    // MARK: What a rule may do

    public func get(_ schema: Schema, id: Int64) throws -> Row? {
        try whole(schema, id: id).flatMap { $0.deletedAt == nil ? $0 : nil }
    }

    public func fetch(_ query: Query) throws -> [Row] { try reading.fetch(catalog.present(query)).map(opened) }
    public func count(_ query: Query, cap: Int) throws -> Int { try reading.count(catalog.present(query), cap: cap) }
    public func summarize(_ summary: Summary) throws -> [Summary.Line] {
        _ = try catalog.present(summary.query)
        return try reading.summarize(summary)
    }

    @discardableResult
    public func insert(_ row: Row) throws -> Row { try asRule { try save(catalog.present(row), over: nil) } }

    @discardableResult
    public func save(_ row: Row) throws -> Row {
        guard row.id != 0 else { return try insert(row) }
        let row = try catalog.present(row)
        guard let old = try whole(row.schema, id: row.id) else { throw Refusal.notFound }
        return try asRule { try save(row, over: old) }
    }

    public func delete(_ schema: Schema, id: Int64) throws {
        guard let row = try get(schema, id: id) else { throw Refusal.notFound }
        try asRule { try bin(row) }
    }

    public func erase(_ schema: Schema, ids: [Int64]) throws { try writing.erase(schema, ids: ids) }
    public func next(_ sequence: String) throws -> Int64 { try writing.next(sequence, by: 1) }

    /// Runs what follows from a rule. Whoever does not say so is a person or program that asks, and is held to their rights.
    func asRule<T>(_ body: () throws -> T) rethrows -> T {
        rules += 1
        defer { rules -= 1 }
        return try body()
    }

    /// Saves the record of an action that was asked for and allowed: its fields follow from the action, not from the actor's field rights.
    func asStep<T>(_ body: () throws -> T) rethrows -> T {
        let before = isOwnStep
        isOwnStep = depth == 0
        defer { isOwnStep = before }
        return try asRule(body)
    }

    /// Whether a rule is at work, whose links need no right.
    var isRule: Bool { rules > 0 || depth > 1 }

    /// Whether what is written now follows from what was asked for, instead of being it. Undo takes it back along with its cause.
    var isConsequence: Bool { isAutomatic || isRule && !(isOwnStep && depth <= 1) }

    func isKnown(_ schema: Schema, _ id: Int64) -> Bool {
        isOpen(schema) && knownLinks[schema.name]?.contains(id) ?? false || vouched[schema.name]?.contains(id) ?? false
    }
    func remember(_ schema: Schema, _ ids: [Int64]) {
        if isOpen(schema) { knownLinks[schema.name, default: []].formUnion(ids) }
    }

    // MARK: The one way a record is saved

    /// Rules, numbering, validation, duplicates, write, audit, roll-ups, rules again.
    func save(_ wanted: Row, over old: Row?) throws -> Row {
        let schema = wanted.schema
        try keyWrites(schema)
        if !isRule { try refuseSettled(wanted, over: old) }
        guard depth < 8 else { throw Refusal.conflict("业务规则互相触发过多次，已停止。请联系系统管理员检查规则。") }
        depth += 1
        defer { depth -= 1 }
        var row = wanted
        let change = Change(old: old, source: source)
        try prepare(&row, change)
        if old == nil { try number(&row) }
        try validate(row, over: old)
        if !schema.rules.duplicates.isEmpty { try refuseDuplicates(of: row, over: old) }

        var slots: [Int] = []
        if let old {
            for slot in row.values.indices where slot >= old.values.count || row.values[slot] != old.values[slot] { slots.append(slot) }
            if slots.isEmpty { return row }
            stamp(&row, slots: &slots)
            let version = schema.versionSlot == nil ? nil : old.version
            guard try writing.update(sealed(row), slots: slots, ifVersion: version, from: sealed(old)) else {
                throw Refusal.changedMeanwhile(current: shown(try get(schema, id: row.id) ?? old))
            }
        } else {
            stampNew(&row)
            row.id = try writing.insert(sealed(row))
        }
        try audit(old == nil ? "create" : "update", row, over: old, slots: slots)
        changed(row, over: old, old == nil ? .created : .updated)
        if !isRule {
            note(row, over: old, slots)
            try tellMentioned(row, over: old)
        }
        cue(row, over: old)
        for rule in schema.rules.afterSave { try rule(row, change, self) }
        try settleLoans(row, over: old)
        return row
    }

    /// What becomes of a row before it is numbered and checked: its owner, the entity's rules, the organisation's.
    func prepare(_ row: inout Row, _ change: Change) throws {
        let schema = row.schema
        if change.isNew { settleOwner(of: &row) }
        for rule in schema.rules.beforeSave { try rule(&row, change, self) }
        if Organisation.governed.contains(schema.name) { try govern(&row, over: change.old) }
        // A row out of a list comes without its links: what is not there is not changed. An emptied link is an empty list.
        if let old = change.old { for field in model.links[schema.name] ?? [] where row[field].isNull { row[field] = old[field] } }
    }

    /// To the recycle bin.
    func bin(_ row: Row) throws {
        let schema = row.schema
        try keyWrites(schema)
        if !isRule { try refuseRemoval(of: row) }
        depth += 1
        defer { depth -= 1 }
        let change = Change(old: row, source: source)
        for rule in schema.rules.beforeDelete { try rule(row, change, self) }
        if Organisation.governed.contains(schema.name) { try governRemoval(of: row) }
        if let slot = schema.deletedAtSlot {
            var gone = row
            gone.values[slot] = .int(now.milliseconds)
            var slots = [slot]
            stamp(&gone, slots: &slots)
            guard try writing.update(sealed(gone), slots: slots, ifVersion: nil, from: sealed(row)) else { throw Refusal.notFound }
        } else {
            try writing.erase(schema, ids: [row.id])
        }
        try audit("delete", row, over: row, slots: [])
        changed(row, over: row, .deleted)
        for rule in schema.rules.afterDelete { try rule(row, change, self) }
        try settleLoans(nil, over: row)
    }

    /// Back from the recycle bin.
    func unbin(_ row: Row) throws -> Row {
        guard let slot = row.schema.deletedAtSlot else { throw Refusal.notFound }
        try keyWrites(row.schema)
        depth += 1
        defer { depth -= 1 }
        if Organisation.governed.contains(row.schema.name) { try governReturn(of: row) }
        var back = row
        back.values[slot] = .null
        var slots = [slot]
        stamp(&back, slots: &slots)
        do {
            _ = try writing.attempt { try writing.update(sealed(back), slots: slots, ifVersion: nil) }
        } catch StoreError.duplicate(_, let fields) {
            let labels = fields.compactMap { row.schema[$0]?.label }.joined(separator: "、")
            throw Refusal.conflict("不能恢复：\(labels)与现有记录重复。请先修改现有记录。")
        }
        try audit("restore", back, over: row, slots: [])
        changed(back, over: row, .restored)
        try settleLoans(back, over: nil)
        return back
    }

    /// What is done once at the end, however much was changed.
    func finish() throws {
        try writeAudit()
        try settleRollUps()
        try automate()
        try tellFollowers()
        try tellFormerOwners()
        try enqueueWebhooks(for: events)
        // Last, because its row is locked until the commit.
        if !writing.changedForOthers.isDisjoint(with: Organisation.remembered) { _ = try writing.next(Organisation.sequence, by: 1) }
    }

    /// Roll-ups are computed once, however many children changed.
    func settleRollUps() throws {
        var rounds = 0
        while !stale.isEmpty, rounds < 4 {
            rounds += 1
            let work = stale
            stale = [:]
            for (parent, ids) in work.sorted(by: { $0.key < $1.key }) {
                guard let schema = catalog[parent] else { continue }
                try rollUp(schema, ids.sorted())
            }
        }
    }

    // MARK: -

    func changed(_ row: Row, over old: Row?, _ kind: ChangeEvent.Kind) {
        events.append(ChangeEvent(entity: row.schema.name, id: row.id, kind: kind, by: actor.userID))
        knownHolders[row.schema.name] = nil
        if kind == .created, row.schema.flow != nil { newborn.insert("\(row.schema.name)/\(row.id)") }
        if let known = knownParent, known.schema === row.schema, known.id == row.id { knownParent = nil }
        guard let rules = model.rollUps[row.schema.name] else { return }
        for (parent, rule) in rules {
            guard let link = row.schema[rule.link] else { continue }
            for value in [row[link], old?[link] ?? .null] {
                if let id = value.int { stale[parent.name, default: []].insert(id) }
            }
        }
    }

    /// Compute these parents' roll-ups when the transaction ends.
    func refresh(_ parent: Schema, _ ids: some Sequence<Int64>) { stale[parent.name, default: []].formUnion(ids) }

    func settleOwner(of row: inout Row) {
        guard let ownerSlot = row.schema.ownerSlot, let departmentSlot = row.schema.departmentSlot else { return }
        if row.values[ownerSlot].isNull, actor.userID != 0 { row.values[ownerSlot] = .int(actor.userID) }
        if row.values[departmentSlot].isNull, let owner = row.values[ownerSlot].int {
            row.values[departmentSlot] = owner == actor.userID ? actor.departmentID.map(Value.int) ?? .null : department(of: owner)
        }
    }

    private var departments: [Int64: Value] = [:]

    /// The department that a record of this owner belongs to.
    func department(of owner: Int64) -> Value {
        if let known = departments[owner] { return known }
        let found = (try? reading.row(catalog.schema(User.self), id: owner))?.map { $0["department_id"] } ?? .null
        departments[owner] = found
        return found
    }

    private func stamp(_ row: inout Row, slots: inout [Int]) {
        let schema = row.schema
        if let slot = schema.versionSlot { row.values[slot] = .int(row.version &+ 1); slots.append(slot) }
        if let slot = schema.updatedAtSlot { row.values[slot] = .int(now.milliseconds); slots.append(slot) }
        if let slot = schema.updatedBySlot { row.values[slot] = .int(actor.userID); slots.append(slot) }
    }

    /// An import may bring who made a record and when (A3); everything else is stamped here.
    func stampNew(_ row: inout Row) {
        let schema = row.schema
        if let slot = schema.versionSlot { row.values[slot] = 1 }
        if let slot = schema.createdAtSlot, row.values[slot].isNull { row.values[slot] = .int(now.milliseconds) }
        if let slot = schema.createdBySlot, row.values[slot].isNull { row.values[slot] = .int(actor.userID) }
        if let slot = schema.updatedAtSlot { row.values[slot] = .int(now.milliseconds) }
        if let slot = schema.updatedBySlot { row.values[slot] = .int(actor.userID) }
    }

    /// The row as it goes to disk: sealed fields encrypted.
    func sealed(_ row: Row) -> Row {
        guard let fields = model.sealed[row.schema.name] else { return row }
        var row = row
        for field in fields {
            if let text = row[field].text { row[field] = .text(sealed(text, field, of: row.schema)) }
        }
        return row
    }
}

/// Numbers for commands, rising with time and made without the database.
enum Operation {
    static func next(at now: Instant) -> Int64 {
        (now.milliseconds & 0x3FF_FFFF_FFFF) << 20 | Int64.random(in: 0..<(1 << 20))
    }
}
