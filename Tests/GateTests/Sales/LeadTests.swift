import Records
import Testing

@testable import Core
@testable import Gate
@testable import Product
@testable import Sales

/// A17, G2, §2.6, §3.3, §6.2: leads, their deadlines and the pool.
@Suite("Leads")
struct LeadTests {
    /// A consultant's rights for 李伟 and 陈静, the sales manager's for 王经理.
    private func open(
        _ engine: Engine, _ body: (House, _ consultant: Actor, _ colleague: Actor, _ manager: Actor) async throws -> Void
    ) async throws {
        try await Villa.open(engine) { house in
            let roles = Dictionary(Packs.capabilities.flatMap { $0.roles }.map { ($0.code, $0.rights) }) { $0.joined($1) }
            func actor(_ name: String, _ role: String) async throws -> Actor {
                var actor = try await house.actor(name)
                actor.rights = try #require(roles[role])
                return actor
            }
            try await body(
                house, try await actor("liwei", "sales_consultant"), try await actor("chenjing", "sales_consultant"),
                try await actor("wang", "sales_mgr"))
        }
    }

    private func lead(_ house: House, _ actor: Actor, _ input: [String: Plain] = [:]) async throws -> Record<Lead> {
        let schema = house.gate.catalog.schema(Lead.self)
        let usual: [String: Plain] = ["name": "周予宁", "mobile": "19900004321", "source": "website"]
        return Record(
            try await house.gate.write(as: actor) { tx in
                tx.ignoresWarnings = true
                return try tx.create(schema, usual.merging(input) { $1 })
            })
    }

    private func run(_ house: House, _ job: String) async throws {
        let work = try #require(house.gate.catalog.job(job))
        try await house.gate.write(as: .system()) { try work.run([:], $0) }
    }

    private func fresh(_ house: House, _ lead: Record<Lead>) async throws -> Record<Lead> {
        Record(try await house.gate.read(as: .system()) { try $0.record(house.gate.catalog.schema(Lead.self), id: lead.row.id) })
    }

    /// §2.6: 30 minutes in working time; §3.3 profile A: N within 24 h. 2026-11-20 is a Friday.
    @Test("a lead of Friday 17:45 is to be called by Monday 09:15", arguments: Engine.available)
    func weekend(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, _ in
            let friday = try #require(Day(iso: "2026-11-20")), monday = try #require(Day(iso: "2026-11-23"))
            house.time.now = Instant(friday, hour: 17, minute: 45)
            let made = try await lead(house, consultant)
            #expect(made.status == .assigned && made.level == .N)
            #expect(made.contactDue == Instant(monday, hour: 9, minute: 15))
            #expect(made.nextFollow == Instant(friday + 1, hour: 17, minute: 45))
            // The National Day moves it on.
            house.time.now = Instant(try #require(Day(iso: "2026-09-30")), hour: 17, minute: 50)
            let before = try await lead(house, consultant, ["name": "节前", "mobile": "19900004322"])
            let due = try #require(before.contactDue)
            #expect(due.day > (try #require(Day(iso: "2026-10-01"))))
        }
    }

