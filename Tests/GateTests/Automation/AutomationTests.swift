import Core
import Records
import Testing

@testable import Gate

/// What administrators' rules do by themselves (issue of the whole customer cycle: workflow rules).
@Suite("Automation")
struct AutomationTests {
    @discardableResult
    private func rule(
        _ house: House, on entity: String, _ trigger: String, field: String? = nil, days: Int64? = nil, when condition: Condition? = nil,
        do steps: [(String, String, String)], name: String = "规则"
    ) async throws -> Int64 {
        let schema = house.gate.catalog.schema(AutomationRule.self), admin = try await house.actor("admin")
        var input: [String: Plain] = ["name": .text(name), "entity": .text(entity), "trigger": .text(trigger)]
        if let field { input["field"] = .text(field) }
        if let days { input["days"] = .int(days) }
        if let condition { input["condition"] = .text(condition.plain.jsonText) }
        input["steps"] = .list(steps.map { .object(["kind": .text($0.0), "target": .text($0.1), "content": .text($0.2)]) })
        let wanted = input
        return try await house.gate.write(as: admin) { try $0.create(schema, wanted).id }
    }

    private func customer(_ house: House, as name: String = "zhaomin", _ more: [String: Plain] = [:]) async throws -> Row {
        let actor = try await house.actor(name), schema = house.gate.catalog.schema(Customer.self)
        return try await house.gate.write(as: actor) {
            try $0.create(schema, ["name": "宏屿建设有限公司", "type": "company", "source": "referral"].merging(more) { $1 })
        }
    }

    private func stored(_ house: House, _ id: Int64) async throws -> Record<Customer> {
        try await house.gate.read(as: .system()) { Record(try $0.record($0.catalog.schema(Customer.self), id: id)) }
    }

    private func tasks(_ house: House) async throws -> [Record<Todo>] {
        try await house.gate.write(as: .system()) { try $0.all(Todo.self, sort: [Query.Sort("id")]) }
    }

    private func runs(_ house: House, _ rule: Int64) async throws -> [Record<AutomationRun>] {
        let admin = try await house.actor("admin")
        return try await house.gate.read(as: admin) { try $0.automationRuns(of: rule) }
    }

