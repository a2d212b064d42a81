import Records

/// Something that only shows when rows are written one by one; whoever writes many tries again with fewer.
struct TooEntangled: Error {}

extension GateTransaction {
    /// Inserts many new records of one entity: what ``save(_:over:)`` does for one, each step for all of them, so that the database is
    /// asked a few times a batch and not a few times a record. A record that may not be saved leaves its reason in its place and nothing in
    /// the database.
    ///
    /// - Parameter absent: Fields by whose values these records have just been looked for in vain.
    /// - Throws: ``TooEntangled`` and what the store refuses, when the reason cannot be pinned on one record; call it inside
    /// ``attempt(_:)``.
    func insertAll(_ wanted: [Row], absent: [FieldSpec] = []) throws -> [Result<Row, any Error>] {
        guard let schema = wanted.first?.schema else { return [] }
        guard depth < 8 else { throw Refusal.conflict("业务规则互相触发过多次，已停止。请联系系统管理员检查规则。") }
        depth += 1
        defer { depth -= 1 }
        var rows = wanted
        var faults: [Int: any Error] = [:]
        let change = Change(old: nil, source: source)
        for index in rows.indices {
            try collect(&faults, index) {
                if !isRule { try refuseSettled(rows[index], over: nil) }
                try refuseState(of: rows[index], over: nil)
                try prepare(&rows[index], change)
            }
        }
        // What rules have changed has not been looked for.
        let given = rows, absent = absent.filter { field in rows.indices.allSatisfy { rows[$0][field] == wanted[$0][field] } }
        try numberAll(&rows, except: faults)
        for index in rows.indices where faults[index] == nil { try collect(&faults, index) { try validate(rows[index], over: nil) } }
        try refuseTwins(rows, given, absent, &faults)
        for index in rows.indices { stampNew(&rows[index]) }
        let fine = rows.indices.filter { faults[$0] == nil }
        let ids = try writing.insert(fine.map { sealed(rows[$0]) })
        for (index, id) in zip(fine, ids) {
            rows[index].id = id
            try audit("create", rows[index], over: nil, slots: [])
            changed(rows[index], over: nil, .created)
        }
        if !schema.rules.afterSave.isEmpty {
            for index in fine { for rule in schema.rules.afterSave { try rule(rows[index], change, self) } }
        }
        for index in fine {
            try settleLoans(rows[index], over: nil)
            try askAfterwards(rows[index])
        }
        return rows.indices.map { index in faults[index].map(Result.failure) ?? .success(rows[index]) }
    }

    /// Runs `body` so that an error inside it takes back its writes, and what this transaction remembers of them. The error goes on to the
    /// caller; ``View/attempt(_:)`` is for what is only read, and keeps it.
    func takingBack<T>(_ body: () throws -> T) throws -> T {
        let known = (events.count, stale, waitingAudit, vouched, depth), asked = cues.count, settled = settledEvents.count
        do {
            return try writing.attempt(body)
        } catch {
            events.removeSubrange(known.0...)
            cues.removeSubrange(asked...)
            settledEvents.removeSubrange(settled...)
            (stale, waitingAudit, vouched, depth) = (known.1, known.2, known.3, known.4)
            throw error
        }
    }

    /// Keeps what is wrong with one record, if it is the record's and nothing was written for it.
    private func collect(_ faults: inout [Int: any Error], _ index: Int, _ body: () throws -> Void) throws {
        let written = events.count
        do {
            try body()
        } catch {
            guard ImportFault.isOfRow(error) else { throw error }
            guard events.count == written else { throw TooEntangled() }
            faults[index] = error
        }
    }

    /// A stretch of numbers at once.
    private func numberAll(_ rows: inout [Row], except faults: [Int: any Error]) throws {
        guard let schema = rows.first?.schema else { return }
        for field in schema.fields {
            guard let kind = field.kind.numbering else { continue }
            let blank = rows.indices.filter { faults[$0] == nil && rows[$0][field].isNull }
            guard !blank.isEmpty else { continue }
            let first = try writing.number("\(schema.name).\(field.name).\(kind.sequence(on: today))", by: Int64(blank.count))
            for (offset, index) in blank.enumerated() { rows[index][field] = .text(kind.format(next: first + Int64(offset), on: today)) }
        }
    }

    /// Refuses records that are the same as one in the database or as an earlier one of these, by unique fields and by the entity's rules.
    private func refuseTwins(_ rows: [Row], _ given: [Row], _ absent: [FieldSpec], _ faults: inout [Int: any Error]) throws {
        guard let schema = rows.first?.schema else { return }
        func isAbsent(_ fields: [FieldSpec]) -> Bool {
            fields.count == absent.count && fields.allSatisfy { field in absent.contains { $0 === field } }
        }
        for field in schema.fields where field.traits.isUnique && field.isColumn && !isAbsent([field]) {
            // A number just given is nobody's yet.
            try refuseTwins(field.kind.numbering != nil ? given : rows, [field], .everything, &faults) { twin in
                Problem(field.name, code: "duplicate", "\(field.label)「\(field.kind.show(twin[field], in: .chinese))」已存在，请改用其他值或按它匹配更新")
            }
        }
        for rule in schema.rules.duplicates where rule.isExact {
            let fields = rule.fields.compactMap { schema[$0] }
            guard fields.count == rule.fields.count, !isAbsent(fields) else { continue }
            try refuseTwins(rows, fields, rule.condition, &faults) { twin in
                let who = isBlind(rule, twin) ? "" : may("read", twin) ? "「\(shown(twin).title)」" : "（属于其他同事）"
                return Problem(fields.first?.name, code: "duplicate", "\(rule.message)的记录已存在\(who)")
            }
        }
        guard !ignoresWarnings else { return }
        for index in rows.indices where faults[index] == nil {
            try collect(&faults, index) { try refuseDuplicates(of: rows[index], over: nil) }
        }
    }

    private func refuseTwins(
        _ rows: [Row], _ fields: [FieldSpec], _ condition: Condition, _ faults: inout [Int: any Error], problem: (Row) throws -> Problem
    ) throws {
        var places: [[Value]: Int] = [:]
        for index in rows.indices where faults[index] == nil {
            let key = fields.map { rows[index][$0] }
            guard !key.contains(where: { $0.isNull || $0 == .text("") }) else { continue }
            // Whether the first of the two meets the rule's condition, the database knows once it is there.
            if places.updateValue(index, forKey: key) != nil { throw TooEntangled() }
        }
        let found = try match(rows[0].schema, fields, Set(places.keys), where: condition)
        for (key, twins) in found {
            if let index = places[key], let twin = twins.first { faults[index] = Problems([try problem(twin)]) }
        }
    }
}
