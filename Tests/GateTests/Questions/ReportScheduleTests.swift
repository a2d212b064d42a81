import Core
import Records
import TestSupport
import Testing

@testable import Gate

@Suite("A report that comes by itself")
struct ReportScheduleTests {
    private func boss(_ house: House) async throws -> Actor {
        var actor = try await Villa.liWei(house, ["read": .all, "create": .all, "update": .all, "delete": .all])
        actor.userID = try await house.actor("wang").userID
        return actor
    }

    private func schedule(_ house: House, to names: [String], _ more: [String: Plain] = [:]) async throws -> Int64 {
        let users = try await names.asyncMap { try await house.actor($0).userID }
        let input: [String: Plain] = [
            "name": "每周新客户", "report": "new_customers", "every": "daily", "hour": 8, "period": "all",
            "user_ids": .list(users.map(Plain.int)),
        ]
        return try await house.gate.write(as: try await boss(house)) { tx in
            try tx.create(tx.catalog.schema(ReportSchedule.self), input.merging(more) { $1 }).id
        }
    }

    private func due(_ house: House) async throws {
        try await house.gate.write(as: .system()) { tx in try ReportJobs.due.run([:], tx) }
    }

    /// Does what waits, as whoever each job belongs to, until nothing does.
    private func work(_ house: House) async throws {
        var settings = JobSettings()
        settings.poll = .milliseconds(50)
        let runner = JobRunner(
            gate: house.gate, actors: { [house] in try await house.accounts.actor(for: $0, via: "job") },
            handlers: [ReportJobs.one: ReportJobs.handler], settings: settings)
        let task = Task { await runner.run() }
        defer { task.cancel() }
        try await eventually("no report waits") { try await waiting(house) == 0 }
        task.cancel()
        await task.value
    }

    private func waiting(_ house: House) async throws -> Int {
        try await house.gate.store.read {
            try $0.count(Query(JobRow.schema, where: \JobRow.title == "report" && .field("status", .in, "waiting", "running")), cap: 100)
        }
    }

    private func issues(_ house: House) async throws -> [Record<ReportIssue>] {
        try await house.gate.store.read { try $0.fetch(Query(ReportIssue.schema, sort: [Query.Sort("id")])).map(Record<ReportIssue>.init) }
    }

    private func fill(_ house: House, from first: Int = 0) async throws {
        let own = try await house.actor("liwei").userID, other = try await house.actor("chenjing").userID
        try await house.gate.write(as: .system()) { tx in
            tx.ignoresWarnings = true
            for (place, owner) in [own, own, other].enumerated() {
                var row = tx.catalog.schema(Customer.self).blank()
                row["name"] = .text("客户\(first + place)")
                row["mobile"] = .text("1990000000\(first + place)")
                row["source"] = "walk_in"
                row["owner_id"] = .int(owner)
                _ = try tx.insert(row)
            }
        }
    }

