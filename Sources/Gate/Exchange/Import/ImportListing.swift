import Records

/// An import that no job runs (from the command line) stands in the list of jobs all the same, so that it can be looked at and taken back.
struct ImportListing: Sendable {
    let host: any ExchangeHost

    /// Before the first row: should the program break off, what was done so far can be found and reverted.
    func open(_ layout: ImportLayout, file: String, total: Int) async throws -> Int64 {
        let operation = host.operation, name = String((file.split(separator: "/").last ?? "").prefix(80))
        return try await host.gate.write(as: host.actor) { tx in
            var job = Record<JobRow>()
            job.title = ImportJob.name
            job.label = "导入\(layout.schema.label)：\(name)"
            job.status = .cancelled
            (job.runAt, job.startedAt) = (tx.now, tx.now)
            (job.attempts, job.done, job.total) = (1, 0, total)
            job.user = tx.actor.userID == 0 ? nil : Ref(tx.actor.userID)
            job.operation = Int(operation)
            return try tx.writing.insert(job.row)
        }
    }

    func close(_ id: Int64, _ result: ImportResult) async throws {
        let status = result.isCancelled ? JobRow.Status.cancelled : .done
        try await host.gate.write(as: host.actor) { tx in
            _ = try tx.writing.set(
                JobRow.schema,
                [
                    "status": .text(status.rawValue), "done": .int(Int64(result.rows)), "finished_at": tx.now.stored,
                    "result": .text(result.plain.jsonText),
                ],
                where: .ids([id])
            )
        }
    }
}
