import Records

/// When jobs with a ``Job/Schedule`` run. Each has one row that waits for its next time and is set to the one after when it has run:
/// whoever claims the row runs the period, so each period is run once however many instances there are, and a night switched off is made up
/// for once.
enum Schedules {
    static let prefix = "schedule:"
    static func key(_ job: String) -> String { prefix + job }

    /// What to do so that the rows fit the declarations and the clock.
    enum Step {
        case insert(Job, at: Instant, period: String)
        case move(Int64, to: Instant)
        case erase(Int64)
    }

    /// - Parameter rows: all rows whose key begins with ``prefix``, oldest first.
    static func plan(_ jobs: [Job], _ rows: [Record<JobRow>], _ now: Instant) -> [Step] {
        var steps: [Step] = []
        let byKey = Dictionary(grouping: rows, by: { $0.key ?? "" })
        let scheduled = jobs.filter { $0.schedule != nil }
        for job in scheduled {
            guard let schedule = job.schedule else { continue }
            let present = byKey[key(job.name)] ?? []
            guard let row = present.first(where: { $0.status == .running }) ?? present.first else {
                let next = schedule.next(after: now)
                steps.append(.insert(job, at: next.at, period: next.period))
                continue
            }
            steps += present.filter { $0.id != row.id && $0.status != .running }.map { .erase($0.id.id) }
            if let moved = move(row, schedule, now) { steps.append(moved) }
        }
        let known = Set(scheduled.map { key($0.name) })
        steps += rows.filter { !known.contains($0.key ?? "") && $0.status != .running }.map { .erase($0.id.id) }
        return steps
    }

    /// A waiting row's time must be the next there is: the declaration may have changed, the clock may have been wrong when it was set.
    private static func move(_ row: Record<JobRow>, _ schedule: Job.Schedule, _ now: Instant) -> Step? {
        guard row.status == .waiting, row.runAt > now else { return nil }
        if row.attempts > 0 { return row.runAt > now.adding(hours: 4) ? .move(row.id.id, to: now) : nil }
        let next = schedule.next(after: now, last: lastPeriod(row))
        return next.at == row.runAt ? nil : .move(row.id.id, to: next.at)
    }

    /// The period that ran last.
    static func lastPeriod(_ row: Record<JobRow>) -> String? {
        row.payload.flatMap(Plain.init(jsonText:))?.object?["period"]?.text
    }
}

extension Job.Schedule {
    /// The first time after `now`, and the name of its period; never the period that ran last, even when the clock went back into it.
    func next(after now: Instant, last: String? = nil) -> (at: Instant, period: String) {
        switch self {
        case .daily(let hour, let minute):
            var day = now.day
            while Instant(day, hour: hour, minute: minute) <= now || day.iso == last { day = day + 1 }
            return (Instant(day, hour: hour, minute: minute), day.iso)
        case .every(let seconds):
            let length = max(1, seconds) * 1000
            var slot = now.milliseconds / length + 1
            if String(slot) == last { slot += 1 }
            return (Instant(milliseconds: slot * length), String(slot))
        }
    }

    /// The period that a time belongs to.
    func period(of at: Instant) -> String {
        switch self {
        case .daily: at.day.iso
        case .every(let seconds): String(at.milliseconds / (max(1, seconds) * 1000))
        }
    }
}

extension JobRunner {
    /// Makes, moves and removes the rows of scheduled jobs where needed; writes nothing when all is as it should be.
    func arrangeSchedules() async throws {
        let jobs = declared.values.sorted { $0.name < $1.name }, now = gate.clock.now()
        let steps = try await gate.store.read { Schedules.plan(jobs, try Self.scheduleRows($0), now) }
        guard !steps.isEmpty else { return }
        try await gate.store.write { writing in
            // Instances that start together take turns here, so that the later one sees the rows of the first.
            _ = try writing.next("job_schedules", by: 1)
            for step in Schedules.plan(jobs, try Self.scheduleRows(writing), now) { try Self.take(step, writing) }
        }
    }

    private static func scheduleRows(_ reading: any Reading) throws -> [Record<JobRow>] {
        let query = Query(JobRow.self, where: .field("key", .starts, .text(Schedules.prefix)), sort: [Query.Sort("id")], limit: 1000)
        return try reading.fetch(query).map(Record<JobRow>.init)
    }

    private static func take(_ step: Schedules.Step, _ writing: any Writing) throws {
        switch step {
        case .insert(let job, let at, _):
            var row = Record<JobRow>()
            row.title = job.name
            row.label = job.label
            row.status = .waiting
            row.key = Schedules.key(job.name)
            row.runAt = at
            row.attempts = 0
            row.done = 0
            row.total = 0
            try writing.insert(row.row)
        case .move(let id, let at):
            _ = try writing.set(JobRow.schema, ["run_at": at.stored], where: .ids([id]) && \JobRow.status == .waiting)
        case .erase(let id):
            try writing.erase(JobRow.schema, ids: [id])
        }
    }

    /// A scheduled job's row, waiting for its next time; nil for other jobs.
    func rearmed(_ job: Record<JobRow>, _ now: Instant) -> [String: Value]? {
        guard let schedule = declared[job.title]?.schedule else { return nil }
        let period = schedule.period(of: job.runAt)
        let next = schedule.next(after: now, last: period)
        return [
            "status": .text(JobRow.Status.waiting.rawValue), "run_at": next.at.stored, "attempts": .int(0), "worker": .null,
            "lease_until": .null,
            "error": .null, "payload": .text(Plain.object(["period": .text(period)]).jsonText),
        ]
    }

    /// A scheduled job that failed for good goes on at its next time; what failed is kept among the failed ones.
    func buryIfSchedule(_ job: Record<JobRow>, _ error: any Error, _ now: Instant) async throws {
        guard isSchedule(job.row), declared[job.title]?.schedule != nil else { return }
        var row = Record<JobRow>()
        row.title = job.title
        row.label = job.label
        row.status = .failed
        row.runAt = job.runAt
        row.startedAt = job.startedAt
        row.finishedAt = now
        row.attempts = job.attempts
        row.done = 0
        row.total = 0
        row.error = Reason.text(error)
        let failed = row.row
        _ = try await gate.store.write { try $0.insert(failed) }
    }

    /// After the wall clock went back, what was due by the old time is due by the new.
    func mindClock() async throws {
        let now = gate.clock.now()
        let latest = state.withLock { state in
            defer { state.latest = now }
            return state.latest
        }
        guard let latest, now < latest.adding(seconds: -2) else { return }
        try await gate.store.write { writing in
            let due = \JobRow.status == .waiting && \JobRow.runAt > now && \JobRow.runAt <= latest.adding(seconds: 5)
            // Scheduled jobs are moved by their own rule.
            _ = try writing.set(JobRow.schema, ["run_at": now.stored], where: due && .not(.field("key", .starts, .text(Schedules.prefix))))
        }
        state.withLock { $0.schedulesDue = .now }
    }
}
