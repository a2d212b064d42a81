import Records

extension View {
    /// A user's record for the user's own eyes (profile, greeting), whatever the rights on users are.
    public func userRow(_ id: Int64) throws -> Row? {
        guard id == actor.userID || actor.rights.isAdmin else { return nil }
        return try reading.row(catalog.schema(User.self), id: id)
    }

    /// The company's name: that of the topmost department of its kind.
    public func companyName() -> String {
        let query = Query(catalog.schema(Department.self), where: \Department.kindOf == .company, sort: [Query.Sort("id")], limit: 1)
        return (try? reading.fetch(query))?.first.map(Record<Department>.init)?.title ?? ""
    }

    /// What the actor opened last, newest first.
    public func recent(limit: Int) throws -> [Row] {
        let visits = try reading.fetch(
            Query(
                catalog.schema(Visit.self), where: \Visit.user == Ref(actor.userID), sort: [Query.Sort("at", descending: true)],
                limit: limit * 2
            )
        ).map(Record<Visit>.init)
        var seen: Set<String> = [], rows: [Row] = []
        for visit in visits where rows.count < limit && seen.insert("\(visit.entity)/\(visit.recordID)").inserted {
            guard let schema = catalog[visit.entity], let row = try records(schema, ids: [Int64(visit.recordID)]).first else { continue }
            rows.append(row)
        }
        return rows
    }

    /// Whether this is the record the actor opened last.
    public func isLastVisit(_ row: Row) throws -> Bool {
        let newest = Query(
            catalog.schema(Visit.self), where: \Visit.user == Ref(actor.userID), sort: [Query.Sort("at", descending: true)], limit: 1)
        guard let visit = try reading.fetch(newest).first.map(Record<Visit>.init) else { return false }
        return visit.entity == row.schema.name && Int64(visit.recordID) == row.id
    }
}

extension GateTransaction {
    /// Notes that the actor opened a record; one line a record.
    public func noteVisit(_ row: Row) throws {
        let schema = catalog.schema(Visit.self)
        let same = \Visit.user == Ref(actor.userID) && \Visit.entity == row.schema.name && \Visit.recordID == Int(row.id)
        if try writing.set(schema, ["at": now.stored], where: same) > 0 { return }
        var visit = Record<Visit>()
        visit.user = Ref(actor.userID)
        visit.entity = row.schema.name
        visit.recordID = Int(row.id)
        visit.at = now
        try writing.insert(visit.row)
    }
}
