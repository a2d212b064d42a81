import Records

extension View {
    /// Records that are probably the same as what is being typed (A3): equal by the entity's duplicate rules, or with a name that the
    /// search index finds and that is alike to at least 0.85.
    ///
    /// - Returns: rows the actor may see as they may see them; of others only their owner is told, by ``Likeness/owner``.
    public func likeness(ofTyped input: [String: Plain], in schema: Schema, except id: Int64? = nil) throws -> [Likeness] {
        var row = schema.blank()
        for (name, plain) in input {
            // What is masked is not asked for by typing: the answer would say it.
            guard let field = schema[name], !field.traits.isReadOnly, lens(schema).reads(field),
                let value = try? field.kind.accept(plain)
            else { continue }
            row[field] = value
        }
        row.id = id ?? 0
        return try alike(row)
    }

    /// The records of its kind that are probably the same as this one.
    public func likeness(of row: Row) throws -> [Row] { try alike(row).compactMap(\.row).filter { $0.schema === row.schema } }

    /// A record that is probably the same.
    public struct Likeness: Sendable {
        /// Nil when the actor may not see it.
        public var row: Row?
        public var owner: Int64?
        public var message: String
        public var isExact: Bool
    }

    private func alike(_ row: Row) throws -> [Likeness] {
        let schema = row.schema
        var found: [Likeness] = [], known: Set<String> = ["\(schema.name)/\(row.id)"]
        func add(_ match: Row, _ message: String, exact: Bool, by rule: Duplicate? = nil) {
            guard known.insert("\(match.schema.name)/\(match.id)").inserted, match.deletedAt == nil else { return }
            let isBlind = rule.map { self.isBlind($0, match) } ?? false, isVisible = may("read", match) && !isBlind
            // A hint while one types is an answer, too.
            if rule != nil, !isVisible, memory.guesses.note(actor.userID, at: now) != nil { return }
            found.append(Likeness(row: isVisible ? shown(match) : nil, owner: match.ownerID, message: message, isExact: exact))
        }
        for rule in schema.rules.duplicates {
            let fields = rule.fields.compactMap { schema[$0] }
            guard !fields.isEmpty, !fields.contains(where: { row[$0].isNull || row[$0] == .text("") }),
                let there = catalog[rule.other ?? schema.name]
            else { continue }
            // Of another entity nothing is told by typing that the reader may not see there.
            let counterparts = rule.counterparts(in: there)
            guard rule.other == nil || counterparts.allSatisfy({ lens(there).reads($0) }) else { continue }
            let condition = zip(fields, counterparts).reduce(rule.condition) { condition, pair in
                let (field, counterpart) = pair
                let text = row[field].text
                let value =
                    field.traits.isSealed
                    ? text.map { Value.text(sealed($0, field, of: schema)) } ?? row[field] : row[field]
                return condition && .field(counterpart.name, .eq, value)
            }
            for match in try reading.fetch(Query(there, where: condition, limit: 6))
            where rule.other == nil || rule.counts(match, against: row) {
                add(opened(match), rule.message, exact: rule.isExact, by: rule)
            }
        }
        if !schema.rules.duplicates.isEmpty, let name = row[schema.title].text, name.count >= 2 {
            let ids = try reading.search(schema, name, within: .everything, preferring: actor.userID, limit: 20)
            for match in try reading.rows(schema, ids: ids).map(opened) {
                guard let other = match[schema.title].text, Likeness.similarity(name, other) >= 0.85 else { continue }
                add(match, "名称相近", exact: false)
            }
        }
        return Array(found.prefix(10))
    }
}

extension View {
    /// Whether the actor sees the record without what makes it the same: hidden or masked by a role, or because it lies in the pool. Its
    /// name beside a number that was typed would say whose number it is.
    func isBlind(_ rule: Duplicate, _ row: Row) -> Bool {
        let seen = shown(row)
        return rule.counterparts(in: row.schema).contains { seen[$0] != row[$0] }
    }
}

extension View.Likeness {
    /// 1 − edit distance / length of the longer text (Levenshtein, by character), for texts of up to 100 characters.
    static func similarity(_ a: String, _ b: String) -> Double {
        let a = Array(a.prefix(100)), b = Array(b.prefix(100))
        guard !a.isEmpty, !b.isEmpty else { return 0 }
        var line = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = line[0]
            line[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = line[j + 1]
                line[j + 1] = min(above + 1, line[j] + 1, diagonal + (x == y ? 0 : 1))
                diagonal = above
            }
        }
        return 1 - Double(line[b.count]) / Double(max(a.count, b.count))
    }
}
