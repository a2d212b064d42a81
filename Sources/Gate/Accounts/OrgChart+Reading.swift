import Records

extension OrgChart {
    /// Reads the whole chart; deleted users and departments too, because the records they left behind are still in somebody's reach.
    static func read(_ reading: any Reading, _ catalog: Catalog, now: Instant) throws -> OrgChart {
        let mark = try Organisation.mark(reading, catalog, now: now)
        let userSchema = catalog.schema(User.self)
        var users: [Record<User>] = []
        try all(userSchema, reading) { users.append(Record($0)) }
        var carried: [Int64: [Int64]] = [:]
        if let field = userSchema["roles"] {
            for start in stride(from: 0, to: users.count, by: 1000) {
                let ids = users[start..<min(start + 1000, users.count)].map(\.row.id)
                carried.merge(try reading.linked(userSchema, field, of: ids)) { first, _ in first }
            }
        }
        var departments: [Department] = []
        try all(catalog.schema(Records.Department.self), reading) { row in
            let record = Record<Records.Department>(row)
            departments.append(Department(id: row.id, name: record.title, parentID: record.parent?.id, isDeleted: row.deletedAt != nil))
        }
        var roles: [Role] = []
        try all(catalog.schema(Records.Role.self), reading) { row in
            guard row.deletedAt == nil else { return }
            let record = Record<Records.Role>(row)
            roles.append(
                Role(
                    id: row.id, code: record.code, name: record.title, rights: Rights(RightsText(record)),
                    needsTOTP: record.needsTOTP ?? false))
        }
        let members = users.map { user in
            Member(
                id: user.row.id, name: user.title, username: user.username, departmentID: user.department?.id, managerID: user.manager?.id,
                roles: carried[user.row.id] ?? [], isActive: user.row.deletedAt == nil && user.status == .active
            )
        }
        return OrgChart(
            members: members, departments: departments, roles: roles, settings: try AccountSettings.read(reading, catalog, now: now),
            mark: mark)
    }

    private static func all(_ schema: Schema, _ reading: any Reading, _ body: (Row) -> Void) throws {
        var query = Query(schema, sort: [Query.Sort("id")])
        query.life = .both
        try reading.forEach(query) {
            body($0); return true
        }
    }
}

extension Organisation {
    /// A few numbers that differ after any change of users, departments, roles or the account settings, whichever instance made it.
    static func mark(_ reading: any Reading, _ catalog: Catalog, now: Instant) throws -> [Value] {
        // The day, because a setting may begin at midnight.
        var values: [Value] = [.int(Int64(now.day.number))]
        for schema in [catalog.schema(User.self), catalog.schema(Department.self), catalog.schema(Role.self)] {
            var query = Query(schema, limit: 1)
            query.life = .both
            values += try reading.summarize(Summary(query, measures: [.count, .sum("version"), .max("updated_at")])).first?.values ?? []
        }
        let parameters = Query(catalog.schema(ParameterValue.self), where: .field("name", .starts, "accounts."), limit: 1)
        values += try reading.summarize(Summary(parameters, measures: [.count, .max("id")])).first?.values ?? []
        return values
    }
}
