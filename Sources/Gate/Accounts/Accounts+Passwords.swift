import Records

extension Accounts {
    /// The password is typed again before something dangerous; the session goes on under a new token.
    ///
    /// - Throws: ``Problems`` when it is wrong, ``Refusal/tooMany(_:retryAfter:)`` after too many guesses: they count like log-ins.
    @discardableResult
    public func reauthenticate(_ visitor: Authenticated, password: String) async throws -> Grant {
        try await prove(visitor, password, field: "password")
        return try await renew(visitor)
    }

    /// A new password of one's own. Ends the user's other sessions when asked; this one goes on under a new token.
    @discardableResult
    public func changePassword(_ visitor: Authenticated, current: String, new: String, endingOthers: Bool = true) async throws -> Grant {
        try await prove(visitor, current, field: "current_password")
        let chart = try await chart()
        let member = chart.members[visitor.userID]
        var faults = try await faults(in: new, context: [member?.username, member?.name, companyName(chart)].compactMap(\.self))
        if current == new { faults.append(Problem("password", code: "unchanged", "新密码不能与当前密码相同")) }
        guard faults.isEmpty else { throw Problems(faults) }
        let hash = try await desk.hash(new)
        let user = visitor.userID, session = visitor.sessionID
        try await gate.write(as: own(visitor, chart)) { tx in
            try tx.setPassword(hash, of: user, mustChange: false, isOwn: true)
            if endingOthers { try tx.endSessions(of: user, except: session) }
            try tx.record("password", entity: User.name, id: user)
        }
        tickets.expire(user: user)
        return try await renew(visitor)
    }

    /// A random password for somebody who forgot theirs; it must be changed at the next log-in. A second step stays as it is. Ends the
    /// user's sessions.
    public func resetPassword(of user: Int64, as actor: Actor) async throws -> String {
        let password = InitialPassword.fresh()
        let hash = try await desk.hash(password)
        try await gate.write(as: actor) { tx in
            guard user != actor.userID else { throw Refusal.conflict("修改自己的密码请到“个人设置”。") }
            guard try tx.get(User.self, Ref(user)) != nil else { throw Refusal.notFound }
            try tx.mayManage(user)
            try tx.setPassword(hash, of: user, mustChange: true)
            try tx.endSessions(of: user)
            try tx.record("password_reset", entity: User.name, id: user)
        }
        tickets.expire(user: user)
        return password
    }

    /// The same from the command line, with a password that the operator chose: the way back in when no administrator is left.
    public func setPassword(of username: String, to password: String, mustChange: Bool = false) async throws {
        let name = Username.normalised(username)
        let faults = try await faults(in: password, context: [name])
        guard faults.isEmpty else { throw Problems(faults) }
        let hash = try await desk.hash(password)
        let user = try await gate.write(as: .system(via: "cli")) { tx in
            guard let user = try tx.first(User.self, where: \User.username == name)?.row.id else { throw Refusal.notFound }
            try tx.setPassword(hash, of: user, mustChange: mustChange)
            try tx.endSessions(of: user)
            try tx.record("password_reset", entity: User.name, id: user)
            return user
        }
        tickets.expire(user: user)
    }

    /// What the user chose in the personal settings; only the given keys change.
    public func setPreferences(_ changes: [String: Plain], of visitor: Authenticated) async throws {
        let user = visitor.userID
        try await gate.write(as: own(visitor, try await chart())) { tx in
            var all = try tx.credential(of: user)?.preferences.flatMap(Plain.init(jsonText:))?.object ?? [:]
            for (key, value) in changes {
                if value == .null { all.removeValue(forKey: key) } else { all[key] = value }
            }
            let text = Plain.object(all).jsonText
            guard text.utf8.count <= 20_000 else { throw Problems([Problem("preferences", code: "too_long", "个人设置过多，请减少")]) }
            try tx.setCredential(of: user) { $0.preferences = all.isEmpty ? nil : text }
        }
        tickets.expire(user: user)
    }

    // MARK: -

    /// The visitor as an actor without rights over records: these steps concern one's own account only.
    func own(_ visitor: Authenticated, _ chart: OrgChart) -> Actor {
        var actor = Actor(
            userID: visitor.userID, name: chart.members[visitor.userID]?.name ?? visitor.actor.name, rights: Rights(),
            via: visitor.actor.via)
        actor.address = visitor.actor.address
        return actor
    }

    /// Checks the visitor's password again; wrong guesses count like those at the door.
    func prove(_ visitor: Authenticated, _ password: String, field: String) async throws {
        guard visitor.actor.previewedBy == nil else { throw Refusal.forbidden("预览其他用户时只能查看，不能修改。请先退出预览。") }
        // A session that is not written yet cannot go on under another token.
        if let session = visitor.sessionID, session < 0 { throw Refusal.unavailable("磁盘空间不足时开始的登录尚未保存，请几秒后再试。", retryAfter: 5) }
        let chart = try await chart(), name = chart.members[visitor.userID]?.username ?? ""
        let login = LogIn(name, "", address: visitor.actor.address, via: visitor.actor.via == "web" ? .browser : .api)
        let number: Int
        switch throttle.begin(
            account: name, address: login.address, isKnownAddress: true, past: Throttle.Past(), chart.settings.limits, at: gate.clock.now())
        {
        case .wait(let seconds): throw Refusal.tooMany(Accounts.throttledText, retryAfter: seconds)
        case .go(let given): number = given
        }
        let catalog = gate.catalog, user = visitor.userID
        let stored = try await gate.store.read { try Credential.of(user, $0, catalog)?.password }
        guard try await desk.check(password, against: stored) else {
            try await note(login, name: name, user: user, .wrong)
            throw Problems([Problem(field, code: "wrong_password", "密码不正确，请重新输入")])
        }
        throttle.takeBack(number, account: name, address: login.address, loggedIn: false)
    }

    /// The session under a new token: whoever saw the old one has nothing. Started when it was; an API key stays as it is.
    func renew(_ visitor: Authenticated) async throws -> Grant {
        guard let session = visitor.sessionID else { throw Refusal.forbidden("请用登录会话完成此操作，API 令牌不能。") }
        let token = Token.fresh(Token.session), csrf = Token.text(of: Token.bytes(24)), user = visitor.userID
        let expiresAt = try await gate.write(as: own(visitor, try await chart())) { tx -> Instant in
            let values: [String: Value] = [
                "token_hash": .text(Token.hash(token)), "csrf": .text(csrf), "proved_at": .int(tx.now.milliseconds),
                "seen_at": .int(tx.now.milliseconds),
            ]
            let schema = tx.catalog.schema(Session.self)
            guard try tx.writing.set(schema, values, where: .ids([session]) && \Session.user == Ref(user)) == 1,
                let row = try tx.reading.row(schema, id: session)
            else { throw Refusal.notFound }
            return Record<Session>(row).expiresAt
        }
        tickets.expire(user: user)
        return Grant(token: token, csrf: csrf, expiresAt: expiresAt, userID: user, sessionID: session)
    }
}
