import Core
import Records

/// How rules become plans: each at most once, however often and by however many it is asked.
public enum FollowPlanning {
    private static let batch = 200

    /// Something was saved that a rule may wait for: planned a moment later, in the program's own name.
    public static func hear(_ row: Row, _ change: Change, _ tx: any Transaction) throws {
        guard change.source != "import" || !change.isNew, row["is_demo"] != .int(1), row.id != 0 else { return }
        let entity = row.schema.name
        guard
            try tx.count(
                Query(tx.catalog.schema(FollowRule.self), where: \FollowRule.entity == entity && \FollowRule.isEnabled == true), cap: 1) > 0
        else { return }
        try tx.enqueue("follow.hear", ["entity": .text(entity), "id": .int(row.id)], key: "follow.hear/\(entity)/\(row.id)", after: 0)
    }

    /// The same where only a corrected date matters, not every save: a customer's birthday.
    static func hearDates(_ row: Row, _ change: Change, _ tx: any Transaction) throws {
        guard let old = change.old else { return }
        let changed = row.schema.fields.filter { ($0.kind is DayKind || $0.kind is InstantKind) && row[$0] != old[$0] }
        let rule = Condition.compare(.init("field"), .in, changed.map { .text($0.name) }) && \FollowRule.entity == row.schema.name
        guard !changed.isEmpty, try tx.first(FollowRule.self, where: rule && \FollowRule.isEnabled == true) != nil else { return }
        try hear(row, change, tx)
    }

    static let heard = Job("follow.hear", "按事件生成跟踪计划", english: "Follow-ups of an event") { payload, tx in
        guard let schema = payload["entity"]?.text.flatMap({ tx.catalog[$0] }), let id = payload["id"]?.int,
            let row = try tx.get(schema, id: id), row.deletedAt == nil
        else { return }
        for rule in try rules(tx, where: \FollowRule.entity == schema.name) {
            guard let field = schema[rule.field] else { continue }
            try move(rule, row, field, tx)
            guard try matches(rule, row, tx) else { continue }
            for offset in rule.days ?? [] {
                for base in bases(rule, row[field], field, offset, tx.today) { try plan(rule, [row], base: base, offset: offset, tx) }
            }
        }
    }

    /// A date that was corrected takes along what it had planned and nobody has begun; what cannot be moved is called off. So nothing is
    /// planned twice.
    private static func move(_ rule: Record<FollowRule>, _ row: Row, _ field: FieldSpec, _ tx: any Transaction) throws {
        guard field.kind is DayKind || field.kind is InstantKind else { return }
        let value = row[field].int.map {
            field.kind is InstantKind ? Instant(milliseconds: $0).day : Day(number: Int(truncatingIfNeeded: $0))
        }
        let waiting =
            \FollowPlan.rule == rule.id && \FollowPlan.aboutEntity == row.schema.name && \FollowPlan.aboutID == Int(row.id)
            && .field("status", .in, "pending", "assigned")
        for var plan in try tx.all(FollowPlan.self, where: waiting, limit: 200) where (plan.attempts ?? 0) == 0 {
            guard let (offset, base) = origin(of: plan), !(value.map { isBase(base, of: $0, rule) } ?? false) else { continue }
            let next = value.flatMap { nextBase(of: $0, offset, rule, tx.today) }
            let wanted = next.map { key(rule, row, base: $0, offset: offset) }
            if let next, let wanted, try tx.first(FollowPlan.self, where: \FollowPlan.key == wanted) == nil {
                (plan.key, plan.due, plan.escalatedAt) = (wanted, Instant(max(next + offset, tx.today), hour: 18), nil)
            } else {
                (plan.status, plan.reason) = (.cancelled, "「\(field.label)」已更正")
            }
            try tx.save(plan)
        }
    }

    /// Whether the same has been begun for a day so near that this one must be its correction.
    private static func hasBegun(_ rule: Record<FollowRule>, _ row: Row, base: Day, offset: Int, _ tx: any Transaction) throws -> Bool {
        guard rule.repeats == .once else { return false }
        let same = \FollowPlan.rule == rule.id && \FollowPlan.aboutEntity == row.schema.name && \FollowPlan.aboutID == Int(row.id)
        return try tx.all(FollowPlan.self, where: same, limit: 200).contains { plan in
            guard let made = origin(of: plan), made.offset == offset, made.base != base else { return false }
            return plan.status != .cancelled && abs(made.base - base) <= grace
        }
    }

