import Records

extension GateTransaction {
    /// Live records by the values of some fields, at most two for each combination: one question for all of them. A blank is matched by a
    /// blank.
    func match(
        _ schema: Schema, _ fields: [FieldSpec], _ keys: Set<[Value]>, where condition: Condition = .everything, withLinks: Bool = false,
        within reach: Reach = .everything
    ) throws -> [[Value]: [Row]] {
        guard !keys.isEmpty, !fields.isEmpty else { return [:] }
        let lead = fields.firstIndex(where: \.traits.isUnique) ?? fields.firstIndex { $0.traits.isIndexed && !$0.traits.isTitle } ?? 0
        let led = keys.filter { !$0[lead].isNull }
        var found = try match(schema, fields, lead, led, condition, withLinks, reach)
        // Keys without the leading value are led by another.
        if led.count < keys.count {
            for key in keys where key[lead].isNull {
                guard let other = key.firstIndex(where: { !$0.isNull }) else { continue }
                found.merge(try match(schema, fields, other, [key], condition && .field(fields[lead].name, .empty), withLinks, reach)) {
                    first, _ in first
                }
            }
        }
        return found
    }

    private static let most = 20_000

    private func match(
        _ schema: Schema, _ fields: [FieldSpec], _ lead: Int, _ keys: Set<[Value]>, _ condition: Condition, _ withLinks: Bool,
        _ reach: Reach
    ) throws -> [[Value]: [Row]] {
        guard !keys.isEmpty else { return [:] }
        var query = Query(
            schema,
            where: .field(fields[lead].name, .in, .list(Set(keys.map { onDisk($0[lead], fields[lead], schema) }).map { $0 })) && condition,
            limit: Self.most)
        query.withLinks = withLinks
        query.scope = reach
        var rows = try reading.fetch(query)
        if rows.count == Self.most {
            // A leading value that thousands share: each key is asked for by itself.
            rows = try keys.flatMap { key in
                query.condition = zip(fields, key).reduce(condition) {
                    $0 && ($1.1.isNull ? .field($1.0.name, .empty) : .field($1.0.name, .eq, onDisk($1.1, $1.0, schema)))
                }
                query.limit = 2
                return try reading.fetch(query)
            }
        }
        var found: [[Value]: [Row]] = [:]
        for row in rows.map(opened) {
            let key = fields.map { row[$0] == .text("") ? .null : row[$0] }
            if keys.contains(key), found[key, default: []].count < 2 { found[key, default: []].append(row) }
        }
        return found
    }

    private func onDisk(_ value: Value, _ field: FieldSpec, _ schema: Schema) -> Value {
        guard field.traits.isSealed, let text = value.text else { return value }
        return .text(sealed(text, field, of: schema))
    }

    /// What a text names among the records of an entity.
    enum Named: Sendable {
        case one(Int64)
        case nothing
        case several
    }

    /// The records that texts name exactly, by title, code or another unique field, as far as the actor may see them; `#12` names number
    /// 12.
    func identify(_ schema: Schema, all texts: Set<String>) throws -> [String: Named] {
        let lens = lens(schema)
        let fields = (schema.fields.filter { $0.traits.isUnique && $0.kind.column == .text && $0 !== schema.title } + [schema.title]).filter
        { lens.reads($0) && $0.kind.column == .text }
        var named: [String: Named] = [:]
        for field in fields {
            // A number names its record even when it is also somebody's name.
            let open = texts.filter { named[$0] == nil }
            let reach = schema.isOwned ? actor.reach(schema, "read").withoutPool : .everything
            for (key, rows) in try match(schema, [field], Set(open.map { [Value.text($0)] }), within: reach) {
                guard let text = key[0].text, let first = rows.first else { continue }
                named[text] = rows.count == 1 ? .one(first.id) : .several
            }
        }
        let numbers = texts.filter { named[$0] == nil && $0.hasPrefix("#") }.compactMap { text in Int64(text.dropFirst()).map { (text, $0) }
        }
        for (text, id) in numbers {
            if let row = try get(schema, id: id), isOpen(schema) || may("read", row) { named[text] = .one(id) }
        }
        return named
    }
}

/// What an error says about a row.
enum ImportFault {
    /// Whether the row is to blame, and not the database or the program.
    static func isOfRow(_ error: any Error) -> Bool {
        switch error {
        case is Problem, is Problems, is TooEntangled, is Fault: true
        case StoreError.duplicate: true
        case Refusal.unavailable, Refusal.tooMany: false
        case is Refusal: true
        default: false
        }
    }

    static func problems(_ error: any Error, _ catalog: Catalog) -> [Problem] {
        switch error {
        case let problem as Problem: return [problem]
        case let problems as Problems: return problems.all
        case let store as StoreError:
            return (Gate.refusal(for: store, in: catalog) as? Problems)?.all ?? [Problem(code: "failed", Reason.text(error))]
        case Refusal.changedMeanwhile: return [Problem(code: "changed", "记录刚被他人修改，请重新导入这一行")]
        case let refusal as Refusal: return [Problem(code: "refused", refusal.reason)]
        default: return [Problem(code: "failed", Reason.text(error))]
        }
    }
}
