import Records

extension JobRunner {
    /// Takes as many due jobs as there are free workers and starts them.
    func startDue() async throws {
        let free = settings.workers - state.withLock { $0.isStopping ? settings.workers : $0.running.count }
        guard free > 0 else { return }
        let now = gate.clock.now()
        let names = try await dueNames(now)
        guard !names.isEmpty else { return }
        let running = runningByName
        let claimed = try await gate.store.write { [self] writing in try claim(names, upTo: free, running: running, writing, now) }
        for row in claimed { start(row) }
        // There may be more than there were workers; the next one that ends rings.
    }

    private static func isDue(_ names: [String], _ now: Instant) -> Condition {
        \JobRow.status == .waiting && \JobRow.runAt <= now && .compare(.init("name"), .in, names.map(Value.text))
    }

    /// Kinds of job that have a due one, that this instance knows, and that have something to do. Only reads, so that an idle system is
    /// quiet.
    func dueNames(_ now: Instant) async throws -> [String] {
        var open = Array(Set(handlers.keys).union(declared.keys))
        let counts = runningByName
        open.removeAll { counts[$0, default: 0] >= settings.limit($0) }
        guard !open.isEmpty else { return [] }
        let known = open, idle = settings.nothingToDo
        return try await gate.store.read { reading in
            let query = Query(JobRow.self, where: Self.isDue(known, now), sort: [Query.Sort("run_at")], limit: 200)
            let names = Set(try reading.fetch(query).map { Record<JobRow>($0).title })
            return try names.filter { name in try idle[name].map { try !$0(reading, now) } ?? true }.sorted()
        }
    }

    private var runningByName: [String: Int] { state.withLock { Dictionary(grouping: $0.running.values, by: \.name).mapValues(\.count) } }

    private func claim(_ names: [String], upTo free: Int, running: [String: Int], _ writing: any Writing, _ now: Instant) throws -> [Row] {
        var open = names, counts = running
        var claimed: [Row] = []
        while claimed.count < free, !open.isEmpty {
            let query = Query(JobRow.self, where: Self.isDue(open, now), sort: [Query.Sort("run_at")], limit: 1)
            guard
                var row = try writing.claim(
                    query,
                    setting: [
                        "status": .text(JobRow.Status.running.rawValue), "worker": .text(worker),
                        "lease_until": now.adding(settings.lease).stored,
                        "started_at": now.stored, "error": .null,
                    ]
                ).first
            else { break }
            // Counted when it starts: a job that takes the whole program down must not do so for ever.
            row["attempts"] = .int((row["attempts"].int ?? 0) + 1)
            if row["operation"].isNull || isSchedule(row) { row["operation"] = .int(Operation.next(at: now)) }
            let slots = ["attempts", "operation"].compactMap { row.schema[$0]?.slot }
            _ = try writing.update(row, slots: slots, ifVersion: nil)
            claimed.append(row)
            let name = Record<JobRow>(row).title
            counts[name, default: 0] += 1
            if counts[name, default: 0] >= settings.limit(name) { open.removeAll { $0 == name } }
        }
        return claimed
    }

    private func start(_ row: Row) {
        let job = Record<JobRow>(row)
        let hold = JobHold(id: row.id, worker: worker, attempt: job.attempts, lease: settings.lease)
        let isHandler = handlers[job.title] != nil
        state.withLock { state in
            state.running[row.id] = Run(name: job.title, hold: hold, isHandler: isHandler)
            state.running[row.id]?.task = Task { await self.perform(job, hold) }
            if state.isStopping { state.running[row.id]?.task?.cancel() }
        }
        gate.changes.publish([hold.event(.updated)])
    }

    func isSchedule(_ row: Row) -> Bool { Record<JobRow>(row).key?.hasPrefix(Schedules.prefix) ?? false }

    // MARK: Leases

