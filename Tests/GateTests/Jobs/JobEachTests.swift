import Records
import Synchronization
import TestSupport
import Testing

@testable import Gate

/// Jobs that go through many records: one that is refused never stops them.
@Suite("Jobs over many records", .timeLimit(.minutes(10)))
struct JobEachTests {
    /// Labels every parcel that has none, two at a time.
    private func sweep(_ seen: Tally, failing: @escaping @Sendable (Record<Parcel>) throws -> Void = { _ in }) -> Job {
        Job("depot.sweep", "贴面单", schedule: .daily(hour: 8, minute: 30)) { _, tx in
            try tx.each(Parcel.self, where: \Parcel.label == nil && .field("weight", .notEmpty), batch: 2) { parcel in
                seen.add(parcel.title)
                try failing(parcel)
                var parcel = parcel
                // No two alike: that would be a warning.
                parcel.label = "已贴\(parcel.title)"
                try tx.save(parcel)
            }
        }
    }

    /// Parcels as an older program left them: weight 13 is refused by now, and so is what explodes.
    private func store(_ parcels: [(name: String, weight: Int?, note: String?)], _ site: Site) async throws {
        try await site.gate.store.write { writing in
            for (name, weight, note) in parcels {
                var parcel = Parcel.named(name, weight: weight)
                parcel.note = note
                for field in ["version", "created_at", "updated_at"] { parcel.row[field] = 1 }
                try writing.insert(parcel.row)
            }
        }
    }

    /// Of these parcels: the depot itself books in one without a weight every morning.
    private func labels(_ site: Site) async throws -> [String?] { try await site.parcels().filter { $0.weight != nil }.map(\.label) }

    @Test("a batch full of refused records holds up nobody, and each is tried once a period", arguments: Engine.available)
    func refused(_ engine: Engine) async throws {
        try await engine.depot { site in
            try await store([("甲", 13, nil), ("乙", 1, "易爆"), ("丙", 1, nil), ("丁", 2, nil), ("戊", 13, nil), ("己", 3, nil)], site)
            let seen = Tally(), runner = site.runner(jobs: [sweep(seen)]), day = site.hands.now.day
            try await runner.during {
                try await eventually("the schedule is arranged") { try await site.jobs(\JobRow.title == "depot.sweep").count == 1 }
                site.hands.set(Instant(day + 1, hour: 8, minute: 31))
                try await eventually("the last parcel is done") {
                    // The rest of a walk comes a moment later.
                    site.hands.move(seconds: 1)
                    return try await labels(site).last == "已贴己"
                }
                site.hands.move(seconds: 30)
                try await site.settle(runner)
                #expect(try await labels(site) == [nil, nil, "已贴丙", "已贴丁", nil, "已贴己"])
                #expect(seen.all == ["甲": 1, "乙": 1, "丙": 1, "丁": 1, "戊": 1, "己": 1], "nobody comes twice in a period")

                let rows = try await site.jobs(\JobRow.title == "depot.sweep")
                let reports = rows.compactMap { $0.result.flatMap(Plain.init(jsonText:)).flatMap(BulkReport.init(plain:)) }
                let faults = reports.flatMap(\.failures).sorted { $0.id < $1.id }
                #expect(faults.map(\.title) == ["甲", "乙", "戊"] && faults.allSatisfy { $0.entity == Parcel.name && $0.id != 0 })
                #expect(faults.map(\.reason) == ["不接受 13 公斤的包裹", "不接受易爆品", "不接受 13 公斤的包裹"])
                #expect(rows.filter(\.isSetAside).count == 2 && rows.allSatisfy { $0.status == .waiting || $0.status == .done })

                // Of what was refused after it was written, nothing is left.
                let lines = try await site.gate.store.read { try $0.fetch(Query(AuditEntry.self, limit: 100)).map(Record<AuditEntry>.init) }
                let refused = Set(faults.map { Int($0.id) })
                #expect(!lines.isEmpty && !lines.contains { $0.recordID.map(refused.contains) ?? false })

                try await site.gate.store.write { writing in
                    _ = try writing.set(Parcel.schema, ["weight": 1], where: \Parcel.title == "甲")
                }
                site.hands.set(Instant(day + 2, hour: 8, minute: 31))
                try await eventually("the mended one is done in the next period") { try await labels(site).first == "已贴甲" }
                site.hands.move(seconds: 30)
                try await site.settle(runner)
                #expect(seen.all == ["甲": 2, "乙": 2, "丙": 1, "丁": 1, "戊": 2, "己": 1])
            }
        }
    }

    @Test("a night without a refused record leaves an empty report")
    func mended() async throws {
        try await Engine.sqlite.depot { site in
            try await store([("甲", 13, nil)], site)
            let runner = site.runner(jobs: [sweep(Tally())]), day = site.hands.now.day
            try await runner.during {
                try await eventually("the schedule is arranged") { try await site.jobs(\JobRow.title == "depot.sweep").count == 1 }
                site.hands.set(Instant(day + 1, hour: 8, minute: 31))
                try await eventually("it is set aside") { try await site.jobs(\JobRow.title == "depot.sweep").first?.isSetAside == true }
                try await site.gate.store.write { writing in _ = try writing.set(Parcel.schema, ["weight": 1], where: \Parcel.title == "甲")
                }
                site.hands.set(Instant(day + 2, hour: 8, minute: 31))
                try await eventually("it is done") { try await labels(site) == ["已贴甲"] }
                try await site.settle(runner)
                #expect(try await site.jobs(\JobRow.title == "depot.sweep").first?.isSetAside == false)
            }
        }
    }

    @Test("what is no record's fault stops the job and keeps nothing", arguments: Engine.available)
    func gone(_ engine: Engine) async throws {
        try await engine.depot { site in
            try await store([("甲", 1, nil), ("乙", 1, nil)], site)
            let isAway = Mutex(true)
            let job = sweep(Tally()) { parcel in
                if parcel.title == "乙", isAway.withLock({ $0 }) { throw StoreError.unavailable("与数据库的连接中断") }
            }
            let runner = site.runner(jobs: [job]), day = site.hands.now.day
            try await runner.during {
                try await eventually("the schedule is arranged") { try await site.jobs(\JobRow.title == "depot.sweep").count == 1 }
                site.hands.set(Instant(day + 1, hour: 8, minute: 31))
                try await eventually("the job says so") { try await site.jobs(\JobRow.title == "depot.sweep").first?.error != nil }
                let row = try #require(try await site.jobs(\JobRow.title == "depot.sweep").first)
                #expect(row.status == .waiting && row.attempts == 1 && !row.isSetAside)
                #expect(try await labels(site) == [nil, nil])
                isAway.withLock { $0 = false }
                site.hands.move(seconds: 3600)
                try await eventually("both are done at the next try") { try await labels(site) == ["已贴甲", "已贴乙"] }
            }
        }
    }

    @Test("outside of a job the walk goes to its end at once", arguments: Engine.available)
    func alone(_ engine: Engine) async throws {
        try await engine.depot { site in
            try await store([("甲", 13, nil), ("乙", 13, nil), ("丙", 1, nil), ("丁", 1, nil), ("戊", 1, nil)], site)
            let job = sweep(Tally())
            try await site.gate.write(as: .system()) { try job.run([:], $0) }
            #expect(try await labels(site) == [nil, nil, "已贴丙", "已贴丁", "已贴戊"])
            #expect(try await site.jobs().isEmpty)
        }
    }
}
