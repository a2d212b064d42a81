import Records
import Testing

@testable import Core
@testable import Gate
@testable import Sales
@testable import Service

/// D10–D13, §2.14, §2.27, §3.1.
@Suite("Follow-ups")
struct FollowUpTests {
    /// §2.27 written down once more. `desk` is the plan's own clerk, `head` the care manager, `other` a clerk whose plan it is not.
    static let table: [(step: String, from: Set<String>, to: String, by: Set<String>)] = [
        ("assign", ["pending", "assigned"], "assigned", ["head"]), ("start", ["assigned"], "in_progress", ["desk", "head"]),
        ("skip", ["pending", "assigned", "in_progress"], "skipped", ["desk", "head"]),
        ("cancel", ["pending", "assigned"], "cancelled", ["head"]), ("record", ["assigned", "in_progress"], "done", ["desk", "head"]),
    ]

    private struct Desk {
        let house: House
        let users: [String: Int64]
        let customer: Int64

        init(_ house: House) async throws {
            self.house = house
            var users: [String: Int64] = [:]
            let boss = Actor.system(), care = try await house.accounts.createDepartment(["name": "客服中心", "code": "care"], as: boss).id
            for (name, role) in [("desk", "followup"), ("other", "followup"), ("head", "cs_mgr")] {
                users[name] = try await house.accounts.createUser(
                    [
                        "username": .text("u_\(name)"), "name": .text("员\(name)"), "password": .text(House.password),
                        "department_id": .int(care), "roles": [.text(role)],
                    ], as: boss
                ).row.id
            }
            self.users = users
            customer = try await Desk.customer(house, "林知远", "19900001111")
        }

        static func customer(_ house: House, _ name: String, _ mobile: String, _ more: [String: Plain] = [:]) async throws -> Int64 {
            try await house.gate.write(as: .system(via: "api")) { tx in
                tx.ignoresWarnings = true
                var made = Record<Customer>(
                    try tx.create(
                        tx.catalog.schema(Customer.self),
                        ["name": .text(name), "source": "walk_in", "mobile": .text(mobile)].merging(more) { $1 }))
                made.ownerID = house["liwei"]
                return try tx.save(made).row.id
            }
        }

        subscript(name: String) -> Int64 { users[name] ?? -1 }
        var schema: Schema { house.gate.catalog.schema(FollowPlan.self) }
        func actor(_ name: String) async throws -> Actor { try #require(try await house.accounts.actor(for: self[name], via: "web")) }

        func plan(_ state: FollowPlan.Status = .assigned, questionnaire: Ref<Questionnaire>? = nil, attempts: Int = 0) async throws -> Int64
        {
            let customer = customer, owner = self["desk"]
            return try await house.gate.write(as: .system()) { tx in
                var plan = Record<FollowPlan>()
                (plan.title, plan.customer, plan.status, plan.questionnaire, plan.attempts, plan.ownerID) = (
                    "售后3日回访：林知远", Ref(customer), state, questionnaire, attempts, owner
                )
                var saved = try tx.insert(plan)
                if saved.status != state { saved.status = state; saved = try tx.save(saved) }
                return saved.row.id
            }
        }

        func read(_ id: Int64) async throws -> Record<FollowPlan> {
            try await house.gate.read(as: .system()) { [schema] in Record(try $0.record(schema, id: id)) }
        }

        /// Why not; nil when it was done.
        func act(_ name: String, _ step: String, _ id: Int64, _ input: [String: Plain]? = nil) async -> String? {
            let inputs: [String: [String: Plain]] = [
                "assign": ["owner_id": .int(self["desk"])], "skip": ["reason": "客户出国"], "cancel": ["reason": "重复"],
                "record": ["result": "success"],
            ]
            do {
                let actor = try await actor(name), schema = schema
                _ = try await house.gate.write(as: actor) { try $0.perform(step, schema, id: id, input ?? inputs[step] ?? [:]) }
                return nil
            } catch let refusal as Refusal {
                return switch refusal {
                case .conflict(let text), .forbidden(let text): text;
                default: "\(refusal)"
                }
            } catch let wrong as Problems { return wrong.all.map(\.message).joined(separator: "；") } catch let wrong as Problem {
                return wrong.message
            } catch { return "\(error)" }
        }

        func all<E: Entity>(_ type: E.Type, where condition: Condition = .everything) async throws -> [Record<E>] {
            try await house.gate.write(as: .system()) { try $0.all(type, where: condition, sort: [Query.Sort("id")], limit: 500) }
        }
    }

