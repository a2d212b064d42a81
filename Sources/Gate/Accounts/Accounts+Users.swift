import Records

extension Accounts {
    /// A user that was made, and the password to hand over when none was given.
    public struct NewUser: Sendable {
        public var row: Row
        public var initialPassword: String?
        /// The request that waits for an administrator, when the user was to get more than its maker may give.
        public var request: Int64?
    }

    /// `{"username", "name", "password", "department_id", "roles": ["sales_consultant"], "manager_id", …}`; roles by code or number. With
    /// `generating`, a user without a password gets a readable one that must be changed.
    public func createUser(_ input: [String: Plain], as actor: Actor, generating: Bool = false) async throws -> NewUser {
        var input = input, initial: String?
        if generating, input["password"] == nil || input["password"] == .null {
            let made = InitialPassword.fresh()
            initial = made
            input["password"] = .text(made)
            input["must_change_password"] = true
        }
        let draft = try await draft(of: User.name, input, id: nil, as: actor)
        let (row, request) = try await gate.write(as: actor) { tx in
            (try tx.create(tx.catalog.schema(User.self), draft), tx.submitted)
        }
        return NewUser(row: row, initialPassword: initial, request: request)
    }

    @discardableResult
    public func updateUser(_ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64? = nil) async throws -> Row {
        let draft = try await draft(of: User.name, input, id: id, as: actor)
        return try await gate.write(as: actor) { try $0.update($0.catalog.schema(User.self), id: id, draft, ifVersion: version) }
    }

    /// To the recycle bin; the user's sessions and keys end.
    public func deleteUser(_ id: Int64, as actor: Actor) async throws { try await remove(User.self, id, as: actor) }
    public func deleteRole(_ id: Int64, as actor: Actor) async throws { try await remove(Role.self, id, as: actor) }
    public func deleteDepartment(_ id: Int64, as actor: Actor) async throws { try await remove(Department.self, id, as: actor) }

    /// `{"code", "name", "permissions": {…}, "fields": {…}, "system": […], "needs_totp"}`
    @discardableResult
    public func createRole(_ input: [String: Plain], as actor: Actor) async throws -> Row { try await create(Role.self, input, as: actor) }

    @discardableResult
    public func updateRole(_ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64? = nil) async throws -> Row {
        try await update(Role.self, id, input, as: actor, ifVersion: version)
    }

    @discardableResult
    public func createDepartment(_ input: [String: Plain], as actor: Actor) async throws -> Row {
        try await create(Department.self, input, as: actor)
    }

    @discardableResult
    public func updateDepartment(
        _ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64? = nil
    ) async throws -> Row {
        try await update(Department.self, id, input, as: actor, ifVersion: version)
    }

    private func create<E: Entity>(_ type: E.Type, _ input: [String: Plain], as actor: Actor) async throws -> Row {
        try await gate.write(as: actor) { try $0.create($0.catalog.schema(type), input) }
    }

    private func update<E: Entity>(
        _ type: E.Type, _ id: Int64, _ input: [String: Plain], as actor: Actor, ifVersion version: Int64?
    ) async throws -> Row {
        try await gate.write(as: actor) { try $0.update($0.catalog.schema(type), id: id, input, ifVersion: version) }
    }

    private func remove<E: Entity>(_ type: E.Type, _ id: Int64, as actor: Actor) async throws {
        try await gate.write(as: actor) { try $0.remove($0.catalog.schema(type), id: id) }
    }

    func company() async throws -> [String] { [companyName(try await chart())].compactMap(\.self) }
}

/// A role as the API has it.
public enum RoleInput {
    /// Objects become the text that is stored; unknown names are problems.
    static func stored(_ input: [String: Plain], in catalog: Catalog, _ problems: inout [Problem]) -> [String: Plain] {
        var input = input
        let system = input["system"].map { $0.text.map { RightsReader.system($0) ?? .null } ?? $0 }
        func parsed(_ name: String) -> Plain? { input[name].map { plain in plain.text.flatMap { Plain(jsonText: $0) } ?? plain } }
        var reader = RightsReader(catalog: catalog)
        let rights = reader.read(permissions: parsed("permissions"), fields: parsed("fields"), system: system)
        // Which system rights go with a permission is only known when both are sent; else the whole role is looked at.
        problems += reader.problems.filter { $0.code != "not_allowed" || input["system"] != nil }
        for name in ["permissions", "fields"] { if let plain = parsed(name), plain != .null { input[name] = .text(plain.jsonText) } }
        if let system, system != .null { input["system"] = .text(rights.systemPlain.jsonText) }
        return input
    }

    /// How a role's rights are shown to programs: as objects, not as text.
    public static func plain(_ role: Record<Role>) -> [String: Plain] {
        let rights = Rights(RightsText(role))
        return ["permissions": .object(rights.permissionsPlain), "fields": .object(rights.fieldsPlain), "system": rights.systemPlain]
    }
}
