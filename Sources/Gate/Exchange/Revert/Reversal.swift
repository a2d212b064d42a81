import Records

/// Takes back a whole import, the last change first, a batch a transaction.
///
/// A record that the import made and nobody has touched since is removed for good; its values stay in the audit log. One that somebody has
/// changed, linked to, shared or given a file stays as it is and is named: it holds somebody's work. A record that the import changed gets
/// its old values back, field by field, where nobody changed them since. Running it again, or after an interruption, does the rest.
public struct Reversal: Sendable {
    let host: any ExchangeHost
    public var batchSize = 1000

    public init(_ host: any ExchangeHost) { self.host = host }

    public func run(_ operation: Int64) async throws -> RevertReport {
        var report = RevertReport(plain: host.state)
        var place = host.state.object?["place"]?.int
        let total = try await host.gate.store.read { reading in
            try reading.count(Query(AuditEntry.self, where: .field("operation", .eq, .int(operation))), cap: 100_000_000)
        }
        guard total > 0 else { throw Refusal.notFound }
        var done = Int(host.state.object?["done"]?.int ?? 0)
        let size = batchSize
        while true {
            if host.isCancelled { throw CancellationError() }
            let before = report, from = place, doneBefore = done
            let step = try await host.write { tx in
                var report = before
                guard let end = try tx.revert(operation, before: from, limit: size, &report) else {
                    return JobStep((report, nil as Int64?, doneBefore))
                }
                let now = min(doneBefore + size, total)
                var state = report.plain.object ?? [:]
                state["place"] = .int(end)
                state["done"] = .int(Int64(now))
                return JobStep((report, end, now), done: now, of: total, saving: .object(state))
            }
            (report, done) = (step.0, step.2)
            guard let end = step.1 else { return report }
            place = end
            try await host.progress(done, of: total)
        }
    }
}