    @Test("every step of the table, from every state, by every actor, is allowed or refused as it says", arguments: Engine.available)
    func table(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            #expect(Set(Self.table.map(\.step)) == Set(FollowPlan.schema.actions.map(\.name)))
            for row in Self.table {
                for state in FollowPlan.Status.allCases {
                    for actor in ["desk", "head", "other"] {
                        if !row.by.contains(actor), !row.from.contains(state.rawValue) { continue }
                        let id = try await desk.plan(state), refusal = await desk.act(actor, row.step, id)
                        if row.from.contains(state.rawValue), row.by.contains(actor) {
                            #expect(refusal == nil, "\(row.step) from \(state) by \(actor)")
                            #expect(try await desk.read(id).status.rawValue == row.to, "\(row.step) from \(state)")
                        } else {
                            #expect(refusal?.isEmpty == false, "\(row.step) from \(state) by \(actor) was done")
                            #expect(try await desk.read(id).status == state)
                            if !row.from.contains(state.rawValue) {
                                #expect(refusal?.contains("「\(state.label)」") == true, "\(refusal ?? "")")
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("who is not reached is called again, and after the last call another way is tried", arguments: Engine.available)
    func attempts(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house), id = try await desk.plan(attempts: 3)
            #expect(await desk.act("desk", "record", id, ["result": "no_answer"]) == nil)
            let again = try await desk.read(id)
            #expect(again.status == .assigned && again.attempts == 4 && again.due == Instant(house.time.now.day + 1, hour: 18))
            // Again and again on one day is one attempt.
            for _ in 0..<2 { #expect(await desk.act("desk", "record", id, ["result": "no_answer"]) == nil) }
            #expect(try await desk.read(id).attempts == 4)
            house.time.pass(86_400)
            #expect(await desk.act("desk", "record", id, ["result": "busy"]) == nil)
            let failed = try await desk.read(id)
            #expect(failed.status == .failed && failed.reason == "连续 5 天未接通")
            #expect(try await desk.all(Todo.self).map(\.title) == ["改发短信或信函：售后3日回访：林知远"])
            #expect(try await desk.all(FollowVisit.self).map(\.result) == [.noAnswer, .noAnswer, .noAnswer, .busy])
            // Nobody was spoken to.
            #expect(try await desk.all(Interaction.self).isEmpty)
            let callback = try await desk.plan()
            #expect(await desk.act("desk", "record", callback, ["result": "callback"]) == "请填写「约定再拨时间」")
            #expect(
                await desk.act(
                    "desk", "record", callback, ["result": "callback", "callback_at": .text(house.time.now.adding(seconds: 7200).rfc3339)])
                    == nil)
            #expect(try await desk.read(callback).due == house.time.now.adding(seconds: 7200))
        }
    }

    @Test("whoever refuses is called no more: the wish is kept and every open plan is skipped", arguments: Engine.available)
    func refusal(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house), first = try await desk.plan(), second = try await desk.plan(.inProgress)
            #expect(await desk.act("desk", "record", first, ["result": "refused", "note": "不要再打"]) == nil)
            let refused = try await desk.read(first)
            #expect(refused.reason == "客户拒访" && refused.status == .skipped)
            #expect(try await desk.read(second).status == .skipped)
            #expect(try await desk.all(Customer.self).first?.doNotContact == true)
            // A plan made later is skipped at once.
            let later = try await house.gate.write(as: .system()) { [customer = desk.customer] tx in
                var plan = Record<FollowPlan>()
                (plan.title, plan.customer) = ("定保提醒", Ref(customer))
                return try tx.insert(plan).status
            }
            #expect(later == .skipped)
        }
    }

    @Test("a call is done only with its questionnaire, and a low score opens a complaint", arguments: Engine.available)
    func questionnaire(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house),
                service = try #require(try await desk.all(Questionnaire.self, where: \Questionnaire.code == "service").first),
                id = try await desk.plan(questionnaire: service.id)
            #expect(await desk.act("desk", "record", id)?.contains("请回答「这次来要解决的问题，都修好了吗？」") == true)
            #expect(try await desk.read(id).status == .assigned)
            let clerk = try await desk.actor("desk"), schema = desk.schema
            try await house.gate.write(as: clerk) {
                try $0.answer(schema, id: id, ["q1": ["no"], "q2": ["异响还在"], "q3": ["2"], "q4": ["4"], "q5": ["5"]], isLast: false)
            }
            #expect(await desk.act("desk", "record", id, ["result": "success", "note": "客户失望"]) == nil)
            let done = try await desk.read(id), response = try #require(try await desk.all(SurveyResponse.self).first),
                complaints = try await desk.all(Complaint.self)
            #expect(
                done.status == .done && done.response == response.id && response.status == .submitted && response.csat == 2
                    && response.nps == 5)
            #expect(complaints.count == 1 && complaints[0].content.contains("异响还在") && response.complaint == complaints[0].id)
            #expect(try await desk.all(Interaction.self).map(\.outcome) == ["成功"])
        }
    }

