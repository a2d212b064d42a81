import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Running jobs", .serialized, .timeLimit(.minutes(10)))
struct JobRunnerTests {
    @Test("a job is done once and its result is kept", arguments: Engine.available)
    func done(_ engine: Engine) async throws {
        try await engine.depot { site in
            let id = try await site.enqueue("sum", ["a": 2, "b": 3])
            try await site.runner(["sum": { .int(($0.payload["a"]?.int ?? 0) + ($0.payload["b"]?.int ?? 0)) }]).during {
                try await site.until(id, is: .done)
            }
            let job = try await site.job(id)
            #expect(job.result == "5")
            #expect(job.attempts == 1)
            #expect(job.worker == nil)
        }
    }

    @Test("a job starts when it is enqueued, without waiting for the next look")
    func rung() async throws {
        try await Engine.sqlite.depot { site in
            try await site.runner(["quick": { _ in .null }]) { $0.poll = .seconds(3600) }.during {
                // Until the first look is over; where that takes longer, the first look finds the job and nothing is shown.
                try await Task.sleep(for: .milliseconds(200))
                let id = try await site.enqueue("quick")
                try await site.until(id, is: .done)
            }
        }
    }

    @Test(
        "a failing job is tried again later and later, then kept among the failed ones until an administrator retries it",
        arguments: Engine.available)
    func retries(_ engine: Engine) async throws {
        try await engine.depot { site in
            let tally = Tally(), id = try await site.enqueue("flaky")
            let runner = site.runner([
                "flaky": { _ in
                    if tally.add() <= 3 { throw JobFailure.again("线路忙") }
                    return "ok"
                }
            ]) { $0.retry = .init(attempts: 3, first: 100, factor: 4) }
            try await runner.during {
                try await site.until(id, waitsAfter: 1)
                let first = try await site.job(id)
                #expect(first.error == "线路忙")
                let delay = (first.runAt.milliseconds - site.hands.now.milliseconds) / 1000
                #expect((80...120).contains(delay))
                try await site.settle(runner)
                #expect(tally[""] == 1, "not before its time")
                site.hands.move(seconds: 121)
                try await site.until(id, waitsAfter: 2)
                let second = (try await site.job(id).runAt.milliseconds - site.hands.now.milliseconds) / 1000
                #expect((320...480).contains(second))
                site.hands.move(seconds: 481)
                try await site.until(id, is: .failed)
                #expect(tally[""] == 3)
                #expect(try await Jobs(site.gate).list(as: Site.admin, status: .failed).map(\.id.id) == [id])
                try await Jobs(site.gate).retry(id, as: Site.admin)
                try await site.until(id, is: .done)
            }
            #expect(tally[""] == 4)
        }
    }

    @Test("what would fail again is not tried again")
    func permanent() async throws {
        try await Engine.sqlite.depot { site in
            let ids = [
                try await site.enqueue("lost"), try await site.enqueue("wrong"),
                try await site.enqueue("gone", as: Actor(userID: 77, name: "前同事", rights: .all, via: "web")),
            ]
            try await site.runner([
                "lost": { _ in throw JobFailure.permanent("地址不存在") }, "wrong": { _ in throw Problems([Problem("weight", "太重")]) },
                "gone": { _ in .null },
            ]).during {
                try await eventually("all three have failed") { try await site.jobs(\JobRow.status == .failed).count == 3 }
            }
            #expect(try await site.job(ids[0]).error == "地址不存在")
            #expect(try await site.job(ids[1]).error == "太重")
            #expect(try await site.job(ids[2]).error?.contains("发起人") == true)
        }
    }

    @Test("a declared job and its end are one transaction", arguments: Engine.available)
    func declared(_ engine: Engine) async throws {
        try await engine.depot { site in
            let id = try await site.enqueue("depot.broken")
            try await site.runner().during {
                try await site.until(id, is: .failed)
            }
            #expect(try await site.parcels().isEmpty)
            #expect(try await site.job(id).error == "坏了")
        }
    }

    @Test("hanging jobs of one kind leave a worker for the others")
    func poison() async throws {
        try await Engine.sqlite.depot { site in
            for _ in 0..<10 { try await site.enqueue("hang") }
            let id = try await site.enqueue("quick")
            try await site.runner([
                "hang": { _ in
                    try await Task.sleep(for: .seconds(3600)); return .null
                }, "quick": { _ in .null },
            ]).during {
                try await site.until(id, is: .done)
                #expect(try await site.jobs(\JobRow.status == .running).count == 3)
            }
        }
    }

