import Core
import Records
import Sales
import Testing

@testable import Gate

/// A share lends what a record says and its everyday steps; whose it is, and whether it goes on, stays its owner's word.
@Suite("What a share does not lend", .timeLimit(.minutes(10)))
struct LentTests {
    /// 赵敏's customer, shared with 孙强 to write.
    private func open(_ engine: Engine, _ body: (House, Schema, Int64) async throws -> Void) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), owner = try await house.actor("zhaomin"), guest = house["sunqiang"]
            let id = try await house.gate.write(as: owner) { tx in
                let id = try tx.create(customers, ["name": "宏屿建设", "type": "company", "source": "referral"]).id
                try tx.share(customers, id: id, withUser: guest, canWrite: true, until: nil)
                return id
            }
            try await body(house, customers, id)
        }
    }

    private func refusal(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch { return Reason.text(error) }
        return nil
    }

    private func told(_ house: House, _ name: String) async throws -> [String] {
        let actor = try await house.actor(name)
        return try await house.gate.read(as: actor) { try $0.notifications().map(\.text) }
    }

    @Test("whoever has it on loan writes in it, and neither gives it away nor parks or ends it", arguments: Engine.available)
    func borrower(engine: Engine) async throws {
        try await open(engine) { house, customers, id in
            let guest = try await house.actor("sunqiang")
            try await house.gate.write(as: guest) { tx in
                try tx.update(customers, id: id, ["remark": "一起跟进"])
                try tx.perform("verify", customers, id: id)
            }
            for action in ["release", "freeze", "archive"] {
                let said = await refusal {
                    _ = try await house.gate.write(as: guest) { try $0.perform(action, customers, id: id, ["reason": "不要了"]) }
                }
                #expect(said?.contains("共享给您的") == true, "\(action): \(said ?? "done")")
                // No button for it, neither.
                try await house.gate.read(as: guest) { view in
                    let row = try view.record(customers, id: id), step = try #require(customers.actions.first { $0.name == action })
                    #expect(!view.may(step, row))
                }
            }
            // Nor by taking back what the owner did.
            let owner = try await house.actor("zhaomin")
            try await house.gate.write(as: owner) { _ = try $0.perform("freeze", customers, id: id, ["reason": "暂停"]) }
            #expect(await refusal { _ = try await house.gate.write(as: guest) { try $0.perform("unfreeze", customers, id: id) } } != nil)
            try await house.gate.write(as: owner) { tx in
                try tx.perform("unfreeze", customers, id: id)
                _ = try tx.perform("release", customers, id: id)
            }
        }
    }

    @Test("an action that moves the owner is refused to the borrower, whatever it is for", arguments: Engine.available)
    func moved(engine: Engine) async throws {
        try await open(engine) { house, customers, id in
            let guest = try await house.actor("sunqiang")
            let taking = Action.on(Customer.self, "take", "接手") { customer, _, tx in customer.ownerID = tx.actor.userID }
            let said = await refusal {
                _ = try await house.gate.write(as: guest) { tx in
                    try tx.run(taking, try tx.reachable(customers, id: id, "update"), Arguments())
                }
            }
            #expect(said?.contains("不能更换或取消它的负责人") == true)
            let owner = try await house.actor("zhaomin")
            _ = try await house.gate.write(as: owner) { try $0.run(taking, try $0.reachable(customers, id: id, "update"), Arguments()) }
        }
    }

    @Test("the owner hears who released the record or took it over, once for many, and not of what they did themselves")
    func departures() async throws {
        try await open(.sqlite) { house, customers, id in
            let boss = try await house.actor("wang"), owner = try await house.actor("zhaomin"), sun = house["sunqiang"]
            let more = try await house.gate.write(as: owner) { tx in
                tx.ignoresWarnings = true
                return try (1...3).map { try tx.create(customers, ["name": .text("宏屿\($0)"), "type": "company", "source": "referral"]).id }
            }
            _ = try await house.gate.write(as: boss) { try $0.perform("release", customers, id: id) }
            #expect(try await told(house, "zhaomin").contains("王经理 把您负责的客户「宏屿建设」放入了公海"))
            _ = try await house.gate.write(as: boss) { tx in
                for id in more.prefix(2) { try tx.update(customers, id: id, ["owner_id": .int(sun)]) }
            }
            #expect(try await told(house, "zhaomin").contains("王经理 把您负责的客户「宏屿1」等 2 条转给了 孙强"))
            let before = try await told(house, "zhaomin").count
            _ = try await house.gate.write(as: owner) { try $0.perform("release", customers, id: more[2]) }
            #expect(try await told(house, "zhaomin").count == before)
        }
    }

    /// A step beside the way that leads to an end, of records that have an owner: whoever adds one says whether a borrower may take it.
    @Test("every step that ends a record is for its keeper")
    func declared() async throws {
        try await Villa.open(.sqlite) { house in
            // The first ends a stay by the hand of whom the guest was given to; the others go to and fro.
            let everyday: Set<String> = ["receptions/leave", "receivables/dispute", "receivables/resolve", "credit_accounts/resume"]
            for schema in house.gate.catalog.schemas where schema.isOwned && schema.traits.isPublic {
                guard let flow = schema.flow else { continue }
                for step in flow.transitions where step.permission == "update" && !step.isPrimary && !step.isForKeeper {
                    let goesOn = flow.transitions.contains { $0.from.contains(step.to) && $0.isPrimary }
                    #expect(goesOn || everyday.contains("\(schema.name)/\(step.name)"), "\(schema.name)/\(step.name)")
                }
            }
        }
    }
}
