import Records

extension Accounts {
    /// Who shows this token: at every request, so it reads the account only every few seconds, or after a change on any instance.
    public func authenticate(_ token: String, address: String? = nil) async throws -> Authenticated? {
        guard Token.isPlausible(token) else { return nil }
        let hash = Token.hash(token)
        guard !kept.hasEnded(hash) else { return nil }
        try await keepUp()
        let chart: OrgChart
        if let atHand = chartAtHand { chart = atHand } else { chart = try await self.chart() }
        guard var ticket = try await ticket(hash, chart) else { return nil }
        let now = gate.clock.now()
        guard isAlive(ticket, chart, now) else {
            tickets.drop { $0.id == ticket.id && $0.kind == ticket.kind }
            return nil
        }
        touch(&ticket, hash, now)
        let catalog = gate.catalog
        if let standing = ticket.standing, standing.chart === chart, standing.catalog === catalog, standing.day == now.day {
            return standing.visitor.from(address)
        }
        guard let visitor = visitor(ticket, chart, catalog, now.day) else { return nil }
        tickets.change(hash) { $0.standing = (chart, catalog, now.day, visitor) }
        return visitor.from(address)
    }

    private func ticket(_ hash: String, _ chart: OrgChart) async throws -> Ticket? {
        if let known = tickets.find(hash), known.checkedAt.duration(to: .now) < freshness { return known }
        let generation = tickets.generation
        let catalog = gate.catalog
        let remembered = tickets.find(hash)
        let kept = kept.find(hash)
        guard var ticket = try await gate.store.read({ try Ticket.read($0, catalog, hash, chart, kept) }) else {
            if let remembered { tickets.drop { $0.id == remembered.id && $0.kind == remembered.kind } }
            return nil
        }
        // The database hears of requests once a minute only.
        if let remembered, remembered.id == ticket.id { ticket.seenAt = max(ticket.seenAt, remembered.seenAt) }
        tickets.keep(ticket, hash, readAt: generation)
        return ticket
    }

    private func isAlive(_ ticket: Ticket, _ chart: OrgChart, _ now: Instant) -> Bool {
        if let expiresAt = ticket.expiresAt, now >= expiresAt { return false }
        guard ticket.kind == .session else { return true }
        // Begun by a clock that ran ahead: it would outlive its time by as much.
        guard ticket.startedAt < now.adding(days: 1) else { return false }
        let (idle, absolute) = chart.settings.lifetime(powerful: chart.isPowerful(ticket.user))
        return now < ticket.seenAt.adding(seconds: idle) && now < ticket.startedAt.adding(seconds: absolute)
    }

    /// Notes that the ticket is in use, at most once a minute; nobody waits for it.
    private func touch(_ ticket: inout Ticket, _ hash: String, _ now: Instant) {
        guard now >= ticket.seenAt.adding(seconds: 60) else { return }
        ticket.seenAt = now
        tickets.change(hash) { $0.seenAt = now }
        let isSession = ticket.kind == .session, id = ticket.id
        guard id > 0 else { return kept.touch(hash, at: now) }
        let schema = isSession ? gate.catalog.schema(Session.self) : gate.catalog.schema(APIToken.self)
        let store = gate.store
        Task {
            // A ticket ended meanwhile is not there to be touched; a full disk must not end a session.
            _ = try? await store.write {
                try $0.set(schema, [isSession ? "seen_at" : "used_at": .int(now.milliseconds)], where: .ids([id]))
            }
        }
    }

    private func visitor(_ ticket: Ticket, _ chart: OrgChart, _ catalog: Catalog, _ day: Day) -> Authenticated? {
        var shown = ticket.user
        if let previewed = ticket.previewing, chart.rights(of: ticket.user).covers(chart.rights(of: previewed), in: catalog.whole) {
            shown = previewed
        }
        guard chart.members[ticket.user]?.isActive == true, var actor = chart.actor(for: shown, via: ticket.actorVia) else { return nil }
        if shown != ticket.user { actor.previewedBy = ticket.user }
        actor.lend(ticket.lent, on: day)
        if let language = ticket.preferences["language"]?.text.flatMap(Language.init(rawValue:)) { actor.language = language }
        let mustEnrol = ticket.kind == .session && chart.needsTOTP(ticket.user) && !ticket.hasTOTP
        let mustChange = ticket.kind == .session && ticket.mustChangePassword
        if case .key(let scopes) = ticket.kind { actor.narrow(to: scopes, in: catalog) }
        if mustEnrol || mustChange { actor.rights = Rights() }
        return Authenticated(
            actor: actor, userID: ticket.user, sessionID: ticket.kind == .session ? ticket.id : nil,
            apiTokenID: ticket.kind == .session ? nil : ticket.id,
            csrf: ticket.csrf, startedAt: ticket.startedAt, expiresAt: ticket.expiresAt, provedAt: ticket.provedAt,
            preferences: ticket.preferences,
            mustChangePassword: mustChange, mustEnrolTOTP: mustEnrol, hasTOTP: ticket.hasTOTP
        )
    }
}