    @Test("a handler that says nothing for too long is given up and its later writes are refused")
    func silent() async throws {
        try await Engine.sqlite.depot { site in
            let calls = Tally(), id = try await site.enqueue("deaf")
            let impatient = site.runner([
                "deaf": { context in
                    calls.add("begun")
                    await deaf { calls["let go"] == 1 }
                    do {
                        _ = try await context.write { tx in JobStep(try tx.insert(Parcel.named("迟到").row).id) }
                    } catch { calls.add("refused") }
                    return "first"
                }
            ]) {
                $0.patience = .zero
                $0.grace = .milliseconds(10)
                $0.retry = .init(attempts: 3, first: 1)
            }
            try await impatient.during {
                try await eventually("the handler is at work") { calls["begun"] == 1 }
                impatient.giveUpSilentOnes()
                try await site.until(id, waitsAfter: 1)
                try await eventually("its worker is free again") { impatient.state.withLock { $0.running.isEmpty } }
            }
            site.hands.move(seconds: 3)
            try await site.runner(["deaf": { _ in "second" }]).during { try await site.until(id, is: .done) }
            calls.add("let go")
            try await eventually("the late one has tried to write") { calls["refused"] == 1 }
            #expect(try await site.job(id).result == "\"second\"")
            #expect(try await site.parcels().isEmpty)
        }
    }

    /// Hears of no cancellation until `isOver`.
    private func deaf(until isOver: @escaping @Sendable () -> Bool) async {
        await Task.detached { try? await eventually("the test lets the handler go") { isOver() } }.value
    }

    @Test("a waiting job with the same key is not made twice")
    func keyed() async throws {
        try await Engine.sqlite.depot { site in
            let first = try await site.enqueue("sum", key: "nightly"), second = try await site.enqueue("sum", key: "nightly")
            #expect(first == second)
            #expect(try await site.jobs().count == 1)
        }
    }

    @Test("a stop asks handlers to end and gives their jobs back uncounted", arguments: Engine.available)
    func stop(_ engine: Engine) async throws {
        try await engine.depot { site in
            let runner = site.runner([
                "polite": { context in
                    while true {
                        try context.checkCancellation()
                        try? await Task.sleep(for: .milliseconds(10))
                    }
                }
            ])
            try await stopped(site, runner, "polite")
        }
    }

    @Test("a stop waits for a handler that does not listen no longer than its grace", arguments: Engine.available)
    func stopDeaf(_ engine: Engine) async throws {
        try await engine.depot { site in
            let calls = Tally()
            defer { calls.add("let go") }
            let runner = site.runner([
                "deaf": { _ in
                    await deaf { calls["let go"] == 1 }
                    return .null
                }
            ]) { $0.grace = .milliseconds(50) }
            try await stopped(site, runner, "deaf")
        }
    }

    /// Stops `runner` in the middle of `name` and expects that job to wait as if nothing had been.
    private func stopped(_ site: Site, _ runner: JobRunner, _ name: String) async throws {
        let id = try await site.enqueue(name), ends = Tally()
        let task = Task {
            await runner.run()
            ends.add()
        }
        try await site.until(id, is: .running)
        task.cancel()
        try await eventually("the runner has stopped") { ends[""] == 1 }
        let job = try await site.job(id)
        #expect(job.status == .waiting)
        #expect(job.attempts == 0)
        #expect(job.worker == nil)
    }

    @Test("cancelling stops a running job and keeps what it had done so far", arguments: Engine.available)
    func cancel(_ engine: Engine) async throws {
        try await engine.depot { site in
            let id = try await site.enqueue("long", as: Site.liWei)
            let stopped = Tally()
            try await site.runner([
                "long": { context in
                    defer { stopped.add() }
                    for step in 0... {
                        try context.checkCancellation()
                        try await context.write { _ in JobStep((), done: step, of: 1_000_000, saving: .int(Int64(step))) }
                        try? await Task.sleep(for: .milliseconds(10))
                    }
                    return .null
                }
            ]).during {
                try await eventually("some of it is done") { try await site.job(id).done > 3 }
                await #expect(throws: Refusal.self) {
                    try await Jobs(site.gate).cancel(id, as: Actor(userID: 2, name: "王芳", rights: Rights(), via: "web"))
                }
                try await Jobs(site.gate).cancel(id, as: Site.liWei)
                try await eventually("the handler has ended") { stopped[""] == 1 }
                try await eventually("nobody holds the job") { try await site.job(id).worker == nil }
            }
            let job = try await site.job(id)
            #expect(job.status == .cancelled)
            #expect(job.done > 3)
            #expect(job.result != nil)
        }
    }
}
