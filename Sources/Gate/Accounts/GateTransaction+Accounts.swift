import Records

/// The account tables inside a transaction. They are the program's own, so they are written past rules and audit; what matters is recorded
/// by name.
extension GateTransaction {
    func credential(of user: Int64) throws -> Record<Credential>? { try Credential.of(user, reading, catalog) }

    /// Changes a user's credential, or makes the first.
    func setCredential(of user: Int64, _ change: (inout Record<Credential>) -> Void) throws {
        if let old = try credential(of: user) {
            var credential = old
            change(&credential)
            // Only what changed: a step used up at the same moment must not come back.
            let slots = credential.row.values.indices.filter { credential.row.values[$0] != old.row.values[$0] }
            if !slots.isEmpty { _ = try writing.update(credential.row, slots: slots, ifVersion: nil) }
        } else {
            var credential = Record<Credential>()
            credential.user = Ref(user)
            credential.mustChange = false
            change(&credential)
            try writing.insert(credential.row)
        }
        events.append(ChangeEvent(entity: Credential.name, id: user, kind: .updated, by: actor.userID))
    }

    func keep<V>(_ credential: Record<Credential>, _ path: KeyPath<Credential, Field<V>>) throws {
        _ = try writing.update(credential.row, slots: [Schema.field(path).slot], ifVersion: nil)
    }

    /// Takes a code of the app, or a recovery code, so that nobody can use it again: two requests with one code, also on two instances, are
    /// one too many.
    func useCode(_ code: String, of credential: inout Record<Credential>) throws -> Bool {
        let user = credential.user.id, own = Condition.field("user_id", .eq, .int(user))
        if code.utf8.count == 6, let secret = secrets.totpSecret(of: credential) {
            guard let step = TOTP.step(of: code, secret: secret, at: now, after: credential.totpStep.map(Int64.init)) else { return false }
            guard try uses(step, of: user) else { return false }
            credential.totpStep = Int(step)
            return true
        }
        guard RecoveryCodes.looksLike(code), let stored = credential.recoveryCodes,
            let left = RecoveryCodes.using(code, of: user, in: stored, secrets)
        else { return false }
        let value: Value = left.isEmpty ? .null : .text(left)
        guard try takes(credential.row.schema, own && .field("recovery_codes", .eq, .text(stored)), ["recovery_codes": value]) else {
            return false
        }
        credential.recoveryCodes = left.isEmpty ? nil : left
        try record("recovery_code", entity: User.name, id: user)
        return true
    }

    /// Notes the app's time step as used, unless it or a later one is already.
    func uses(_ step: Int64, of user: Int64) throws -> Bool {
        let isUnused = Condition.field("totp_step", .empty) || .field("totp_step", .lt, .int(step))
        return try takes(catalog.schema(Credential.self), .field("user_id", .eq, .int(user)) && isUnused, ["totp_step": .int(step)])
    }

    /// Changes the one row that meets the condition, if nobody else has it in hand. A plain `set` would not do: on PostgreSQL several can
    /// pass its condition before the first of them is on disk.
    func takes(_ schema: Schema, _ condition: Condition, _ values: [String: Value]) throws -> Bool {
        try writing.claim(Query(schema, where: condition, sort: [Query.Sort("id")], limit: 1), setting: values).count == 1
    }

    /// A new session; expired ones of the user go, and more than a hundred at once make no sense.
    func openSession(
        of user: Int64, _ login: LogIn, _ lifetime: (idle: Int64, absolute: Int64), provedAt: Instant? = nil, startedAt: Instant? = nil
    ) throws -> Grant {
        try makeRoom(of: user)
        var (session, token) = Session.fresh(of: user, login, lifetime, at: now, startedAt: startedAt ?? now)
        session.provedAt = provedAt ?? now
        let id = try writing.insert(session.row)
        return Grant(token: token, session, id: id)
    }

    /// Writes down a session that was kept in memory while there was no room, unless it ended or the user's password changed meanwhile.
    func settle(_ hash: String, _ kept: KeptSessions) throws {
        guard let one = kept.find(hash), try get(User.self, one.session.user)?.status == .active,
            try credential(of: one.session.user.id)?.password == one.password
        else { return }
        var session = one.session
        session.row.values[Schema.idSlot] = .null
        try makeRoom(of: session.user.id)
        try writing.insert(session.row)
    }

    /// Ends the session with this hash, if there is one, and gives it.
    func eraseSession(_ hash: String) throws -> Record<Session>? {
        let schema = catalog.schema(Session.self)
        guard let session = try reading.fetch(Query(schema, where: \Session.tokenHash == hash, limit: 1)).first else { return nil }
        try writing.erase(schema, ids: [session.id])
        return Record<Session>(session)
    }

    private func makeRoom(of user: Int64) throws {
        let schema = catalog.schema(Session.self)
        let present = try reading.fetch(
            Query(schema, where: \Session.user == Ref(user), sort: [Query.Sort("seen_at", descending: true)], limit: 500))
        let gone = present.enumerated().filter { $0.offset >= 99 || Record<Session>($0.element).expiresAt <= now }.map(\.element.id)
        if !gone.isEmpty { try writing.erase(schema, ids: gone) }
    }

    /// Ends a user's sessions but one, and, when asked, the API keys.
    @discardableResult
    func endSessions(of user: Int64, except kept: Int64? = nil, keys: Bool = false) throws -> Int {
        let schema = catalog.schema(Session.self)
        let ids = try reading.fetch(Query(schema, where: \Session.user == Ref(user), limit: 10_000)).map(\.id).filter { $0 != kept }
        if !ids.isEmpty { try writing.erase(schema, ids: ids) }
        if keys {
            let live = \APIToken.user == Ref(user) && .field("revoked_at", .empty)
            _ = try writing.set(catalog.schema(APIToken.self), ["revoked_at": .int(now.milliseconds)], where: live)
        }
        events.append(ChangeEvent(entity: Credential.name, id: user, kind: .updated, by: actor.userID))
        events.append(ChangeEvent(entity: Session.name, id: user, kind: .deleted, by: actor.userID))
        return ids.count
    }

    func noteLogin(_ name: String, user: Int64?, _ login: LogIn, _ outcome: Accounts.Outcome, at time: Instant? = nil) throws {
        var attempt = Record<LoginAttempt>()
        attempt.title = name
        attempt.user = user.map { Ref($0) }
        attempt.at = time ?? now
        attempt.address = login.address
        attempt.agent = login.agent.map { String($0.prefix(200)) }
        attempt.outcome = outcome.rawValue
        try writing.insert(attempt.row)
    }
}
