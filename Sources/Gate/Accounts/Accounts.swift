import Records
import Synchronization

/// Who may come in: log-ins, sessions, API keys, passwords, second steps, and the people and roles behind them. One credential check serves
/// the browser, the API and the command line.
///
/// ```swift
/// let accounts = Accounts(gate)
/// guard case .ok(let grant) = try await accounts.logIn(LogIn("liwei", password, address: peer, agent: agent, via: .browser)) else { … }
/// let visitor = try await accounts.authenticate(grant.token, address: peer)      // at every request
/// try await gate.read(as: visitor.actor) { … }
/// ```
public final class Accounts: Sendable {
    public let gate: Gate
    /// How long what is remembered is taken for true. Changes of accounts are noticed at once, on every instance; what somebody changed
    /// in the database by hand after this time.
    let freshness: Duration
    let desk: PasswordDesk
    let throttle = Throttle()
    let tickets = TicketBook()
    let kept = KeptSessions()
    private let keeper: ChartKeeper
    private let listening = Mutex<Int?>(nil)
    /// The number of ``Organisation/sequence`` at which what is remembered was read.
    private let known = Mutex<Int64?>(nil)

    public init(_ gate: Gate, cost: ScryptCost = .standard, freshness: Duration = .seconds(2)) {
        self.gate = gate
        self.freshness = freshness
        desk = PasswordDesk(cost: cost)
        keeper = ChartKeeper(gate, freshness: freshness)
        let number = gate.changes.listen { [weak self] events in self?.notice(events) }
        listening.withLock { $0 = number }
    }

    deinit {
        if let number = listening.withLock({ $0 }) { gate.changes.forget(number) }
    }

    /// The company as it is now.
    public func chart() async throws -> OrgChart { try await keeper.current() }

    /// Forgets what was remembered before the last change of accounts on whatever instance, so that it holds at the next request. Asks the
    /// database where several instances share it; alone, an instance knows of all changes.
    func keepUp() async throws {
        guard gate.store.isShared else { return }
        let present = try await gate.store.read { try $0.last(Organisation.sequence) }
        guard known.withLock({ $0 }) != present else { return }
        forgetEverything()
        known.withLock { $0 = present }
    }

    /// A user as an actor, for jobs and the command line; nil when the user may not log in.
    public func actor(for user: Int64, via: String) async throws -> Actor? {
        try await keepUp()
        let chart = try await chart(), catalog = gate.catalog
        guard var actor = chart.actor(for: user, via: via) else { return nil }
        let departments = actor.departmentID.map(chart.line(above:)) ?? []
        let lent = try await gate.store.read { try Lent.read($0, catalog, user: user, departments: departments) }
        actor.lend(lent, on: gate.clock.now().day)
        return actor
    }

    /// The chart if it needs no look into the database.
    var chartAtHand: OrgChart? { keeper.atHand }

    private func notice(_ events: [ChangeEvent]) {
        if events.contains(where: { Organisation.governed.contains($0.entity) }) { keeper.expire() }
        for event in events where event.entity == Session.name { kept.endAll(of: event.id) }
        if events.contains(where: { $0.entity == Share.name || $0.entity == Credential.name }) { tickets.expireAll() }
    }

    /// Somebody changed behind this instance's back (restore, another instance's message).
    public func forgetEverything() {
        keeper.expire()
        tickets.expireAll()
    }

    /// The company's name, for authenticator apps and password checks.
    func companyName(_ chart: OrgChart) -> String? {
        chart.departments.values.filter { $0.parentID == nil && !$0.isDeleted }.min { $0.id < $1.id }?.name
    }
}
