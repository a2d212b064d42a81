import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Scheduled jobs", .serialized, .timeLimit(.minutes(10)))
struct ScheduleTests {
    private let daily = Job.Schedule.daily(hour: 8, minute: 30)
    private let day = Day(number: 20_780)

    @Test("a daily job comes at its time in the company's zone, today or tomorrow")
    func next() {
        #expect(daily.next(after: Instant(day, hour: 8)).at == Instant(day, hour: 8, minute: 30))
        #expect(daily.next(after: Instant(day, hour: 8, minute: 30)).at == Instant(day + 1, hour: 8, minute: 30))
        #expect(daily.next(after: Instant(day, hour: 8), last: day.iso).at == Instant(day + 1, hour: 8, minute: 30))
        #expect(Job.Schedule.every(seconds: 60).next(after: Instant(milliseconds: 59_999)).at == Instant(milliseconds: 60_000))
        #expect(Job.Schedule.every(seconds: 60).next(after: Instant(milliseconds: 60_000)).at == Instant(milliseconds: 120_000))
    }

    @Test("two runners run a daily job once a day, and a missed day is made up for once", arguments: Engine.available)
    func once(_ engine: Engine) async throws {
        try await engine.depot { site in
            let one = site.runner { $0.isAlone = false }, two = site.runner { $0.isAlone = false }
            try await one.during {
                try await two.during {
                    try await eventually("the schedule is arranged") { try await site.jobs(\JobRow.title == "depot.count").count >= 1 }
                    try await site.settle(one, two)
                    #expect(try await site.parcels().isEmpty)
                    site.hands.set(Instant(day + 1, hour: 8, minute: 31))
                    try await eventually("the day's run is done") { try await site.parcels().count >= 1 }
                    try await site.settle(one, two)
                    #expect(try await site.parcels().count == 1)
                    site.hands.set(Instant(day + 5, hour: 9))
                    try await eventually("the missed days are made up for") { try await site.parcels().count >= 2 }
                    try await site.settle(one, two)
                }
            }
            #expect(try await site.parcels().map(\.title) == ["清点 \((day + 1).iso)", "清点 \((day + 5).iso)"])
            #expect(try await site.jobs(\JobRow.title == "depot.count").count == 1, "one row a schedule, however often it ran")
        }
    }

    @Test("a clock that jumps by 400 days and back neither makes a storm nor stops a schedule")
    func jumps() async throws {
        try await Engine.sqlite.depot { site in
            let runner = site.runner()
            try await runner.during {
                try await eventually("the schedule is arranged") { try await site.jobs(\JobRow.title == "depot.count").count == 1 }
                site.hands.move(days: 400)
                try await eventually("the schedule ran") { try await site.parcels().count >= 1 }
                try await site.settle(runner)
                #expect(try await site.parcels().count == 1, "once, not 400 times")
                site.hands.move(days: -400)
                let due = Instant(day + 1, hour: 8, minute: 30)
                try await eventually("the schedule follows the clock back") {
                    let at = try await site.jobs(\JobRow.title == "depot.count").first?.runAt ?? Instant(milliseconds: 0)
                    return at <= Instant(day + 2, hour: 8, minute: 30)
                }
                site.hands.set(due.adding(seconds: 86_400 + 60))
                try await eventually("the schedule ran again") { try await site.parcels().count == 2 }
            }
        }
    }

    @Test("work that was due before the clock went back is still done")
    func waitingAcrossJump() async throws {
        try await Engine.sqlite.depot { site in
            let runs = Tally()
            let runner = site.runner([
                "work": { _ in
                    if runs.add() == 1 { throw JobFailure.again("later", after: 1) }
                    return .null
                }
            ])
            try await runner.during {
                site.hands.move(days: 400)
                await runner.beat()
                let id = try await site.enqueue("work")
                try await site.until(id, waitsAfter: 1)
                site.hands.move(days: -400)
                try await site.until(id, is: .done)
            }
        }
    }

    @Test("a scheduled job that fails goes on the next day, and the failure is listed")
    func failing() async throws {
        try await Engine.sqlite.depot { site in
            let job = Job("depot.night", "夜班", schedule: .daily(hour: 23, minute: 0)) { _, _ in throw Refusal.conflict("没电") }
            try await site.runner(jobs: [job]).during {
                try await eventually("the schedule is arranged") { try await site.jobs(\JobRow.title == "depot.night").count == 1 }
                site.hands.set(Instant(day, hour: 23, minute: 1))
                try await eventually("the failure is listed") { try await site.jobs(\JobRow.status == .failed).count == 1 }
                let next = try #require(try await site.jobs(\JobRow.title == "depot.night" && \JobRow.status == .waiting).first)
                #expect(next.runAt == Instant(day + 1, hour: 23))
                #expect(next.error == "没电")
            }
        }
    }

    @Test("rows of schedules that no longer exist are removed, doubled ones too, moved ones moved")
    func plan() {
        func row(_ id: Int64, _ key: String, _ at: Instant, _ status: JobRow.Status = .waiting) -> Record<JobRow> {
            var row = Record<JobRow>()
            row.row.id = id
            row.key = key
            row.runAt = at
            row.status = status
            return row
        }
        let now = Instant(day, hour: 10), right = Instant(day + 1, hour: 8, minute: 30)
        func text(_ rows: [Record<JobRow>]) -> [String] {
            Schedules.plan([Depot.count], rows, now).map { step in
                switch step {
                case .insert(let job, let at, _): "insert \(job.name) \(at.shown)"
                case .move(let id, let at): "move \(id) \(at.shown)"
                case .erase(let id): "erase \(id)"
                }
            }
        }
        #expect(text([]) == ["insert depot.count \(right.shown)"])
        #expect(text([row(1, "schedule:depot.count", right)]) == [])
        #expect(text([row(1, "schedule:depot.count", right), row(2, "schedule:depot.count", right)]) == ["erase 2"])
        #expect(text([row(1, "schedule:depot.count", right + 400)]) == ["move 1 \(right.shown)"])
        #expect(text([row(1, "schedule:depot.count", now.adding(seconds: -5))]) == [])
        #expect(text([row(1, "schedule:depot.count", right), row(3, "schedule:gone", right)]) == ["erase 3"])
    }
}

private func + (instant: Instant, days: Int) -> Instant { instant.adding(seconds: Int64(days) * 86_400) }
