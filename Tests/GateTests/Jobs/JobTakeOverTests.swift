import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Jobs and several runners", .serialized, .timeLimit(.minutes(10)))
struct JobTakeOverTests {
    @Test("two runners never run one job twice", arguments: Engine.available)
    func twoRunners(_ engine: Engine) async throws {
        try await engine.depot { site in
            try await site.gate.write(as: Site.admin) { tx in
                for number in 0..<120 { try tx.enqueue("work", label: "work", ["number": .int(Int64(number))]) }
            }
            let runs = Tally(),
                handler: JobHandler = { context in
                    runs.add("\(context.payload["number"]?.int ?? -1)")
                    try? await Task.sleep(for: .milliseconds(3))
                    return .null
                }
            let one = site.runner(["work": handler]) {
                $0.isAlone = false; $0.limits = ["work": 4]
            }
            let two = site.runner(["work": handler]) {
                $0.isAlone = false; $0.limits = ["work": 4]
            }
            try await one.during {
                try await two.during {
                    try await eventually("all are done") { try await site.jobs(\JobRow.status == .done).count == 120 }
                }
            }
            #expect(runs.all.count == 120)
            #expect(runs.all.values.allSatisfy { $0 == 1 })
        }
    }

    /// A row as a killed runner leaves it.
    private func orphan(_ site: Site, _ name: String = "work", attempts: Int = 1) async throws -> Int64 {
        let id = try await site.enqueue(name)
        let lease = site.hands.now.adding(seconds: 30)
        _ = try await site.gate.store.write { writing in
            try writing.set(
                JobRow.schema,
                ["status": "running", "worker": "dead", "lease_until": lease.stored, "attempts": .int(Int64(attempts)), "result": "7"],
                where: .ids([id])
            )
        }
        return id
    }

    @Test(
        "the job of a killed runner is taken over when its lease stands still, and goes on from what it had saved",
        arguments: Engine.available)
    func takeOver(_ engine: Engine) async throws {
        try await engine.depot { site in
            let id = try await orphan(site), start = ContinuousClock.now
            try await site.runner(["work": { $0.state }]) {
                $0.isAlone = false; $0.retry.first = 1; $0.lease = .milliseconds(400)
            }.during {
                try await site.until(id, is: .waiting)
                #expect(ContinuousClock.now - start >= .milliseconds(400))
                site.hands.move(seconds: 2)
                try await site.until(id, is: .done)
            }
            let job = try await site.job(id)
            #expect(job.attempts == 2)
            #expect(job.result == "7")
        }
    }

    @Test(
        "a live runner keeps its job however the wall clock jumps or stands still, a dead one does not",
        arguments: [400, -400, 0] as [Int64])
    func leaseAndClock(_ days: Int64) async throws {
        try await Engine.sqlite.depot { site in
            let id = try await site.enqueue("work"), dead = try await orphan(site, "lost"), calls = Tally()
            let handler: JobHandler = { _ in
                calls.add("begun")
                try await eventually("the test ends the job") { calls["over"] == 1 }
                return .null
            }
            let live = site.runner(["work": handler]) { $0.isAlone = false }
            // Whoever did not move between two of its looks is dead to the one; the other waits an hour of its own.
            let
                strict = site.runner {
                    $0.isAlone = false; $0.lease = .zero
                }, patient = site.runner { $0.isAlone = false }
            try await live.during {
                try await eventually("the job runs") { calls["begun"] == 1 }
                try await patient.takeOver()
                site.hands.move(days: days)
                try await patient.takeOver()
                #expect(try await site.job(dead).status == .running, "its hour is not over")
                try await strict.takeOver()
                for _ in 0..<3 {
                    site.hands.move(days: days)
                    try await live.renew()
                    try await strict.takeOver()
                    #expect(try await site.job(id).status == .running)
                }
                #expect(try await site.job(dead).status == .waiting)
                calls.add("over")
                try await site.until(id, is: .done)
            }
            #expect(calls["begun"] == 1)
        }
    }

    @Test("the only instance takes up at once what it left when it was killed")
    func alone() async throws {
        try await Engine.sqlite.depot { site in
            let id = try await orphan(site)
            try await site.runner(["work": { _ in .null }]) { $0.lease = .seconds(3600) }.during {
                try await site.until(id, is: .done)
            }
        }
    }

    @Test("a job that brings its runner down each time ends among the failed ones")
    func crashLoop() async throws {
        try await Engine.sqlite.depot { site in
            let id = try await orphan(site, attempts: 5), runs = Tally()
            try await site.runner([
                "work": { _ in
                    runs.add(); return .null
                }
            ]).during {
                try await site.until(id, is: .failed)
            }
            #expect(runs[""] == 0)
            #expect(try await site.job(id).error?.contains("执行中断") == true)
        }
    }

    @Test("a runner that lost its job can no longer write", arguments: Engine.available)
    func fenced(_ engine: Engine) async throws {
        try await engine.depot { site in
            let id = try await site.enqueue("work"), outcome = Tally()
            try await site.runner([
                "work": { context in
                    _ = try await context.gate.store.write { try $0.set(JobRow.schema, ["worker": "another"], where: .ids([context.id])) }
                    do {
                        _ = try await context.write { tx in JobStep(try tx.insert(Parcel.named("两次").row).id) }
                        outcome.add("written")
                    } catch is CancellationError { outcome.add("refused") }
                    return .null
                }
            ]) { $0.isAlone = false }.during {
                try await eventually("the handler has tried to write") { outcome.all.count == 1 }
            }
            #expect(outcome["refused"] == 1)
            #expect(try await site.parcels().isEmpty)
            #expect(try await site.job(id).status == .running, "it belongs to the other")
        }
    }
}
