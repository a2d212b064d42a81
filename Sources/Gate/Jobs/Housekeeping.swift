import Records

/// What the program tidies by itself, each bounded for one run: what is left over goes on a moment later.
///
/// ```swift
/// let housekeeping = Housekeeping()          // SQLite
/// let housekeeping = Housekeeping(settling: 120)   // PostgreSQL: several writers
/// var settings = JobSettings()
/// settings.nothingToDo = housekeeping.nothingToDo
/// JobRunner(gate: gate, actors: actors, handlers: housekeeping.handlers, jobs: housekeeping.jobs, settings: settings)
/// ```
public struct Housekeeping: Sendable {
    /// Seconds after which an audit entry's number can no longer be overtaken by an older one that is still on its way.
    let settling: Int64
    static let batch = 500

    public init(settling: Int64 = 0) { self.settling = settling }

    public var jobs: [Job] {
        [
            seal, sessions, idempotency,
            Self.tidy("notifications.purge", "清理已读通知", "Clear read notifications", .daily(hour: 3, minute: 40)) { tx in
                try tx.expired(Notification.self, \Notification.readAt < tx.ago(days: 90))
            },
            Self.tidy("login_attempts.purge", "清理登录日志", "Clear the log-in log", .daily(hour: 3, minute: 10)) { tx in
                try tx.expired(LoginAttempt.self, \LoginAttempt.at < tx.ago(days: try tx.int(JobParameters.loginDays)))
            },
            Self.tidy("webhook_deliveries.purge", "清理 Webhook 发送记录", "Clear webhook deliveries", .daily(hour: 3, minute: 15)) { tx in
                try tx.expired(WebhookDelivery.self, \WebhookDelivery.at < tx.ago(days: 30))
            },
            Self.tidy("jobs.purge", "清理后台任务记录", "Clear finished jobs", .daily(hour: 3, minute: 20)) { tx in
                let isOver = \JobRow.status == .done || \JobRow.status == .cancelled || \JobRow.status == .reverted
                let old = isOver && \JobRow.finishedAt < tx.ago(days: try tx.int(JobParameters.jobDays))
                return try tx.expired(JobRow.self, old || (\JobRow.status == .failed && \JobRow.finishedAt < tx.ago(days: 90)))
            },
            bin, analysis, holidays,
        ]
    }

    /// What takes longer than a transaction should.
    public var handlers: [String: JobHandler] {
        [
            Self.analyzing: { context in
                try await context.gate.store.analyze(); return .null
            }
        ]
    }

    /// Asked before ``seal`` is taken, so that an idle system writes nothing.
    public var nothingToDo: [String: @Sendable (any Reading, Instant) throws -> Bool] {
        let settling = settling
        return [Self.sealing: { reading, now in try Self.unsealed(reading, now.adding(seconds: -settling)) == 0 }]
    }

    // MARK: The audit log

    private static let sealing = "audit.seal"

    private var seal: Job {
        let settling = settling
        return Job(Self.sealing, "操作日志封存", english: "Seal the audit log", schedule: .every(seconds: 5)) { _, tx in
            let tx = try tx.gate
            let count = try Self.unsealed(tx.reading, tx.now.adding(seconds: -settling))
            // The stretch is chosen here, by number and without a gap: clocks of several instances differ, and any clock may have jumped.
            if count > 0 { try AuditTrail.seal(tx.writing, tx.secrets, now: tx.now, settled: Instant(milliseconds: .max), limit: count) }
        }
    }

    /// How many entries behind the last seal can be sealed: up to the last that is old enough, whatever those before it say of their time.
    private static func unsealed(_ reading: any Reading, _ settled: Instant) throws -> Int {
        let last =
            try reading.fetch(Query(AuditSeal.self, sort: [Query.Sort("id", descending: true)], limit: 1)).first.map(
                Record<AuditSeal>.init)?.to ?? 0
        let next = Condition.field("id", .gt, .int(Int64(last)))
        let entries = try reading.fetch(Query(AuditEntry.self, where: next, sort: [Query.Sort("id")], limit: 5000))
        return (entries.lastIndex { Record<AuditEntry>($0).at <= settled } ?? -1) + 1
    }

    // MARK: The indexes

    private static let analyzing = "database.analyze.run"

    /// What the database knows of its indexes grows old with the data.
    private var analysis: Job {
        Job("database.analyze", "更新数据库统计", schedule: .daily(hour: 4, minute: 10)) { _, tx in
            let tx = try tx.gate
            try tx.enqueue(Self.analyzing, label: "更新数据库统计", [:], key: Self.analyzing)
        }
    }

    // MARK: The calendar

