import Foundation
import Records
import Testing

@testable import Core
@testable import Gate
@testable import Marketing
@testable import Product
@testable import Sales

/// A49–A55, §2.23, §2.27: campaigns.
@Suite("Campaigns")
struct CampaignTests {
    private struct Stage {
        var house: House
        var marketer: Actor
        var boss: Actor
        /// An audience of one, who has agreed.
        var group: Int64
        var catalog: Catalog { house.gate.catalog }
        var schema: Schema { catalog.schema(Campaign.self) }

        func make(
            _ costs: [Plain] = [["name": "场地", "planned_cents": 500_000]].map(Plain.object), goals: Bool = true,
            _ more: [String: Plain] = [:]
        ) async throws -> Int64 {
            let goal: Plain = .object(["metric": "leads", "target": 10, "due_on": "2026-12-31"])
            let input: [String: Plain] = [
                "name": "秋季试驾", "group_id": .int(group), "start_on": "2026-12-01", "end_on": "2026-12-31", "costs": .list(costs),
                "goals": .list(goals ? [goal] : []),
            ]
            return try await house.gate.write(as: marketer) { [schema] in try $0.create(schema, input.merging(more) { $1 }).id }
        }

        @discardableResult
        func step(_ name: String, _ id: Int64, _ input: [String: Plain] = [:]) async throws -> Int64? {
            try await house.gate.write(as: marketer) { [schema] tx in
                try tx.perform(name, schema, id: id, input)
                return tx.submitted
            }
        }

        func campaign(_ id: Int64) async throws -> Record<Campaign> {
            Record(try await house.gate.read(as: .system()) { [schema] in try $0.record(schema, id: id) })
        }

        func refusal(_ work: () async throws -> Void) async -> String? {
            do { try await work(); return nil } catch { return Reason.text(error) }
        }
    }