    /// Which offset and day a plan was made for.
    private static func origin(of plan: Record<FollowPlan>) -> (offset: Int, base: Day)? {
        let parts = (plan.key ?? "").split(separator: "/")
        guard parts.count == 5, let offset = Int(parts[3]), let base = Day(iso: String(parts[4])) else { return nil }
        return (offset, base)
    }

    private static func isBase(_ base: Day, of value: Day, _ rule: Record<FollowRule>) -> Bool { rule.origins(of: base).contains(value) }

    /// The next day that the rule counts from; nil when its time is over.
    private static func nextBase(of value: Day, _ offset: Int, _ rule: Record<FollowRule>, _ today: Day) -> Day? {
        if rule.repeats == .once { return value + offset >= today - grace ? value : nil }
        return (0...400).lazy.map { today - offset + $0 }.first { isBase($0, of: value, rule) }
    }

    /// The days of the record that still matter, of any distance ahead: T+30 is planned on the day of delivery.
    private static func bases(_ rule: Record<FollowRule>, _ value: Value, _ field: FieldSpec, _ offset: Int, _ today: Day) -> [Day] {
        guard let number = value.int else { return [] }
        if let threshold = rule.threshold, !(field.kind is DayKind), !(field.kind is InstantKind) {
            return number >= Int64(threshold) ? [today - offset] : []
        }
        let day = field.kind is InstantKind ? Instant(milliseconds: number).day : Day(number: Int(truncatingIfNeeded: number))
        return rule.repeats == .once && day + offset >= today - grace ? [day] : []
    }

    /// A day's plan that was not made that day (the program stood still) is made up for so long.
    private static let grace = 7

    static let nightly = Job("follow.plan", "生成跟踪计划", english: "Plan follow-ups", schedule: .daily(hour: 5, minute: 0)) { _, tx in
        for rule in try rules(tx, where: .everything) { try ask(rule.row.id, tx) }
    }

    /// Has a rule's plans made a moment later.
    static func ask(_ rule: Int64, _ tx: any Transaction) throws {
        try tx.enqueue("follow.plan_rule", ["rule": .int(rule)], key: "follow.plan_rule/\(rule)", after: 0)
    }

    /// One rule, one batch after another: where it stands goes along, so that a kill costs nothing.
    static let ruleJob = Job("follow.plan_rule", "按规则生成跟踪计划", english: "Follow-ups of a rule") { payload, tx in
        guard let id = payload["rule"]?.int, let rule = try rules(tx, where: .ids([id])).first, let schema = tx.catalog[rule.entity],
            let field = schema[rule.field], let days = rule.days
        else { return }
        let lead = try tx.int(FollowParameters.leadDays)
        var steps = days.flatMap { offset in (-grace...lead).map { (offset, tx.today + $0) } }
        if rule.threshold != nil, !(field.kind is DayKind), !(field.kind is InstantKind) {
            steps = [(days.first ?? 0, tx.today + (days.first ?? 0))]
        }
        var after = payload["after"]?.int ?? 0, done = 0
        for index in Range(from: Int(truncatingIfNeeded: max(payload["step"]?.int ?? 0, 0)), until: steps.count) {
            let (offset, due) = steps[index]
            while true {
                let found = try tx.fetch(
                    Query(
                        schema, where: wanted(rule, field, base: due - offset, tx, schema) && .field("id", .gt, .int(after)),
                        sort: [Query.Sort("id")], limit: batch))
                try plan(rule, found, base: due - offset, offset: offset, tx)
                done += found.count
                after = found.last?.id ?? after
                if found.count < batch { break }
                if done >= batch {
                    try tx.enqueue(
                        "follow.plan_rule", ["rule": .int(id), "step": .int(Int64(index)), "after": .int(after)],
                        key: "follow.plan_rule/\(id)/\(index)/\(after)", after: 0)
                    return
                }
            }
            after = 0
        }
    }

    private static func rules(_ tx: any Transaction, where condition: Condition) throws -> [Record<FollowRule>] {
        var query = Query(
            tx.catalog.schema(FollowRule.self), where: \FollowRule.isEnabled == true && condition, sort: [Query.Sort("id")], limit: 200)
        query.withLinks = true
        return try tx.fetch(query).map(Record<FollowRule>.init)
    }

