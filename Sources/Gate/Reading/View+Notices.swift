import Records

extension View {
    public func question(_ text: String, about schema: Schema) throws -> Condition {
        guard let asked = Condition(jsonText: text) else { throw Refusal.conflict("\(schema.label)的筛选条件无法读取，请重新保存") }
        return asked
    }

    public func sees(_ row: Row) -> Bool { may("read", row) && isPresent(row) }

    public func name(of row: Row) -> String { sees(row) ? shown(row).title : "另一\(row.schema.label)" }

    /// What the entity's rules say somebody should know before dealing with this record.
    ///
    /// - Parameter row: the record as the actor sees it, so that no notice tells what is hidden.
    public func notices(of row: Row) throws -> [Notice] {
        let look = Onlooker(self)
        let notices = try waiting(row) + row.schema.rules.notices.compactMap { try $0(row, look) }
        return try notices.map { notice in
            // What it leads to is offered to whoever may open it.
            guard let schema = notice.entity.flatMap({ catalog[$0] }), let id = notice.recordID, try records(schema, ids: [id]).isEmpty
            else { return notice }
            var notice = notice
            (notice.entity, notice.recordID) = (nil, nil)
            return notice
        }
    }

    /// What helps in the work on this record, from entities that the actor may read.
    public func aids(of row: Row) throws -> [Aid] {
        guard !row.schema.rules.aids.isEmpty else { return [] }
        let look = Onlooker(self)
        return try row.schema.rules.aids.flatMap { try $0(row, look) }.filter { aid in catalog[aid.entity].map { may("read", $0) } ?? false
        }
    }

    /// The figures that follow from this record, for whoever may read all the rows they are counted from.
    public func findings(of row: Row) throws -> [Finding] {
        try row.schema.rules.findings.flatMap { try $0(row, onlooker) }.filter { finding in
            (finding.entity ?? finding.source).flatMap { catalog[$0] }.map { actor.rights.scope($0.name, "read") == .all } ?? true
        }
    }

    /// What of this record waits for approval.
    private func waiting(_ row: Row) throws -> [Notice] {
        guard row.schema.traits.nature != .log, row.schema.name != ApprovalRequest.name else { return [] }
        let open = \ApprovalRequest.openKey == "\(row.schema.name)/\(row.id)"
        guard let found = try reading.fetch(Query(catalog.schema(ApprovalRequest.self), where: open, limit: 1)).first,
            let whole = try whole(found.schema, id: found.id)
        else { return [] }
        let request = Record<ApprovalRequest>(whole)
        let names = try titles(catalog.schema(User.self), ids: request.approvers.ids)
        let who = request.approvers.ids.compactMap { names[$0] }.joined(separator: "、")
        return [
            Notice(
                .neutral, "审批中：\(request.title ?? "")，步骤「\(request.stepName ?? "")」等待 \(who)", "Waiting for approval by \(who)",
                entity: may("read", whole) ? ApprovalRequest.name : nil, id: request.row.id)
        ]
    }

    /// The company's holidays and working hours, which everybody may know.
    public func workCalendar() throws -> WorkCalendar { try WorkCalendar.load(Onlooker(self)) }

    /// What a capability's rules look at.
    var onlooker: any Looking { (self as? any Looking) ?? Onlooker(self) }

    /// Reading for rules: beyond the actor's reach, therefore never handed to a page.
    private final class Onlooker: Looking {
        private let view: View
        init(_ view: View) { self.view = view }

        var actor: Actor { view.actor }
        var now: Instant { view.now }
        var catalog: Catalog { view.catalog }

        func get(_ schema: Schema, id: Int64) throws -> Row? { try view.whole(schema, id: id).flatMap { $0.deletedAt == nil ? $0 : nil } }
        func fetch(_ query: Query) throws -> [Row] { try view.reading.fetch(catalog.present(query)).map(view.opened) }
        func count(_ query: Query, cap: Int) throws -> Int { try view.reading.count(catalog.present(query), cap: cap) }
        func summarize(_ summary: Summary) throws -> [Summary.Line] {
            _ = try catalog.present(summary.query)
            return try view.reading.summarize(summary)
        }
        func sees(_ row: Row) -> Bool { view.sees(row) }
        func name(of row: Row) -> String { view.name(of: row) }
        func question(_ text: String, about schema: Schema) throws -> Condition { try view.question(text, about: schema) }
        func value(of parameter: Parameter, on day: Day?) throws -> Value { try view.value(of: parameter, on: day) }
    }
}