    /// From November on, every Monday until the next year's holidays are there: the State Council gives notice of them in that month.
    private var holidays: Job {
        Job("calendar.holidays", "检查明年的节假日", english: "Check for next year’s holidays", schedule: .daily(hour: 9, minute: 0)) { _, tx in
            let tx = try tx.gate, year = tx.today.year + 1
            guard tx.today.month >= 11, tx.today.weekday == 1, let first = Day(year: year, month: 1, day: 1),
                let last = Day(year: year, month: 12, day: 31)
            else { return }
            let known = \CalendarDay.kind == .holiday && \CalendarDay.day >= first && \CalendarDay.day <= last
            guard try tx.first(CalendarDay.self, where: known) == nil else { return }
            try tx.notify(
                tx.administrators(), of: .trouble,
                "还没有 \(year) 年的节假日与调休，明年的时限会按普通周末计算。请按国务院办公厅的通知在“节假日与调休”里填写，或导入 CSV（日期、名称、安排）")
        }
    }

    // MARK: What expires

    private var sessions: Job {
        Self.tidy("sessions.purge", "清理过期会话", "Clear ended sessions", .every(seconds: 3600)) { tx in
            try tx.expired(Session.self, \Session.expiresAt < tx.now)
        }
    }

    private var idempotency: Job {
        Self.tidy("idempotency.purge", "清理幂等键", "Clear idempotency keys", .every(seconds: 3600)) { tx in
            try tx.expired(IdempotencyKey.self, \IdempotencyKey.at < tx.now.adding(seconds: -Idempotency.memory))
        }
    }

    /// A job that removes a batch and comes again while batches are full.
    private static func tidy(
        _ name: String, _ label: String, _ english: String, _ schedule: Job.Schedule,
        _ body: @escaping @Sendable (GateTransaction) throws -> Int
    ) -> Job {
        Job(name, label, english: english, schedule: schedule) { _, tx in
            let tx = try tx.gate
            if try body(tx) >= batch { try tx.enqueue(name, label: label, [:], key: "again:\(name)", after: 1) }
        }
    }

    /// Deleted records leave the recycle bin after some days, each with its audit line.
    private var bin: Job {
        Self.tidy("bin.purge", "清空回收站中的过期记录", "Empty the recycle bin of old records", .daily(hour: 3, minute: 30)) { tx in
            let limit = tx.ago(days: try tx.int(JobParameters.binDays))
            var left = Self.batch
            for schema in tx.catalog.schemas where schema.deletedAtSlot != nil && left > 0 {
                var query = Query(schema, where: .field("deleted_at", .lt, limit.stored), sort: [Query.Sort("id")], limit: left)
                query.life = .deleted
                for row in try tx.reading.fetch(query) {
                    left -= 1
                    _ = try tx.refusal { try tx.purge(schema, id: row.id) }
                }
            }
            return Self.batch - left
        }
    }
}

extension GateTransaction {
    fileprivate func ago(days: Int) -> Instant { now.adding(days: -days) }

    /// Erases a batch of the program's own rows that meet the condition; returns how many.
    fileprivate func expired<E: Entity>(_ type: E.Type, _ condition: Condition) throws -> Int {
        let schema = catalog.schema(E.self)
        let ids = try reading.fetch(Query(schema, where: condition, sort: [Query.Sort("id")], limit: Housekeeping.batch)).map(\.id)
        try writing.erase(schema, ids: ids)
        return ids.count
    }
}

/// What a company may set about tidying up.
public enum JobParameters {
    static let section = Words("数据保留", "Data retention")

    public static let binDays = Parameter(
        "platform.bin_days", "回收站保留天数", 30, range: 7...3650, unit: Words("天", "days"),
        help: Words("删除的记录在此之后彻底清除，操作日志仍保留", "Deleted records are erased after that; the audit log stays"), section: section,
        english: "Days in the recycle bin")
    public static let loginDays = Parameter(
        "platform.login_days", "登录日志保留天数", 180, range: 180...3650, unit: Words("天", "days"),
        help: Words("《网络安全法》要求网络日志留存不少于六个月", "The Cybersecurity Law demands at least six months"), section: section,
        english: "Days of the log-in log")
    public static let jobDays = Parameter(
        "platform.job_days", "后台任务记录保留天数", 30, range: 1...3650, unit: Words("天", "days"), section: section, english: "Days of finished jobs"
    )

    /// C19: of the copies made every night (SQLite).
    public static let backupsKept = Parameter(
        "platform.backups_kept", "自动备份保留份数", 7, range: 0...90, unit: Words("份", "files"),
        help: Words(
            "SQLite：每天凌晨备份到数据文件夹的 backups/，0 为不自动备份。请另外把备份复制到别的机器",
            "SQLite: made every night in the data folder’s backups/, 0 for none. Copy them to another machine, too"),
        section: section, english: "Nightly backups kept")

    public static let all = [binDays, loginDays, jobDays, backupsKept]
}

extension Platform {
    public static var parameters: [Parameter] {
        AccountParameters.all + JobParameters.all + CalendarParameters.all + MessageParameters.all + IntakeParameters.all
    }
}
