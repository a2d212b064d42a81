import Records
import Sales
import Testing

@testable import Gate

/// 赵敏 (consultant) reports to 李伟 (supervisor), who reports to 王经理 (sales manager). 孙强 works elsewhere.
@Suite("Approvals")
struct ApprovalTests {
    @Test("what needs approval waits, locked, and is done in the applicant's name with the last word", arguments: Engine.available)
    func wholeWay(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow(
                "取消大单", on: "orders", action: "cancel", when: .field("amount_cents", .gt, 100_000),
                steps: [
                    ["name": "直属上级", "approver": "superior"],
                    ["name": "销售经理", "approver": "role", "role_id": .int(try await desk.role("sales_mgr")), "over_cents": .int(1_000_000)],
                ], amount: "amount_cents")
            let order = try await desk.order(of: "zhaomin", cents: 2_000_000), small = try await desk.order(of: "zhaomin", cents: 50_000)

            // Below the condition nobody is asked.
            #expect(try await desk.perform("cancel", small, as: "zhaomin", ["reason": "客户改期"]) == nil)
            #expect(try await desk.status(of: small) == "cancelled")

            let request = try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "客户换车型"]))
            #expect(try await desk.status(of: order) == "draft")
            let asked = try await desk.request(request)
            #expect(
                asked.status == .pending && asked.approvers.ids == [house["liwei"]] && asked.reason == "客户换车型"
                    && asked.amount == Money(cents: 2_000_000))
            #expect(try await desk.told("liwei").contains { $0.contains("待您审批") })

            // Locked: fields, other steps, deletion, a second request.
            for attempt in [desk.changing(order, ["remark": "改一下"]), desk.doing("cancel", order, ["reason": "再来"]), desk.deleting(order)] {
                let refusal = await desk.refusal("zhaomin", attempt)
                #expect(refusal?.contains("审批") == true, "\(refusal ?? "it was done")")
            }
            #expect(await desk.refusal("wang", desk.doing("approve", order))?.contains("已锁定") == true)
            // Who may decide: not the applicant, not somebody whose turn it is not.
            #expect(await desk.refusal("zhaomin", desk.deciding("approve", request)) == "申请人不能审批自己的申请")
            #expect(await desk.refusal("wang", desk.deciding("approve", request)) == "步骤「直属上级」正等待其他人审批")
            #expect(await desk.refusal("sunqiang", desk.deciding("approve", request)) == "记录不存在或您无权查看")

            try await desk.decide("approve", request, as: "liwei", ["reason": "同意"])
            #expect(try await desk.request(request).approvers.ids == [house["wang"]])
            #expect(try await desk.status(of: order) == "draft")
            try await desk.decide("approve", request, as: "wang")
            #expect(try await desk.status(of: order) == "cancelled")
            let done = try await desk.request(request)
            #expect(done.status == .approved && done.openKey == nil && done.approvers.ids.isEmpty && done.finishedAt != nil)
            #expect(try await desk.trace(request) == ["提交 赵敏", "批准 李伟", "批准 王经理", "生效 赵敏"])
            #expect(try await desk.told("zhaomin").contains { $0.contains("您的申请已批准") })
            // The change itself is the applicant's.
            let entry = try #require(
                try await house.store.read {
                    try $0.fetch(
                        Query(
                            AuditEntry.self, where: \AuditEntry.entity == "orders" && \AuditEntry.action == "cancel",
                            sort: [Query.Sort("-id")], limit: 1)
                    ).first
                })
            #expect(Record<AuditEntry>(entry).user?.id == house["zhaomin"] && Record<AuditEntry>(entry).via == "approval")
            // Free again, and over.
            #expect(await desk.refusal("zhaomin", desk.changing(order, ["remark": "留档"])) == nil)
            #expect(await desk.refusal("wang", desk.deciding("approve", request))?.contains("不能再处理") == true)
        }
    }

    @Test("a request is rejected, sent back, passed on or withdrawn, and the record is free again", arguments: Engine.available)
    func otherEnds(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow(
                "取消", on: "orders", action: "cancel",
                steps: [
                    ["name": "上级", "approver": "superior"], ["name": "经理", "approver": "superior", "levels": .int(2)],
                ])
            func ask() async throws -> (order: Int64, request: Int64) {
                let order = try await desk.order(of: "zhaomin", cents: 100)
                return (order, try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "不要了"])))
            }
            let rejected = try await ask()
            #expect(await desk.refusal("liwei", desk.deciding("reject", rejected.request))?.contains("意见") == true)
            try await desk.decide("reject", rejected.request, as: "liwei", ["reason": "先挽留"])
            #expect(try await desk.request(rejected.request).status == .rejected)
            #expect(try await desk.status(of: rejected.order) == "draft")
            // The applicant may ask again.
            #expect(try await desk.perform("cancel", rejected.order, as: "zhaomin", ["reason": "已挽留过"]) != nil)

            let returned = try await ask()
            try await desk.decide("approve", returned.request, as: "liwei")
            #expect(
                await desk.refusal("wang", desk.deciding("send_back", returned.request, ["step": .int(3), "reason": "x"]))?.contains(
                    "0 到 1") == true)
            try await desk.decide("send_back", returned.request, as: "wang", ["step": .int(1), "reason": "请上级补充"])
            #expect(try await desk.request(returned.request).approvers.ids == [house["liwei"]])
            try await desk.decide("send_back", returned.request, as: "liwei", ["step": .int(0), "reason": "写清原因"])
            #expect(try await desk.request(returned.request).status == .returned)
            #expect(await desk.refusal("zhaomin", desk.changing(returned.order, ["remark": "补充说明"])) == nil)

            let passed = try await ask()
            #expect(
                await desk.refusal("liwei", desk.deciding("pass_on", passed.request, ["user_id": .int(house["zhaomin"])])) == "不能转交给申请人")
            try await desk.decide("pass_on", passed.request, as: "liwei", ["user_id": .int(house["sunqiang"])])
            #expect(try await desk.request(passed.request).approvers.ids == [house["sunqiang"]])
            // Whoever is asked can read what it is about, though it is out of their reach.
            #expect(await desk.refusal("sunqiang", desk.reading(passed.order)) == nil)
            try await desk.decide("approve", passed.request, as: "sunqiang")
            #expect(await desk.refusal("liwei", desk.deciding("withdraw", passed.request)) == "只有申请人可以催办或撤回")
            try await desk.decide("withdraw", passed.request, as: "zhaomin")
            #expect(try await desk.request(passed.request).status == .withdrawn)
            #expect(try await desk.status(of: passed.order) == "draft")
            house.time.pass(60)
            #expect(await desk.refusal("sunqiang", desk.reading(passed.order)) != nil)
        }
    }

    @Test("all must agree where it says so; whoever is away is stood in for, never by the applicant", arguments: Engine.available)
    func countersign(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow(
                "会签", on: "orders", action: "cancel",
                steps: [
                    [
                        "name": "会签", "approver": "users", "mode": "all",
                        "user_ids": .list([.int(house["liwei"]), .int(house["sunqiang"]), .int(house["zhaomin"])]),
                    ]
                ])
            try await desk.away("liwei", instead: "chenjing")
            try await desk.away("sunqiang", instead: "zhaomin")
            let order = try await desk.order(of: "zhaomin", cents: 100)
            let request = try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "不要了"]))
            #expect(Set(try await desk.request(request).approvers.ids) == [house["chenjing"], house["sunqiang"]])
            try await desk.decide("approve", request, as: "chenjing")
            #expect(try await desk.status(of: order) == "draft")
            #expect(await desk.refusal("chenjing", desk.deciding("approve", request)) != nil)
            try await desk.decide("approve", request, as: "sunqiang")
            #expect(try await desk.status(of: order) == "cancelled")
        }
    }

    @Test("a change of a field waits as it was typed, when the record would meet the condition with it", arguments: Engine.available)
    func change(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow(
                "改价", on: "orders", field: "amount_cents", when: .field("amount_cents", .lt, 50_000),
                steps: [["name": "上级", "approver": "superior"]], amount: "amount_cents", locked: "amount_cents")
            let order = try await desk.order(of: "zhaomin", cents: 100_000)
            // 80,000 does not meet the condition, 30,000 does.
            #expect(try await desk.update(order, as: "zhaomin", ["amount_cents": .int(80_000)]) == nil)
            #expect(try await desk.value("amount_cents", of: order) == .int(80_000))
            let request = try #require(try await desk.update(order, as: "zhaomin", ["amount_cents": .int(30_000), "remark": "老客户"]))
            #expect(try await desk.value("amount_cents", of: order) == .int(80_000))
            #expect(try await desk.value("remark", of: order) == .null)
            #expect(try await desk.request(request).amount == Money(cents: 30_000))
            // Only the named field is held.
            #expect(await desk.refusal("zhaomin", desk.changing(order, ["quantity": .int(3)])) == nil)
            #expect(await desk.refusal("zhaomin", desk.changing(order, ["amount_cents": .int(90_000)]))?.contains("「金额」已锁定") == true)
            try await desk.decide("approve", request, as: "liwei")
            #expect(try await desk.value("amount_cents", of: order) == .int(30_000))
            #expect(try await desk.value("remark", of: order) == "老客户")
            #expect(try await desk.value("quantity", of: order) == .int(3))
        }
    }

    @Test("a new record is held until it is approved, then the named step is taken", arguments: Engine.available)
    func creation(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow("新单", on: "orders", action: "approve", trigger: "create", steps: [["name": "上级", "approver": "superior"]])
            let order = try await desk.order(of: "zhaomin", cents: 100), request = try #require(desk.last)
            #expect(await desk.refusal("zhaomin", desk.changing(order, ["remark": "x"]))?.contains("审批") == true)
            try await desk.decide("approve", request, as: "liwei")
            #expect(try await desk.status(of: order) == "approved")
        }
    }

    @Test("what can no longer be done leaves the request waiting and nothing half done", arguments: Engine.available)
    func impossible(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow("取消", on: "orders", action: "cancel", steps: [["name": "上级", "approver": "superior"]])
            let order = try await desk.order(of: "zhaomin", cents: 100)
            let request = try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "不要了"]))
            try await house.gate.write(as: .system()) { tx in
                var row = try #require(try tx.get(Order.self, Ref(order)))
                row.status = .settled
                try tx.save(row)
            }
            let refusal = await desk.refusal("liwei", desk.deciding("approve", request))
            #expect(refusal?.contains("批准后无法执行") == true && refusal?.contains("已结算") == true)
            #expect(try await desk.request(request).status == .pending)
            #expect(try await desk.status(of: order) == "settled")
            #expect(try await desk.trace(request) == ["提交 赵敏"])
            try await desk.decide("reject", request, as: "liwei", ["reason": "已结算"])
            #expect(try await desk.request(request).status == .rejected)
        }
    }

    @Test(
        "amounts choose the step: to 500 the manager, to 5,000 the director, above the general manager",
        arguments: [
            // §2.11: compensation ≤¥500 经理, ≤¥5,000 总监, above 总经理; the limits themselves belong to the lower step.
            (50_000, "wang"), (50_001, "sunqiang"), (500_000, "sunqiang"), (500_001, "admin"),
        ])
    func levels(cents: Int64, approver: String) async throws {
        try await Villa.open(.sqlite) { house in
            let desk = try await Desk(house)
            func step(_ name: String, _ user: String, over: Int64?, upTo: Int64?) -> [String: Plain] {
                [
                    "name": .text(name), "approver": "users", "user_ids": .list([.int(house[user])]),
                    "over_cents": over.map(Plain.int) ?? .null, "up_to_cents": upTo.map(Plain.int) ?? .null,
                ]
            }
            try await desk.flow(
                "赔偿", on: "orders", action: "cancel",
                steps: [
                    step("经理", "wang", over: nil, upTo: 50_000), step("总监", "sunqiang", over: 50_000, upTo: 500_000),
                    step("总经理", "admin", over: 500_000, upTo: nil),
                ], amount: "amount_cents")
            let order = try await desk.order(of: "zhaomin", cents: cents)
            let request = try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "x"]))
            #expect(try await desk.request(request).approvers.ids == [house[approver]])
        }
    }

    @Test("the role's nearest holder is asked; the applicant never, and where nobody is left the superior") func nearest() async throws {
        try await Villa.open(.sqlite) { house in
            let desk = try await Desk(house)
            try await desk.flow(
                "取消", on: "orders", action: "cancel",
                steps: [["name": "主管", "approver": "role", "role_id": .int(try await desk.role("supervisor"))]])
            let order = try await desk.order(of: "liwei", cents: 100)
            let request = try #require(try await desk.perform("cancel", order, as: "liwei", ["reason": "x"]))
            #expect(try await desk.request(request).approvers.ids == [house["wang"]])
        }
    }

    @Test("what waits is brought to mind in working time, once each time", arguments: Engine.available)
    func reminders(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow(
                "取消", on: "orders", action: "cancel", steps: [["name": "上级", "approver": "superior", "remind_hours": .int(4)]])
            // Friday 27 November 2026, 16:00: two working hours are left, so four end on Monday at 11.
            house.time.now = Instant(Day(iso: "2026-11-27")!, hour: 16)
            let order = try await desk.order(of: "zhaomin", cents: 100)
            let request = try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "x"]))
            #expect(try await desk.request(request).remindAt?.shown == "2026-11-30 11:00")
            func run() async throws { try await house.gate.write(as: .system()) { try ApprovalJobs.remind.run([:], $0) } }
            house.time.now = Instant(Day(iso: "2026-11-29")!, hour: 20)
            try await run()
            #expect(try await desk.told("liwei").filter { $0.contains("工作小时") }.isEmpty)
            house.time.now = Instant(Day(iso: "2026-11-30")!, hour: 11)
            try await run()
            try await run()
            #expect(try await desk.told("liwei").filter { $0.contains("超过 4 个工作小时") }.count == 1)
            #expect(try await desk.request(request).remindAt?.shown == "2026-11-30 16:00")
        }
    }

    @Test("a flow that names what is not there is refused with every fault") func faults() async throws {
        try await Villa.open(.sqlite) { house in
            let admin = try await house.actor("admin"), schema = house.gate.catalog.schema(ApprovalFlow.self)
            do {
                _ = try await house.gate.write(as: admin) { tx in
                    try tx.create(
                        schema,
                        [
                            "name": "坏流程", "entity": "orders", "trigger": "action", "action": "fly", "amount_field": "remark",
                            "locked_fields": "colour", "on_reject": "sink",
                            "condition": .text(Condition.field("colour", .eq, "red").plain.jsonText),
                        ])
                }
                Issue.record("it was taken")
            } catch let wrong as Problems {
                #expect(Set(wrong.all.compactMap(\.field)) == ["action", "amount_field", "locked_fields", "on_reject", "condition"])
            }
            let clerk = try await house.actor("zhaomin")
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: clerk) { tx in try tx.create(schema, ["name": "x", "entity": "orders", "trigger": "create"])
                }
            }
        }
    }
}
