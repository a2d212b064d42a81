import Records

/// What an API key may change. The rights of its user are one thing; its scopes narrow them, also where an action asks for a right to read
/// only.
extension GateTransaction {
    /// Runs an action: what it changes itself, in whatever entity, needs the key's scope. What rules do in consequence does not.
    func asAction<T>(_ body: () throws -> T) rethrows -> T {
        let before = isActing
        isActing = true
        defer { isActing = before }
        return try body()
    }

    /// Refuses a change that the API key has no scope for; people have none to look at.
    func keyWrites(_ schema: Schema) throws {
        guard actor.rights.unwritable.contains(schema.name), depth == 0, !isRule || isActing else { return }
        throw Refusal.forbidden("这个 API 令牌的范围不能修改\(schema.label)，需要 \(schema.name):write 范围。")
    }
}

/// The database as an API key sees it that may only read: whichever way a change comes, it stops here. What is noted about the reading
/// itself (the audit log, the job of an export) is written.
struct ReadOnlyWriting: Writing {
    let base: any Writing

    private static let noted: Set<String> = [AuditEntry.name, JobRow.name, IdempotencyKey.name]

    private func demand(_ schema: Schema) throws {
        guard Self.noted.contains(schema.name) else { throw Refusal.forbidden("这个 API 令牌只能读取，需要 write 范围才能修改\(schema.label)。") }
    }

    func insert(_ row: Row) throws -> Int64 {
        try demand(row.schema)
        return try base.insert(row)
    }
    func insert(_ rows: [Row]) throws -> [Int64] {
        for row in rows.prefix(1) { try demand(row.schema) }
        return try base.insert(rows)
    }
    func update(_ row: Row, slots: [Int]?, ifVersion version: Int64?, from old: Row?) throws -> Bool {
        try demand(row.schema)
        return try base.update(row, slots: slots, ifVersion: version, from: old)
    }
    func erase(_ schema: Schema, ids: [Int64]) throws {
        try demand(schema)
        try base.erase(schema, ids: ids)
    }
    func set(_ schema: Schema, _ values: [String: Value], where condition: Condition) throws -> Int {
        try demand(schema)
        return try base.set(schema, values, where: condition)
    }
    func claim(_ query: Query, setting values: [String: Value]) throws -> [Row] {
        try demand(query.schema)
        return try base.claim(query, setting: values)
    }

    var changedForOthers: Set<String> { base.changedForOthers }
    func last(_ sequence: String) throws -> Int64 { try base.last(sequence) }
    func next(_ sequence: String, by step: Int64) throws -> Int64 { try base.next(sequence, by: step) }
    func number(_ sequence: String, by step: Int64) throws -> Int64 { try base.number(sequence, by: step) }
    func attempt<T>(_ body: () throws -> T) throws -> T { try base.attempt(body) }
    func afterCommit(_ body: @escaping @Sendable () -> Void) { base.afterCommit(body) }

    func fetch(_ query: Query) throws -> [Row] { try base.fetch(query) }
    func row(_ schema: Schema, id: Int64) throws -> Row? { try base.row(schema, id: id) }
    func rows(_ schema: Schema, ids: [Int64]) throws -> [Row] { try base.rows(schema, ids: ids) }
    func count(_ query: Query, cap: Int) throws -> Int { try base.count(query, cap: cap) }
    func forEach(_ query: Query, _ body: (Row) throws -> Bool) throws { try base.forEach(query, body) }
    func summarize(_ summary: Summary) throws -> [Summary.Line] { try base.summarize(summary) }
    func search(_ schema: Schema, _ text: String, within reach: Reach, preferring owner: Int64?, limit: Int) throws -> [Int64] {
        try base.search(schema, text, within: reach, preferring: owner, limit: limit)
    }
    func finds(_ text: String, in row: Row, fields: [FieldSpec]) -> Bool { base.finds(text, in: row, fields: fields) }
    func links(_ schema: Schema, _ field: FieldSpec, of ids: [Int64]) throws -> [Int64: [Value]] {
        try base.links(schema, field, of: ids)
    }
    func verifyRows(limit: Int) throws -> RowVerdict { try base.verifyRows(limit: limit) }
}