    /// §3.3 profiles A, B, C in days.
    @Test("the level says when the next contact is due, by the company's profile", arguments: Engine.available)
    func profiles(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, _ in
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 10)
            let now = house.time.now
            for (profile, days) in [("a", [2, 7, 14, 30]), ("b", [7, 15, 30, 90]), ("c", [7, 15, 30, 90])] {
                try await house.gate.write(as: .system()) { tx in
                    let parameter = try #require(house.gate.catalog.parameter("leads.level_profile"))
                    try tx.set(parameter, to: profile, reason: "试用方案")
                }
                for (place, within) in ["week", "month", "quarter", "later"].enumerated() {
                    let made = try await lead(
                        house, consultant,
                        [
                            "name": .text("\(profile)\(within)"),
                            "mobile": .text("1990001\(profile == "a" ? 1 : profile == "b" ? 2 : 3)\(place)00"), "buy_within": .text(within),
                        ])
                    #expect(made.level == [IntentionLevel.H, .A, .B, .C][place])
                    #expect(made.nextFollow == now.adding(seconds: Int64(days[place]) * 86_400), "\(profile) \(within)")
                }
            }
        }
    }

    @Test("a call makes it contacted and sets the next date; a level rises only with a contact of the day", arguments: Engine.available)
    func contact(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, _ in
            let day = try #require(Day(iso: "2026-11-23"))
            house.time.now = Instant(day, hour: 10)
            let made = try await lead(house, consultant, ["buy_within": "later"])
            let leads = house.gate.catalog.schema(Lead.self), talks = house.gate.catalog.schema(Interaction.self)
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: consultant) { try $0.update(leads, id: made.row.id, ["level": "H"]) }
            }
            // Nor in a batch.
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: consultant) { tx in
                    tx.source = "job"
                    return try tx.update(leads, id: made.row.id, ["level": "H"])
                }
            }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: consultant) { try $0.create(talks, ["channel": "phone", "content": "没有对象"]) }
            }
            _ = try await house.gate.write(as: consultant) {
                try $0.create(talks, ["lead_id": .int(made.row.id), "channel": "phone", "content": "约周三到店"])
            }
            let called = try await fresh(house, made)
            #expect(
                called.status == .contacted && called.firstContact == house.time.now && called.nextFollow == Instant(day + 30, hour: 10))
            let hot = Record<Lead>(try await house.gate.write(as: consultant) { try $0.update(leads, id: made.row.id, ["level": "H"]) })
            #expect(hot.nextFollow == Instant(day + 2, hour: 10))
        }
    }

    @Test("limits on claiming: cooling-off, a day's number, capacity", arguments: Engine.available)
    func limits(engine: Engine) async throws {
        try await open(engine) { house, consultant, colleague, _ in
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 10)
            let leads = house.gate.catalog.schema(Lead.self)
            let mine = try await lead(house, consultant)
            _ = try await house.gate.write(as: consultant) { try $0.perform("release", leads, id: mine.row.id, ["reason": "暂无计划"]) }
            let pooled = try await fresh(house, mine)
            #expect(pooled.status == .new && pooled.ownerID == nil && pooled.lastOwner?.id == house["liwei"])
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: consultant) { try $0.perform("claim", leads, id: mine.row.id) }
            }
            house.time.now = house.time.now.adding(seconds: 7 * 86_400)
            _ = try await house.gate.write(as: consultant) { try $0.perform("claim", leads, id: mine.row.id) }
            #expect(try await fresh(house, mine).status == .assigned)
            try await house.gate.write(as: .system()) { tx in
                try tx.set(try #require(house.gate.catalog.parameter("pool.claims_per_day")), to: "2", reason: "试用上限")
            }
            for number in 0..<3 {
                let other = try await lead(house, .system(), ["name": .text("公海\(number)"), "mobile": .text("1990000500\(number)")])
                if number < 2 {
                    _ = try await house.gate.write(as: colleague) { try $0.perform("claim", leads, id: other.row.id) }
                } else {
                    await #expect(throws: Refusal.self) {
                        try await house.gate.write(as: colleague) { try $0.perform("claim", leads, id: other.row.id) }
                    }
                }
            }
            house.time.now = house.time.now.adding(seconds: 86_400)
            try await house.gate.write(as: .system()) { tx in
                try tx.set(try #require(house.gate.catalog.parameter("pool.lead_capacity")), to: "2", reason: "试用上限")
            }
            let last = try await lead(house, .system(), ["name": "满了", "mobile": "19900005009"])
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: colleague) { try $0.perform("claim", leads, id: last.row.id) }
            }
        }
    }

    @Test("nothing is recalled that was not warned of three days before; running again changes nothing", arguments: Engine.available)
    func recall(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, _ in
            let day = try #require(Day(iso: "2026-11-02"))
            house.time.now = Instant(day, hour: 10)
            let made = try await lead(house, consultant), talks = house.gate.catalog.schema(Interaction.self),
                tasks = house.gate.catalog.schema(Todo.self)
            _ = try await house.gate.write(as: consultant) {
                try $0.create(talks, ["lead_id": .int(made.row.id), "channel": "phone", "content": "再联系"])
            }
            let task = try await house.gate.write(as: consultant) { try $0.create(tasks, ["title": "再打一次", "lead_id": .int(made.row.id)]) }
                .id
            // Long unwatched: the job has not run for months. First the warning, whatever the day.
            house.time.now = Instant(day + 60, hour: 1, minute: 30)
            try await run(house, "pool.warn")
            try await run(house, "pool.warn")
            house.time.now = Instant(day + 60, hour: 10)
            try await run(house, "pool.recall")
            var now = try await fresh(house, made)
            #expect(now.recallOn == day + 63 && now.ownerID == house["liwei"])
            // A Monday: nobody works at night.
            house.time.now = Instant(day + 63, hour: 8, minute: 55)
            try await run(house, "pool.recall")
            #expect(try await fresh(house, made).ownerID == house["liwei"])
            house.time.now = Instant(day + 63, hour: 9)
            try await run(house, "pool.recall")
            now = try await fresh(house, made)
            #expect(now.ownerID == nil && now.status == .new && now.poolReason == "线索 30 天未联系" && now.recallOn == nil)
            // §2.27: the audit log says that the system did it, and what it was before.
            let lead = now.row.id
            let entry = try await house.gate.write(as: .system()) { tx in
                try #require(
                    try tx.all(
                        AuditEntry.self, where: .field("entity", .eq, "leads") && .field("record_id", .eq, .int(lead)),
                        sort: [.init("-id")], limit: 1
                    ).first)
            }
            let change = AuditChanges.read(entry.changes)["status"]
            #expect(entry.user == nil && change?.old == "contacted" && change?.new == "new")
            let version = now.row.version
            try await run(house, "pool.recall")
            #expect(try await fresh(house, made).row.version == version)
            #expect(try await house.gate.read(as: .system()) { try $0.record(tasks, id: task)["status"] } == "cancelled")
        }
    }

    @Test("whoever calls after the warning keeps the lead", arguments: Engine.available)
    func saved(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, _ in
            let day = try #require(Day(iso: "2026-11-02"))
            house.time.now = Instant(day, hour: 10)
            let made = try await lead(house, consultant), talks = house.gate.catalog.schema(Interaction.self)
            func call() async throws {
                _ = try await house.gate.write(as: consultant) {
                    try $0.create(talks, ["lead_id": .int(made.row.id), "channel": "phone", "content": "聊过"])
                }
            }
            try await call()
            house.time.now = Instant(day + 28, hour: 1, minute: 30)
            try await run(house, "pool.warn")
            #expect(try await fresh(house, made).recallOn == day + 31)
            try await call()
            house.time.now = Instant(day + 32, hour: 10)
            try await run(house, "pool.recall")
            let kept = try await fresh(house, made)
            #expect(kept.ownerID == house["liwei"] && kept.recallOn == nil)
        }
    }

    /// §3.3: two intervals missed and H becomes A.
    @Test("two missed intervals cool a lead by one level, once a night", arguments: Engine.available)
    func downgrade(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, _ in
            let day = try #require(Day(iso: "2026-11-02"))
            house.time.now = Instant(day, hour: 10)
            let made = try await lead(house, consultant, ["buy_within": "week"])
            house.time.now = Instant(day + 3, hour: 2, minute: 30)
            try await run(house, "leads.downgrade")
            #expect(try await fresh(house, made).level == .H)
            house.time.now = Instant(day + 5, hour: 2, minute: 30)
            try await run(house, "leads.downgrade")
            try await run(house, "leads.downgrade")
            #expect(try await fresh(house, made).level == .A)
        }
    }

    @Test("new leads go to the first rule they meet, in turn", arguments: Engine.available)
    func assignment(engine: Engine) async throws {
        try await open(engine) { house, _, _, _ in
            let rules = house.gate.catalog.schema(AssignmentRule.self)
            _ = try await house.gate.write(as: .system()) { tx in
                try tx.create(rules, ["name": "轮流", "position": 20, "user_ids": .list([.int(house["liwei"]), .int(house["chenjing"])])])
                try tx.create(
                    rules,
                    [
                        "name": "展会", "position": 10, "condition": #"{"field":"source","op":"eq","values":["exhibition"]}"#,
                        "user_ids": .list([.int(house["sunqiang"])]),
                    ])
            }
            var made: [Record<Lead>] = []
            for number in 0..<5 {
                made.append(
                    try await lead(
                        house, .system(),
                        [
                            "name": .text("客\(number)"), "mobile": .text("1990000600\(number)"),
                            "source": number == 2 ? "exhibition" : "website",
                        ]))
            }
            try await run(house, "leads.assign")
            try await run(house, "leads.assign")
            var owners: [Int64?] = []
            for one in made { owners.append(try await fresh(house, one).ownerID) }
            #expect(owners == [house["liwei"], house["chenjing"], house["sunqiang"], house["liwei"], house["chenjing"]])
        }
    }

    /// §6.2 no. 3: conversion drops nothing.
    @Test("customer, contact and opportunity come out of a lead, and its talks, tasks and files go along", arguments: Engine.available)
    func conversion(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, _ in
            let catalog = house.gate.catalog, leads = catalog.schema(Lead.self)
            let made = try await lead(
                house, consultant, ["company": "宏屿建设有限公司", "interest": "星驰E3 BEV", "budget_cents": 27_960_000, "buy_within": "month"])
            let (talk, task) = try await house.gate.write(as: consultant) { tx in
                let talk = try tx.create(
                    catalog.schema(Interaction.self), ["lead_id": .int(made.row.id), "channel": "phone", "content": "要两台"]
                ).id
                let task = try tx.create(catalog.schema(Todo.self), ["title": "发方案", "lead_id": .int(made.row.id)]).id
                _ = try tx.attach((name: "需求.pdf", type: "application/pdf", size: 3, digest: "abc", place: "p"), to: leads, id: made.row.id)
                _ = try tx.perform("qualify", leads, id: made.row.id)
                _ = try tx.perform("convert", leads, id: made.row.id)
                return (talk, task)
            }
            let done = try await fresh(house, made), customer = try #require(done.customer)
            #expect(done.status == .converted)
            try await house.gate.read(as: consultant) { view in
                let row = try view.record(catalog.schema(Customer.self), id: customer.id)
                #expect(
                    row["name"] == "宏屿建设有限公司" && row["type"] == "company" && row["source"] == "website" && row.ownerID == house["liwei"])
                #expect(try view.record(catalog.schema(Interaction.self), id: talk)["customer_id"] == .int(customer.id))
                #expect(try view.record(catalog.schema(Interaction.self), id: talk)["lead_id"] == .int(made.row.id))
                #expect(try view.record(catalog.schema(Todo.self), id: task)["customer_id"] == .int(customer.id))
                #expect(try view.files(of: row).count == 1)
                let of = Condition.field("customer_id", .eq, .int(customer.id))
                let contacts = try view.page(ListRequest(catalog.schema(Contact.self), where: of)).rows,
                    deals = try view.page(ListRequest(catalog.schema(Opportunity.self), where: of)).rows
                #expect(contacts.map { $0["name"] } == ["周予宁"] && deals.map { $0["amount_cents"] } == [27_960_000])
                #expect(deals.first?["probability_bp"] == 1000 && deals.first?["weighted_cents"] == 2_796_000)
            }
            // A second lead of the same telephone does not become a second customer.
            let again = try await lead(
                house, consultant, ["name": "周女士", "mobile": "19900004321", "budget_cents": 1, "buy_within": "month"])
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: consultant) { tx in
                    try tx.create(catalog.schema(Interaction.self), ["lead_id": .int(again.row.id), "channel": "phone", "content": "聊过"])
                    _ = try tx.perform("qualify", leads, id: again.row.id)
                    _ = try tx.perform("convert", leads, id: again.row.id)
                }
            }
        }
    }

    @Test("who asks for a loss does not confirm it; an H lead is called first", arguments: Engine.available)
    func loss(engine: Engine) async throws {
        try await open(engine) { house, consultant, _, manager in
            let leads = house.gate.catalog.schema(Lead.self), requests = house.gate.catalog.schema(ApprovalRequest.self)
            let made = try await lead(house, consultant, ["buy_within": "week"])
            #expect(made.level == .H)
            // What could not be done is refused before anybody is asked.
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: consultant) { try $0.perform("lose", leads, id: made.row.id, ["loss_reason": "competitor"]) }
            }
            let request = try await house.gate.write(as: consultant) { tx in
                _ = try tx.perform("lose", leads, id: made.row.id, ["loss_reason": "competitor", "loss_competitor": "风行汽车"])
                return try #require(tx.submitted)
            }
            #expect(try await fresh(house, made).lossReason == nil)
            let asked = try await house.gate.read(as: .system()) { try Record<ApprovalRequest>($0.record(requests, id: request)) }
            #expect(asked.summary?.contains("战败原因：竞品") == true && asked.summary?.contains("战败给：风行汽车") == true)
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: consultant) { try $0.perform("approve", requests, id: request) }
            }
            let decider = try #require(asked.approvers.ids.first),
                superior = try #require(try await house.accounts.actor(for: decider, via: "web"))
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: superior) { try $0.perform("approve", requests, id: request) }
            }
            try await house.gate.write(as: .system()) { tx in
                var call = Record<Interaction>()
                call[LeadTalk.self].lead = made.id
                (call.channel, call.content, call.happenedAt, call.ownerID) = (.phone, "核实：已订购竞品", tx.now, decider)
                try tx.insert(call)
            }
            _ = try await house.gate.write(as: superior) { try $0.perform("approve", requests, id: request) }
            let lost = try await fresh(house, made)
            #expect(lost.status == .lost && lost.level == .F && lost.lossReason == .competitor && lost.nextFollow == nil)
        }
    }

    /// §2.6: only one's own answer, after the assignment, is a first contact.
    @Test(
        "neither the customer's message nor a call from before the assignment stops the clock",
        arguments: Engine.available)
    func firstContact(engine: Engine) async throws {
        try await open(engine) { house, consultant, colleague, manager in
            let monday = try #require(Day(iso: "2026-11-23"))
            let talks = house.gate.catalog.schema(Interaction.self)
            house.time.now = Instant(monday, hour: 10)
            let made = try await lead(house, consultant)
            func talk(_ more: [String: Plain], as actor: Actor? = nil) async throws -> Record<Lead> {
                _ = try await house.gate.write(as: actor ?? consultant) {
                    try $0.create(
                        talks, ["lead_id": .int(made.row.id), "content": "聊过"].merging(more) { $1 })
                }
                return try await fresh(house, made)
            }
            func isOpen(_ lead: Record<Lead>) -> Bool {
                lead.status == .assigned && lead.firstContact == nil
            }
            house.time.now = Instant(monday, hour: 10, minute: 10)
            let written = try await talk(["channel": "wechat", "direction": "in"])
            #expect(
                isOpen(written) && written.lastContact == house.time.now
                    && written.nextFollow == made.nextFollow)
            #expect(isOpen(try await talk(["channel": "phone", "happened_at": "2026-11-23T09:30:00+08:00"])))
            #expect(isOpen(try await talk(["channel": "phone"], as: .system(via: "automation"))))
            // Neither is typed in.
            let leads = house.gate.catalog.schema(Lead.self)
            for input: [String: Plain] in [
                ["first_contact_at": "2026-11-23T10:05:00+08:00"], ["status": "contacted"],
            ] {
                await #expect(throws: (any Error).self) {
                    try await house.gate.write(as: consultant) {
                        try $0.update(leads, id: made.row.id, input)
                    }
                }
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: consultant) {
                    try $0.perform("contact", leads, id: made.row.id)
                }
            }
            // Said afterwards to have been in time: it counts from when it was written down.
            house.time.now = Instant(monday, hour: 11)
            let late = try await talk(["channel": "phone", "happened_at": "2026-11-23T10:20:00+08:00"])
            #expect(late.status == .contacted && late.firstContact == Instant(monday, hour: 11))
            // Whoever is given it next has a clock of their own.
            house.time.now = Instant(monday, hour: 14)
            _ = try await house.gate.write(as: manager) {
                try $0.perform("assign", leads, id: made.row.id, ["owner_id": .int(house["chenjing"])])
            }
            #expect(try await fresh(house, made).firstContact == nil)
            house.time.now = Instant(monday, hour: 14, minute: 31)
            try await run(house, "leads.late")
            #expect(try await fresh(house, made).lateToldAt == house.time.now)
            #expect(try await talk(["channel": "phone"], as: colleague).firstContact == house.time.now)
        }
    }

    /// §2.6: 24 hours without a first contact.
    @Test(
        "a lead nobody called is warned of and recalled within minutes of its time, at night at the opening",
        arguments: Engine.available)
    func firstContactRecall(engine: Engine) async throws {
        try await open(engine) { house, consultant, colleague, _ in
            let monday = try #require(Day(iso: "2026-11-23"))
            house.time.now = Instant(monday, hour: 14, minute: 3)
            let day = try await lead(house, consultant)
            house.time.now = Instant(monday, hour: 20)
            let evening = try await lead(house, colleague, ["name": "夜里", "mobile": "19900004399"])
            func told(_ actor: Actor) async throws -> Int {
                try await house.gate.read(as: actor) {
                    try $0.notifications().count { $0.text.contains("起回收到公海") }
                }
            }
            func owner(_ lead: Record<Lead>) async throws -> Int64? {
                try await fresh(house, lead).ownerID
            }
            #expect(house.gate.catalog.job("pool.recall")?.schedule == .every(seconds: 300))
            house.time.now = Instant(monday + 1, hour: 10)
            try await run(house, "pool.recall")
            #expect(try await told(consultant) == 0)
            house.time.now = Instant(monday + 1, hour: 10, minute: 5)
            for _ in 0..<2 { try await run(house, "pool.recall") }
            #expect(try await told(consultant) == 1)
            #expect(try await fresh(house, day).recallOn == monday + 1)
            house.time.now = Instant(monday + 1, hour: 14)
            try await run(house, "pool.recall")
            #expect(try await owner(day) == house["liwei"])
            house.time.now = Instant(monday + 1, hour: 14, minute: 5)
            try await run(house, "pool.recall")
            #expect(try await owner(day) == nil)
            #expect(try await owner(evening) == house["chenjing"])
            for (hour, minute) in [(20, 5), (23, 55)] {
                house.time.now = Instant(monday + 1, hour: hour, minute: minute)
                try await run(house, "pool.recall")
            }
            #expect(try await owner(evening) == house["chenjing"])
            #expect(try await told(colleague) == 1)
            house.time.now = Instant(monday + 2, hour: 9)
            try await run(house, "pool.recall")
            #expect(try await owner(evening) == nil)
        }
    }

    @Test(
        "who gave a lead up does not have it back by a colleague's hand; a manager may decide so",
        arguments: Engine.available)
    func detour(engine: Engine) async throws {
        try await open(engine) { house, consultant, colleague, manager in
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 10)
            let leads = house.gate.catalog.schema(Lead.self)
            let made = try await lead(house, consultant)
            let id = made.row.id
            var generous = colleague
            generous.rights.scopes["leads"]?["assign"] = .own
            let giver = generous
            _ = try await house.gate.write(as: consultant) {
                try $0.perform("release", leads, id: id, ["reason": "暂无计划"])
            }
            _ = try await house.gate.write(as: colleague) { try $0.perform("claim", leads, id: id) }
            let back: [String: Plain] = ["owner_id": .int(house["liwei"])]
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: giver) { try $0.perform("assign", leads, id: id, back) }
            }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: giver) { try $0.update(leads, id: id, back) }
            }
            // Nor by way of the pool.
            _ = try await house.gate.write(as: colleague) {
                try $0.perform("release", leads, id: id, ["reason": "不熟"])
            }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: consultant) { try $0.perform("claim", leads, id: id) }
            }
            _ = try await house.gate.write(as: manager) { try $0.perform("assign", leads, id: id, back) }
            #expect(try await fresh(house, made).ownerID == house["liwei"])
            // And after the cooling-off it is like any other.
            _ = try await house.gate.write(as: consultant) {
                try $0.perform("release", leads, id: id, ["reason": "暂无计划"])
            }
            house.time.now = house.time.now.adding(days: 6)
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: consultant) { try $0.perform("claim", leads, id: id) }
            }
            house.time.now = house.time.now.adding(days: 1)
            _ = try await house.gate.write(as: consultant) { try $0.perform("claim", leads, id: id) }
        }
    }

    @Test("a release that was a mistake is undone at once")
    func undoneRelease() async throws {
        try await open(.sqlite) { house, _, _, manager in
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 10)
            let leads = house.gate.catalog.schema(Lead.self)
            let made = try await lead(house, manager)
            let id = made.row.id
            let operation = try await house.gate.write(as: manager) { tx in
                _ = try tx.perform("release", leads, id: id, ["reason": "点错了"])
                return tx.operation
            }
            let report = try await house.gate.write(as: manager) { try $0.undo(operation: operation) }
            #expect(report.conflicts.isEmpty)
            #expect(try await fresh(house, made).ownerID == house["wang"])
        }
    }

    /// A17: the number of a colleague's customer.
    @Test("a lead with the number of a colleague's customer warns and names whose it is", arguments: Engine.available)
    func colleaguesCustomer(engine: Engine) async throws {
        try await open(engine) { house, consultant, colleague, _ in
            let leads = house.gate.catalog.schema(Lead.self), customers = house.gate.catalog.schema(Customer.self)
            _ = try await house.gate.write(as: colleague) {
                try $0.create(customers, ["name": "陶景川", "type": "person", "source": "other", "mobile": "19900004321"])
            }
            let input: [String: Plain] = ["name": "陶先生", "mobile": "19900004321", "source": "website"]
            func problem(_ actor: Actor) async -> Problem? {
                do {
                    _ = try await house.gate.write(as: actor) { try $0.create(leads, input) }
                    return nil
                } catch let wrong as Problems { return wrong.all.first } catch { return Problem(nil, "\(error)") }
            }
            let found = await problem(consultant)
            #expect(found?.code == "likely_duplicate" && found?.message.contains("负责人") == true)
            #expect(found?.message.contains("陶景川") == false, "\(found?.message ?? "")")
            let typed = try await house.gate.read(as: consultant) { try $0.likeness(ofTyped: ["mobile": "19900004321"], in: leads) }
            #expect(typed.count == 1 && typed[0].row == nil && typed[0].owner == house["chenjing"])
            // One's own customer may ask again.
            #expect(await problem(colleague) == nil)
            // Whoever insists, and an import, has it; the lead itself goes on saying so.
            let made = try await lead(house, consultant, ["name": "陶女士", "mobile": "19900004321"])
            let notices = try await house.gate.read(as: consultant) { try $0.notices(of: try $0.record(leads, id: made.row.id)) }
            #expect(notices.contains { $0.text.chinese.contains("同事的客户") && !$0.text.chinese.contains("陶景川") })
        }
    }
}
