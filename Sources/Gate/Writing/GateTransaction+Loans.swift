import Records

/// Who is given work can do it: what an entity declares as ``Loan`` is lent while the work is open.
extension GateTransaction {
    /// A share that open work asks for.
    private struct Lending: Hashable {
        var entity: String
        var record: Int64
        var user: Int64
        var canWrite: Bool
    }

    /// Lends what this work asks for now, and ends what it asked for before and nothing else asks for.
    func settleLoans(_ row: Row?, over old: Row?) throws {
        guard let schema = (row ?? old)?.schema, !schema.traits.loans.isEmpty else { return }
        let before = old.map(lendings) ?? [], after = row.map(lendings) ?? []
        for lending in before.subtracting(after) { try end(lending) }
        for lending in after.subtracting(before) { try begin(lending, "\(schema.label)「\(row?.title ?? "")」") }
    }

    private func lendings(_ row: Row) -> Set<Lending> {
        let schema = row.schema
        guard row.deletedAt == nil, schema.state.map({ schema.traits.openStates.contains(row[$0].text ?? "") }) ?? true else { return [] }
        return Set(
            schema.traits.loans.compactMap { loan in
                guard let user = schema[loan.to].flatMap({ row[$0].int }), user != 0 else { return nil }
                guard let link = loan.link else { return Lending(entity: schema.name, record: row.id, user: user, canWrite: loan.canWrite) }
                guard let field = schema[link], let target = field.target, let id = row[field].int else { return nil }
                return Lending(entity: target, record: id, user: user, canWrite: loan.canWrite)
            })
    }

    /// Work that was open before there were loans, or whose customer has changed hands since, is settled in the night.
    func lendForOpenWork(_ schema: Schema, after last: Int64, limit: Int) throws -> Int64? {
        guard let state = schema.state else { return nil }
        let open = Condition.field(state.name, .in, .list(schema.traits.openStates.map(Value.text))) && .field("id", .gt, .int(last))
        let rows = try reading.fetch(Query(schema, where: open, sort: [Query.Sort("id")], limit: limit))
        for row in rows { for lending in lendings(row) { try begin(lending, "\(schema.label)「\(row.title)」") } }
        return rows.count == limit ? rows.last?.id : nil
    }

    private func begin(_ lending: Lending, _ why: String) throws {
        guard let schema = catalog[lending.entity], schema.isOwned, let target = try reading.row(schema, id: lending.record),
            target.ownerID != lending.user, try shares(for: lending).isEmpty
        else { return }
        var share = Record<Share>()
        (share.entity, share.recordID, share.user) = (lending.entity, Int(lending.record), Ref(lending.user))
        (share.canWrite, share.sharedAt, share.purpose) = (lending.canWrite, now, Share.work)
        try writing.insert(share.row)
        try note("share", lending, why)
    }

    private func end(_ lending: Lending) throws {
        guard try !isStillAsked(lending) else { return }
        let present = try shares(for: lending)
        guard !present.isEmpty else { return }
        try writing.erase(catalog.schema(Share.self), ids: present.map(\.id))
        try note("unshare", lending, "工作已结束或已转交")
    }

    private func note(_ action: String, _ lending: Lending, _ why: String) throws {
        forgetActors()
        let kind: ChangeEvent.Kind = action == "share" ? .created : .deleted
        events.append(ChangeEvent(entity: Share.name, id: lending.record, kind: kind, by: actor.userID))
        let text = Plain.text("user:\(lending.user) \(lending.canWrite ? "write" : "read")")
        let pair: [Plain] = action == "share" ? [.null, text] : [text, .null]
        try record(
            action, entity: lending.entity, id: lending.record, changes: Plain.object(["share": .list(pair)]).jsonText, reason: why)
    }

    private func shares(for lending: Lending) throws -> [Row] {
        let same =
            \Share.entity == lending.entity && \Share.recordID == Int(lending.record) && \Share.user == Ref(lending.user)
            && \Share.purpose == Share.work && \Share.canWrite == lending.canWrite
        return try reading.fetch(Query(catalog.schema(Share.self), where: same, limit: 10))
    }

    /// Whether other open work of the same person asks for the same.
    private func isStillAsked(_ lending: Lending) throws -> Bool {
        for schema in catalog.schemas {
            for loan in schema.traits.loans where loan.canWrite == lending.canWrite {
                guard loan.link.map({ schema[$0]?.target == lending.entity }) ?? (schema.name == lending.entity), let state = schema.state
                else { continue }
                let what = loan.link.map { Condition.field($0, .eq, .int(lending.record)) } ?? .ids([lending.record])
                let open = Condition.field(state.name, .in, .list(schema.traits.openStates.map(Value.text)))
                if try reading.count(Query(schema, where: what && .field(loan.to, .eq, .int(lending.user)) && open), cap: 1) > 0 {
                    return true
                }
            }
        }
        return false
    }
}

/// What open work lends, looked after every night.
enum LoanJobs {
    private static let daily = "work.loans", batch = 500

    static let all = [
        Job(daily, "工作所需的共享", english: "Shares for open work", schedule: .daily(hour: 3, minute: 20)) { payload, tx in
            let tx = try tx.gate
            let entities = tx.catalog.schemas.filter { !$0.traits.loans.isEmpty }.map(\.name)
            guard let name = payload["entity"]?.text ?? entities.first, let schema = tx.catalog[name] else { return }
            if let last = try tx.lendForOpenWork(schema, after: payload["after"]?.int ?? 0, limit: batch) {
                try tx.enqueue(daily, ["entity": .text(name), "after": .int(last)], key: nil, after: 0)
            } else if let place = entities.firstIndex(of: name), place + 1 < entities.count {
                try tx.enqueue(daily, ["entity": .text(entities[place + 1])], key: nil, after: 0)
            }
        }
    ]
}
