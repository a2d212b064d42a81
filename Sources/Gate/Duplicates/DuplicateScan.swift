import Records

/// Looks through all records of an entity for those that its rules call the same (A3). Each rule is one walk over the records in the order
/// of its fields, so that equal ones are neighbours: memory stays flat however many there are.
public enum DuplicateScan {
    public static let job = "duplicates.scan"
    static let chunk = 200
    /// Of so many records that are all the same, each is compared with the oldest.
    static let groupLimit = 50
    /// More pairs of one rule than anybody would look at are not kept.
    static let pairLimit = 20_000

    struct Found: Hashable, Sendable {
        let first: Int64, second: Int64
    }

    /// Starts a scan of one entity and returns its job.
    public static func start(_ entity: String, as actor: Actor, in gate: Gate) async throws -> Int64 {
        try await gate.write(as: actor) { tx in
            let schema = try tx.schema(named: entity)
            guard tx.may("merge", schema) else { throw Refusal.forbidden("您没有合并\(schema.label)的权限，不能查重。") }
            return try tx.enqueueScan(schema)
        }
    }

    /// Every night for every entity that knows what makes two records the same.
    public static let nightly = Job("duplicates.nightly", "每日查重", schedule: .daily(hour: 2, minute: 20)) { _, tx in
        let tx = try tx.gate
        for schema in tx.catalog.schemas where schema.rules.duplicates.contains(where: { $0.other == nil }) {
            _ = try tx.enqueueScan(schema)
        }
    }

    /// The handler of `duplicates.scan` jobs.
    public static let run: JobHandler = { context in
        guard let name = context.payload["entity"]?.text, let schema = context.gate.catalog[name] else {
            throw JobFailure.permanent("查重任务的内容无法识别")
        }
        let rules = schema.rules.duplicates.filter { $0.other == nil }, started = context.gate.clock.now()
        var found = 0
        for (index, rule) in rules.enumerated() {
            try context.checkCancellation()
            let pairs = try await context.gate.store.read { reading throws -> [Found] in try DuplicateScan.alike(schema, by: rule, reading)
            }
            for some in stride(from: 0, to: pairs.count, by: chunk).map({ Array(pairs[$0..<min($0 + chunk, pairs.count)]) }) {
                try context.checkCancellation()
                found += try await context.write { tx in JobStep(try tx.keep(some, of: schema, found: rule, at: started)) }
            }
            try await context.progress(index + 1, of: rules.count)
        }
        try await context.write { tx in JobStep(try tx.forgetPairs(of: schema, notSeenSince: started)) }
        return ["found": .int(Int64(found))]
    }

    private static func alike(_ schema: Schema, by rule: Duplicate, _ reading: any Reading) throws -> [Found] {
        let fields = rule.fields.compactMap { schema[$0] }
        guard !fields.isEmpty, fields.count == rule.fields.count else { return [] }
        let isFilled = fields.reduce(rule.condition) { $0 && .not(.field($1.name, .empty)) }
        let query = Query(schema, where: isFilled, sort: fields.map { Query.Sort($0.name) } + [Query.Sort("id")])
        var pairs: [Found] = []
        var oldest: (id: Int64, values: [Value])?
        var size = 1
        try reading.forEach(query) { row in
            let values = fields.map { row[$0] }
            if let group = oldest, group.values == values {
                size += 1
                if size <= groupLimit { pairs.append(Found(first: group.id, second: row.id)) }
            } else {
                oldest = (row.id, values)
                size = 1
            }
            return pairs.count < pairLimit
        }
        return pairs
    }
}

extension GateTransaction {
    func enqueueScan(_ schema: Schema) throws -> Int64 {
        try enqueue(
            DuplicateScan.job, label: "查重：\(schema.label)", ["entity": .text(schema.name)], key: "\(DuplicateScan.job):\(schema.name)",
            total: schema.rules.duplicates.count { $0.other == nil })
    }

