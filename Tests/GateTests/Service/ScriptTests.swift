import Records
import Testing

@testable import Core
@testable import Gate
@testable import Service

/// D12, A14: what is said at the desk names whom it is said to.
@Suite("Scripts")
struct ScriptTests {
    @Test("a script names the customer and the caller; what the record does not know stays as it was written", arguments: Engine.available)
    func filled(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog, plans = catalog.schema(FollowPlan.self), actor = try await house.actor("admin")
            let id = try await house.gate.write(as: actor) { tx in
                _ = try tx.create(
                    catalog.schema(Script.self),
                    ["title": "开场", "scene": "follow_up", "content": "您好，{客户}，我是{姓名}，{车型}开得惯吗？", "position": -1])
                let customer = try tx.create(
                    catalog.schema(Customer.self), ["name": "陶景川", "type": "person", "source": "other", "mobile": "19900000044"]
                ).id
                return try tx.create(plans, ["title": "回访", "customer_id": .int(customer), "scene": "service_3d"]).id
            }
            let aids = try await house.gate.read(as: actor) { view in try view.aids(of: try view.record(plans, id: id)) }
            #expect(aids.contains { $0.text == "您好，陶景川，我是\(actor.name)，{车型}开得惯吗？" }, "\(aids.map(\.text))")
        }
    }
}