    private func open(_ engine: Engine, _ body: (Stage) async throws -> Void) async throws {
        try await Villa.open(engine) { house in
            house.time.now = Instant(try #require(Day(iso: "2026-11-24")), hour: 10)
            var marketer = try await house.actor("liwei")
            marketer.rights =
                Dictionary(Packs.capabilities.flatMap { $0.roles }.map { ($0.code, $0.rights) }) { $0.joined($1) }["marketing"] ?? Rights()
            let catalog = house.gate.catalog
            let group = try await house.gate.write(as: .system()) { tx in
                let customer = try tx.create(
                    catalog.schema(Customer.self), ["name": "周予宁", "type": "person", "source": "other", "mobile": "19900000077"]
                ).id
                let person = try tx.create(
                    catalog.schema(Contact.self), ["name": "周予宁", "customer_id": .int(customer), "consent": .list(["email"])]
                ).id
                return try tx.create(
                    catalog.schema(ContactGroup.self), ["name": "老客户", "kind": "static", "member_ids": .list([.int(person)])]
                ).id
            }
            try await body(Stage(house: house, marketer: marketer, boss: try await house.actor("wang"), group: group))
        }
    }

    @Test(
        "a small budget needs nobody's word, a large one a superior's; without a goal or a budget nothing starts",
        arguments: Engine.available)
    func approval(engine: Engine) async throws {
        try await open(engine) { stage in
            let aimless = try await stage.make(goals: false)
            #expect(await stage.refusal { try await stage.step("submit", aimless) }?.contains("目标") == true)
            let toNobody = try await stage.make([["name": "场地", "planned_cents": 500_000]].map(Plain.object), ["group_id": .null])
            #expect(await stage.refusal { try await stage.step("submit", toNobody) }?.contains("目标人群") == true)
            let free = try await stage.make([])
            try await stage.step("submit", free)
            #expect(await stage.refusal { try await stage.step("start", free) }?.contains("预算") == true)

            let small = try await stage.make()
            #expect(try await stage.step("submit", small) == nil)
            let approved = try await stage.campaign(small)
            #expect(approved.status == .approved && approved.budget == Money(cents: 500_000))
            try await stage.step("start", small)
            #expect(try await stage.campaign(small).status == .running)

            let large = try await stage.make([.object(["name": "投放", "planned_cents": 1_000_001])])
            #expect(try await stage.step("submit", large) != nil)
            #expect(try await stage.campaign(large).status == .pending)
        }
    }

    /// §2.23: each status and the steps that lead out of it; every other is refused.
    @Test("every step from every state", arguments: Engine.available)
    func states(engine: Engine) async throws {
        let table: [Campaign.Status: [String: Campaign.Status]] = [
            .draft: ["submit": .approved, "cancel": .cancelled], .approved: ["start": .running, "cancel": .cancelled],
            .running: ["pause": .paused, "end": .ended, "cancel": .cancelled],
            .paused: ["start": .running, "end": .ended, "cancel": .cancelled], .ended: ["evaluate": .evaluated],
        ]
        try await open(engine) { stage in
            for status in Campaign.Status.allCases {
                for step in ["submit", "start", "pause", "end", "evaluate", "cancel"] {
                    let id = try await stage.make(
                        [["name": "场地", "planned_cents": 500_000]].map(Plain.object), ["summary": "好", "lessons": "早些邀约"])
                    try await stage.house.gate.write(as: .system()) { [schema = stage.schema] tx in
                        _ = try tx.writing.set(schema, ["status": .text(status.rawValue), "budget_cents": 500_000], where: .ids([id]))
                    }
                    let refused = await stage.refusal {
                        try await stage.step(step, id, ["pause", "cancel"].contains(step) ? ["reason": "档期"] : [:])
                    }
                    let after = try await stage.campaign(id).status
                    if let to = table[status]?[step] {
                        #expect(refused == nil && after == to, "\(status) \(step): \(refused ?? "")")
                    } else {
                        #expect(refused != nil && after == status, "\(status) \(step)")
                    }
                }
            }
        }
    }

    @Test("nothing is committed before approval, nor a cent beyond it; more takes a superior's word", arguments: Engine.available)
    func budget(engine: Engine) async throws {
        try await open(engine) { stage in
            let id = try await stage.make(), costs = stage.catalog.schema(CampaignCost.self)
            func spend(_ cents: Int64, _ field: String = "actual_cents") async -> String? {
                await stage.refusal {
                    _ = try await stage.house.gate.write(as: stage.marketer) {
                        try $0.create(costs, ["campaign_id": .int(id), "name": "礼品", field: .int(cents)])
                    }
                }
            }
            #expect(await spend(1, "committed_cents")?.contains("还没有批准") == true)
            try await stage.step("submit", id)
            #expect(await spend(300_000) == nil)
            #expect(await spend(200_000, "committed_cents") == nil, "exactly the whole")
            #expect(await spend(1)?.contains("超出批准预算") == true)
            let sums = try await stage.campaign(id)
            #expect(sums.actual == Money(cents: 300_000) && sums.committed == Money(cents: 200_000))
            #expect(try await stage.step("raise_budget", id, ["more_cents": 100, "reason": "加场"]) != nil, "asked, not done")
            #expect(try await stage.campaign(id).budget == Money(cents: 500_000))
        }
    }

    @Test(
        "the audience is listed once each, however often it is asked; without anybody's consent it does not start",
        arguments: Engine.available)
    func audience(engine: Engine) async throws {
        try await open(engine) { stage in
            let catalog = stage.catalog, contacts = catalog.schema(Contact.self)
            let (people, group) = try await stage.house.gate.write(as: .system()) { tx in
                let customer = try tx.create(
                    catalog.schema(Customer.self), ["name": "陶景川", "type": "person", "source": "other", "mobile": "19900000044"]
                ).id
                let people = try (0..<3).map { try tx.create(contacts, ["name": .text("家人\($0)"), "customer_id": .int(customer)]).id }
                return (
                    people,
                    try tx.create(
                        catalog.schema(ContactGroup.self), ["name": "陶家", "kind": "static", "member_ids": .list(people.map(Plain.int))]
                    ).id
                )
            }
            let id = try await stage.make([["name": "场地", "planned_cents": 500_000]].map(Plain.object), ["group_id": .int(group)])
            try await stage.step("submit", id)
            #expect(await stage.refusal { try await stage.step("start", id) }?.contains("同意") == true)
            _ = try await stage.house.gate.write(as: .system()) { try $0.update(contacts, id: people[0], ["consent": .list(["email"])]) }
            try await stage.step("start", id)
            for _ in 0..<2 {
                try await stage.step("gather", id)
                try await stage.house.gate.write(as: .system()) { tx in
                    try #require(CampaignJobs.all.first { $0.name == CampaignJobs.gathering }).run(["campaign": .int(id)], tx)
                }
            }
            #expect(try await stage.campaign(id).invited == 3)
        }
    }

    @Test("a lead with a channel's code is the campaign's, and its deal's return is the campaign's", arguments: Engine.available)
    func returns(engine: Engine) async throws {
        try await open(engine) { stage in
            let catalog = stage.catalog, channel: Plain = .object(["name": "短视频", "code": "dy-1"])
            let id = try await stage.make([["name": "场地", "planned_cents": 500_000]].map(Plain.object), ["channels": .list([channel])])
            try await stage.step("submit", id)
            let costs = catalog.schema(CampaignCost.self)
            _ = try await stage.house.gate.write(as: stage.marketer) {
                try $0.create(costs, ["campaign_id": .int(id), "name": "投放", "actual_cents": 400_000])
            }
            let today = Day(iso: "2026-11-24")
            try await stage.house.gate.write(as: .system()) { tx in
                let lead = try tx.create(
                    catalog.schema(Lead.self), ["name": "孙先生", "mobile": "19900000045", "source": "website", "source_code": "dy-1"])
                #expect(try tx.record(catalog.schema(Lead.self), id: lead.id)["campaign_id"] == .int(id))
                let customer = try tx.create(
                    catalog.schema(Customer.self), ["name": "孙先生", "type": "person", "source": "website", "mobile": "19900000045"]
                ).id
                _ = try tx.writing.set(
                    catalog.schema(Lead.self), ["customer_id": .int(customer), "status": "converted"], where: .ids([lead.id]))
                let deal = try tx.create(
                    catalog.schema(Opportunity.self), ["name": "S5", "customer_id": .int(customer), "amount_cents": 10_000_000]
                ).id
                _ = try tx.writing.set(
                    catalog.schema(Opportunity.self), ["status": "won", "won_amount_cents": 10_000_000, "closed_on": today.stored],
                    where: .ids([deal]))
                let order = try tx.create(catalog.schema(Order.self), ["customer_id": .int(customer), "opportunity_id": .int(deal)]).id
                _ = try tx.writing.set(catalog.schema(Order.self), ["margin_cents": 1_200_000], where: .ids([order]))
            }
            let found = try await stage.house.gate.read(as: .system()) { [schema = stage.schema] view in
                try view.findings(of: try view.record(schema, id: id))
            }
            // (12,000 − 4,000) / 4,000 = 200 %.
            for model in ["首次触达", "末次触达", "均分"] { #expect(found.first { $0.label.chinese == "ROI（\(model)）" }?.value == "200.0%") }
            #expect(found.first { $0.label.chinese == "预算使用" }?.value == "80.0%")
            #expect(found.first { $0.label.chinese == "各渠道线索" }?.bars.first?.value == "1")
        }
    }

    @Test("a channel that is paused, and a campaign that is paused or over, bring no more leads", arguments: Engine.available)
    func paused(engine: Engine) async throws {
        try await open(engine) { stage in
            let catalog = stage.catalog, channel: Plain = .object(["name": "短视频", "code": "dy-1"])
            let id = try await stage.make([["name": "场地", "planned_cents": 500_000]].map(Plain.object), ["channels": .list([channel])])
            var number = 19_900_000_100
            func campaign() async throws -> Int64? {
                number += 1
                let mobile = "\(number)"
                return try await stage.house.gate.write(as: .system()) { tx in
                    try tx.create(
                        catalog.schema(Lead.self), ["name": "客", "mobile": .text(mobile), "source": "website", "source_code": "dy-1"])[
                            "campaign_id"
                        ].int
                }
            }
            func pause(_ isPaused: Bool) async throws {
                try await stage.house.gate.write(as: .system()) { tx in
                    _ = try tx.writing.set(
                        catalog.schema(CampaignChannel.self), ["is_paused": isPaused ? 1 : 0], where: .field("code", .eq, "dy-1"))
                }
            }
            try await stage.step("submit", id)
            try await stage.step("start", id)
            #expect(try await campaign() == id)
            try await pause(true)
            #expect(try await campaign() == nil)
            try await pause(false)
            try await stage.step("pause", id, ["reason": "缺货"])
            #expect(try await campaign() == nil)
            try await stage.step("start", id)
            #expect(try await campaign() == id)
            try await stage.step("end", id)
            #expect(try await campaign() == nil)
        }
    }

    @Test("a copy has the plan and the lessons, and none of the results", arguments: Engine.available)
    func copy(engine: Engine) async throws {
        try await open(engine) { stage in
            let id = try await stage.make(
                [["name": "场地", "planned_cents": 500_000]].map(Plain.object), ["lessons": "早些邀约", "strategy": "以老带新"])
            try await stage.step("copy", id)
            let made = try await stage.house.gate.read(as: .system()) { [schema = stage.schema] in
                try $0.page(ListRequest(schema, where: .field("name", .eq, "秋季试驾（新）"))).rows
            }
            let copy = Record<Campaign>(try #require(made.first))
            #expect(
                copy.status == .draft && copy.planned == Money(cents: 500_000) && copy.strategy == "以老带新"
                    && copy.analysis?.contains("早些邀约") == true && copy.lessons == nil && copy.budget == nil)
        }
    }
}

/// A55, with the textbook case: three touches, then a deal of ¥100.00.
@Suite("Attribution") struct AttributionTests {
    private func at(_ day: Int) -> Instant { Instant(Day(iso: "2026-11-01")! + day) }

    @Test("first, last and equal parts; what came after the deal counts for nothing")
    func models() {
        let touches = [Attribution.Touch(2, at(5)), .init(1, at(1)), .init(3, at(9)), .init(4, at(30))], amount = Money(cents: 10_000)
        #expect(Attribution.first.shares(of: amount, touches, until: at(10)) == [1: amount])
        #expect(Attribution.last.shares(of: amount, touches, until: at(10)) == [3: amount])
        // A third each; the cent that is left over goes to the last.
        #expect(
            Attribution.linear.shares(of: amount, touches, until: at(10)) == [
                1: Money(cents: 3_333), 2: Money(cents: 3_333), 3: Money(cents: 3_334),
            ])
        #expect(
            Attribution.linear.shares(of: amount, touches + [.init(1, at(2))], until: at(10))[1] == Money(cents: 5_000),
            "two of four touches")
        for model in Attribution.allCases {
            #expect(model.shares(of: amount, touches, until: at(0)).isEmpty)
            #expect(model.shares(of: amount, touches, until: at(40)).values.reduce(.zero, +) == amount, "nothing is lost")
        }
    }
}
