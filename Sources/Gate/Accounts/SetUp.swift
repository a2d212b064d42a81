import Records

/// The first day of an installation, and what an upgrade brings.
extension Accounts {
    /// Nobody can log in yet.
    public func isFresh() async throws -> Bool {
        let catalog = gate.catalog
        return try await gate.store.read { try $0.count(Query(catalog.schema(User.self)), cap: 1) == 0 }
    }

    /// Brings built-in roles and every capability's first records into the database. At every start; what is already there stays as the
    /// company has it.
    public func prepare(company: String? = nil) async throws {
        try await gate.write(as: .system(via: "setup")) { try $0.prepare(company: company) }
    }

    /// A one-time secret for the set-up page, valid for a day; the newest counts. Printed by `serve` when nobody can log in.
    public func makeSetUpToken() async throws -> String {
        let token = Token.fresh(Token.setUp)
        try await gate.write(as: .system(via: "setup")) { tx in
            try tx.setNote(SetUpNote.token, "\(tx.now.adding(days: 1).milliseconds) \(Token.hash(token))")
        }
        return token
    }

    /// Whether the set-up page may be shown.
    public func isSetUpToken(_ token: String) async throws -> Bool {
        let catalog = gate.catalog, now = gate.clock.now()
        return try await gate.store.read { SetUpNote.isValid(token, try SetUpNote.read(SetUpNote.token, $0, catalog), now) }
    }

    /// The first administrator, and with the same stroke the company. The token is used up.
    @discardableResult
    public func setUp(
        token: String, company: String, username: String, name: String, password: String, address: String? = nil
    ) async throws -> Row {
        guard try await isFresh() else { throw Refusal.conflict("系统已完成初始化，请直接登录。") }
        var input: [String: Plain] = [
            "username": .text(username), "name": .text(name), "password": .text(password), "roles": [.text(Rights.admin)],
        ]
        if username.trimmed.isEmpty { input["username"] = nil }
        var draft = try await UserDraft(input, self, context: [company])
        if company.trimmed.isEmpty { draft.problems.append(Problem("company", code: "required", "请填写公司名称")) }
        let ready = draft
        var actor = Actor.system(via: "setup")
        actor.address = address
        return try await gate.write(as: actor) { tx in
            guard SetUpNote.isValid(token, try tx.note(SetUpNote.token), tx.now) else {
                throw Refusal.forbidden("初始化链接无效或已过期，请重新启动服务以获取新链接。")
            }
            // Two people with one link: the second finds the token used.
            guard try tx.useNote(SetUpNote.token) else { throw Refusal.conflict("系统已完成初始化，请直接登录。") }
            try tx.prepare(company: company)
            try tx.setNote(SetUpNote.guide, SetUpNote.begun)
            return try tx.createUser(ready)
        }
    }

    /// A user from the command line, on an empty database too: `zhike user add`.
    @discardableResult
    public func addUser(
        username: String, name: String? = nil, roles: [String], password: String, department: String? = nil,
        mustChangePassword: Bool = false, company: String? = nil
    ) async throws -> Row {
        var input: [String: Plain] = [
            "username": .text(username), "name": .text(name ?? username), "password": .text(password),
            "roles": .list(roles.map(Plain.text)),
            "must_change_password": .bool(mustChangePassword),
        ]
        if let department { input["department_id"] = .text(department) }
        let draft = try await UserDraft(input, self, context: [company].compactMap(\.self))
        return try await gate.write(as: .system(via: "cli")) { tx in
            try tx.prepare(company: company)
            return try tx.createUser(draft)
        }
    }
}

/// Small facts that the program remembers about its own installation, in the table of secrets.
enum SetUpNote {
    static let token = "setup.token"
    /// The steps of the first days that are done: see ``SetUpGuide``.
    static let guide = "setup.guide", begun = "begun", over = "over"
    static func shipped(_ role: String) -> String { "setup.role.\(role)" }
    static func seeded(_ capability: String) -> String { "setup.seeded.\(capability)" }
    static func approval(_ flow: String) -> String { "setup.approval.\(flow)" }
    static func holidays(_ year: Int) -> String { "setup.holidays.\(year)" }

    static func read(_ name: String, _ reading: any Reading, _ catalog: Catalog) throws -> String? {
        try reading.fetch(Query(catalog.schema(Secret.self), where: \Secret.title == name, limit: 1)).first.map { Record<Secret>($0).value }
    }

    static func isValid(_ token: String, _ stored: String?, _ now: Instant) -> Bool {
        guard let parts = stored?.split(separator: " "), parts.count == 2, let until = Int64(parts[0]), now.milliseconds < until else {
            return false
        }
        return Token.hash(token).utf8.isSame(as: parts[1].utf8)
    }
}

extension GateTransaction {
    func note(_ name: String) throws -> String? { try SetUpNote.read(name, reading, catalog) }

    func setNote(_ name: String, _ value: String) throws {
        let schema = catalog.schema(Secret.self)
        if try writing.set(schema, ["value": .text(value)], where: \Secret.title == name) > 0 { return }
        var secret = Record<Secret>()
        secret.title = name
        secret.value = value
        try writing.insert(secret.row)
    }

    /// Makes a note worthless; false when somebody else was faster.
    func useNote(_ name: String) throws -> Bool {
        guard let present = try note(name) else { return false }
        return try takes(catalog.schema(Secret.self), \Secret.title == name && \Secret.value == present, ["value": "used"])
    }

    /// Roles, the company and every capability's first records.
    func prepare(company: String?) throws {
        // One instance at a time: the counter's row is locked until this transaction ends.
        _ = try writing.next("setup", by: 1)
        try makeCompany(company)
        // Rights over what is switched off stay with the roles.
        for template in BuiltInRole.templates(catalog.whole) { try ship(template) }
        for capability in catalog.capabilities where try note(SetUpNote.seeded(capability.name)) == nil {
            try capability.seed(self)
            try setNote(SetUpNote.seeded(capability.name), String(now.milliseconds))
        }
        try shipHolidays()
        try shipApprovals()
    }

    /// Each year's notice once; what an administrator has entered for a day stays.
    private func shipHolidays() throws {
        for year in PublicHolidays.years where try note(SetUpNote.holidays(year)) == nil {
            for day in PublicHolidays.days(of: year) where try first(CalendarDay.self, where: \CalendarDay.day == day.day) == nil {
                try insert(day)
            }
            try setNote(SetUpNote.holidays(year), String(now.milliseconds))
        }
    }

    private func makeCompany(_ name: String?) throws {
        let schema = catalog.schema(Department.self)
        let name = name?.trimmed ?? ""
        if let root = try reading.fetch(Query(schema, where: .field("parent_id", .empty), sort: [Query.Sort("id")], limit: 1)).first {
            guard !name.isEmpty, root.title == SetUpDefaults.company, var named = try get(schema, id: root.id) else { return }
            named["name"] = .text(name)
            try save(named)
            return
        }
        var company = Record<Department>()
        company.title = name.isEmpty ? SetUpDefaults.company : name
        company.kindOf = .company
        try insert(company)
    }
}

enum SetUpDefaults {
    static let company = "本公司"
}
