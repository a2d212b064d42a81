import Records

extension Accounts {
    /// A user that was made, and the password to hand over when none was given.
    public struct NewUser: Sendable {
        public var row: Row
        public var initialPassword: String?
    }

    /// `{"username", "name", "password", "department_id", "roles": ["sales_consultant"], "manager_id", …}`; roles by code or number. With `generating`, a
    /// user without a password gets a readable one that must be changed.
    public func createUser(_ input: [String: Plain], as actor: Actor, generating: Bool = false) async throws -> NewUser {
        var input = input, initial: String?
        if generating, input["password"] == nil || input["password"] == .null {
            let made = InitialPassword.fresh()
            initial = made
            input["password"] = .text(made)
            input["must_change_password"] = true
        }
        let draft = try await UserDraft(input, isNew: true, self, context: company())
        let row = try await gate.write(as: actor) { try $0.createUser(draft) }
        return NewUser(row: row, initialPassword: initial)
    }

    @discardableResult
    public func updateUser(_ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64? = nil) async throws -> Row {
        let draft = try await UserDraft(input, isNew: false, self, context: company())
        let row = try await gate.write(as: actor) { try $0.updateUser(id, draft, ifVersion: version) }
        tickets.expire(user: id)
        return row
    }

    /// To the recycle bin; the user's sessions and keys end.
    public func deleteUser(_ id: Int64, as actor: Actor) async throws {
        try await remove(User.self, id, as: actor)
        tickets.expire(user: id)
    }

    public func deleteRole(_ id: Int64, as actor: Actor) async throws { try await remove(Role.self, id, as: actor) }
    public func deleteDepartment(_ id: Int64, as actor: Actor) async throws { try await remove(Department.self, id, as: actor) }

    private func remove<E: Entity>(_ type: E.Type, _ id: Int64, as actor: Actor) async throws {
        try await gate.write(as: actor) { tx in
            let row = try tx.reachable(tx.catalog.schema(type), id: id, "delete")
            try tx.asRequest {
                try tx.governRemoval(of: row)
                try tx.bin(row)
            }
        }
    }

    /// `{"code", "name", "permissions": {…}, "fields": {…}, "system": […], "needs_totp"}`
    @discardableResult
    public func createRole(_ input: [String: Plain], as actor: Actor) async throws -> Row {
        let input = try RoleInput.stored(input, in: gate.catalog)
        return try await gate.write(as: actor) { try $0.saveGoverned(Role.self, nil, input, ifVersion: nil) }
    }

    @discardableResult
    public func updateRole(_ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64? = nil) async throws -> Row {
        let input = try RoleInput.stored(input, in: gate.catalog)
        return try await gate.write(as: actor) { try $0.saveGoverned(Role.self, id, input, ifVersion: version) }
    }

    @discardableResult
    public func createDepartment(_ input: [String: Plain], as actor: Actor) async throws -> Row {
        try await gate.write(as: actor) { try $0.saveGoverned(Department.self, nil, input, ifVersion: nil) }
    }

    @discardableResult
    public func updateDepartment(_ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64? = nil) async throws -> Row {
        try await gate.write(as: actor) { try $0.saveGoverned(Department.self, id, input, ifVersion: version) }
    }

    func company() async throws -> [String] { [companyName(try await chart())].compactMap(\.self) }
}

extension GateTransaction {
    fileprivate func saveGoverned<E: Entity>(_ type: E.Type, _ id: Int64?, _ input: [String: Plain], ifVersion version: Int64?) throws -> Row {
        let schema = catalog.schema(type)
        guard let id else {
            guard may("create", schema) else { throw Refusal.forbidden("您没有新建\(schema.label)的权限，请联系系统管理员。") }
            var row = schema.blank()
            try accept(input, into: &row, isNew: true)
            return try asRequest {
                try govern(&row, over: nil)
                return try save(row, over: nil)
            }
        }
        let old = try reachable(schema, id: id, "update")
        if let version, version != old.version { throw Refusal.changedMeanwhile(current: old) }
        var row = old
        try accept(input, into: &row, isNew: false)
        return try asRequest {
            try govern(&row, over: old)
            return try save(row, over: old)
        }
    }
}

/// A role as the API has it.
public enum RoleInput {
    /// Objects become the text that is stored; unknown names are problems.
    static func stored(_ input: [String: Plain], in catalog: Catalog) throws -> [String: Plain] {
        var input = input, problems: [Problem] = []
        let system = input["system"].map { $0.text.map { RightsReader.system($0) ?? .null } ?? $0 }
        func parsed(_ name: String) -> Plain? { input[name].map { plain in plain.text.flatMap { Plain(jsonText: $0) } ?? plain } }
        do { _ = try Rights(permissions: parsed("permissions"), fields: parsed("fields"), system: system, in: catalog) } catch let wrong as Problems {
            problems = wrong.all.filter { $0.code != "not_allowed" || input["system"] != nil }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        for name in ["permissions", "fields"] { if let plain = parsed(name), plain != .null { input[name] = .text(plain.jsonText) } }
        if let system, system != .null {
            var reader = RightsReader(catalog: nil)
            input["system"] = .text(reader.read(permissions: nil, fields: nil, system: system).systemPlain.jsonText)
        }
        return input
    }

    /// How a role's rights are shown to programs: as objects, not as text.
    public static func plain(_ role: Record<Role>) -> [String: Plain] {
        let rights = Rights(RightsText(role))
        return ["permissions": .object(rights.permissionsPlain), "fields": .object(rights.fieldsPlain), "system": rights.systemPlain]
    }
}