    // MARK: Rules

    private func rule(_ desk: Desk, _ fill: @escaping @Sendable (inout Record<FollowRule>) -> Void) async throws -> Int64 {
        let people = [desk["desk"], desk["other"]]
        return try await desk.house.gate.write(as: .system()) { tx in
            var rule = Record<FollowRule>()
            (rule.title, rule.entity, rule.field, rule.offsets, rule.isEnabled, rule.scene) = (
                "规则", Order.name, "ordered_on", "3,7,30", true, .sale3d
            )
            rule.people = Refs(people)
            fill(&rule)
            return try tx.insert(rule).row.id
        }
    }

    private func run(_ house: House, _ rule: Int64, _ payload: [String: Plain] = [:]) async throws {
        try await house.gate.write(as: .system()) { try FollowPlanning.ruleJob.run(["rule": .int(rule)].merging(payload) { $1 }, $0) }
    }

    private func order(_ desk: Desk, _ status: String, day: Day, customer: Int64? = nil) async throws -> Int64 {
        try await desk.house.gate.write(as: .system(via: "api")) { tx in
            var order = Record<Order>()
            (order.customer, order.orderedOn, order.status) = (Ref(customer ?? desk.customer), day, Order.Status(rawValue: status))
            return try tx.insert(order).row.id
        }
    }

