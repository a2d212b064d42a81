import Records
import Synchronization

/// The newest ``OrgChart`` that a writer has read, for those after it.
final class ChartMemory: Sendable {
    private let chart = Mutex<OrgChart?>(nil)

    /// The company as this unit of work sees it: read anew only when something of it changed.
    func chart(_ reading: any Reading, _ catalog: Catalog, now: Instant) throws -> OrgChart {
        if let known = chart.withLock({ $0 }), try Organisation.mark(reading, catalog, now: now) == known.mark { return known }
        let fresh = try OrgChart.read(reading, catalog, now: now)
        chart.withLock { $0 = fresh }
        return fresh
    }
}

/// Counts what somebody is told about records that they may not see, so that nobody asks through all numbers there are: a mobile number
/// that stands masked in a list could else be found by saving customers until one is refused.
final class Guesses: Sendable {
    /// So many answers in an hour.
    static let most = 20

    private let told = Mutex<[Int64: [Instant]]>([:])

    /// Notes an answer.
    ///
    /// - Returns: the seconds to wait when there were too many.
    func note(_ user: Int64, at now: Instant) -> Int? {
        told.withLock { told in
            let start = now.adding(seconds: -3600)
            var recent = told[user, default: []].filter { $0 > start }
            defer { told[user] = recent }
            guard recent.count < Self.most else { return 3600 }
            recent.append(now)
            return nil
        }
    }
}

/// What a gate remembers between its transactions.
struct GateMemory: Sendable {
    let charts = ChartMemory()
    let guesses = Guesses()
}

extension GateTransaction {
    /// Somebody else as they are now, with what was shared with them: whoever acts in their name does it with their rights. Nil for who is
    /// disabled or unknown.
    func actor(of user: Int64, via: String) throws -> Actor? {
        if let known = knownActors[user] {
            return known.map {
                var actor = $0; actor.via = via; return actor
            }
        }
        let chart = try chart()
        var actor = chart.actor(for: user, via: via)
        if let department = actor.map(\.departmentID) {
            actor?.lend(try Lent.read(reading, catalog, user: user, departments: department.map(chart.line(above:)) ?? []), on: today)
        }
        knownActors[user] = .some(actor)
        return actor
    }

    /// Who works here and what they may do, at this moment.
    func chart() throws -> OrgChart {
        let chart = try knownChart ?? memory.charts.chart(reading, catalog, now: now)
        knownChart = chart
        return chart
    }

    /// A transaction within this one, with other rights: read and write there, then ``settle(_:)`` it.
    func inner(as other: Actor) -> GateTransaction {
        GateTransaction(writing, actor: other, model: model, now: now, secrets: secrets, memory: memory, operation: operation)
    }

    /// What was changed in a transaction within this one belongs to the same operation; rules that answer to it run with the others.
    func settle(_ inner: GateTransaction) throws {
        if let fault = inner.fault { throw fault }
        cues += inner.cues
        inner.cues = []
        try inner.finish()
        settledEvents += inner.events + inner.settledEvents
    }

    @discardableResult
    func within<T>(_ other: Actor, _ body: (GateTransaction) throws -> T) throws -> T {
        let inner = inner(as: other), result = try body(inner)
        try settle(inner)
        return result
    }

    /// Others' rights are looked at again: something has been shared with them.
    func forgetActors() { knownActors = [:] }
}
