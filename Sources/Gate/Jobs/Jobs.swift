import Records

/// The list of jobs as people see it: their own, and everybody's for administrators.
public struct Jobs: Sendable {
    let gate: Gate
    public init(_ gate: Gate) { self.gate = gate }

    /// Newest first; those of one state when `status` is given.
    public func list(as actor: Actor, status: JobRow.Status? = nil, before: Int64? = nil, limit: Int = 50) async throws -> [Record<JobRow>]
    {
        let isAdmin = actor.rights.isAdmin, user = actor.userID, limit = min(max(limit, 1), 500)
        return try await gate.store.read { reading in
            var condition = isAdmin ? Condition.everything : \JobRow.user == Ref(user)
            if let status { condition = condition && \JobRow.status == status }
            if let before { condition = condition && .field("id", .lt, .int(before)) }
            return try reading.fetch(Query(JobRow.self, where: condition, sort: [Query.Sort("id", descending: true)], limit: limit)).map(
                Record<JobRow>.init)
        }
    }

    public func job(_ id: Int64, as actor: Actor) async throws -> Record<JobRow> {
        guard let row = try await gate.store.read({ try $0.row(JobRow.schema, id: id) }) else { throw Refusal.notFound }
        let job = Record<JobRow>(row)
        guard actor.rights.isAdmin || actor.userID != 0 && job.user?.id == actor.userID else { throw Refusal.notFound }
        return job
    }

    /// Stops a job that waits or runs; what it has changed stays and can be undone.
    public func cancel(_ id: Int64, as actor: Actor) async throws {
        let job = try await job(id, as: actor)
        guard !(job.key?.hasPrefix(Schedules.prefix) ?? false) else { throw Refusal.conflict("定时任务不能取消，可以在参数中调整。") }
        try await gate.write(as: actor) { tx in
            // The runner of a running job writes down when it has really ended.
            let isCancelled = try tx.writing.change(
                id, setting: ["status": .text(JobRow.Status.cancelled.rawValue), "finished_at": tx.now.stored]
            ) {
                $0.status == .waiting || $0.status == .running
            }
            guard isCancelled else { throw Refusal.conflict("任务已经结束，不能取消。") }
            try tx.record("job_cancel", entity: JobRow.name, id: id)
            tx.events.append(ChangeEvent(entity: JobRow.name, id: id, kind: .deleted, by: actor.userID))
        }
    }

    /// Gives a failed or cancelled job new tries, from where it stopped.
    public func retry(_ id: Int64, as actor: Actor) async throws {
        guard actor.rights.isAdmin else { throw Refusal.forbidden("只有系统管理员可以重试失败的任务。") }
        try await gate.write(as: actor) { tx in
            let isWaiting = try tx.writing.change(
                id,
                setting: [
                    "status": .text(JobRow.Status.waiting.rawValue), "attempts": .int(0), "run_at": tx.now.stored, "finished_at": .null,
                    "error": .null,
                    "worker": .null, "lease_until": .null,
                ]
            ) { $0.status == .failed || $0.status == .cancelled }
            guard isWaiting else { throw Refusal.conflict("只有失败或已取消的任务可以重试。") }
            try tx.record("job_retry", entity: JobRow.name, id: id)
            tx.events.append(ChangeEvent(entity: JobRow.name, id: id, kind: .restored, by: actor.userID))
        }
    }
}
