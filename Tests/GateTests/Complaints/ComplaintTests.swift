import Core
import Records
import Testing

@testable import Gate
@testable import Service

@Suite("Complaints")
struct ComplaintTests {
    /// §2.27 and §2.11, written down once more: from which states a step may be taken, where it leads, and by whom. `dept` is the
    /// responsible department's owner, `care` the care desk, `head` its manager, `clerk` somebody of another department who only took the
    /// complaint down.
    static let table: [(step: String, from: Set<String>, to: String, by: Set<String>)] = {
        let course: Set<String> = [
            "received", "registered", "acknowledged", "assessed", "investigating", "proposed", "approved", "communicated", "executing",
            "verified", "reopened",
        ]
        return [
            ("register", ["received"], "registered", ["dept", "care", "head"]),
            ("acknowledge", ["registered"], "acknowledged", ["care", "head"]),
            ("assess", ["acknowledged"], "assessed", ["head"]),
            ("investigate", ["assessed", "reopened"], "investigating", ["dept"]),
            ("propose", ["investigating"], "proposed", ["dept"]),
            ("communicate", ["approved"], "communicated", ["dept"]),
            ("execute", ["communicated"], "executing", ["dept"]),
            ("verify", ["executing"], "verified", ["care", "head"]),
            ("close", ["verified"], "closed", ["head"]),
            ("ask_info", course, "pending_info", ["care", "head"]),
            ("escalate", course.union(["pending_info"]), "escalated", ["dept", "care", "head"]),
            ("reopen", ["verified", "closed"], "reopened", ["care", "head"]),
            ("refuse", ["received", "registered", "acknowledged"], "rejected", ["head"]),
            ("transfer", course.subtracting(["received"]).union(["pending_info", "escalated"]), "transferred_external", ["head"]),
            ("settle_outside", ["transferred_external"], "verified", ["head"]),
            ("resume", ["pending_info", "escalated"], "assessed", ["dept", "head"]),
        ]
    }()

    @Test("the care desk and its manager see whom a complaint is about") func sight() async throws {
        try await Villa.open(.sqlite) { house in
            let hall = try await Hall(house), customers = house.gate.catalog.schema(Customer.self), id = hall.customer
            for name in ["care", "head"] {
                let actor = try await hall.actor(name)
                #expect(try await house.gate.read(as: actor) { try $0.record(customers, id: id)["name"] } == "林知远", "\(name)")
            }
        }
    }