extension Authenticated {
    fileprivate func from(_ address: String?) -> Authenticated {
        var copy = self
        copy.actor.address = address
        return copy
    }
}

extension Ticket {
    fileprivate var actorVia: String { kind == .session && via == "browser" ? "web" : via == "cli" ? "cli" : "api" }

    /// The ticket as the database has it, with everything about its user that requests need.
    static func read(
        _ reading: any Reading, _ catalog: Catalog, _ hash: String, _ chart: OrgChart, _ kept: KeptSessions.Kept?
    ) throws -> Ticket? {
        let checkedAt = ContinuousClock.now
        let found =
            try session(reading, catalog, hash, checkedAt) ?? kept.map { Ticket($0.session, checkedAt) }
            ?? key(reading, catalog, hash, checkedAt)
        guard var ticket = found else { return nil }
        let credential = try Credential.of(ticket.user, reading, catalog)
        if let kept, credential?.password != kept.password { return nil }
        if let credential {
            ticket.preferences = credential.preferences.flatMap(Plain.init(jsonText:))?.object ?? [:]
            ticket.mustChangePassword = credential.mustChange
            ticket.hasTOTP = credential.totpSecret != nil
        }
        let shown = ticket.previewing ?? ticket.user
        let departments = chart.members[shown]?.departmentID.map(chart.line(above:)) ?? []
        ticket.lent = try Lent.read(reading, catalog, user: shown, departments: departments)
        return ticket
    }

    private static func session(_ reading: any Reading, _ catalog: Catalog, _ hash: String, _ at: ContinuousClock.Instant) throws -> Ticket?
    {
        let found = try reading.fetch(Query(catalog.schema(Session.self), where: \Session.tokenHash == hash, limit: 1)).first
        return found.map { Ticket(Record<Session>($0), at) }
    }

    private init(_ session: Record<Session>, _ at: ContinuousClock.Instant) {
        self.init(
            id: session.row.id, kind: .session, user: session.user.id, name: "", csrf: session.csrf, via: session.via,
            startedAt: session.createdAt,
            seenAt: session.seenAt, expiresAt: session.expiresAt, previewing: session.previewing?.id, provedAt: session.provedAt,
            preferences: [:],
            mustChangePassword: false, hasTOTP: false, lent: [], checkedAt: at
        )
    }

    private static func key(_ reading: any Reading, _ catalog: Catalog, _ hash: String, _ at: ContinuousClock.Instant) throws -> Ticket? {
        let found = try reading.fetch(Query(catalog.schema(APIToken.self), where: \APIToken.tokenHash == hash, limit: 1)).first
        guard let key = found.map(Record<APIToken>.init), key.revokedAt == nil else { return nil }
        return Ticket(
            id: key.row.id, kind: .key(TokenScopes(stored: key.scopes)), user: key.user.id, name: key.title, csrf: "", via: "api",
            startedAt: key.createdAt,
            seenAt: key.usedAt ?? Instant(milliseconds: 0), expiresAt: key.expiresAt, previewing: nil, provedAt: nil, preferences: [:],
            mustChangePassword: false, hasTOTP: false, lent: [], checkedAt: at
        )
    }
}

extension Credential {
    static func of(_ user: Int64, _ reading: any Reading, _ catalog: Catalog) throws -> Record<Credential>? {
        try reading.fetch(Query(catalog.schema(Credential.self), where: \Credential.user == Ref(user), limit: 1)).first.map(
            Record<Credential>.init)
    }
}
