import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Housekeeping", .serialized, .timeLimit(.minutes(10)))
struct HousekeepingTests {
    private func run(_ name: String, _ site: Site, settling: Int64 = 0) async throws {
        let job = try #require(Housekeeping(settling: settling).jobs.first { $0.name == name })
        try await site.gate.write(as: .system()) { tx in try job.run([:], tx) }
    }

    private func verdict(_ site: Site) async throws -> AuditTrail.Verdict {
        let secrets = site.gate.secrets
        return try await site.gate.store.read { try AuditTrail.verify($0, secrets) }
    }

    @Test("the audit log is sealed as it grows, and an idle system writes nothing")
    func sealing() async throws {
        try await Engine.sqlite.depot { site in
            let housekeeping = Housekeeping()
            let runner = site.runner(jobs: housekeeping.jobs) { $0.nothingToDo = housekeeping.nothingToDo }
            try await runner.during {
                try await eventually("sealing is arranged") { try await !site.jobs(\JobRow.title == "audit.seal").isEmpty }
                try await site.receive([1, 2, 3])
                site.hands.move(seconds: 10)
                try await eventually("the log is sealed") { try await verdict(site).seals == 1 }
                let before = try await site.jobs(\JobRow.title == "audit.seal").first?.runAt
                site.hands.move(seconds: 60)
                try await site.settle(runner)
                #expect(try await site.jobs(\JobRow.title == "audit.seal").first?.runAt == before)
            }
            let found = try await verdict(site)
            #expect(found.entries == 3 && found.seals == 1 && found.isIntact)
        }
    }

    @Test("entries whose clocks disagree are sealed without a gap", arguments: Engine.available)
    func clocks(_ engine: Engine) async throws {
        try await engine.depot { site in
            for shift: Int64 in [0, 400, -400, 0, -3, 5] {
                site.hands.move(days: shift)
                try await site.gate.write(as: Site.admin) { tx in _ = try tx.create(Parcel.schema, ["name": .text("\(tx.operation)")]) }
                try await run("audit.seal", site, settling: 120)
            }
            site.hands.move(seconds: 121)
            try await run("audit.seal", site, settling: 120)
            let found = try await verdict(site)
            #expect(found.entries == 6 && found.isIntact, "\(found.faults)")
            let seals = try await site.gate.store.read { try $0.fetch(Query(AuditSeal.self, limit: 100)).map(Record<AuditSeal>.init) }
            #expect(seals.reduce(0) { $0 + $1.count } == 6, "every entry is under a seal")
        }
    }

    @Test("what the database knows of its indexes is renewed by night", arguments: Engine.available)
    func analysis(_ engine: Engine) async throws {
        try await engine.depot { site in
            let housekeeping = Housekeeping()
            #expect(housekeeping.jobs.first { $0.name == "database.analyze" }?.schedule == .daily(hour: 4, minute: 10))
            try await site.receive([1, 2, 3])
            try await run("database.analyze", site)
            // PostgreSQL may have looked by itself.
            if engine == .sqlite { #expect(try await site.isAnalyzed() == false) }
            try await site.runner(housekeeping.handlers).during {
                try await eventually("the numbers are renewed") {
                    try await site.jobs(\JobRow.title == "database.analyze.run").first?.status == .done
                }
            }
            #expect(try await site.isAnalyzed())
        }
    }

    @Test("a changed, a removed and an exchanged entry are noticed", arguments: ["change", "note", "remove", "swap", "unseal"])
    func tampering(_ how: String) async throws {
        try await Engine.sqlite.depot { site in
            let ids = try await site.receive([1, 2, 3, 4])
            try await site.gate.write(as: Site.liWei) { tx in _ = try tx.update(Parcel.schema, id: ids[0], ["note": "真"]) }
            try await run("audit.seal", site)
            try await site.receive([5, 6], as: Site.admin)
            try await run("audit.seal", site)
            #expect(try await verdict(site).isIntact)
            try await site.gate.store.write { writing in
                let entries = try writing.fetch(Query(AuditEntry.self, sort: [.init("id")]))
                switch how {
                case "change": _ = try writing.set(AuditEntry.schema, ["user_id": 9], where: .ids([entries[1].id]))
                case "note": _ = try writing.set(AuditEntry.schema, ["changes": "{}"], where: .ids([entries[4].id]))
                case "remove": try writing.erase(AuditEntry.schema, ids: [entries[2].id])
                case "unseal":
                    try writing.erase(
                        AuditSeal.schema, ids: [try #require(writing.fetch(Query(AuditSeal.self, sort: [.init("id")])).first).id])
                default:
                    var copy = entries[0]
                    copy.id = entries[1].id
                    _ = try writing.update(copy, slots: nil, ifVersion: nil)
                }
            }
            #expect(try await verdict(site).isIntact == false)
        }
    }

    @Test("the recycle bin is emptied after its days, not before, and what is older only", arguments: Engine.available)
    func bin(_ engine: Engine) async throws {
        try await engine.depot { site in
            let ids = try await site.receive([1, 2, 3])
            try await site.gate.write(as: Site.liWei) { tx in try tx.remove(Parcel.schema, id: ids[0]) }
            site.hands.move(days: 20)
            try await site.gate.write(as: Site.liWei) { tx in try tx.remove(Parcel.schema, id: ids[1]) }
            site.hands.move(days: 9)
            try await run("bin.purge", site)
            #expect(try await site.parcels(life: .both).count == 3)
            site.hands.move(days: 2)
            try await run("bin.purge", site)
            #expect(try await site.parcels(life: .both).map(\.id.id) == [ids[1], ids[2]])
        }
    }

    @Test("what has expired goes, in bounded batches")
    func expired() async throws {
        try await Engine.sqlite.depot { site in
            let now = site.hands.now
            try await site.gate.store.write { writing in
                for number in 0..<700 {
                    var session = Record<Session>()
                    session.tokenHash = "h\(number)"
                    session.user = Ref(1)
                    session.csrf = "c"
                    session.createdAt = now
                    session.seenAt = now
                    session.expiresAt = now.adding(seconds: number < 600 ? -1 : 3600)
                    session.via = "browser"
                    try writing.insert(session.row)
                }
            }
            func left() async throws -> Int { try await site.gate.store.read { try $0.count(Query(Session.self), cap: 1000) } }
            try await run("sessions.purge", site)
            #expect(try await left() == 200)
            #expect(try await site.jobs().map(\.key) == ["again:sessions.purge"])
            try await run("sessions.purge", site)
            #expect(try await left() == 100)
        }
    }

    @Test("finished jobs go after their days, failed ones later, waiting ones never")
    func oldJobs() async throws {
        try await Engine.sqlite.depot { site in
            let done = try await site.enqueue("a"), failed = try await site.enqueue("b"), waiting = try await site.enqueue("c")
            let now = site.hands.now
            try await site.gate.store.write { writing in
                _ = try writing.set(JobRow.schema, ["status": "done", "finished_at": now.stored], where: .ids([done]))
                _ = try writing.set(JobRow.schema, ["status": "failed", "finished_at": now.stored], where: .ids([failed]))
            }
            site.hands.move(days: 31)
            try await run("jobs.purge", site)
            #expect(try await site.jobs().map(\.id.id) == [failed, waiting])
            site.hands.move(days: 60)
            try await run("jobs.purge", site)
            #expect(try await site.jobs().map(\.id.id) == [waiting])
        }
    }
}
