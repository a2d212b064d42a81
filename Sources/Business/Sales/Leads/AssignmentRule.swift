import Records

/// A17: who gets a new lead: the first enabled rule whose condition it meets, one of the rule's people, in turn or whoever has the fewest.
public struct AssignmentRule: Entity {
    public static let name = "lead_assignment_rules", label = "线索分配规则"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "split", english: "Lead assignment rules").with { $0.sort = ["position", "id"] }
    }

    public let title = Field<String>("name", "规则名称", kind: TextKind(limit: 50), .title)
    public let position = Field<Int>("position", "顺序", .inList, .initial(10), .english("Order"))
    public let condition = Field<String?>(
        "condition", "条件", kind: JSONTextKind(asking: "leads"), .help("留空表示所有新线索", "All new leads when empty"))
    public let method = Field<Method>("method", "分配方式", .inList, .quick, .initial("turn"))
    public let people = Field<Refs<User>>("user_ids", "分配给", .inList, .english("People"))
    public let capacity = Field<Int?>(
        "capacity", "每人在办上限", kind: WholeNumberKind(range: 1...100_000), .inList, .help("留空不限", "No limit when empty"),
        .english("Open leads per person"))
    public let lastUser = Field<Ref<User>?>("last_user_id", "上次分给", .readOnly, .inList, .english("Last given to"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    public enum Method: String, Choice {
        case turn, fewest
        public static let options: [Option<Method>] = [
            .init(.turn, "轮流", .accent, english: "In turn"), .init(.fewest, "在办最少者优先", .sky, english: "Whoever has the fewest"),
        ]
    }

    public static var rules: Rules {
        .of(AssignmentRule.self) {
            $0.beforeSave { rule, _, _ in
                if rule.isEnabled, rule.people.ids.isEmpty { throw Problem("user_ids", code: "required", "请选择分配给哪些人") }
            }
        }
    }

    /// Gives new leads that nobody owns to somebody. What was put into the pool on purpose stays there.
    static let job = Job("leads.assign", "分配新线索", english: "Assign new leads", schedule: .every(seconds: 60)) { _, tx in
        var query = Query(
            tx.catalog.schema(AssignmentRule.self), where: \AssignmentRule.isEnabled == true, sort: [.init("position"), .init("id")],
            limit: 100)
        query.withLinks = true
        for rule in try tx.fetch(query).map(Record<AssignmentRule>.init) { try apply(rule, tx) }
    }

    private static func apply(_ rule: Record<AssignmentRule>, _ tx: any Transaction) throws {
        let leads = tx.catalog.schema(Lead.self)
        let asked = try rule.condition.map { try tx.question($0, about: leads) } ?? .everything
        let waiting = \Lead.status == .new && \Lead.pooledAt == nil && .field("owner_id", .empty) && asked
        guard try tx.count(Query(leads, where: waiting), cap: 1) > 0 else { return }
        var people = try tx.all(User.self, where: .ids(rule.people.ids) && \User.status == .active, limit: 200).map(\.row.id)
        people.sort { (rule.people.ids.firstIndex(of: $0) ?? 0) < (rule.people.ids.firstIndex(of: $1) ?? 0) }
        var load = try Dictionary(uniqueKeysWithValues: people.map { ($0, try open($0, tx)) })
        var last = rule.lastUser?.id
        func next() -> Int64? { choose(rule.method, people, load, capacity: rule.capacity, after: last) }
        guard next() != nil else { return }
        try tx.each(Lead.self, where: waiting, part: "\(rule.row.id)") { lead in
            guard let next = next() else { return }
            var lead = lead
            lead.ownerID = next
            lead.departmentID = try tx.get(User.self, Ref(next))?.department?.id ?? lead.departmentID
            try tx.save(lead)
            load[next, default: 0] += 1
            last = next
        }
        guard last != rule.lastUser?.id, var changed = try tx.get(AssignmentRule.self, rule.id) else { return }
        changed.lastUser = last.map { Ref($0) }
        try tx.save(changed)
    }

    private static func open(_ user: Int64, _ tx: any Transaction) throws -> Int {
        try tx.count(
            Query(
                tx.catalog.schema(Lead.self),
                where: .field("owner_id", .eq, .int(user)) && .field("status", .in, "assigned", "contacted", "qualified")), cap: 100_000)
    }

    /// Who is next; nil when everybody is full.
    static func choose(_ method: Method, _ people: [Int64], _ load: [Int64: Int], capacity: Int?, after last: Int64?) -> Int64? {
        let start = last.flatMap(people.firstIndex).map { $0 + 1 } ?? 0
        let turn = people.indices.map { people[($0 + start) % people.count] }.filter { load[$0, default: 0] < capacity ?? .max }
        return method == .turn ? turn.first : turn.min { load[$0, default: 0] < load[$1, default: 0] }
    }
}
