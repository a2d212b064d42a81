import Records

extension Accounts {
    public static let refusedText = "登录名或密码错误，请检查后重试。忘记密码请联系系统管理员。"
    public static let throttledText = "登录失败次数过多，请稍后再试。"

    /// The one credential check: browser, API and command line come here.
    public func logIn(_ login: LogIn) async throws -> LoginResult {
        let chart = try await chart()
        let name = String(Username.normalised(String(login.username.prefix(200))).prefix(100))
        let door = try await look(at: name, String(login.username.trimmed.prefix(100)), login.address, chart)
        let number: Int
        switch throttle.begin(
            account: name, address: login.address, isKnownAddress: door.isKnownAddress, past: door.past, chart.settings.limits,
            at: gate.clock.now())
        {
        case .wait(let seconds):
            if throttle.isNews(name, login.address, at: gate.clock.now()) { try await note(login, door, .throttled) }
            return .throttled(retryAfter: seconds)
        case .go(let given): number = given
        }
        do {
            let result = try await judge(login, door, chart)
            switch result {
            case .ok: throttle.takeBack(number, account: name, address: login.address, loggedIn: true)
            case .needsCode: throttle.takeBack(number, account: name, address: login.address, loggedIn: false)
            case .refused, .throttled: break
            }
            return result
        } catch {
            // What the machine could not do is nobody's wrong guess.
            throttle.takeBack(number, account: name, address: login.address, loggedIn: false)
            throw error
        }
    }

    enum Outcome: String { case ok, wrong, throttled, disabled, expired, totpWrong = "totp_wrong", codeNeeded = "code_needed" }

    /// What the database knows about a log-in before the password is looked at.
    struct Door: Sendable {
        /// As the log shows it: a name that nobody has may be a password typed into the wrong field.
        var logged: String
        var user: Int64?
        var isActive = false
        var password: String?
        var hasTOTP = false
        var past = Throttle.Past()
        var isKnownAddress = false
        /// An initial password that nobody came to change.
        var isExpired = false
    }

    private func look(at name: String, _ typed: String, _ address: String?, _ chart: OrgChart) async throws -> Door {
        let catalog = gate.catalog, secrets = gate.secrets, limits = chart.settings.limits,
            days = chart.settings[AccountParameters.initialDays]
        let now = gate.clock.now(), since = now.adding(seconds: -limits.window)
        return try await gate.store.read { reading in
            let names = [name, typed].map(Value.text)
            let user = try reading.fetch(
                Query(catalog.schema(User.self), where: .compare(.init("username"), .in, names), sort: [Query.Sort("id")], limit: 1)
            )
            .first.map(Record<User>.init)
            var door = Door(logged: user?.username ?? "?" + secrets.digest(name, purpose: "unknown-user").prefix(12), user: user?.row.id)
            door.isActive = user?.status == .active
            let credential = try Credential.of(user?.row.id ?? 0, reading, catalog)
            door.password = credential?.password
            door.hasTOTP = credential?.totpSecret != nil
            if let credential, credential.mustChange, let set = credential.changedAt {
                door.isExpired = now > set.adding(seconds: days.multiplied(clampingBy: 86_400))
            }
            let tries = catalog.schema(LoginAttempt.self)
            func failures(_ condition: Condition, _ limit: Int, since: Instant) throws -> [Instant] {
                try reading.fetch(
                    Query(
                        tries, where: condition && \LoginAttempt.at > since && .compare(.init("outcome"), .in, Outcome.failures),
                        sort: [Query.Sort("at", descending: true)],
                        limit: limit
                    )
                ).map { Record<LoginAttempt>($0).at }
            }
            func lastSuccess(_ condition: Condition) throws -> Instant? {
                let ok = condition && \LoginAttempt.title == door.logged && \LoginAttempt.outcome == Outcome.ok.rawValue
                return try reading.fetch(Query(tries, where: ok, sort: [Query.Sort("at", descending: true)], limit: 1)).first.map {
                    Record<LoginAttempt>($0).at
                }
            }
            var account = \LoginAttempt.title == door.logged
            let start = max(since, try lastSuccess(.everything) ?? since)
            if let address {
                door.past.ofAddress = try failures(\LoginAttempt.address == address, limits.perAddress, since: since)
                door.isKnownAddress =
                    try lastSuccess(\LoginAttempt.address == address).map { $0 > now.adding(days: -30) } ?? false
                if door.isKnownAddress { account = account && \LoginAttempt.address == address }
            }
            door.past.ofAccount = try failures(account, limits.perAccount, since: start)
            return door
        }
    }

