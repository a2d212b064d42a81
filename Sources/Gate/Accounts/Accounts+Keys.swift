import Records

extension Accounts {
    /// An API key as its user sees it.
    public struct KeyInfo: Sendable {
        public var id: Int64
        public var name: String
        /// The first characters, to recognise it by.
        public var hint: String
        public var scopes: [String]
        public var createdAt: Instant
        public var expiresAt: Instant?
        public var usedAt: Instant?
    }

    /// A key for a program, with the rights of its user narrowed to `scopes` (`read`, `write`, `admin`, `customers:read`). The text is seen
    /// only here.
    public func makeKey(
        _ visitor: Authenticated, name: String, scopes: [String], days: Int? = 365
    ) async throws -> (key: String, info: KeyInfo) {
        try needsProof(visitor)
        guard visitor.sessionID != nil else { throw Refusal.forbidden("请用登录会话创建 API 令牌。") }
        return try await makeKey(of: visitor.userID, name: name, scopes: scopes, days: days, as: own(visitor, try await chart()))
    }

    /// The same from the command line: `zhike token add`.
    public func makeKey(username: String, name: String, scopes: [String], days: Int? = 365) async throws -> (key: String, info: KeyInfo) {
        let wanted = Username.normalised(username)
        guard let user = try await chart().members.values.first(where: { $0.username == wanted && $0.isActive })?.id else {
            throw Refusal.notFound
        }
        return try await makeKey(of: user, name: name, scopes: scopes, days: days, as: .system(via: "cli"))
    }

    private func makeKey(
        of user: Int64, name: String, scopes: [String], days: Int?, as actor: Actor
    ) async throws -> (key: String, info: KeyInfo) {
        var problems: [Problem] = []
        let name = name.trimmed
        if name.isEmpty || name.unicodeScalars.count > 100 {
            problems.append(Problem("name", code: "required", "请填写令牌名称（最多 100 字），说明给哪个程序用"))
        }
        if let days, !(1...3650).contains(days) { problems.append(Problem("days", code: "out_of_range", "有效期应在 1 到 3650 天之间")) }
        var chosen = TokenScopes(stored: "")
        do { chosen = try TokenScopes(scopes, in: gate.catalog) } catch let wrong as Problems { problems += wrong.all }
        guard problems.isEmpty else { throw Problems(problems) }
        let key = Token.fresh(Token.api), words = chosen
        let info = try await gate.write(as: actor) { tx in
            let schema = tx.catalog.schema(APIToken.self)
            guard try tx.reading.count(Query(schema, where: \APIToken.user == Ref(user) && .field("revoked_at", .empty)), cap: 100) < 100
            else {
                throw Refusal.conflict("每位用户最多 100 个有效的 API 令牌，请先吊销不用的。")
            }
            var row = Record<APIToken>()
            row.title = name
            row.tokenHash = Token.hash(key)
            row.hint = String(key.prefix(9))
            row.user = Ref(user)
            row.scopes = words.stored
            row.createdAt = tx.now
            row.expiresAt = days.map { tx.now.adding(days: $0) }
            row.row.id = try tx.writing.insert(row.row)
            try tx.record("key_made", entity: User.name, id: user, reason: "\(name)（\(words.stored)）")
            return KeyInfo(row)
        }
        return (key, info)
    }

    /// The keys of a user that still open something.
    public func keys(of user: Int64, as actor: Actor) async throws -> [KeyInfo] {
        try await gate.read(as: actor) { view in
            guard user == actor.userID || actor.rights.isAdmin || actor.rights.system.contains("users") else {
                throw Refusal.forbidden("您没有查看其他用户 API 令牌的权限。")
            }
            let live =
                \APIToken.user == Ref(user) && .field("revoked_at", .empty)
                && (.field("expires_at", .empty) || .field("expires_at", .gt, .int(view.now.milliseconds)))
            return try view.reading.fetch(
                Query(view.catalog.schema(APIToken.self), where: live, sort: [Query.Sort("id", descending: true)], limit: 200)
            )
            .map { KeyInfo(Record<APIToken>($0)) }
        }
    }

    public func revokeKey(_ id: Int64, as actor: Actor) async throws {
        let user = try await gate.write(as: actor) { tx in
            let schema = tx.catalog.schema(APIToken.self)
            guard let row = try tx.reading.row(schema, id: id) else { throw Refusal.notFound }
            let user = Record<APIToken>(row).user.id
            if user != actor.userID {
                guard actor.rights.isAdmin || actor.rights.system.contains("users") else { throw Refusal.notFound }
                try tx.mayManage(user)
            }
            _ = try tx.writing.set(schema, ["revoked_at": .int(tx.now.milliseconds)], where: .ids([id]) && .field("revoked_at", .empty))
            try tx.record("key_revoked", entity: User.name, id: user, reason: Record<APIToken>(row).title)
            return user
        }
        tickets.expire(user: user)
    }
}

extension Accounts.KeyInfo {
    init(_ row: Record<APIToken>) {
        self.init(
            id: row.row.id, name: row.title, hint: row.hint, scopes: TokenScopes(stored: row.scopes).words, createdAt: row.createdAt,
            expiresAt: row.expiresAt,
            usedAt: row.usedAt)
    }
}
