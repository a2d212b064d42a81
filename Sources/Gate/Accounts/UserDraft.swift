import Records

/// What somebody sent for a user, with the password already checked and hashed, so that the transaction has nothing slow to do.
struct UserDraft: Sendable {
    /// What goes to the record; roles may still be codes.
    var fields: [String: Plain]
    var password: String?
    var mustChange: Bool?
    var problems: [Problem] = []

    init(_ input: [String: Plain], isNew: Bool, _ accounts: Accounts, context: [String] = []) async throws {
        fields = input
        let password = fields.removeValue(forKey: "password"), mustChange = fields.removeValue(forKey: "must_change_password")
        switch mustChange {
        case nil, .null: break
        case .bool(let flag): self.mustChange = flag
        case .some(let other): problems.append(Problem("must_change_password", code: "wrong_type", "应为 true 或 false，收到的是\(other.typeName)"))
        }
        switch password {
        case nil, .null: break
        case .text(let text):
            let names = ["username", "name", "mobile", "email"].compactMap { input[$0]?.text }
            let faults = try await accounts.faults(in: text, context: names + context)
            problems += faults
            if faults.isEmpty { self.password = try await accounts.desk.hash(text) }
        case .some(let other): problems.append(Problem("password", code: "wrong_type", "应为文字，收到的是\(other.typeName)"))
        }
    }
}

extension GateTransaction {
    /// Makes a user from a draft: every wrong field at once.
    func createUser(_ draft: UserDraft) throws -> Row {
        let schema = catalog.schema(User.self)
        guard may("create", schema) else { throw Refusal.forbidden("您没有新建用户的权限，请联系系统管理员。") }
        var row = schema.blank(), problems = draft.problems
        try take(draft.fields, into: &row, isNew: true, &problems)
        for field in ["username", "name"] where row[field].isNull && !problems.contains(where: { $0.field == field }) {
            problems.append(Problem(field, code: "required", "请填写「\(schema[field]?.label ?? field)」"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        let saved = try asRequest {
            try govern(&row, over: nil)
            return try save(row, over: nil)
        }
        if let password = draft.password { try setPassword(password, of: saved.id, mustChange: draft.mustChange ?? false) }
        return try withRoles(saved)
    }

    /// Changes a user. A password in it is a reset by an administrator: it ends the user's sessions.
    func updateUser(_ id: Int64, _ draft: UserDraft, ifVersion version: Int64?) throws -> Row {
        let schema = catalog.schema(User.self)
        let old = try withRoles(reachable(schema, id: id, "update"))
        if let version, version != old.version { throw Refusal.changedMeanwhile(current: lens(schema).seen(old)) }
        var row = old, problems = draft.problems
        if draft.password != nil, id == actor.userID { problems.append(Problem("password", code: "not_allowed", "修改自己的密码请到“个人设置”，并输入当前密码")) }
        try take(draft.fields, into: &row, isNew: false, &problems)
        guard problems.isEmpty else { throw Problems(problems) }
        let saved = try asRequest {
            try govern(&row, over: old)
            let saved = try save(row, over: old)
            if draft.password != nil || draft.mustChange != nil { try mayManage(id) }
            return saved
        }
        if let password = draft.password {
            try setPassword(password, of: id, mustChange: draft.mustChange ?? true)
            try endSessions(of: id, except: nil)
            try record("password_reset", entity: User.name, id: id)
        } else if let mustChange = draft.mustChange {
            try setCredential(of: id) { $0.mustChange = mustChange }
        }
        return try withRoles(saved)
    }

    func setPassword(_ hash: String, of user: Int64, mustChange: Bool) throws {
        try setCredential(of: user) {
            $0.password = hash
            $0.mustChange = mustChange
            $0.changedAt = now
        }
    }

    /// The user with its roles in their slot: a row is read without its links.
    func withRoles(_ row: Row) throws -> Row {
        var row = row
        let roles = try carried(by: row.id)
        row["roles"] = roles.isEmpty ? .null : .list(roles.map(Value.int))
        return row
    }

    /// Role codes and department codes or names as numbers.
    private func resolved(_ input: [String: Plain], _ problems: inout [Problem]) throws -> [String: Plain] {
        var input = input
        if let roles = input["roles"]?.list {
            var ids: [Plain] = []
            for role in roles {
                guard let code = role.text else { ids.append(role); continue }
                let found = try reading.fetch(Query(catalog.schema(Role.self), where: \Role.code == code.trimmed.lowercased(), limit: 1)).first
                if let found { ids.append(.int(found.id)) } else { problems.append(Problem("roles", code: "not_found", "没有编码为 \(code.prefix(60)) 的角色")) }
            }
            input["roles"] = .list(ids)
        }
        if let name = input["department_id"]?.text?.trimmed, !name.isEmpty {
            let named = Condition.field("code", .eq, .text(name)) || .field("name", .eq, .text(name))
            let found = try reading.fetch(Query(catalog.schema(Department.self), where: named, sort: [Query.Sort("id")], limit: 1)).first
            if let found { input["department_id"] = .int(found.id) } else if Int64(name) == nil {
                problems.append(Problem("department_id", code: "not_found", "没有名为「\(name.prefix(60))」的部门"))
                input["department_id"] = nil
            }
        }
        return input
    }

    private func take(_ input: [String: Plain], into row: inout Row, isNew: Bool, _ problems: inout [Problem]) throws {
        let fields = try resolved(input, &problems)
        do { try accept(fields, into: &row, isNew: isNew) } catch let wrong as Problems { problems += wrong.all }
    }
}
