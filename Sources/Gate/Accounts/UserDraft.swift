import Records

/// What somebody sent for a user, with the password already checked and hashed, so that the transaction has nothing slow to do.
struct UserDraft: Sendable {
    /// What goes to the record; roles may still be codes.
    var fields: [String: Plain]
    var password: String?
    var mustChange: Bool?
    var problems: [Problem] = []

    init(_ input: [String: Plain], _ accounts: Accounts, context: [String] = []) async throws {
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
    /// Makes a user from a draft.
    func createUser(_ draft: UserDraft) throws -> Row {
        let saved = try create(catalog.schema(User.self), draft.fields, besides: draft.problems)
        if let password = draft.password { try setPassword(password, of: saved.id, mustChange: draft.mustChange ?? false) }
        return saved
    }

    /// Changes a user. A password in it is a reset by an administrator: it ends the user's sessions.
    func updateUser(_ id: Int64, _ draft: UserDraft, ifVersion version: Int64?) throws -> Row {
        var problems = draft.problems
        if draft.password != nil, id == actor.userID {
            problems.append(Problem("password", code: "not_allowed", "修改自己的密码请到“个人设置”，并输入当前密码"))
        }
        let saved = try update(catalog.schema(User.self), id: id, draft.fields, ifVersion: version, besides: problems)
        if draft.password != nil || draft.mustChange != nil { try mayManage(id) }
        if let password = draft.password {
            try setPassword(password, of: id, mustChange: draft.mustChange ?? true)
            try endSessions(of: id, except: nil)
            try record("password_reset", entity: User.name, id: id)
        } else if let mustChange = draft.mustChange {
            try setCredential(of: id) { $0.mustChange = mustChange }
        }
        return saved
    }

    /// - Parameter isOwn: the user chose it, instead of being handed it.
    func setPassword(_ hash: String, of user: Int64, mustChange: Bool, isOwn: Bool = false) throws {
        let issuer = Int(actor.userID)
        try setCredential(of: user) {
            if !isOwn { $0.issuedBy = issuer }
            $0.password = hash
            $0.mustChange = mustChange
            $0.changedAt = now
        }
    }

    /// What people and programs send for users and roles, as it is stored: role codes and department codes or names as numbers, rights as
    /// text.
    func organised(_ input: [String: Plain], _ schema: Schema, _ problems: inout [Problem]) throws -> [String: Plain] {
        switch schema.name {
        case User.name: return try resolved(input, &problems)
        case Role.name: return RoleInput.stored(input, in: catalog.whole, &problems)
        default: return input
        }
    }

    private func resolved(_ input: [String: Plain], _ problems: inout [Problem]) throws -> [String: Plain] {
        var input = input
        if let roles = input["roles"]?.list {
            var ids: [Plain] = []
            for role in roles {
                guard let code = role.text else { ids.append(role); continue }
                let found = try reading.fetch(Query(catalog.schema(Role.self), where: \Role.code == code.trimmed.lowercased(), limit: 1))
                    .first
                if let found {
                    ids.append(.int(found.id))
                } else {
                    problems.append(Problem("roles", code: "not_found", "没有编码为 \(code.prefix(60)) 的角色"))
                }
            }
            input["roles"] = .list(ids)
        }
        if let name = input["department_id"]?.text?.trimmed, !name.isEmpty {
            let named = Condition.field("code", .eq, .text(name)) || .field("name", .eq, .text(name))
            let found = try reading.fetch(Query(catalog.schema(Department.self), where: named, sort: [Query.Sort("id")], limit: 1)).first
            if let found {
                input["department_id"] = .int(found.id)
            } else if Int64(name) == nil {
                problems.append(Problem("department_id", code: "not_found", "没有名为「\(name.prefix(60))」的部门"))
                input["department_id"] = nil
            }
        }
        return input
    }
}