    private static func wanted(
        _ rule: Record<FollowRule>, _ field: FieldSpec, base: Day, _ tx: any Transaction, _ schema: Schema
    ) throws -> Condition {
        var condition: Condition =
            if field.kind is InstantKind {
                .field(field.name, .gte, Instant(base).stored) && .field(field.name, .lt, Instant(base + 1).stored)
            } else if field.kind is DayKind {
                .compare(.init(field.name), .in, rule.origins(of: base).map(\.stored))
            } else { .field(field.name, .gte, .int(Int64(rule.threshold ?? 0))) }
        if !rule.stateCodes.isEmpty { condition = condition && .compare(.init("status"), .in, rule.stateCodes.map(Value.text)) }
        if let text = rule.condition { condition = condition && (try tx.question(text, about: schema)) }
        return condition
    }

    private static func matches(_ rule: Record<FollowRule>, _ row: Row, _ tx: any Transaction) throws -> Bool {
        if !rule.stateCodes.isEmpty, !rule.stateCodes.contains(row["status"].text ?? "") { return false }
        guard let text = rule.condition else { return true }
        return try tx.count(Query(row.schema, where: .ids([row.id]) && tx.question(text, about: row.schema)), cap: 1) > 0
    }

    // MARK: One plan

    static func key(_ rule: Record<FollowRule>, _ row: Row, base: Day, offset: Int) -> String {
        let isNumber = rule.threshold != nil && !(row.schema[rule.field]?.kind is DayKind) && !(row.schema[rule.field]?.kind is InstantKind)
        return isNumber
            ? "\(rule.row.id)/\(row.schema.name)/\(row.id)/≥\(rule.threshold ?? 0)"
            : "\(rule.row.id)/\(row.schema.name)/\(row.id)/\(offset)/\(base.iso)"
    }

    private static func plan(_ rule: Record<FollowRule>, _ rows: [Row], base: Day, offset: Int, _ tx: any Transaction) throws {
        guard !rows.isEmpty else { return }
        let keys = rows.map { key(rule, $0, base: base, offset: offset) }
        let known = Set(
            try tx.all(FollowPlan.self, where: .compare(.init("dedupe_key"), .in, keys.map(Value.text)), limit: rows.count).compactMap(
                \.key))
        var desk = try Desk(rule, tx)
        for (row, key) in zip(rows, keys) where !known.contains(key) {
            try tx.apart(row) { try plan(rule, row, key: key, base: base, offset: offset, &desk, tx) }
        }
    }

    private static func plan(
        _ rule: Record<FollowRule>, _ row: Row, key: String, base: Day, offset: Int, _ desk: inout Desk, _ tx: any Transaction
    ) throws {
        guard try !hasBegun(rule, row, base: base, offset: offset, tx) else { return }
        if rule.sampling == .share {
            var random = SplitMix64(seed: UInt64(bitPattern: rule.row.id) &* 1_000_003 &+ UInt64(bitPattern: row.id))
            if !random.chance(rule.size ?? 100) { return }
        }
        let customerID = row.schema.name == Customer.name ? row.id : row["customer_id"].int ?? 0
        guard let customer = try tx.get(Customer.self, Ref(customerID)), customer.fileStatus == .active else { return }
        var plan = Record<FollowPlan>()
        (plan.title, plan.customer, plan.scene, plan.rule, plan.key) = (
            String("\(rule.scene == .custom ? rule.title : rule.scene.label)：\(customer.name)".prefix(200)), customer.id, rule.scene,
            rule.id, key
        )
        (plan.aboutEntity, plan.aboutID, plan.method, plan.questionnaire) = (
            row.schema.name, Int(row.id), rule.method, rule.questionnaire
        )
        (plan.most, plan.retry, plan.priority, plan.due) = (
            rule.attempts, rule.retry, rule.priority, Instant(max(base + offset, tx.today), hour: 18)
        )
        if try isTooOften(customer, plan.due?.day ?? tx.today, tx) {
            (plan.status, plan.reason) = (.skipped, "冷却期内联系已达上限")
        } else {
            plan.ownerID = rule.assign == .owner ? customer.ownerID : desk.next()
            plan.departmentID = try plan.ownerID.flatMap { try tx.get(User.self, Ref($0))?.department?.id } ?? customer.departmentID
            if rule.sampling == .perOwner, try !desk.hasRoom(for: row.ownerID ?? customer.ownerID, rule, tx) { return }
        }
        try tx.insert(plan)
    }