    /// Says that this instance's runs are alive, and hears which of them are no longer its own.
    func renew() async throws {
        let runs = state.withLock { $0.running }
        guard !runs.isEmpty else { return }
        // Never the same twice, even when the wall clock stands still: others see by the change that this instance lives.
        let beat = state.withLock { state in
            state.beats = (state.beats + 1) % 1000
            return state.beats
        }
        let until = gate.clock.now().adding(settings.lease + .milliseconds(beat))
        let ids = Array(runs.keys), worker = worker
        let mine = try await gate.store.write { writing in
            let condition = Condition.ids(ids) && \JobRow.worker == worker && \JobRow.status == .running
            _ = try writing.set(JobRow.schema, ["lease_until": until.stored], where: condition)
            return try writing.rows(JobRow.schema, ids: ids).map(Record<JobRow>.init)
                .filter { $0.worker == worker && $0.status == .running }.reduce(into: [Int64: Int]()) { $0[$1.id.id] = $1.attempts }
        }
        for (id, run) in runs where mine[id] != run.hold.attempt { interrupt(run) }
    }

    /// Jobs whose runner has died go back to waiting.
    func takeOver() async throws {
        let worker = worker
        let rows = try await gate.store.read { reading in
            try reading.fetch(Query(JobRow.self, where: \JobRow.status == .running, sort: [Query.Sort("run_at")], limit: 500)).map(
                Record<JobRow>.init)
        }
        let dead = state.withLock { state in
            let now = ContinuousClock.now
            var seen: [Int64: (lease: Int64, since: ContinuousClock.Instant)] = [:]
            var dead: [Record<JobRow>] = []
            for row in rows where state.running[row.id.id] == nil {
                let lease = row.leaseUntil?.milliseconds ?? 0
                if let known = state.seen[row.id.id], known.lease == lease {
                    seen[row.id.id] = known
                    if now - known.since >= settings.lease { dead.append(row) }
                } else {
                    seen[row.id.id] = (lease, now)
                }
            }
            state.seen = seen
            return dead
        }
        for row in dead where row.worker != worker || state.withLock({ $0.running[row.id.id] == nil }) {
            try await release(row, isCrash: true)
        }
    }

    /// After a crash of the only instance nothing can be running.
    func recover() async {
        await attempt("恢复任务") { [self] in
            let rows = try await gate.store.read { reading in
                try reading.fetch(Query(JobRow.self, where: \JobRow.status == .running, limit: 1000)).map(Record<JobRow>.init)
            }
            for row in rows { try await release(row, isCrash: false) }
        }
    }

    /// Back to waiting, or to the failed ones when it brought its runner down too often. Nothing happens when the row has moved on since.
    private func release(_ job: Record<JobRow>, isCrash: Bool) async throws {
        let now = gate.clock.now(), lease = job.leaseUntil
        let error = JobFailure.again("执行中断（程序退出或失去响应），已尝试 \(job.attempts) 次", after: isCrash || job.attempts > 1 ? nil : 0)
        let values = outcome(of: job, failing: error, now)
        let freed = try await gate.store.write { writing in
            try writing.change(job.id.id, setting: values) {
                $0.status == .running && $0.worker == job.worker && $0.attempts == job.attempts && $0.leaseUntil == lease
            }
        }
        guard freed else { return }
        if values["status"] == .text("failed") || job.attempts >= settings.retry(job.title).attempts {
            try await buryIfSchedule(job, error, now)
        }
        gate.changes.publish([ChangeEvent(entity: JobRow.name, id: job.id.id, kind: .restored, by: 0)])
    }

    /// A handler that says nothing for long is asked to stop, then left alone; its job is tried again, its writes are refused.
    func giveUpSilentOnes() {
        let now = ContinuousClock.now
        let silent = state.withLock { state in
            state.running.values.filter { $0.isHandler && now - $0.hold.touched > settings.patience }
        }
        for run in silent {
            interrupt(run)
            Task {
                try? await Task.sleep(for: settings.grace)
                guard state.withLock({ $0.running[run.hold.id]?.hold === run.hold }) else { return }
                await self.attempt("放弃任务") { try await self.abandon(run) }
            }
        }
    }
}
