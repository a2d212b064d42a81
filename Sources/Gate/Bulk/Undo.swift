import Records

/// Taking back everything one command changed. What is small is done at once, what is large is done by a job in chunks.
public enum Undo {
    static let job = "undo"
    static let chunk = 200
    /// Changes up to this many are taken back at once.
    public static let small = 300

    public enum Outcome: Sendable {
        case done(GateTransaction.UndoReport)
        case started(job: Int64)
    }

    /// - Parameter ofJob: the job whose changes they are, marked as reverted afterwards.
    public static func start(_ operation: Int64, ofJob: Int64? = nil, as actor: Actor, in gate: Gate) async throws -> Outcome {
        // An import goes for good, not to the recycle bin.
        if let imported = try await ImportJob.job(of: operation, in: gate) {
            return .started(job: try await ImportJob.revert(imported, as: actor, in: gate))
        }
        return try await gate.write(as: actor) { tx in
            let entries = try tx.reading.fetch(
                Query(
                    AuditEntry.self, where: Condition.field("operation", .eq, .int(operation)), sort: [Query.Sort("id")], limit: small + 1))
            guard let first = entries.first.map(Record<AuditEntry>.init) else { throw Refusal.notFound }
            guard let author = first.user?.id, author == actor.userID || actor.rights.isAdmin else {
                throw Refusal.forbidden("只能撤销自己的操作；如需撤销他人操作请联系系统管理员。")
            }
            if entries.count > small {
                let payload: [String: Plain] = ["operation": .int(operation), "job": ofJob.map(Plain.int) ?? .null]
                return .started(
                    job: try tx.enqueue(job, label: "撤销批量操作", payload, key: "undo:\(operation)", total: try count(operation, tx)))
            }
            let report = try tx.undo(operation: operation)
            try mark(ofJob, tx)
            return .done(report)
        }
    }

    private static func count(_ operation: Int64, _ tx: GateTransaction) throws -> Int {
        try tx.reading.count(Query(AuditEntry.self, where: .field("operation", .eq, .int(operation))), cap: 10_000_000)
    }

    private static func mark(_ job: Int64?, _ tx: GateTransaction) throws {
        guard let job else { return }
        _ = try tx.writing.set(
            JobRow.schema, ["status": .text(JobRow.Status.reverted.rawValue)], where: .ids([job]) && \JobRow.status != .running)
        tx.events.append(ChangeEvent(entity: JobRow.name, id: job, kind: .updated, by: 0))
    }

    /// The handler of `undo` jobs.
    public static let run: JobHandler = { context in
        guard let number = context.payload["operation"]?.int else { throw JobFailure.permanent("撤销任务的内容无法识别") }
        var report = BulkReport(plain: context.state) ?? BulkReport()
        var place = context.state.object?["place"]?.int
        if report.total == 0 {
            report.total = try await context.gate.store.read {
                try $0.count(Query(AuditEntry.self, where: .field("operation", .eq, .int(number))), cap: 10_000_000)
            }
        }
        while true {
            try context.checkCancellation()
            let before = report, from = place
            let step = try await context.write { tx in
                var report = before
                let last = try tx.undo(operation: number, before: from, limit: chunk, &report).last
                guard let last else { return JobStep((report, nil as Int64?)) }
                return JobStep(
                    (report, last), done: min(report.done + report.failed, report.total), of: report.total,
                    saving: report.plain(with: ["place": .int(last)])
                )
            }
            report = step.0
            guard let last = step.1 else { break }
            place = last
        }
        let original = context.payload["job"]?.int
        try await context.write { tx in JobStep(try mark(original, tx)) }
        return report.plain
    }
}
