import Records

extension GateTransaction {
    /// Lends one record to a person or a department, to read or to write, until a day.
    public func share(
        _ schema: Schema, id: Int64, withUser user: Int64? = nil, department: Int64? = nil, canWrite: Bool, until: Day?
    ) throws {
        try keyWrites(schema)
        let row = try reachable(schema, id: id, "update")
        try isNotOnlyLent(row)
        guard schema.isOwned else { throw Refusal.conflict("\(schema.label)不按负责人管理，无需共享。") }
        guard (user == nil) != (department == nil) else { throw Problems([Problem("user_id", code: "required", "请选择共享给哪位同事或哪个部门")]) }
        if let until, until < today { throw Problems([Problem("until", code: "invalid", "截止日不能早于今天")]) }
        if let user, try get(catalog.schema(User.self), id: user) == nil {
            throw Problems([Problem("user_id", code: "not_found", "该用户不存在")])
        }
        if let department, try get(catalog.schema(Department.self), id: department) == nil {
            throw Problems([Problem("department_id", code: "not_found", "该部门不存在")])
        }
        var share = Record<Share>()
        share.entity = schema.name
        share.recordID = Int(id)
        share.user = user.map { Ref($0) }
        share.department = department.map { Ref($0) }
        share.canWrite = canWrite
        share.until = until
        share.sharedBy = Int(actor.userID)
        share.sharedAt = now
        try unshare(share)
        try writing.insert(share.row)
        forgetActors()
        events.append(ChangeEvent(entity: Share.name, id: id, kind: .created, by: actor.userID))
        try record(
            "share", entity: schema.name, id: id, changes: Plain.object(["share": .list([.null, .text(shareText(share))])]).jsonText)
        if let user { try notify([user], of: .shared, "\(actor.name) 将\(schema.label)「\(row.title)」共享给您", about: row) }
    }

    /// Takes a share back.
    public func unshare(_ schema: Schema, id: Int64, shareID: Int64) throws {
        try isNotOnlyLent(try reachable(schema, id: id, "update"))
        guard let row = try reading.row(catalog.schema(Share.self), id: shareID), row["entity"] == .text(schema.name),
            row["record_id"] == .int(id)
        else {
            throw Refusal.notFound
        }
        try writing.erase(row.schema, ids: [shareID])
        events.append(ChangeEvent(entity: Share.name, id: id, kind: .deleted, by: actor.userID))
        try record(
            "unshare", entity: schema.name, id: id,
            changes: Plain.object(["share": .list([.text(shareText(Record(row))), .null])]).jsonText)
    }

    /// Who has a record on loan neither lends it to others nor prolongs the loan.
    private func isNotOnlyLent(_ row: Row) throws {
        try keyWrites(row.schema)
        guard !isOnlyLent(row) else {
            throw Refusal.forbidden("「\(shown(row).title)」是别人共享给您的，您不能再共享、延长或取消共享；请联系其负责人。")
        }
    }

    private func unshare(_ new: Record<Share>) throws {
        let same = new.row.schema
        let place =
            Condition.field("entity", .eq, .text(new.entity)) && .field("record_id", .eq, .int(Int64(new.recordID)))
            && \Share.user == new.user && \Share.department == new.department && \Share.purpose == nil
        try writing.erase(same, ids: reading.fetch(Query(same, where: place, limit: 50)).map(\.id))
    }

    private func shareText(_ share: Record<Share>) -> String {
        let whom = share.user.map { "user:\($0.id)" } ?? share.department.map { "department:\($0.id)" } ?? ""
        return "\(whom) \(share.canWrite ? "write" : "read")\(share.until.map { " until \($0.iso)" } ?? "")"
    }
}

extension View {
    /// With whom a record is shared.
    public func shares(of schema: Schema, id: Int64) throws -> [Record<Share>] {
        _ = try reachable(schema, id: id, "read")
        return try reading.fetch(
            Query(
                catalog.schema(Share.self), where: .field("entity", .eq, .text(schema.name)) && .field("record_id", .eq, .int(id)),
                limit: 200
            )
        ).map(Record<Share>.init)
    }
}