    @Test(
        "a new record that meets the condition: a field is set, a task made, people told, all taken back by one undo",
        arguments: Engine.available)
    func created(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let rule = try await rule(
                house, on: "customers", "created", when: .field("type", .eq, "company"),
                do: [
                    ("set", "remark", "来自{source}，{name}"),
                    ("create", "tasks", "title=首次拜访 {name}\ncustomer_id={id}\nowner_id={owner_id}\ndue_at=today+3"),
                    ("notify", "superior", "{owner_id}新建了{name}"),
                ])
            let made = try await customer(house)
            let after = try await stored(house, made.id)
            #expect(after.remark == "来自转介绍，宏屿建设有限公司")
            let task = try #require(try await tasks(house).last)
            #expect(task.title == "首次拜访 宏屿建设有限公司" && task.customer?.id == made.id && task.ownerID == house["zhaomin"])
            #expect(task.dueAt?.day == house.time.now.day + 3)
            let boss = try await house.actor("liwei")
            #expect(try await house.gate.read(as: boss) { try $0.notifications().map(\.text) }.contains("赵敏新建了宏屿建设有限公司"))
            let log = try #require(try await runs(house, rule).first)
            #expect(!log.isFailed && log.text.contains("新建任务「首次拜访") && log.recordID == Int(made.id))
            // Somebody the condition leaves out.
            let count = try await tasks(house).count
            _ = try await customer(house, ["name": "林知远", "type": "person", "mobile": "19900000001"])
            #expect(try await tasks(house).count == count)
            // What the rule did in its author's name goes back along with what it answered to.
            let operation = try await house.store.read {
                try $0.fetch(
                    Query(
                        AuditEntry.self,
                        where: \AuditEntry.entity == "customers" && \AuditEntry.recordID == Int(made.id) && \AuditEntry.action == "create",
                        limit: 1)
                ).first.map { Int64(Record<AuditEntry>($0).operation) }
            }
            let consultant = try await house.actor("zhaomin")
            guard case .done(let report) = try await Undo.start(try #require(operation), as: consultant, in: house.gate) else {
                throw Refusal.notFound
            }
            #expect(report.conflicts.isEmpty && report.undone > 1, "\(report)")
            #expect(try await tasks(house).count == count - 1)
            await #expect(throws: Refusal.self) { _ = try await stored(house, made.id) }
        }
    }

    @Test("a change counts when it is of the field that was named; what an import brings is left alone", arguments: Engine.available)
    func changed(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            try await rule(house, on: "customers", "changed", field: "industry", do: [("set", "remark", "行业：{industry}")])
            let actor = try await house.actor("zhaomin"), schema = house.gate.catalog.schema(Customer.self),
                id = try await customer(house).id
            _ = try await house.gate.write(as: actor) { try $0.update(schema, id: id, ["short_name": "宏屿"]) }
            #expect(try await stored(house, id).remark == nil)
            _ = try await house.gate.write(as: actor) { try $0.update(schema, id: id, ["industry": "制造"]) }
            #expect(try await stored(house, id).remark == "行业：制造")
            _ = try await house.gate.write(as: .system(via: "import")) { try $0.update(schema, id: id, ["industry": "建筑"]) }
            #expect(try await stored(house, id).remark == "行业：制造")
        }
    }

    @Test("rules that answer to each other end", arguments: Engine.available)
    func loop(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let one = try await rule(house, on: "customers", "changed", do: [("set", "short_name", "{short_name}甲")], name: "甲")
            let two = try await rule(house, on: "customers", "changed", do: [("set", "short_name", "{short_name}乙")], name: "乙")
            let actor = try await house.actor("zhaomin"), schema = house.gate.catalog.schema(Customer.self),
                id = try await customer(house).id
            _ = try await house.gate.write(as: actor) { try $0.update(schema, id: id, ["short_name": "起"]) }
            #expect(try await stored(house, id).shortName == "起甲乙")
            let counts = (try await runs(house, one).count, try await runs(house, two).count)
            #expect(counts == (1, 1))
        }
    }

    @Test(
        "a step that fails takes nothing of the user's with it, is written down, and in the end turns the rule off",
        arguments: Engine.available)
    func failing(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            // No short name, so the task has no title: the second step fails.
            let rule = try await rule(
                house, on: "customers", "created", do: [("set", "remark", "已看过"), ("create", "tasks", "title={short_name}")])
            let id = try await customer(house).id
            #expect(try await stored(house, id).remark == nil, "the first step is taken back with the second")
            let log = try #require(try await runs(house, rule).first)
            #expect(log.isFailed && log.text.contains("任务"))
            for number in 1..<Automations.patience { _ = try await customer(house, ["name": .text("客户\(number)")]) }
            let schema = house.gate.catalog.schema(AutomationRule.self)
            let present = try await house.gate.read(as: .system()) { Record<AutomationRule>(try $0.record(schema, id: rule)) }
            #expect(!present.isActive && present.failures == Automations.patience)
            let admin = try await house.actor("admin")
            #expect(try await house.gate.read(as: admin) { try $0.notifications().map(\.text) }.contains { $0.contains("已停用") })
        }
    }

    @Test(
        "a rule for a day runs once for each record and day, also when the morning comes twice or was missed", arguments: Engine.available)
    func day(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let rule = try await rule(house, on: "customers", "day", field: "birthday", days: -7, do: [("notify", "owner", "{name}快过生日了")])
            let day = house.time.now.day + 6
            let due = try await customer(house, ["name": "林知远", "type": "person", "mobile": "19900000001", "birthday": .text(day.iso)]).id
            _ = try await customer(house, ["name": "沈佳禾", "type": "person", "mobile": "19900000002", "birthday": .text((day + 30).iso)])
            for _ in 0..<2 {
                try await house.gate.write(as: .system()) { tx in
                    let present = Record<AutomationRule>(try tx.record(tx.catalog.schema(AutomationRule.self), id: rule))
                    #expect(try tx.runDay(present, after: 0, limit: 200, memory: 3) == nil)
                }
            }
            let done = try await runs(house, rule)
            #expect(done.map(\.recordID) == [Int(due)])
        }
    }

    @Test("a trial says what would be done and does nothing; who may not manage rules may not try one", arguments: Engine.available)
    func trial(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let id = try await customer(house).id
            let rule = try await rule(
                house, on: "customers", "created", do: [("set", "remark", "看过"), ("create", "tasks", "title=拜访 {name}")])
            let admin = try await house.actor("admin"), count = try await tasks(house).count
            let tried = try await house.gate.tryAutomation(rule, as: admin)
            #expect(
                tried.lines.first?.id == id && tried.lines.first?.text == "「备注」改为 看过；新建任务「拜访 宏屿建设有限公司」"
                    && tried.lines.first?.isFailed == false)
            #expect(try await stored(house, id).remark == nil)
            #expect(try await tasks(house).count == count)
            #expect(try await runs(house, rule).isEmpty)
            let clerk = try await house.actor("zhaomin")
            await #expect(throws: Refusal.self) { _ = try await house.gate.tryAutomation(rule, as: clerk) }
        }
    }

    @Test(
        "what a rule names must be there",
        arguments: [
            ("set", "nothing", "1", "没有可以修改的字段"), ("set", "type", "飞船", "客户类型"), ("set", "id_no", "1", "没有可以修改的字段"),
            ("create", "nowhere", "a=b", "不能新建"),
            ("create", "tasks", "title", "应写成"), ("create", "tasks", "colour=red", "没有可以修改的字段"), ("notify", "everybody", "好", "请选择通知谁"),
            ("notify", "owner", " ", "请填写通知的内容"),
            ("notify", "owner", "{colour}", "{colour} 不是客户的字段"), ("webhook", "999", "", "请选择 Webhook"),
            ("set", "created_at", "today", "没有可以修改的字段"),
        ])
    func faults(kind: String, target: String, content: String, words: String) async throws {
        try await Villa.open(.sqlite) { house in
            do {
                try await rule(house, on: "customers", "created", do: [(kind, target, content)])
                Issue.record("it was taken")
            } catch let wrong as Problems {
                #expect(wrong.all.contains { $0.message.contains(words) }, "\(wrong.all.map(\.message))")
            }
        }
    }
}