    @Test("each offset is planned once, however often the night's work runs, shared by workload", arguments: Engine.available)
    func planning(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house), today = house.time.now.day, id = try await rule(desk) { $0.states = "shipped" }
            _ = try await order(desk, "shipped", day: today - 3)
            _ = try await order(desk, "draft", day: today - 3, customer: try await Desk.customer(house, "沈佳禾", "19900002222"))
            for _ in 0..<3 { try await run(house, id) }
            let plans = try await desk.all(FollowPlan.self)
            // T+3 today; T+7 lies beyond the three days ahead.
            #expect(plans.map(\.due) == [Instant(today, hour: 18)] && plans[0].status == .assigned && plans[0].title == "交车3日回访：林知远")
            // The moment an order is shipped plans all three, and the night adds none.
            let second = try await Desk.customer(house, "顾一帆", "19900003333"),
                made = try await order(desk, "shipped", day: today, customer: second)
            func hear() async throws {
                try await house.gate.write(as: .system()) { try FollowPlanning.heard.run(["entity": "orders", "id": .int(made)], $0) }
            }
            try await hear()
            try await hear()
            try await run(house, id)
            let theirs = try await desk.all(FollowPlan.self, where: \FollowPlan.customer == Ref(second))
            #expect(theirs.map { $0.due?.day } == [today + 3, today + 7, today + 30])
            // Four plans, two people: two each.
            let load = Dictionary(grouping: try await desk.all(FollowPlan.self), by: \.ownerID).mapValues(\.count)
            #expect(load == [desk["desk"]: 2, desk["other"]: 2])
        }
    }

    @Test(
        "no more contacts than the cool-down allows, nobody who asked for peace, and a sample is the same whenever it is drawn",
        arguments: Engine.available)
    func limits(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house), today = house.time.now.day
            for _ in 0..<3 { _ = try await desk.plan(.done) }
            let id = try await rule(desk) { $0.offsets = "0" }
            _ = try await order(desk, "shipped", day: today)
            _ = try await order(
                desk, "shipped", day: today, customer: try await Desk.customer(house, "沈佳禾", "19900002222", ["do_not_contact": true]))
            try await run(house, id)
            let plans = try await desk.all(FollowPlan.self, where: \FollowPlan.rule == Ref(id))
            #expect(plans.map(\.status) == [.skipped, .skipped] && Set(plans.compactMap(\.reason)) == ["冷却期内联系已达上限", "客户要求免打扰"])
            let sampled = try await rule(desk) { ($0.offsets, $0.sampling, $0.size, $0.title) = ("0", .share, 40, "抽样") }
            for number in 0..<30 {
                _ = try await order(
                    desk, "shipped", day: today, customer: try await Desk.customer(house, "客\(number)", "1990001\(1000 + number)"))
            }
            try await run(house, sampled)
            let drawn = try await desk.all(FollowPlan.self, where: \FollowPlan.rule == Ref(sampled)).count
            try await run(house, sampled)
            #expect(drawn > 4 && drawn < 22)
            #expect(try await desk.all(FollowPlan.self, where: \FollowPlan.rule == Ref(sampled)).count == drawn)
        }
    }

    @Test("a corrected date takes along what is planned and not begun, and plans nothing twice", arguments: Engine.available)
    func correction(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house), today = house.time.now.day, id = try await rule(desk) { $0.states = "shipped" }
            let made = try await order(desk, "shipped", day: today)
            func hear(_ day: Day?) async throws {
                try await house.gate.write(as: .system()) { tx in
                    if let day {
                        _ = try tx.writing.set(tx.catalog.schema(Order.self), ["ordered_on": day.stored], where: .ids([made]))
                    }
                    try FollowPlanning.heard.run(["entity": "orders", "id": .int(made)], tx)
                }
            }
            try await hear(nil)
            let first = try await desk.all(FollowPlan.self)
            #expect(first.map { $0.due?.day } == [today + 3, today + 7, today + 30])
            #expect(await desk.act("head", "assign", first[0].row.id, ["owner_id": .int(desk["desk"])]) == nil)
            #expect(await desk.act("desk", "start", first[0].row.id) == nil)
            for _ in 0..<2 { try await hear(today - 2) }
            try await run(house, id)
            let moved = try await desk.all(FollowPlan.self)
            #expect(moved.map(\.row.id) == first.map(\.row.id))
            #expect(moved.map { $0.due?.day } == [today + 3, today + 5, today + 28])
            // So long ago that nobody is asked any more.
            try await hear(today - 100)
            let over = try await desk.all(FollowPlan.self)
            #expect(over.map(\.status) == [.inProgress, .cancelled, .cancelled] && over[1].reason?.contains("已更正") == true)
        }
    }

    @Test("a birthday that was corrected moves its greeting", arguments: Engine.available)
    func birthday(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house), today = house.time.now.day
            let parts = (today + 2).parts, born = try #require(Day(year: 1988, month: parts.month, day: parts.day))
            let id = try await rule(desk) {
                ($0.entity, $0.field, $0.offsets, $0.scene, $0.title, $0.repeats) = (
                    Customer.name, "birthday", "0", .custom, "生日问候", .yearly
                )
            }
            func set(_ day: Day) async throws {
                _ = try await house.gate.write(as: .system(via: "api")) {
                    try $0.update($0.catalog.schema(Customer.self), id: desk.customer, ["birthday": .text(day.iso)])
                }
                try await house.gate.write(as: .system()) { tx in
                    for job in try tx.all(JobRow.self, where: \JobRow.title == "follow.hear", limit: 100) {
                        try FollowPlanning.heard.run(job.payload.flatMap(Plain.init(jsonText:))?.object ?? [:], tx)
                    }
                }
            }
            try await set(born)
            try await run(house, id)
            #expect(try await desk.all(FollowPlan.self).map { $0.due?.day } == [today + 2])
            try await set(born + 9)
            try await run(house, id)
            #expect(try await desk.all(FollowPlan.self).map { $0.due?.day } == [today + 11])
        }
    }

    @Test("days come round by the solar and the lunar calendar; 29 February on the 28th")
    func anniversaries() throws {
        var rule = Record<FollowRule>()
        rule.repeats = .yearly
        let day = try #require(Day(iso: "2026-02-28"))
        let leap = try #require(Day(iso: "1988-02-29")), common = try #require(Day(iso: "1990-02-28"))
        #expect(rule.origins(of: day).contains(leap) && rule.origins(of: day).contains(common))
        rule.repeats = .lunar
        // The Mid-Autumn Festival of 2026, 八月十五, is 25 September.
        let moon = try #require(Day(iso: "2026-09-25"))
        let born = try #require(Day(iso: "1988-08-15"))
        #expect(rule.origins(of: moon).contains(born))
        (rule.repeats, rule.every) = (.every, 90)
        #expect(rule.origins(of: moon).contains(moon - 180) && !rule.origins(of: moon).contains(moon - 100))
    }

    @Test("a number that is reached is followed up once; a rule that names what is not there is refused", arguments: Engine.available)
    func numbers(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            let id = try await rule(desk) {
                ($0.entity, $0.field, $0.threshold, $0.offsets, $0.scene, $0.title) = (
                    Customer.name, "order_count", 2, "0", .custom, "二次成交致谢"
                )
            }
            try await run(house, id)
            #expect(try await desk.all(FollowPlan.self).isEmpty)
            for _ in 0..<2 { _ = try await order(desk, "settled", day: house.time.now.day - 400) }
            try await run(house, id)
            try await run(house, id)
            #expect(try await desk.all(FollowPlan.self).map(\.title) == ["二次成交致谢：林知远"])
            for fill in [{ $0.field = "nonsense" }, { $0.entity = "users" }, { $0.offsets = "三天" }, { $0.states = "delivered" }]
                as [@Sendable (inout Record<FollowRule>) -> Void]
            {
                await #expect(throws: Problems.self) { try await self.rule(desk, fill) }
            }
        }
    }

    @Test("the desk has a rule's plans made at once, not those of a rule that is off") func generate() async throws {
        try await Villa.open(.sqlite) { house in
            let desk = try await Desk(house), clerk = try await desk.actor("desk"), on = try await rule(desk) { _ in },
                off = try await rule(desk) { ($0.title, $0.isEnabled) = ("停用", false) }
            func generate(_ id: Int64, as actor: Actor) async throws {
                try await house.gate.write(as: actor) { try $0.perform("generate", $0.catalog.schema(FollowRule.self), id: id, [:]) }
            }
            for _ in 0..<2 { try await generate(on, as: clerk) }
            await #expect(throws: Refusal.self) { try await generate(off, as: clerk) }
            let seller = try #require(try await house.accounts.actor(for: house["liwei"], via: "web"))
            await #expect(throws: Refusal.self) { try await generate(on, as: seller) }
            let asked = try await desk.all(JobRow.self, where: \JobRow.title == "follow.plan_rule")
            #expect(asked.map { $0.payload.flatMap(Plain.init(jsonText:))?.object?["rule"]?.int } == [on])
        }
    }

    @Test("what is overdue goes up once") func overdue() async throws {
        try await Villa.open(.sqlite) { house in
            let desk = try await Desk(house), id = try await desk.plan()
            house.time.pass(3 * 86_400)
            for _ in 0..<2 { try await house.gate.write(as: .system()) { try FollowPlanning.overdue.run([:], $0) } }
            #expect(try await desk.read(id).escalatedAt == house.time.now)
            let told = try await house.gate.write(as: .system()) { tx in
                try tx.fetch(Query(tx.catalog.schema(Notification.self), limit: 100)).compactMap { $0["text"].text }
            }
            #expect(told.filter { $0.hasPrefix("跟踪已逾期") }.count == 1)
        }
    }
}