    private func judge(_ login: LogIn, _ door: Door, _ chart: OrgChart) async throws -> LoginResult {
        let isRight = try await desk.check(login.password, against: door.password)
        guard isRight, let user = door.user, door.isActive, !door.isExpired else {
            try await note(login, door, !isRight ? .wrong : door.isActive ? .expired : .disabled)
            return .refused
        }
        let code = login.code?.trimmed ?? ""
        guard !door.hasTOTP || !code.isEmpty else {
            try await note(login, door, .codeNeeded)
            return .needsCode
        }
        let rehashed = door.password.map(desk.isOutdated) == true ? try await desk.hash(login.password) : nil
        let settings = chart.settings, isPowerful = chart.isPowerful(user), needsTOTP = chart.needsTOTP(user)
        let lifetime = settings.lifetime(powerful: isPowerful), used = kept.step(of: user)
        var grant: Grant?
        do {
            grant = try await gate.write(as: actor(user, door.logged, login)) { tx -> Grant? in
                // The user may have been disabled or got another password while this one was checked.
                guard let now = try tx.get(User.self, Ref(user)), now.status == .active, var credential = try tx.credential(of: user),
                    credential.password == door.password
                else { return nil }
                // A code that was used while there was no room to write it down.
                if let used { credential.totpStep = max(credential.totpStep ?? 0, Int(used)) }
                if door.hasTOTP, try !tx.useCode(code, of: &credential) { return nil }
                if let rehashed {
                    credential.password = rehashed
                    try tx.keep(credential, \.password)
                }
                var grant = try tx.openSession(of: user, login, lifetime)
                grant.mustChangePassword = credential.mustChange
                grant.mustEnrolTOTP = needsTOTP && credential.totpSecret == nil
                try tx.noteLogin(door.logged, user: user, login, .ok)
                try tx.record("login", entity: User.name, id: user)
                return grant
            }
        } catch StoreError.full(let reason) {
            grant = try await keep(login, door, user, lifetime, code: code, full: reason)
            grant?.mustEnrolTOTP = needsTOTP && !door.hasTOTP
        }
        guard let grant else {
            try await note(login, door, door.hasTOTP ? .totpWrong : .wrong)
            return .refused
        }
        return .ok(grant)
    }

    private func actor(_ user: Int64, _ name: String, _ login: LogIn) -> Actor {
        var actor = Actor(userID: user, name: name, rights: Rights(), via: login.via == .browser ? "web" : login.via.rawValue)
        actor.address = login.address
        return actor
    }

    /// The same while there is no room to write: the session lives in memory until there is. What was used up is remembered there too; a
    /// recovery code, and on several instances any code, cannot be: it could be used again elsewhere or after a restart.
    private func keep(
        _ login: LogIn, _ door: Door, _ user: Int64, _ lifetime: (idle: Int64, absolute: Int64), code: String, full reason: String
    ) async throws -> Grant? {
        let catalog = gate.catalog, kept = kept, now = gate.clock.now(), login = login.withoutProof, tickets = tickets
        let found = try await gate.store.read { reading -> Record<Credential>? in
            let status = try reading.row(catalog.schema(User.self), id: user).flatMap {
                $0.deletedAt == nil ? Record<User>($0).status : nil
            }
            guard status == .active, let credential = try Credential.of(user, reading, catalog) else { return nil }
            return credential.password == door.password ? credential : nil
        }
        guard let credential = found, let password = door.password else { return nil }
        var step: Int64?
        if door.hasTOTP {
            guard !gate.store.isShared, code.utf8.count == 6, let secret = gate.secrets.totpSecret(of: credential) else {
                throw StoreError.full(reason)
            }
            step = TOTP.step(of: code, secret: secret, at: now, after: credential.totpStep.map(Int64.init))
            guard let step, kept.use(step, of: user) else { return nil }
        }
        let (session, token) = Session.fresh(of: user, login, lifetime, at: now, startedAt: now), hash = session.tokenHash
        guard let id = kept.begin(session, password: password) else { throw StoreError.full(reason) }
        let isKept = gate.keepForLater(as: actor(user, door.logged, login), isSession: true) { [step] tx in
            try tx.noteLogin(door.logged, user: user, login, .ok, at: now)
            try tx.record("login", entity: User.name, id: user, reason: Accounts.later(now))
            if let step { _ = try tx.uses(step, of: user) }
            try tx.settle(hash, kept)
            tx.writing.afterCommit {
                kept.forget(hash)
                tickets.drop { $0.kind == .session && $0.id == id }
            }
        }
        guard isKept else {
            kept.forget(hash)
            throw StoreError.full(reason)
        }
        var grant = Grant(token: token, session, id: id)
        grant.mustChangePassword = credential.mustChange
        return grant
    }

    /// Why a line of the log is younger than what it tells.
    static func later(_ at: Instant) -> String { "当时磁盘空间不足，发生于 \(at.rfc3339)，之后补记" }

    private func note(_ login: LogIn, _ door: Door, _ outcome: Outcome) async throws {
        try await note(login, name: door.logged, user: door.user, outcome)
    }

    /// Writes down a try, when there is room. Those of a flood that come while too many wait already only count in memory.
    func note(_ login: LogIn, name: String, user: Int64?, _ outcome: Outcome) async throws {
        let login = login.withoutProof, now = gate.clock.now()
        try await gate.writeInTime(as: .system(via: login.via.rawValue)) {
            try $0.noteLogin(name, user: user, login, outcome, at: now)
        }
    }
}

extension Accounts.Outcome {
    static let failures: [Value] = [Accounts.Outcome.wrong, .disabled, .expired, .totpWrong].map { .text($0.rawValue) }
}

extension AccountSettings {
    var limits: Throttle.Limits {
        Throttle.Limits(
            perAccount: Int(self[AccountParameters.failures]), perAddress: Int(self[AccountParameters.addressFailures]),
            window: self[AccountParameters.window] * 60)
    }
}
