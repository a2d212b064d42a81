import Records

extension Accounts {
    /// A session as its user sees it.
    public struct SessionInfo: Sendable {
        public var id: Int64
        public var startedAt: Instant
        public var seenAt: Instant
        public var expiresAt: Instant
        public var address: String?
        public var agent: String?
        public var via: String
    }

    /// Ends the session behind this token; there is nothing left that the token could open.
    public func logOut(_ token: String) async throws {
        let hash = Token.hash(token)
        if let user = kept.end(hash) { return try await eraseLater(hash, of: user) }
        do {
            let user = try await gate.write(as: .system(via: "web")) { tx -> Int64? in
                guard let session = try tx.eraseSession(hash) else { return nil }
                try tx.record("logout", entity: User.name, id: session.user.id)
                return session.user.id
            }
            if let user { tickets.expire(user: user) }
        } catch let full as StoreError {
            guard case .full = full else { throw full }
            let catalog = gate.catalog
            let user = try await gate.store.read { reading in
                try reading.fetch(Query(catalog.schema(Session.self), where: \Session.tokenHash == hash, limit: 1)).first.map {
                    Record<Session>($0).user.id
                }
            }
            guard let user else { return }
            guard kept.bury(hash, of: user) else { throw full }
            try await eraseLater(hash, of: user)
        }
    }

    /// A session that has ended in memory ends in the database when there is room to write it.
    private func eraseLater(_ hash: String, of user: Int64) async throws {
        let kept = kept, now = gate.clock.now()
        tickets.expire(user: user)
        let isKept = try await gate.writeInTime(as: .system(via: "web"), isSession: true) { tx in
            _ = try tx.eraseSession(hash)
            try tx.record("logout", entity: User.name, id: user, reason: Accounts.later(now))
            tx.writing.afterCommit { kept.erased(hash) }
        }
        guard isKept else { throw Refusal.unavailable("磁盘空间不足，等待保存的内容过多，暂时不能退出。请清理磁盘后重试。", retryAfter: 30) }
    }

    /// The sessions of a user that have not ended: one's own, or anybody's for those who manage users.
    public func sessions(of user: Int64, as actor: Actor) async throws -> [SessionInfo] {
        let chart = try await chart()
        let (idle, _) = chart.settings.lifetime(powerful: chart.isPowerful(user))
        return try await gate.read(as: actor) { view in
            guard user == actor.userID || actor.rights.isAdmin || actor.rights.system.contains("users") else {
                throw Refusal.forbidden("您没有查看其他用户登录情况的权限。")
            }
            let live = \Session.user == Ref(user) && \Session.expiresAt > view.now && \Session.seenAt > view.now.adding(seconds: -idle)
            return try view.reading.fetch(
                Query(view.catalog.schema(Session.self), where: live, sort: [Query.Sort("seen_at", descending: true)], limit: 200)
            ).map { row in
                let one = Record<Session>(row)
                return SessionInfo(
                    id: row.id, startedAt: one.createdAt, seenAt: one.seenAt, expiresAt: one.expiresAt, address: one.address,
                    agent: one.agent, via: one.via)
            }
        }
    }

    /// Ends one session: one's own, or anybody's for those who manage users.
    public func endSession(_ id: Int64, as actor: Actor) async throws {
        let user = try await gate.write(as: actor) { tx in
            let schema = tx.catalog.schema(Session.self)
            guard let row = try tx.reading.row(schema, id: id) else { throw Refusal.notFound }
            let user = Record<Session>(row).user.id
            if user != actor.userID {
                guard actor.rights.isAdmin || actor.rights.system.contains("users") else { throw Refusal.notFound }
                try tx.mayManage(user)
            }
            try tx.writing.erase(schema, ids: [id])
            try tx.record("end_session", entity: User.name, id: user)
            return user
        }
        tickets.expire(user: user)
    }

    /// Ends all sessions of a user, but the one with the number `except`; with `keys`, the API keys too. Returns how many.
    @discardableResult
    public func endSessions(of user: Int64, except: Int64? = nil, keys: Bool = false, as actor: Actor) async throws -> Int {
        let count = try await gate.write(as: actor) { tx in
            if user != actor.userID { try tx.mayManage(user) }
            let count = try tx.endSessions(of: user, except: except, keys: keys)
            try tx.record("end_sessions", entity: User.name, id: user)
            return count
        }
        tickets.expire(user: user)
        return count
    }

    /// Looks at the system as another user; nothing can be changed meanwhile. Ends with nil. Only for those who may do all that the other
    /// may.
    public func preview(_ other: Int64?, in visitor: Authenticated) async throws {
        guard let session = visitor.sessionID else { throw Refusal.forbidden("API 令牌不能预览其他用户。") }
        let chart = try await chart()
        if let other {
            guard let member = chart.members[other], member.isActive else { throw Refusal.notFound }
            guard other != visitor.userID, chart.rights(of: visitor.userID).covers(chart.rights(of: other), in: gate.catalog),
                !chart.rights(of: visitor.userID).system.isDisjoint(with: ["users"]) || chart.rights(of: visitor.userID).isAdmin
            else { throw Refusal.forbidden("只有权限不低于对方的用户管理员可以预览。") }
        }
        let user = visitor.userID
        try await gate.write(as: own(visitor, chart)) { tx in
            let value: Value = other.map(Value.int) ?? .null
            guard try tx.writing.set(tx.catalog.schema(Session.self), ["previewing": value], where: .ids([session])) == 1 else {
                throw Refusal.notFound
            }
            try tx.record(other == nil ? "preview_end" : "preview", entity: User.name, id: other ?? user)
        }
        tickets.expire(user: visitor.userID)
    }
}
