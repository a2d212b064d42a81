import Records
import Synchronization
import Testing

@testable import Core
@testable import Gate
@testable import Service

/// The gate's own of the same name is a session's.
private typealias Ticket = Service.Ticket

/// The clocks are those of the set-up: P2 answers in 60 and solves in 480 working minutes, P1 in 30 and 240 around the clock; a day works
/// 9–12 and 13–18.
@Suite("Service requests")
struct TicketTests {
    private func at(_ text: String) throws -> Instant {
        let parts = text.split(separator: " "), clock = parts[1].split(separator: ":").compactMap { Int($0) }
        return Instant(try #require(Day(iso: parts[0])), hour: clock[0], minute: clock[1])
    }

    /// The last digits of the last customer's telephone.
    private static let customers = Atomic<Int>(1000)

    private func ticket(_ house: House, _ name: String = "zhaomin", _ more: [String: Plain] = [:]) async throws -> Int64 {
        let actor = try await house.actor(name)
        return try await house.gate.write(as: actor) { tx in
            tx.ignoresWarnings = true
            let customer = try tx.create(
                tx.catalog.schema(Customer.self),
                ["name": "林知远", "source": "walk_in", "mobile": .text("1990000\(Self.customers.add(1, ordering: .relaxed).newValue)")])
            return try tx.create(
                tx.catalog.schema(Ticket.self),
                ["subject": "空调异味", "customer_id": .int(customer.id), "priority": "P2", "type": "repair"].merging(more) { $1 }
            ).id
        }
    }

    private func read(_ house: House, _ id: Int64) async throws -> Record<Ticket> {
        try await house.gate.read(as: .system()) { Record(try $0.record($0.catalog.schema(Ticket.self), id: id)) }
    }

    private func act(_ house: House, _ step: String, _ id: Int64, as name: String = "zhaomin", _ input: [String: Plain] = [:]) async throws
    {
        let actor = try await house.actor(name)
        _ = try await house.gate.write(as: actor) { tx in try tx.perform(step, tx.catalog.schema(Ticket.self), id: id, input) }
    }

    @Test("what is promised before National Day is due after it", arguments: Engine.available)
    func promises(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            house.time.now = try at("2026-09-30 17:30")
            // 30 working minutes are left on 30 September; 1–7 October is off. Answer: 30 more on the 8th. Solution: 450 more, which is
            // 9:00 to 17:30 of the 8th.
            let id = try await ticket(house), found = try await read(house, id)
            #expect(
                found.responseDue?.shown == "2026-10-08 09:30" && found.due?.shown == "2026-10-08 17:30"
                    && found.clockAt == found.responseDue)
            // Urgent ones run around the clock.
            let urgent = try await read(house, try await ticket(house, "zhaomin", ["priority": "P1"]))
            #expect(urgent.responseDue?.shown == "2026-09-30 18:00" && urgent.due?.shown == "2026-09-30 21:30")
        }
    }

    @Test("waiting for others stops the clock and moves the deadline by as much working time", arguments: Engine.available)
    func pause(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            // Friday 9 October 2026; the Saturday after it is worked.
            house.time.now = try at("2026-10-09 09:00")
            let id = try await ticket(house)
            #expect(try await read(house, id).due?.shown == "2026-10-09 18:00")
            try await act(house, "accept", id)
            try await act(house, "answer", id, ["channel": "phone", "content": "请把车开过来"])
            house.time.now = try at("2026-10-09 17:00")
            try await act(house, "wait_customer", id, ["reason": "等客户送车"])
            #expect(try await read(house, id).clockAt == nil)
            // Monday 12, 10:00: waited 60 on Friday, 480 on the worked Saturday, 60 on Monday.
            house.time.now = try at("2026-10-12 10:00")
            try await act(house, "resume", id)
            let found = try await read(house, id)
            // 18:00 on Friday + 600 working minutes: Saturday takes 480, Monday 120 from 9:00.
            #expect(
                found.waitedMinutes == 600 && found.due?.shown == "2026-10-12 11:00" && found.clockAt == found.due
                    && found.waitingSince == nil)
        }
    }

    @Test("a late answer and a late solution are told once each, to the owner and the one above", arguments: Engine.available)
    func escalation(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            house.time.now = try at("2026-11-23 09:00")
            let id = try await ticket(house)
            func run() async throws { try await house.gate.write(as: .system()) { try ServiceJobs.escalate.run([:], $0) } }
            func told(_ name: String) async throws -> [String] {
                let actor = try await house.actor(name)
                return try await house.gate.read(as: actor) { try $0.notifications().map(\.text) }
            }
            try await run()
            #expect(try await told("liwei").isEmpty)
            house.time.now = try at("2026-11-23 10:00")
            try await run()
            try await run()
            #expect(try await told("liwei") == ["首次响应超时：空调异味"])
            #expect(try await told("zhaomin").count == 1)
            house.time.now = try at("2026-11-23 18:00")
            try await run()
            try await run()
            #expect(try await told("liwei") == ["服务请求超过解决期限：空调异味", "首次响应超时：空调异味"])
            let late = try await read(house, id)
            #expect(late.responseMissed == true && late.isLate == true && late.clockAt == nil)
        }
    }

    /// C15: the customer has been answered when somebody has answered them.
    @Test("starting or solving a request is no answer; one's own call or message is", arguments: Engine.available)
    func answer(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            house.time.now = try at("2026-11-23 09:00")
            let ids = [try await ticket(house), try await ticket(house), try await ticket(house)],
                zhaomin = try await house.actor("zhaomin")
            func responded(_ id: Int64) async throws -> String? { try await read(house, id).respondedAt?.shown }
            func talk(_ id: Int64, _ more: [String: Plain]) async throws {
                let input: [String: Plain] = ["ticket_id": .int(id), "channel": "phone", "content": "聊过"]
                _ = try await house.gate.write(as: zhaomin) { tx in
                    try tx.create(tx.catalog.schema(Interaction.self), input.merging(more) { $1 })
                }
            }
            house.time.now = try at("2026-11-23 09:10")
            try await act(house, "accept", ids[0])
            let started = try await read(house, ids[0])
            #expect(started.respondedAt == nil && started.clockAt == started.responseDue)
            try await talk(ids[0], ["direction": "in", "channel": "wechat"])
            try await talk(ids[0], ["happened_at": "2026-11-23T08:50:00+08:00"])
            #expect(try await responded(ids[0]) == nil)
            await #expect(throws: (any Error).self) {
                try await house.gate.write(as: zhaomin) {
                    try $0.update($0.catalog.schema(Ticket.self), id: ids[0], ["responded_at": "2026-11-23T09:05:00+08:00"])
                }
            }
            try await talk(ids[0], [:])
            #expect(try await responded(ids[0]) == "2026-11-23 09:10")
            // The talk is about the request's customer, too.
            let talks = try await house.gate.read(as: .system()) {
                try $0.page(ListRequest($0.catalog.schema(Interaction.self), where: \Interaction.customer == started.customer)).rows.count
            }
            #expect(talks == 3)
            try await act(house, "answer", ids[1], ["channel": "phone", "content": "明天上门"])
            house.time.now = try at("2026-11-23 09:20")
            try await act(house, "answer", ids[1], ["channel": "phone", "content": "改到后天"])
            #expect(try await responded(ids[1]) == "2026-11-23 09:10")
            try await act(house, "accept", ids[2])
            try await act(house, "resolve", ids[2], ["resolution": "换滤芯"])
            #expect(try await responded(ids[2]) == nil)
            // Said afterwards to have been in time.
            let late = try await ticket(house)
            house.time.now = try at("2026-11-23 11:00")
            try await talk(late, ["happened_at": "2026-11-23T09:30:00+08:00"])
            #expect(try await responded(late) == "2026-11-23 11:00")
        }
    }

    @Test("within seven days the same request is reopened, later a linked one is made", arguments: Engine.available)
    func reopening(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            house.time.now = try at("2026-11-02 09:00")
            let id = try await ticket(house)
            try await act(house, "accept", id)
            try await act(house, "resolve", id, ["resolution": "换滤芯"])
            house.time.now = try at("2026-11-09 09:00")
            try await act(house, "reopen", id, ["reason": "又有味道"])
            let again = try await read(house, id)
            #expect(again.status == .working && again.reopened == 1 && again.due?.shown == "2026-11-09 18:00" && again.resolvedAt == nil)
            try await act(house, "resolve", id, ["resolution": "清洗蒸发箱"])
            house.time.now = try at("2026-11-16 09:01")
            try await act(house, "reopen", id, ["reason": "第三次"])
            #expect(try await read(house, id).status == .resolved)
            let linked = try await house.gate.read(as: .system()) {
                try $0.page(ListRequest($0.catalog.schema(Ticket.self), where: \Ticket.previous == Ref(id))).rows.map(Record<Ticket>.init)
            }
            #expect(
                linked.count == 1 && linked.first?.status == .new && linked.first?.description == "第三次"
                    && linked.first?.ownerID == house["zhaomin"])
        }
    }

    @Test("every step from every state is allowed or refused as the table says", arguments: Engine.available)
    func transitions(engine: Engine) async throws {
        // §2.12 and C15.
        let allowed: [String: Set<String>] = [
            "accept": ["new", "assigned"], "dispatch": ["new", "assigned", "working"], "wait_customer": ["working"],
            "wait_supplier": ["working"], "resume": ["waiting_customer", "waiting_supplier"],
            "resolve": ["working", "waiting_customer", "waiting_supplier"], "close": ["resolved"],
            "cancel": ["new", "assigned", "working"], "reopen": ["resolved", "closed"],
            "answer": ["new", "assigned", "working", "waiting_customer", "waiting_supplier"],
        ]
        try await Villa.open(engine) { house in
            let id = try await ticket(house), owner = house["chenjing"]
            let input: [String: [String: Plain]] = [
                "dispatch": ["owner_id": .int(owner)], "resolve": ["resolution": "好了"], "cancel": ["reason": "不需要了"],
                "reopen": ["reason": "没好"], "answer": ["channel": "phone", "content": "明天上门"],
            ]
            #expect(Set(allowed.keys) == Set(Ticket.schema.actions.map(\.name)).subtracting(["send_message"]))
            for state in Ticket.Status.allCases {
                for (step, from) in allowed {
                    try await house.gate.write(as: .system()) { tx in
                        var row = try #require(try tx.get(Ticket.self, Ref(id)))
                        (row.status, row.ownerID, row.resolvedAt) = (state, house["zhaomin"], tx.now)
                        try tx.save(row)
                    }
                    do {
                        try await act(house, step, id, as: "admin", input[step] ?? [:])
                        #expect(from.contains(state.rawValue), "\(step) from \(state)")
                    } catch let refusal as Refusal {
                        #expect(
                            !from.contains(state.rawValue) && Reason.text(refusal).contains("只有")
                                || Reason.text(refusal).contains(state.label), "\(step) from \(state): \(refusal)")
                    }
                }
            }
            // A consultant may not give work to others.
            await #expect(throws: Refusal.self) { try await act(house, "dispatch", id, ["owner_id": .int(owner)]) }
        }
    }

    @Test("who waits too long at the counter is told of once", arguments: Engine.available)
    func reception(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            house.time.now = try at("2026-11-23 10:00")
            let actor = try await house.actor("zhaomin"), schema = house.gate.catalog.schema(Reception.self)
            let ids = try await house.gate.write(as: actor) { tx in
                try ["purchase", "service"].map { purpose in
                    try tx.create(schema, ["visitor": .text("来客\(purpose)"), "purpose": .text(purpose)]).id
                }
            }
            func run() async throws -> [String] {
                try await house.gate.write(as: .system()) { try ServiceJobs.waiting.run([:], $0) }
                let boss = try await house.actor("liwei")
                return try await house.gate.read(as: boss) { try $0.notifications().map(\.text) }
            }
            // A11: five minutes for a buyer, ten for the others.
            house.time.now = try at("2026-11-23 10:05")
            #expect(try await run() == ["到店客户「来客purchase」已等候 5 分钟，请安排接待"])
            house.time.now = try at("2026-11-23 10:08")
            let served = try await house.gate.write(as: actor) { tx in Record<Reception>(try tx.perform("serve", schema, id: ids[1])) }
            #expect(served.waitMinutes == 8 && served.consultant?.id == house["zhaomin"] && served.alertAt == nil)
            house.time.now = try at("2026-11-23 10:30")
            #expect(try await run().count == 1)
        }
    }

    @Test("words and articles stand beside the work; what was sent leaves a receipt with its edition") func knowledge() async throws {
        try await Villa.open(.sqlite) { house in
            let id = try await ticket(house), actor = try await house.actor("zhaomin"), admin = try await house.actor("admin")
            let article = try await house.gate.write(as: admin) { tx in
                let schema = tx.catalog.schema(Article.self)
                let row = try tx.create(schema, ["title": "空调异味自查", "category": "product", "content": "先换滤芯", "ticket_type": "repair"])
                try tx.update(schema, id: row.id, ["content": "先换滤芯，再开外循环"])
                try tx.perform("publish", schema, id: row.id)
                return row.id
            }
            let aids = try await house.gate.read(as: actor) { view in
                try view.aids(of: view.record(view.catalog.schema(Ticket.self), id: id))
            }
            #expect(aids.map(\.title) == ["受理服务请求", "空调异味自查"])
            let customer = try await read(house, id).customer.id
            _ = try await house.gate.write(as: actor) { tx in
                try tx.perform("send", tx.catalog.schema(Article.self), id: article, ["customer_id": .int(customer), "channel": "wechat"])
            }
            let receipt = try await house.gate.read(as: actor) { view in
                try view.page(ListRequest(view.catalog.schema(Interaction.self))).rows.first.map(Record<Interaction>.init)
            }
            #expect(receipt?.content?.contains("第 2 版") == true && receipt?.customer?.id == customer)
        }
    }
}
