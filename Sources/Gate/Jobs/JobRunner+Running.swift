import Records

extension JobRunner {
    /// Does one job and writes down how it ended.
    func perform(_ job: Record<JobRow>, _ hold: JobHold) async {
        do {
            if let handler = handlers[job.title] {
                let context = try await context(for: job, hold)
                let result = try await handler(context)
                await end(job, hold) { now in self.success(of: job, result, now) }
            } else if let declared = declared[job.title] {
                try await perform(declared, job, hold)
            } else {
                throw JobFailure.permanent("没有名为 \(job.title) 的任务")
            }
        } catch {
            await fail(job, hold, error)
        }
        leave(hold)
    }

    private func leave(_ hold: JobHold) {
        state.withLock { if $0.running[hold.id]?.hold === hold { $0.running[hold.id] = nil } }
        gate.changes.publish([hold.event(.updated)])
        waker.ring()
    }

    private func context(for job: Record<JobRow>, _ hold: JobHold) async throws -> JobContext {
        JobContext(
            id: hold.id, name: job.title, payload: payload(of: job), gate: gate, actor: try await actor(of: job),
            operation: Int64(job.operation ?? 0),
            attempt: job.attempts, isLastAttempt: job.attempts >= settings.retry(job.title).attempts,
            state: job.result.flatMap(Plain.init(jsonText:)) ?? .null, hold: hold
        )
    }

    private func actor(of job: Record<JobRow>) async throws -> Actor {
        guard let user = job.user else { return .system() }
        guard var actor = try await actors(user.id) else { throw JobFailure.permanent("发起人已停用或不存在，任务未执行") }
        actor.via = "job"
        if let scopes = job.scopes { actor.narrow(to: TokenScopes(stored: scopes), in: gate.catalog) }
        return actor
    }

    private func payload(of job: Record<JobRow>) -> [String: Plain] { job.payload.flatMap(Plain.init(jsonText:))?.object ?? [:] }

    /// A declared job and its end are one transaction: it is done exactly once.
    private func perform(_ declared: Job, _ job: Record<JobRow>, _ hold: JobHold) async throws {
        let values = success(of: job, .null, gate.clock.now()).merging(["result": .null]) { $1 }
        var payload = payload(of: job)
        if isSchedule(job.row) { payload["period"] = nil }
        let members = payload
        try await gate.write(as: .system(), operation: Int64(job.operation ?? 0)) { tx in
            guard try hold.keep(tx.writing, setting: values, now: tx.now) else { throw CancellationError() }
            tx.errand = Errand(declared.name, members)
            try declared.run(members, tx)
            // By hand: the row is no longer this run's, but waits or is done.
            guard tx.report.failed > 0 else { return }
            _ = try tx.writing.set(JobRow.schema, ["result": .text(tx.report.plain.jsonText)], where: .ids([hold.id]))
        }
    }

    // MARK: How it ended

    private func success(of job: Record<JobRow>, _ result: Plain, _ now: Instant) -> [String: Value] {
        if isSchedule(job.row), let next = rearmed(job, now) { return next.merging(["finished_at": now.stored]) { $1 } }
        var values: [String: Value] = [
            "status": .text(JobRow.Status.done.rawValue), "finished_at": now.stored, "worker": .null, "lease_until": .null, "error": .null,
        ]
        if result != .null { values["result"] = .text(result.jsonText) }
        return values
    }

    /// The fields of a job's row after a failure: waiting for the next try, or failed.
    func outcome(of job: Record<JobRow>, failing error: any Error, _ now: Instant) -> [String: Value] {
        let retry = settings.retry(job.title)
        var values: [String: Value] = ["worker": .null, "lease_until": .null, "error": .text(Reason.text(error))]
        if Reason.isFinal(error) || job.attempts >= retry.attempts {
            if isSchedule(job.row), let next = rearmed(job, now) {
                return values.merging(next) { $1 }.merging(["error": .text(Reason.text(error))]) { $1 }
            }
            values["status"] = .text(JobRow.Status.failed.rawValue)
            values["finished_at"] = now.stored
            return values
        }
        var delay = retry.delay(after: job.attempts)
        if case JobFailure.again(_, let seconds?) = error { delay = seconds }
        values["status"] = .text(JobRow.Status.waiting.rawValue)
        values["run_at"] = now.adding(seconds: delay).stored
        return values
    }

    private func fail(_ job: Record<JobRow>, _ hold: JobHold, _ error: any Error) async {
        if state.withLock({ $0.isStopping }) && (error is CancellationError || hold.isCancelled) {
            return await attempt("交还任务") { try await self.giveBack(hold) }
        }
        // Cancelled or taken over: the row is somebody else's by now.
        if hold.isCancelled, error is CancellationError { return await noteCancelled(hold) }
        settings.onError("任务 \(job.title) #\(hold.id)", error)
        await end(job, hold) { now in self.outcome(of: job, failing: error, now) }
        if Reason.isFinal(error) || job.attempts >= settings.retry(job.title).attempts {
            await attempt("记录失败") { try await self.buryIfSchedule(job, error, self.gate.clock.now()) }
        }
    }

    private func end(_ job: Record<JobRow>, _ hold: JobHold, _ values: @Sendable (Instant) -> [String: Value]) async {
        // The work is done; the database may be away for a moment.
        for pause in [0, 200, 1000, 3000] {
            try? await Task.sleep(for: .milliseconds(pause))
            do {
                let now = gate.clock.now(), store = gate.store
                let fields = values(now)
                let isKept = try await uncancelled { try await store.write { try hold.keep($0, setting: fields, now: now) } }
                return isKept ? () : await noteCancelled(hold)
            } catch {
                settings.onError("任务 \(job.title) #\(hold.id) 的结果未能保存", error)
            }
        }
    }

    /// Somebody cancelled the job while it ran: it has ended now.
    private func noteCancelled(_ hold: JobHold) async {
        let now = gate.clock.now(), store = gate.store
        await attempt("取消任务") {
            _ = try await uncancelled {
                try await store.write { writing in
                    try writing.change(hold.id, setting: ["finished_at": now.stored, "worker": .null, "lease_until": .null]) {
                        $0.status == .cancelled && $0.worker == hold.worker
                    }
                }
            }
        }
    }

    /// The program stops: as if this try had not been.
    func giveBack(_ hold: JobHold) async throws {
        let now = gate.clock.now()
        let values: [String: Value] = [
            "status": .text(JobRow.Status.waiting.rawValue), "worker": .null, "lease_until": .null, "run_at": now.stored,
            "attempts": .int(Int64(hold.attempt - 1)),
        ]
        let store = gate.store
        _ = try await uncancelled { try await store.write { try hold.keep($0, setting: values, now: now) } }
    }

    func abandon(_ run: Run) async throws {
        let now = gate.clock.now(), hold = run.hold
        let row = try await gate.store.read { try $0.row(JobRow.schema, id: hold.id) }
        guard let row else { return leave(hold) }
        let job = Record<JobRow>(row)
        let error = JobFailure.again("长时间没有响应，已放弃等待（第 \(job.attempts) 次）")
        let values = outcome(of: job, failing: error, now)
        _ = try await gate.store.write { try hold.keep($0, setting: values, now: now) }
        leave(hold)
    }
}