    @Test("reaches each reader once with what that reader may see, whatever is run twice", arguments: Engine.available)
    func once(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            try await fill(house)
            let id = try await schedule(house, to: ["wang", "chenjing"])
            try await due(house)
            #expect(try await waiting(house) == 0, "it is not yet eight")
            house.time.pass(86_400)
            try await due(house)
            try await due(house)
            #expect(try await waiting(house) == 2)
            try await work(house)
            let first = try await issues(house)
            #expect(first.count == 2)
            // The manager's has all three, 陈静's her own one.
            var totals: [Int64: String] = [:]
            for issue in first {
                totals[issue.ownerID ?? 0] = FrozenReport(jsonText: issue.frozen)?.tables.first { $0.title == "按来源" }?.rows.last?.last
            }
            let wang = try await house.actor("wang").userID, jing = try await house.actor("chenjing").userID
            #expect(totals == [wang: "3", jing: "1"])
            // A job that was done and is found undone after a crash does nothing more.
            let key = try #require(first.first?.key)
            _ = try await house.gate.write(as: .system()) { tx in
                try tx.enqueue(ReportJobs.one, label: "再来", ["schedule": .int(id), "key": .text(key)], for: wang)
            }
            try await work(house)
            #expect(try await issues(house).count == 2)
            let told = try await house.gate.store.read {
                try $0.count(Query(Notification.schema, where: \Notification.subject == "report"), cap: 100)
            }
            #expect(told == 2)
            // What happens later does not change it; the next day brings another.
            try await fill(house, from: 3)
            house.time.pass(86_400)
            try await due(house)
            try await work(house)
            let all = try await issues(house)
            #expect(all.count == 4 && all.first?.frozen == first.first?.frozen)
        }
    }

    @Test("goes only to who may open it, and stops when it is switched off", arguments: Engine.available)
    func stopped(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let owner = try await boss(house)
            let report = try await house.gate.write(as: owner) { try $0.addReport("自己的", like: "new_customers") }
            let id = try await schedule(house, to: ["wang", "zhaomin"], ["report": .text(String(report))])
            house.time.pass(86_400)
            try await due(house)
            try await work(house)
            #expect(try await issues(house).map(\.ownerID) == [try await house.actor("wang").userID], "赵敏 may not open it")
            _ = try await house.gate.write(as: owner) { tx in
                try tx.update(tx.catalog.schema(ReportSchedule.self), id: id, ["is_enabled": false])
            }
            house.time.pass(86_400)
            try await due(house)
            #expect(try await waiting(house) == 0)
            await #expect(throws: Problems.self) { _ = try await schedule(house, to: ["wang"], ["report": "unheard_of"]) }
            await #expect(throws: Problems.self) { _ = try await schedule(house, to: []) }
        }
    }

    @Test("is due on the day that was chosen: the weekday, the day of the month or its last")
    func days() throws {
        var schedule = Record<ReportSchedule>()
        (schedule.hour, schedule.every, schedule.monthday, schedule.weekday) = (8, .monthly, 31, 5)
        let now = Instant(try #require(Day(iso: "2026-02-10")), hour: 9)
        #expect(schedule.next(after: now) == Instant(try #require(Day(iso: "2026-02-28")), hour: 8))
        schedule.every = .weekly
        #expect(schedule.next(after: now).day.iso == "2026-02-13")
        schedule.every = .daily
        #expect(schedule.next(after: now).day.iso == "2026-02-11")
        #expect(schedule.next(after: Instant(try #require(Day(iso: "2026-02-10")), hour: 7)).day.iso == "2026-02-10")
    }

    @Test("is written down with its figures, and its conclusion becomes a task", arguments: Engine.available)
    func issue(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            try await fill(house)
            let owner = try await boss(house)
            let other = try await house.actor("chenjing").userID
            try await house.gate.write(as: owner) { tx in
                let issue = try #require(try tx.issue("new_customers", .all))
                let schema = tx.catalog.schema(ReportIssue.self)
                try tx.update(schema, id: issue.row.id, ["summary": "自然到店最多", "conclusion": "加强接待"])
                _ = try tx.perform("task", schema, id: issue.row.id, ["task": "安排接待培训", "task_for": .int(other), "due_on": "2026-12-01"])
                let paper = tx.paper(of: try tx.reportIssue(issue.row.id))
                #expect(try PaperWorkbook([paper], .chinese).bytes().count > 1000)
                let words = paper.blocks.compactMap { if case .text(let box) = $0 { box.text } else { nil } }
                #expect(words.contains("自然到店最多") && words.contains("加强接待"))
                let tasks = try tx.fetch(Query(tx.catalog.schema(Todo.self), where: .field("about_entity", .eq, "report_issues")))
                #expect(tasks.map(\.title) == ["安排接待培训"] && tasks.first?.ownerID == other)
                // Nobody changes the figures.
                #expect(throws: (any Error).self) { try tx.update(schema, id: issue.row.id, ["frozen": "{}"]) }
            }
        }
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ body: (Element) async throws -> T) async rethrows -> [T] {
        var all: [T] = []
        for element in self { all.append(try await body(element)) }
        return all
    }
}