    /// Writes down what a scan found; what was called different before stays so. Returns how many are open.
    func keep(_ pairs: [DuplicateScan.Found], of schema: Schema, found rule: Duplicate, at: Instant) throws -> Int {
        let table = catalog.schema(DuplicatePair.self)
        let mine = \DuplicatePair.entity == schema.name && .compare(.init("first_id"), .in, pairs.map { .int($0.first) })
        let known = try reading.fetch(Query(table, where: mine, limit: 100_000)).map(Record<DuplicatePair>.init)
        let decided = Dictionary(
            known.map { (DuplicateScan.Found(first: Int64($0.first), second: Int64($0.second)), $0) },
            uniquingKeysWith: { first, _ in first })
        var open = 0
        for pair in pairs {
            guard let old = decided[pair] else {
                var new = Record<DuplicatePair>()
                new.entity = schema.name
                new.first = Int(pair.first)
                new.second = Int(pair.second)
                new.message = rule.message
                new.isExact = rule.isExact
                new.status = .open
                new.foundAt = at
                new.seenAt = at
                try writing.insert(new.row)
                open += 1
                continue
            }
            // The first rule that finds a pair in a scan says why.
            var values = ["seen_at": at.stored]
            if old.seenAt < at { values.merge(["message": .text(rule.message), "is_exact": rule.isExact ? 1 : 0]) { $1 } }
            _ = try writing.set(table, values, where: .ids([old.id.id]))
            if old.status == .open, old.seenAt < at { open += 1 }
        }
        return open
    }

    /// Open pairs that a scan no longer found: changed, merged or deleted since.
    func forgetPairs(of schema: Schema, notSeenSince start: Instant) throws {
        let table = catalog.schema(DuplicatePair.self)
        let gone = \DuplicatePair.entity == schema.name && \DuplicatePair.status == .open && \DuplicatePair.seenAt < start
        while true {
            let ids = try reading.fetch(Query(table, where: gone, limit: 1000)).map(\.id)
            try writing.erase(table, ids: ids)
            if ids.count < 1000 { return }
        }
    }

    /// Two records that a scan found alike are not the same: it does not name them again.
    public func callDifferent(_ schema: Schema, pair id: Int64) throws {
        guard let row = try reading.row(catalog.schema(DuplicatePair.self), id: id), row["entity"] == .text(schema.name) else {
            throw Refusal.notFound
        }
        let pair = Record<DuplicatePair>(row)
        let first = try reachable(schema, id: Int64(pair.first), "merge")
        let second = try reachable(schema, id: Int64(pair.second), "merge")
        guard pair.status == .open else { return }
        _ = try writing.set(
            row.schema, ["status": .text(DuplicatePair.Status.different.rawValue), "decided_by": .int(actor.userID)], where: .ids([id]))
        try record("not_duplicate", entity: schema.name, id: first.id, reason: "与「\(second.title)」不是重复")
    }
}

extension View {
    /// Two records that are probably the same, as the actor sees them.
    public struct Alike: Sendable {
        public let id: Int64
        public let first: Row, second: Row
        public let message: String
        public let isExact: Bool
    }

    /// What the last scan found and nobody has decided yet, as far as the actor may see and merge both records; `next` goes on.
    public func duplicatePairs(of schema: Schema, after: Int64 = 0, limit: Int = 50) throws -> (pairs: [Alike], next: Int64?) {
        guard may("merge", schema) else { throw Refusal.forbidden("您没有合并\(schema.label)的权限，请联系系统管理员。") }
        let open = \DuplicatePair.entity == schema.name && \DuplicatePair.status == .open
        var found: [Alike] = [], place = after
        for _ in 0..<20 {
            let step = try reading.fetch(
                Query(
                    catalog.schema(DuplicatePair.self), where: open && .field("id", .gt, .int(place)), sort: [Query.Sort("id")], limit: 200
                )
            ).map(Record<DuplicatePair>.init)
            let ids = Set(step.flatMap { [Int64($0.first), Int64($0.second)] })
            let rows = try Dictionary(records(schema, ids: ids.sorted()).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            for pair in step {
                place = pair.id.id
                guard let first = rows[Int64(pair.first)], let second = rows[Int64(pair.second)], may("merge", first), may("merge", second)
                else { continue }
                found.append(Alike(id: place, first: first, second: second, message: pair.message, isExact: pair.isExact))
                if found.count == limit { return (found, place) }
            }
            if step.count < 200 { return (found, nil) }
        }
        return (found, place)
    }
}