    /// No more than so many contacts within so many days, planned ones among them.
    private static func isTooOften(_ customer: Record<Customer>, _ due: Day, _ tx: any Transaction) throws -> Bool {
        let days = try tx.int(FollowParameters.coolDays), most = try tx.int(FollowParameters.coolContacts)
        let near =
            \FollowPlan.customer == customer.id && .field("status", .in, "pending", "assigned", "in_progress", "done")
            && \FollowPlan.due > Instant(due - days, hour: 23, minute: 59) && \FollowPlan.due < Instant(due + 1)
        return try tx.count(Query(tx.catalog.schema(FollowPlan.self), where: near), cap: most) >= most
    }

    /// Whose turn it is: whoever has the fewest open plans.
    private struct Desk {
        private var load: [(user: Int64, open: Int)] = []
        private var byOwner: [Int64: Int] = [:]

        init(_ rule: Record<FollowRule>, _ tx: any Transaction) throws {
            let plans = tx.catalog.schema(FollowPlan.self),
                active = Set(try tx.all(User.self, where: .ids(rule.people.ids) && \User.status == .active, limit: 200).map(\.row.id))
            load = try rule.people.ids.filter(active.contains).map { user in
                (
                    user,
                    try tx.count(
                        Query(plans, where: .field("owner_id", .eq, .int(user)) && .field("status", .in, "assigned", "in_progress")),
                        cap: 10_000)
                )
            }
        }

        mutating func next() -> Int64? {
            guard let place = load.indices.min(by: { load[$0].open < load[$1].open }) else { return nil }
            load[place].open += 1
            return load[place].user
        }

        /// So many a month of each owner.
        mutating func hasRoom(for owner: Int64?, _ rule: Record<FollowRule>, _ tx: any Transaction) throws -> Bool {
            guard let owner, let most = rule.size else { return true }
            let month = Day(number: tx.today.number - tx.today.day + 1)
            let mine = \FollowPlan.rule == rule.id && \FollowPlan.due >= Instant(month)
            let customers = Condition.compare(.init(link: "customer_id", "owner_id"), .eq, [.int(owner)])
            let count = try byOwner[owner] ?? tx.count(Query(tx.catalog.schema(FollowPlan.self), where: mine && customers), cap: most)
            byOwner[owner] = count + 1
            return count < most
        }
    }

    /// What nobody has done in time goes up, once.
    static let overdue = Job("follow.overdue", "逾期跟踪上报", english: "Overdue follow-ups", schedule: .daily(hour: 8, minute: 50)) { _, tx in
        let days = try tx.int(FollowParameters.escalateDays)
        let late =
            .field("status", .in, "pending", "assigned", "in_progress") && \FollowPlan.escalatedAt == nil
            && \FollowPlan.due < tx.now.adding(days: -days)
        let managers = try ComplaintPeople.withRole("cs_mgr", tx)
        try tx.each(FollowPlan.self, where: late, sort: "due_at") { plan in
            var plan = plan
            plan.escalatedAt = tx.now
            let saved = try tx.save(plan), superiors = try ServiceJobs.superiors(of: plan.row, tx)
            try tx.notify(superiors.isEmpty ? managers : superiors, of: .due, "跟踪已逾期：\(plan.title)", about: saved.row)
        }
    }

    static let jobs = [heard, nightly, ruleJob, overdue]
}

/// What a company may set about following up ([CFG]).
public enum FollowParameters {
    static let section = Words("跟踪回访", "Follow-up")

    public static let leadDays = Parameter(
        "follow.lead_days", "提前几天生成计划", 3, range: 0...60, unit: Words("天", "days"), section: section, english: "Plan ahead")
    public static let coolDays = Parameter(
        "follow.cool_days", "冷却期", 7, range: 1...90, unit: Words("天", "days"), section: section, english: "Cool-down")
    public static let coolContacts = Parameter(
        "follow.cool_contacts", "冷却期内最多联系", 3, range: 1...50, unit: Words("次", "times"), section: section,
        english: "Contacts within the cool-down")
    public static let escalateDays = Parameter(
        "follow.escalate_days", "逾期几天上报", 1, range: 0...30, unit: Words("天", "days"), section: section, english: "Escalate after")
    public static let inspectShare = Parameter(
        "follow.inspect_percent", "质检抽查比例", 5, range: 0...100, unit: Words("%", "%"), section: section, english: "Share inspected")

    static let all = [leadDays, coolDays, coolContacts, escalateDays, inspectShare]
}

