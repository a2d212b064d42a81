import Records

/// Reading through the gate: everything that comes out is within the actor's scope and shows only what the actor may see.
///
/// One view lives in one unit of work on one thread.
public class View {
    public let actor: Actor
    public let now: Instant
    public var catalog: Catalog { model.catalog }
    public let secrets: Secrets
    let model: Model
    let reading: any Reading
    /// What the gate remembers between its transactions.
    let memory: GateMemory
    private var lenses: [String: Lens] = [:]
    private var latest: Lens?
    /// Whether records are within reach that hold others, by entity; see ``holds(_:_:)``.
    var knownHolders: [String: [String: Bool]] = [:]
    /// The first fault that ``attempt(_:)`` met and could not explain.
    var fault: (any Error)?

    init(_ reading: any Reading, actor: Actor, model: Model, now: Instant, secrets: Secrets, memory: GateMemory) {
        self.memory = memory
        self.reading = reading
        self.actor = actor
        self.model = model
        self.now = now
        self.secrets = secrets
    }

    func lens(_ schema: Schema) -> Lens {
        if let latest, latest.schema === schema { return latest }
        if let known = lenses[schema.name], known.schema === schema {
            latest = known
            return known
        }
        let made = Lens(schema, actor.rights)
        lenses[schema.name] = made
        latest = made
        return made
    }

    /// The entity with this name, if the actor may know of it.
    public func schema(named name: String) throws -> Schema {
        guard let schema = catalog[name], catalog.standsAlone(schema), may("read", schema) || may("create", schema) else {
            throw Refusal.notFound
        }
        return schema
    }

    /// Whether the actor has this right on any record of the entity.
    public func may(_ right: String, _ schema: Schema) -> Bool { actor.rights.scope(schema.name, right) != .none }

    /// Whether the actor has this right on this record.
    public func may(_ right: String, _ row: Row) -> Bool {
        (actor.reach(row.schema, right).covers(id: row.id, owner: row.ownerID, department: row.departmentID) && holds(row, right))
            || (right == "read" && isSeenWith(row))
    }

    /// Whether the actor may do this to this record, whatever state it is in.
    public func may(_ action: Action, _ row: Row) -> Bool { may(action.permission, row) && !(action.isForKeeper && isOnlyLent(row)) }

    /// The same of a step.
    public func may(_ step: Flow.Transition, _ row: Row) -> Bool { may(step.permission, row) && !(step.isForKeeper && isOnlyLent(row)) }

    /// Whether the actor may change a record for nothing but that it was lent: such a right goes with what the record says and with its
    /// everyday steps, not with giving it away.
    func isOnlyLent(_ row: Row) -> Bool {
        var own = actor.reach(row.schema, "update")
        guard own.records.contains(row.id) else { return false }
        own.records = []
        return !own.covers(id: row.id, owner: row.ownerID, department: row.departmentID) && !may("assign", row)
    }

    /// How much of a field the actor sees or may change.
    public func right(_ schema: Schema, _ field: FieldSpec) -> FieldRight { lens(schema).right(field) }

    /// A page of a list; with a limit of 0 only its number.
    public func page(_ request: ListRequest) throws -> Listing {
        if let ids = request.order { return try page(request, of: ids) }
        let query = try query(for: request)
        guard let query else { return Listing(rows: [], count: request.countCap.map { _ in 0 }) }
        var ask = query
        ask.limit = request.limit + 1
        // In the list's order, whichever way they were looked for; the one too many lies farthest from the cursor.
        var rows = request.limit > 0 ? try reading.fetch(ask) : []
        let hasMore = rows.count > request.limit, isBackward = request.cursor?.isBackward ?? false
        if hasMore { rows = Array(isBackward ? rows.suffix(request.limit) : rows.prefix(request.limit)) }
        var page = Listing(rows: try seen(rows))
        if hasMore || isBackward, let last = rows.last { page.next = cursor(at: last, query.sort) }
        if (hasMore && isBackward) || (!isBackward && request.cursor != nil), let first = rows.first {
            page.previous = cursor(at: first, query.sort)
            page.previous?.isBackward = true
        }
        if let cap = request.countCap {
            let count = try reading.count(query, cap: cap)
            page.count = min(count, cap)
            page.isCapped = count > cap
        }
        return page
    }

