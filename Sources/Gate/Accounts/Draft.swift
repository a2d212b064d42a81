import Records

/// What somebody sent for a record, with what is slow already done, so that the transaction only has to write: a user's password is hashed.
public struct Draft: Sendable {
    let fields: [String: Plain]
    var user: UserDraft?
}

extension Accounts {
    /// - Parameter id: the record that is to be changed; nil for a new one.
    /// - Throws: what the actor may not do. The right is looked at first: hashing costs too much to be done for anybody who asks.
    public func draft(of entity: String, _ input: [String: Plain], id: Int64?, as actor: Actor) async throws -> Draft {
        guard entity == User.name else { return Draft(fields: input, user: nil) }
        guard input["password"] != nil else { return Draft(fields: input, user: try await UserDraft(input, self)) }
        try await gate.read(as: actor) { view in
            let schema = view.catalog.schema(User.self)
            guard view.may("create", schema) || id != nil else { throw Refusal.forbidden("您没有新建\(schema.label)的权限，请联系系统管理员。") }
            if let id { _ = try view.reachable(schema, id: id, "update") }
        }
        return Draft(fields: input, user: try await UserDraft(input, self, context: company()))
    }
}

extension GateTransaction {
    @discardableResult
    public func create(_ schema: Schema, _ draft: Draft) throws -> Row {
        if let user = draft.user { return try createUser(user) }
        return try create(schema, draft.fields)
    }

    @discardableResult
    public func update(_ schema: Schema, id: Int64, _ draft: Draft, ifVersion version: Int64? = nil) throws -> Row {
        if let user = draft.user { return try updateUser(id, user, ifVersion: version) }
        return try update(schema, id: id, draft.fields, ifVersion: version)
    }
}