    @Test("every step of the table, from every state, by every actor, is allowed or refused as it says", arguments: Engine.available)
    func table(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house)
            #expect(Set(Self.table.map(\.step) + ["approve"]) == Set(Complaint.schema.actions.map(\.name)))
            let id = try await hall.complaint()
            for row in Self.table {
                for state in Complaint.Status.allCases {
                    for actor in ["dept", "care", "head", "clerk"] {
                        // Those who could never take it are asked once only.
                        if !row.by.contains(actor), !row.from.contains(state.rawValue) { continue }
                        try await hall.put(id, in: state)
                        let refusal = await hall.refusal(actor, row.step, id)
                        if row.from.contains(state.rawValue), row.by.contains(actor) {
                            #expect(refusal == nil, "\(row.step) from \(state) by \(actor)")
                            #expect(try await hall.read(id).status.rawValue == row.to, "\(row.step) from \(state)")
                        } else {
                            #expect(refusal?.isEmpty == false, "\(row.step) from \(state) by \(actor) was done")
                            if !row.from.contains(state.rawValue), row.step != "resume" {
                                #expect(refusal?.contains("「\(state.label)」") == true, "\(refusal ?? "")")
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("the proposal goes to whom its compensation says, never to the proposer, and then to the customer", arguments: Engine.available)
    func approval(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house)
            // ¥500 is still the care manager's, ¥500.01 the director's, above ¥5,000 the general manager's.
            for (cents, approver) in [(50_000, "head"), (50_001, "director"), (500_000, "director"), (500_001, "gm")] as [(Int64, String)] {
                let id = try await hall.complaint()
                try await hall.put(id, in: .proposed, compensation: cents)
                let request = try #require(try await hall.ask("dept", "approve", id))
                #expect(try await hall.read(id).status == .proposed)
                #expect(try await hall.request(request).approvers.ids == [hall[approver]])
                // The compensation cannot change under way.
                #expect(await hall.refusal("dept", changing: id, ["compensation_cents": .int(99)])?.contains("已锁定") == true)
                try await hall.decide(approver, "approve", request)
                let done = try await hall.read(id)
                #expect(done.status == .approved && done.decidedBy?.id == hall[approver])
            }
            // Without a flow a manager's own right decides, and the proposer's does not.
            try await hall.turnOffFlows()
            let id = try await hall.complaint()
            try await hall.put(id, in: .proposed)
            #expect(await hall.refusal("dept", "approve", id) == "提出方案的人不能批准自己的方案")
            #expect(await hall.refusal("head", "approve", id) == nil)
        }
    }

    @Test(
        "nothing is closed while handling, person, day, responsibility or root cause are missing",
        arguments: ["opinion", "handler_id", "handled_on", "liability", "root_cause"])
    func facts(field: String) async throws {
        try await Villa.open(.sqlite) { house in
            let hall = try await Hall(house), id = try await hall.complaint()
            try await hall.put(id, in: .verified)
            try await house.gate.write(as: .system()) { tx in
                var row = try #require(try tx.get(Complaint.self, Ref(id))).row
                row[field] = .null
                try tx.save(row)
            }
            let label = try #require(Complaint.schema[field]?.label)
            #expect(await hall.refusal("head", "close", id) == "请先填写：\(label)")
        }
    }

    @Test("neither the owner nor the department complained of verifies and closes") func separation() async throws {
        try await Villa.open(.sqlite) { house in
            let hall = try await Hall(house), id = try await hall.complaint()
            // The care manager sits in the accused department.
            try await hall.put(id, in: .verified, department: "care")
            #expect(await hall.refusal("head", "close", id)?.contains("责任部门不能") == true)
            try await hall.put(id, in: .executing, owner: "care")
            #expect(await hall.refusal("care", "verify", id)?.contains("承办人不能") == true)
        }
    }

    /// §2.27 "客服 (≠dept)": the department with all its parts.
    @Test("nor does a colleague in a part of the department complained of, however deep", arguments: Engine.available)
    func parts(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house), id = try await hall.complaint()
            let (deep, beside) = try await hall.desks()
            try await hall.put(id, in: .executing, department: "care")
            #expect(await hall.refusal(deep, "verify", id)?.contains("责任部门不能") == true)
            #expect(await hall.refusal(beside, "verify", id) == nil)
            try await hall.put(id, in: .verified, department: "care")
            #expect(await hall.refusal(deep, "close", id)?.contains("责任部门不能") == true)
            // Whose part it is does not matter when the complaint is of the part beside.
            try await hall.put(id, in: .executing, department: "part")
            #expect(await hall.refusal(beside, "verify", id) == nil)
            // A member of the responsible department's part finds out like the department.
            try await hall.put(id, in: .assessed, department: "care", owner: "dept")
            #expect(await hall.refusal(deep, "investigate", id) == nil)
        }
    }

    @Test("a customer who is not satisfied begins it again; closing plans the check after ninety days", arguments: Engine.available)
    func verdict(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house), id = try await hall.complaint()
            try await hall.put(id, in: .executing)
            try await hall.act("care", "verify", id, ["customer_result": "dissatisfied", "note": "色差还在"])
            let again = try await hall.read(id)
            #expect(again.status == .reopened && again.proposedAt == nil && again.result == .dissatisfied)
            try await hall.put(id, in: .verified)
            try await hall.act("head", "close", id)
            #expect(try await hall.read(id).recurrenceCheckOn == house.time.now.day + 90)
        }
    }

    @Test("the clocks of §3.9 run as the level says, over the National Day week", arguments: Engine.available)
    func clocks(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house)
            // Wednesday 30 September 2026, 17:00. General: 2 working hours end on Thursday 8 October at 10:00; 24 hours around the clock;
            // three working days are
            // 8, 9 and the worked Saturday 10 October.
            house.time.now = Instant(try #require(Day(iso: "2026-09-30")), hour: 17)
            let general = try await hall.read(try await hall.complaint())
            #expect(
                general.acknowledgeDue?.shown == "2026-10-08 10:00" && general.solutionDue?.shown == "2026-10-01 17:00"
                    && general.due?.shown == "2026-10-10 18:00")
            let serious = try await hall.read(try await hall.complaint(["level": "serious"]))
            #expect(
                serious.acknowledgeDue?.shown == "2026-09-30 17:30" && serious.solutionDue?.shown == "2026-09-30 21:00"
                    && serious.due?.shown == "2026-10-09 18:00")
            // The general manager hears of a crisis at once.
            _ = try await hall.complaint(["level": "critical"])
            #expect(try await hall.told("gm").contains { $0.hasPrefix("危机投诉") })
        }
    }

    @Test("each clock that runs out escalates and is told once; only the customer's information stops them", arguments: Engine.available)
    func late(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house)
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 9)
            let id = try await hall.complaint()
            try await hall.act("dept", "register", id)
            func run() async throws { try await house.gate.write(as: .system()) { try ComplaintJobs.clocks.run([:], $0) } }
            // Acknowledged by 11:00.
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 11)
            try await run()
            try await run()
            let escalated = try await hall.read(id)
            #expect(escalated.status == .escalated && escalated.missed == .acknowledge && escalated.resumeTo == "registered")
            #expect(try await hall.told("head").filter { $0.contains("告知超时") }.count == 1)
            try await hall.act("head", "resume", id)
            #expect(try await hall.read(id).status == .registered)
            try await hall.act("head", "acknowledge", id, ["channel": "phone", "note": "已致歉"])
            try await hall.act("head", "ask_info", id, ["note": "请补充工单照片"])
            // Three days later nothing has run out; then five working hours and more have moved the end.
            house.time.now = Instant(try #require(Day(iso: "2026-11-26")), hour: 11)
            try await run()
            #expect(try await hall.read(id).status == .pendingInfo)
            let before = try #require(try await hall.read(id).due)
            try await hall.act("head", "resume", id)
            let after = try await hall.read(id)
            // Waited from Monday 11:00 to Thursday 11:00: three working days of eight hours; the end moves from Thursday 18:00 to Tuesday 1
            // December 18:00.
            #expect(before.shown == "2026-11-26 18:00" && after.due?.shown == "2026-12-01 18:00" && after.status == .acknowledged)
        }
    }

    @Test("media attention goes up at once; the authorities' clocks are kept") func outside() async throws {
        try await Villa.open(.sqlite) { house in
            let hall = try await Hall(house)
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 9)
            let id = try await hall.complaint(["channel": "media"])
            try await hall.act("dept", "register", id)
            let found = try await hall.read(id)
            #expect(found.status == .escalated && found.level == .serious && found.resumeTo == "registered")
            try await hall.act("head", "resume", id)
            try await hall.act("head", "transfer", id, ["external_body": "tourism", "note": "已向文旅局投诉"])
            #expect(try await hall.read(id).externalDue == house.time.now.day + 60)
        }
    }

    @Test("three of one cause in seven days open one improvement item; a cause is of the second level", arguments: Engine.available)
    func warning(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house)
            for _ in 0..<4 {
                let id = try await hall.complaint()
                try await house.gate.write(as: .system()) { tx in
                    var complaint = try #require(try tx.get(Complaint.self, Ref(id)))
                    complaint.cause = hall.cause
                    try tx.save(complaint)
                }
            }
            #expect(try await hall.improvements() == ["7 天内 3 起「等候过长」投诉"])
            #expect(try await hall.told("head").filter { $0.hasPrefix("预警") }.count == 1)
            let id = try await hall.complaint(), category = try await hall.category()
            #expect(await hall.refusal("dept", changing: id, ["cause_id": .int(category)])?.contains("二级原因") == true)
        }
    }

    @Test("ninety days after closing the same complaint again is found, once", arguments: Engine.available)
    func recurrence(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house)
            let first = try await hall.complaint(), calm = try await hall.complaint(["customer_id": .int(hall.other)])
            for id in [first, calm] {
                try await hall.put(id, in: .verified)
                try await hall.act("head", "close", id)
            }
            house.time.pass(30 * 86_400)
            let second = try await hall.complaint()
            #expect(try await hall.read(first).recurred == nil)
            // Whoever names the same cause finds out at once.
            let cause = hall.cause
            try await house.gate.write(as: try await hall.actor("dept")) { [schema = hall.schema] tx in
                _ = try tx.update(schema, id: second, ["cause_id": .int(cause.id)])
            }
            #expect(try await hall.read(second).isRepeat == true)
            func run() async throws { try await house.gate.write(as: .system()) { try ComplaintJobs.recurrence.run([:], $0) } }
            try await run()
            #expect(try await hall.read(first).recurred == true)
            #expect(try await hall.read(calm).recurred == nil)
            house.time.pass(60 * 86_400)
            try await run()
            try await run()
            #expect(try await hall.read(first).recurred == true)
            #expect(try await hall.read(calm).recurred == false)
            #expect(try await hall.improvements().filter { $0.hasPrefix("投诉复发") }.count == 1)
            // The report counts what was checked: one that came again, one that did not.
            var questions: [String] = []
            for capability in house.gate.catalog.capabilities {
                for report in capability.reports where report.code == "complaint_repeat" { questions += report.parts.map(\.question) }
            }
            questions = questions.filter { $0.contains("recurred") }
            #expect(questions.count == 3 && questions.allSatisfy { !$0.contains("recurrence_check_on") })
        }
    }

    @Test("a check that runs late does not count what came after its day", arguments: Engine.available)
    func lateCheck(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let hall = try await Hall(house), first = try await hall.complaint()
            try await hall.put(first, in: .verified)
            try await hall.act("head", "close", first)
            house.time.pass(95 * 86_400)
            let second = try await hall.complaint()
            try await hall.put(second, in: .investigating)
            try await house.gate.write(as: .system()) { try ComplaintJobs.recurrence.run([:], $0) }
            #expect(try await hall.read(first).recurred == false)
        }
    }

    @Test("whoever did an improvement does not check it, and a decision stands as it was taken") func improvement() async throws {
        try await Villa.open(.sqlite) { house in
            let hall = try await Hall(house)
            let actor = try await house.actor("admin"), items = house.gate.catalog.schema(Improvement.self),
                decisions = house.gate.catalog.schema(Decision.self)
            let item = try await house.gate.write(as: actor) { tx in
                try tx.create(items, ["title": "错峰预约", "root_cause": "不看工位", "action": "按工位放号", "due_at": "2026-12-20T10:00:00Z"]).id
            }
            _ = hall
            _ = try await house.gate.write(as: actor) { tx in
                try tx.perform("start", items, id: item)
                return try tx.perform("submit_check", items, id: item, ["done": "已上线"])
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { tx in _ = try tx.perform("pass", items, id: item, ["verification": "好"]) }
            }
            _ = try await house.gate.write(as: actor) { tx in
                let id = try tx.create(
                    decisions,
                    ["title": "停用供应商", "data": "六起色差五起来自它", "decision": "不续约", "target": "色差为零", "due_at": "2027-01-10T10:00:00Z"]
                ).id
                try tx.perform("decide", decisions, id: id)
                #expect(throws: Problems.self) { try tx.update(decisions, id: id, ["data": "改了"]) }
                return id
            }
        }
    }
}