/// 跟踪回访: who is to be called when, the desk where it is done, and what came of it.
public enum FollowUpCapability: Capability {
    public static let name = "follow_up", label = "跟踪回访"
    public static let entities: [any Entity.Type] = [FollowPlan.self, FollowVisit.self, FollowRule.self, TrackingMethod.self]
    public static let extensions: [any Extension.Type] = [FollowedCustomer.self, FollowedTicket.self, FollowedComplaint.self]
    public static let parameters = FollowParameters.all
    public static let jobs = FollowPlanning.jobs
    public static let inquiries = [FollowPlan.inquiry]
    public static let roles = FollowRoles.all

    public static func seed(_ tx: any Transaction) throws {
        try TrackingMethod.seed(tx)
        try FollowSetUp.seed(FollowSetUp.rules, tx)
    }
    public static func demo(_ demo: Demo) -> [Demo.Step] { DemoFollowUp.steps(demo) }
}

/// The rules of §3.1, ready to be turned on.
public enum FollowSetUp {
    /// A rule that comes with the product, about days after what stands in a record's field.
    public struct Shipped: Sendable {
        var name: String, scene: Question.Scene, entity: String, field: String, offsets: String, states: String?, questionnaire: String?

        public init(
            _ name: String, _ scene: Question.Scene, _ entity: String, _ field: String, offsets: String, states: String? = nil,
            questionnaire: String? = nil
        ) {
            (self.name, self.scene, self.entity, self.field) = (name, scene, entity, field)
            (self.offsets, self.states, self.questionnaire) = (offsets, states, questionnaire)
        }
    }

    static let rules: [Shipped] = [
        .init("服务完成 3 日回访", .service3d, Ticket.name, "resolved_at", offsets: "3", states: "resolved,closed", questionnaire: "service"),
        .init("投诉处理后次日确认", .complaintVerify, Complaint.name, "handled_on", offsets: "1", states: "executing", questionnaire: "verify"),
        .init("生日前 3 日关怀", .birthday, Customer.name, "next_birthday_on", offsets: "-3"),
    ]

    /// Those that are not there yet.
    public static func seed(_ shipped: [Shipped], _ tx: any Transaction) throws {
        let phone = try tx.first(TrackingMethod.self, where: \TrackingMethod.channel == .phone)?.id
        for ready in shipped where try tx.first(FollowRule.self, where: \FollowRule.title == ready.name) == nil {
            var rule = Record<FollowRule>()
            (rule.title, rule.scene, rule.entity, rule.field, rule.offsets, rule.states, rule.method) = (
                ready.name, ready.scene, ready.entity, ready.field, ready.offsets, ready.states, phone
            )
            rule.questionnaire = try ready.questionnaire.flatMap { code in
                try tx.first(Questionnaire.self, where: \Questionnaire.code == code && \Questionnaire.status == .published)?.id
            }
            if ready.entity == Customer.name { rule.assign = .owner }
            try tx.insert(rule)
        }
    }
}

enum FollowRoles {
    private static let setUp: [any Entity.Type] = [FollowRule.self, TrackingMethod.self]

    static let all: [RoleTemplate] = BuiltInRole.allCases.filter { $0 != .admin }.map { role in
        role.template { rights in
            rights.allow(.all, ["read"], on: setUp)
            rights.allow(.none, Rights.writing, on: setUp)
            if role.isAmong(.sellers) {
                rights.allow(.own, Rights.everyday, on: [FollowPlan.self])
                rights.allow(.own, ["read"], on: [FollowVisit.self])
            }
            switch role {
            case .supervisor:
                rights.allow(.ownAndSubordinates, Rights.everyday + ["assign"], on: [FollowPlan.self])
                rights.allow(.ownAndSubordinates, ["read", "inspect"], on: [FollowVisit.self])
            case .followUp:
                rights.allow(.own, Rights.everyday, on: [FollowPlan.self])
                rights.allow(.own, ["read"], on: [FollowVisit.self])
                rights.allow(.all, ["generate"], on: [FollowRule.self])
                // Whoever calls must see whom.
                rights.allow(.all, ["read"], on: [Customer.self, Contact.self, Interaction.self])
            case .careManager, .gm, .director:
                rights.allow(.all, Rights.everyday + ["delete", "assign", "export"], on: [FollowPlan.self])
                rights.allow(.all, ["read", "export", "inspect"], on: [FollowVisit.self])
                rights.allow(.all, Rights.everyday + ["delete"], on: setUp)
                rights.allow(.all, ["generate"], on: [FollowRule.self])
            case .salesManager, .serviceManager, .storeManager: rights.allow(.departmentTree, ["inspect"], on: [FollowVisit.self])
            default: break
            }
        }
    }
}