    /// A few records in an order that no field has.
    private func page(_ request: ListRequest, of ids: [Int64]) throws -> Listing {
        var ask = request
        ask.filter = ask.filter && .ids(ids)
        ask.sort = [Query.Sort("id")]
        ask.limit = ids.count
        ask.cursor = nil
        guard !ids.isEmpty, let query = try query(for: ask) else { return Listing(rows: [], count: 0) }
        let place = Dictionary(ids.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = try reading.fetch(query).sorted { place[$0.id, default: 0] < place[$1.id, default: 0] }
        return Listing(rows: try seen(rows), count: rows.count)
    }

    /// How many records the list holds, up to `cap`.
    public func count(_ request: ListRequest, cap: Int) throws -> Int {
        guard var query = try query(for: request) else { return 0 }
        query.cursor = nil
        return try reading.count(query, cap: cap)
    }

    /// Every record of the list in turn, for exports; return false to stop.
    public func forEach(_ request: ListRequest, _ body: (Row) throws -> Bool) throws {
        guard let query = try query(for: request) else { return }
        try reading.forEach(query) { row in try body(shown(opened(row))) }
    }

    /// Numbers by group over the list.
    public func summary(
        _ request: ListRequest, by groups: [Summary.Group], _ measures: [Summary.Measure], order: Summary.Order = .keys, limit: Int = 1000
    ) throws -> [Summary.Line] {
        guard var query = try query(for: request) else { return [] }
        let fields = groups.filter { $0.link == nil }.map(\.field) + measures.flatMap(\.fields)
        for name in fields {
            guard try !readable(name, in: request.schema).traits.isSealed else { throw Refusal.unreadable("「\(name)」加密保存，不能统计") }
        }
        if masksInPool(fields, request.schema) { query.scope = query.scope.withoutPool }
        var summary = Summary(query, by: try groups.map { try reachable($0, in: request.schema) }, measures: measures)
        (summary.order, summary.limit) = (order, limit)
        return query.scope.isNothing ? [] : try reading.summarize(summary)
    }

    /// A group through a link tells apart only what the actor may see there.
    private func reachable(_ group: Summary.Group, in schema: Schema) throws -> Summary.Group {
        guard let link = group.link else { return group }
        let (target, _) = try linked(link, in: schema)
        guard try !readable(group.field, in: target).traits.isSealed else { throw Refusal.unreadable("「\(group.field)」加密保存，不能统计") }
        var group = group
        group.reach = actor.reach(target, "read").withoutPool
        return group
    }

    /// Where a link of the entity leads, if the actor may go there.
    func linked(_ link: String, in schema: Schema) throws -> (Schema, FieldSpec) {
        guard let field = schema[link] ?? schema[link + "_id"], let target = field.target.flatMap({ catalog[$0] }) else {
            throw Refusal.unreadable("\(schema.label)没有指向其他对象的字段 \(link)")
        }
        guard lens(schema).reads(field), target.traits.isPublic, may("read", target) else {
            throw Refusal.forbidden("您没有查看\(target.label)的权限，不能按它统计。")
        }
        try demandOpen(target)
        return (target, field)
    }

    /// One record as the actor sees it; not found when it is out of reach.
    public func record(_ schema: Schema, id: Int64, life: Query.Life = .live) throws -> Row {
        shown(try reachable(schema, id: id, "read", life: life))
    }

    /// The raw record, when the actor has `right` on it: not found when it cannot be seen, forbidden when only the right is missing.
    func reachable(_ schema: Schema, id: Int64, _ right: String, life: Query.Life = .live) throws -> Row {
        guard let row = try whole(schema, id: id), may("read", row) else { throw Refusal.notFound }
        guard isPresent(row) else { throw Refusal.notFound }
        switch life {
        case .live: guard row.deletedAt == nil else { throw Refusal.notFound }
        case .deleted: guard row.deletedAt != nil else { throw Refusal.notFound }
        case .both: break
        }
        guard right == "read" || may(right, row) else {
            throw Refusal.forbidden("您没有\(View.rightLabel(right))「\(row.title)」的权限，请联系其负责人或系统管理员。")
        }
        return row
    }

    /// The same for an action; what is only lent is not given away.
    func reachable(_ schema: Schema, id: Int64, for action: Action) throws -> Row {
        let row = try reachable(schema, id: id, action.permission)
        guard !action.isForKeeper || may(action, row) else {
            throw Refusal.forbidden("「\(shown(row).title)」是别人共享给您的，您不能\(action.label)；请联系其负责人。")
        }
        return row
    }

    static func rightLabel(_ right: String) -> String {
        let label = Rights.label(right, on: nil, in: .chinese)
        return label == right ? "操作" : label
    }

    /// Records by id that the actor may see; others are left out.
    public func records(_ schema: Schema, ids: [Int64]) throws -> [Row] {
        try seen(reading.rows(schema, ids: ids).filter { $0.deletedAt == nil && may("read", $0) })
    }

    /// What records are called, by id, as far as the actor may see them. Of what belongs to nobody (users, departments, word lists)
    /// everybody knows the names.
    public func titles(_ schema: Schema, ids: some Sequence<Int64>) throws -> [Int64: String] {
        try titles(schema, ids) { isOpen(schema) || may("read", $0) && $0.deletedAt == nil }
    }

    /// What the records are called to which visible records link: their names are shown there, also when the actor cannot open them. Never
    /// for numbers that somebody sent.
    public func titles(linkedTo schema: Schema, ids: some Sequence<Int64>) throws -> [Int64: String] {
        try titles(schema, ids) { _ in true }
    }

    /// The same, and which of them the actor cannot open.
    public func named(linkedTo schema: Schema, ids: some Sequence<Int64>) throws -> (titles: [Int64: String], closed: Set<Int64>) {
        var closed: Set<Int64> = []
        let titles = try titles(schema, ids) { row in
            if !isOpen(schema), row.deletedAt != nil || !may("read", row) { closed.insert(row.id) }
            return true
        }
        return (titles, closed)
    }

    private func titles(_ schema: Schema, _ ids: some Sequence<Int64>, _ isShown: (Row) -> Bool) throws -> [Int64: String] {
        let wanted = Array(Set(ids))
        guard !wanted.isEmpty else { return [:] }
        var titles = try Dictionary(
            reading.rows(schema, ids: wanted).filter(isShown).map { ($0.id, shown($0).title) }, uniquingKeysWith: { first, _ in first })
        // What the program does by itself is written down under nobody's number.
        let program = Actor.system()
        if schema.name == User.name, wanted.contains(program.userID) {
            titles[program.userID] = actor.language(program.name, "System")
        }
        return titles
    }

    // MARK: -

    /// The query behind a request, with the actor's reach; nil when nothing can come of it.
    func query(for request: ListRequest) throws -> Query? {
        let schema = request.schema
        guard may("read", schema) else { throw Refusal.forbidden("您没有查看\(schema.label)的权限，请联系系统管理员。") }
        var condition = try checked(request.filter, in: schema)
        let scope = try scope(of: request)
        if let text = request.search?.trimmed, !text.isEmpty {
            condition = condition && (try searching(text, in: schema, life: request.life))
        }
        condition = condition && presence(schema) && held(schema)
        for sort in request.sort { _ = try readable(sort.field, in: schema) }
        var query = Query(schema, where: condition, sort: request.sort, limit: request.limit)
        query.cursor = request.cursor
        query.life = request.life
        query.scope = scope
        query.withLinks = request.withLinks
        return query.scope.isNothing ? nil : query
    }

    /// A field the actor may read; filtering or sorting by another would give its values away.
    func readable(_ name: String, in schema: Schema) throws -> FieldSpec {
        guard let field = schema[name] else { throw Refusal.unreadable("\(schema.label)没有字段 \(name)") }
        guard lens(schema).reads(field) else { throw Refusal.forbidden("您没有查看「\(field.label)」的权限，不能按它筛选或排序。") }
        return field
    }

    /// Every field in the condition is readable, and a linked record only counts when the actor may see it.
    func checked(_ condition: Condition, in schema: Schema, depth: Int = 0) throws -> Condition {
        guard depth < 12 else { throw Refusal.unreadable("筛选条件嵌套过深") }
        switch condition {
        case .all(let parts): return .all(try parts.map { try checked($0, in: schema, depth: depth + 1) })
        case .any(let parts): return .any(try parts.map { try checked($0, in: schema, depth: depth + 1) })
        case .not(let part): return .not(try checked(part, in: schema, depth: depth + 1))
        case .compare(let path, _, _):
            guard let link = path.link else {
                _ = try readable(path.field, in: schema)
                return condition
            }
            guard let field = schema[link] ?? schema[link + "_id"], let name = field.target, let target = catalog[name] else {
                throw Refusal.unreadable("\(schema.label)没有指向其他对象的字段 \(link)")
            }
            guard lens(schema).reads(field), target.traits.isPublic, may("read", target) else {
                throw Refusal.forbidden("您没有查看\(target.label)的权限，不能按它筛选。")
            }
            _ = try readable(path.field, in: target)
            try demandOpen(target)
            return condition && within(actor.reach(target, "read").withoutPool, link: link)
        case .ids: return condition
        case .search(let text): return try searching(text, in: schema)
        case .exists(let entity, let field, let inner), .listed(let entity, let field, let inner):
            guard let other = catalog[entity], may("read", other) else { throw Refusal.forbidden("您没有查看相关记录的权限，不能按它筛选。") }
            let reach = actor.reach(other, "read").withoutPool
            let narrowed = try checked(inner, in: other, depth: depth + 1) && within(reach, link: nil) && held(other)
            if case .exists = condition { return .exists(entity: entity, field: field, narrowed) }
            return .listed(entity: entity, field: field, narrowed)
        }
    }

    func within(_ reach: Reach, link: String?) -> Condition {
        if reach.isEverything { return .everything }
        var parts: [Condition] = []
        let owners = reach.withoutPool.owners
        if !owners.isEmpty { parts.append(.compare(.init(link: link, "owner_id"), .in, owners.map(Value.int))) }
        if reach.hasPool { parts.append(.compare(.init(link: link, "owner_id"), .empty, [])) }
        if !reach.departments.isEmpty { parts.append(.compare(.init(link: link, "department_id"), .in, reach.departments.map(Value.int))) }
        if !reach.records.isEmpty { parts.append(.compare(.init(link: link, "id"), .in, reach.records.map(Value.int))) }
        return .any(parts)
    }

    /// The rows with their many-to-many links in place.
    public func linked(_ rows: [Row]) throws -> [Row] {
        guard let schema = rows.first?.schema else { return [] }
        var rows = rows
        for field in model.links[schema.name] ?? [] where right(schema, field) >= .read {
            let links = try reading.links(schema, field, of: rows.map(\.id))
            for index in rows.indices where rows[index][field].isNull { rows[index][field] = .list(links[rows[index].id] ?? []) }
        }
        return rows
    }

    func seen(_ rows: [Row]) throws -> [Row] {
        rows.map { shown(opened($0)) }
    }

    /// One row with its sealed fields readable and its many-to-many links in place.
    func whole(_ schema: Schema, id: Int64) throws -> Row? {
        guard var row = try reading.row(schema, id: id).map(opened) else { return nil }
        for field in model.links[schema.name] ?? [] where row[field].isNull {
            row[field] = .list(try reading.links(schema, field, of: [id])[id] ?? [])
        }
        return row
    }

    /// The row with its sealed fields readable. What cannot be opened stays sealed: it is neither empty nor to be filled in.
    func opened(_ row: Row) -> Row {
        guard let fields = model.sealed[row.schema.name] else { return row }
        var row = row
        for field in fields {
            if let text = row[field].text, let plain = secrets.open(text, field: "\(row.schema.name).\(field.name)") {
                row[field] = .text(plain)
            }
        }
        return row
    }

    /// A sealed field's text as it goes to disk.
    func sealed(_ text: String, _ field: FieldSpec, of schema: Schema) -> String {
        Secrets.isSealed(text) ? text : secrets.seal(text, field: "\(schema.name).\(field.name)")
    }

    func cursor(at row: Row, _ sort: [Query.Sort]) -> Query.Cursor {
        Query.Cursor(values: sort.map { row[$0.field] }, id: row.id)
    }
}

extension Summary.Measure {
    public var field: String? {
        switch self {
        case .count: nil
        case .sum(let name), .average(let name), .min(let name), .max(let name), .distinct(let name), .share(let name, _, _),
            .balance(let name, _, _):
            name
        case .days(let name, _), .hours(let name, _): name
        }
    }

    /// Every field it reads.
    public var fields: [String] {
        switch self {
        case .days(let from, let to), .hours(let from, let to): [from, to]
        default: [field].compactMap(\.self)
        }
    }
}
