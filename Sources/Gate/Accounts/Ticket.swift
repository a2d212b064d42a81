import Records
import Synchronization

/// A session or an API key as it is remembered between requests.
struct Ticket: Sendable {
    enum Kind: Sendable, Hashable {
        case session
        case key(TokenScopes)
    }

    var id: Int64
    var kind: Kind
    var user: Int64
    var name: String
    var csrf: String
    var via: String
    var startedAt: Instant
    var seenAt: Instant
    var expiresAt: Instant?
    var previewing: Int64?
    var provedAt: Instant?
    var preferences: [String: Plain]
    var mustChangePassword: Bool
    var hasTOTP: Bool
    var lent: [Lent]
    var checkedAt: ContinuousClock.Instant
    /// The actor as it follows from a chart and a catalog on a day.
    var standing: (chart: OrgChart, catalog: Catalog, day: Day, visitor: Authenticated)?
}

/// The tickets of those who come often. Bounded: who floods the door with keys only makes it forget.
final class TicketBook: Sendable {
    private let limit = 20_000
    private let state = Mutex(State())

    private struct State {
        var tickets: [String: Ticket] = [:]
        /// Grows when tickets are taken out, so that one read before does not come back.
        var generation = 0
    }

    var generation: Int { state.withLock { $0.generation } }

    func find(_ hash: String) -> Ticket? { state.withLock { $0.tickets[hash] } }

    func keep(_ ticket: Ticket, _ hash: String, readAt generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.tickets.count >= limit, state.tickets[hash] == nil { state.tickets.removeAll(keepingCapacity: true) }
            state.tickets[hash] = ticket
        }
    }

    /// Changes a ticket if it is still here.
    func change(_ hash: String, _ body: (inout Ticket) -> Void) {
        state.withLock { state in
            guard let place = state.tickets.index(forKey: hash) else { return }
            body(&state.tickets.values[place])
        }
    }

    func expireAll() { drop { _ in true } }
    func expire(user: Int64) { drop { $0.user == user || $0.previewing == user } }

    func drop(_ isGone: (Ticket) -> Bool) {
        state.withLock { state in
            state.generation += 1
            state.tickets = state.tickets.filter { !isGone($0.value) }
        }
    }
}

/// A record that somebody else lent.
struct Lent: Sendable, Hashable {
    var entity: String
    var record: Int64
    var canWrite: Bool
    var until: Day?

    /// What was lent to a user, or to a department in the line above.
    static func read(_ reading: any Reading, _ catalog: Catalog, user: Int64, departments: [Int64]) throws -> [Lent] {
        let schema = catalog.schema(Share.self)
        var whom = Condition.field("user_id", .eq, .int(user))
        if !departments.isEmpty { whom = whom || .compare(.init("department_to"), .in, departments.map(Value.int)) }
        return try reading.fetch(Query(schema, where: whom, sort: [Query.Sort("id")], limit: 5000)).map { row in
            let share = Record<Share>(row)
            return Lent(entity: share.entity, record: Int64(share.recordID), canWrite: share.canWrite, until: share.until)
        }
    }
}

extension Actor {
    mutating func lend(_ lent: [Lent], on day: Day) {
        for one in lent where one.until.map({ $0 >= day }) ?? true {
            sharedReading[one.entity, default: []].append(one.record)
            if one.canWrite { sharedWriting[one.entity, default: []].append(one.record) }
        }
    }
}
