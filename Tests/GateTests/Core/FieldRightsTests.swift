import Business
import Records
@testable import Gate
import Testing

@Suite("Field rights", .serialized)
struct FieldRightsTests {
    private static let canary = "19900007788"

    private func open(_ engine: Engine, _ right: FieldRight, _ body: (House, Actor, Schema, Int64) async throws -> Void) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            let id = try await house.gate.write(as: .system()) { tx in
                var row = customers.blank()
                row["name"] = "林知远"
                row["mobile"] = .text(Self.canary)
                row["source"] = "walk_in"
                row["id_no"] = "990000198801010010"
                row["id_type"] = "id_card"
                return try tx.insert(row).id
            }
            let actor = try await Villa.liWei(house, ["read": .all, "update": .all], fields: ["customers": ["mobile": right]])
            try await body(house, actor, customers, id)
        }
    }

    @Test("a hidden field's value never comes out, whichever way one asks", arguments: Engine.available)
    func hidden(engine: Engine) async throws {
        try await open(engine, .hidden) { house, actor, customers, id in
            try await house.gate.read(as: actor) { view throws in
                #expect(try view.record(customers, id: id)["mobile"] == nil)
                #expect(try view.page(ListRequest(customers)).rows.allSatisfy { $0["mobile"] == nil })
                #expect(throws: Refusal.self) { try view.page(ListRequest(customers, where: .field("mobile", .starts, "199"))) }
                #expect(throws: Refusal.self) { try view.page(ListRequest(customers, where: .not(.any([.field("mobile", .empty)])))) }
                #expect(throws: Refusal.self) { try view.page(ListRequest(customers, sort: [Query.Sort("mobile")])) }
                #expect(throws: Refusal.self) { try view.summary(ListRequest(customers), by: [Summary.Group("mobile")], [.count]) }
                #expect(try view.search(customers, "7788", limit: 10).isEmpty)
                #expect(throws: Refusal.self) {
                    try view.page(ListRequest(view.catalog.schema(Contact.self), where: .compare(.init(link: "customer_id", "mobile"), .eq, [.text(Self.canary)])))
                }
            }
            await #expect(throws: Problems.self) { try await house.gate.write(as: actor) { tx in _ = try tx.update(customers, id: id, ["mobile": "19900001111"]) } }
        }
    }

    @Test("a masked field shows its mask, and its changes too", arguments: Engine.available)
    func masked(engine: Engine) async throws {
        try await open(engine, .masked) { house, actor, customers, id in
            try await house.gate.write(as: .system()) { tx in _ = try tx.update(customers, id: id, ["mobile": "19900006655"]) }
            try await house.gate.read(as: actor) { view throws in
                let row = try view.record(customers, id: id)
                #expect(row["mobile"] == "199****6655")
                for item in try view.changes(of: row) {
                    guard case .change(_, _, _, let changes) = item.content else { continue }
                    for change in changes where change.field.name == "mobile" { #expect(change.new == "****" && change.old == "****") }
                }
                #expect(try view.search(customers, "6655", limit: 10).isEmpty)
            }
        }
    }

    @Test("a sealed field is not on disk in clear, is found by equality, and is revealed with a reason", arguments: Engine.available)
    func sealed(engine: Engine) async throws {
        try await open(engine, .read) { house, actor, customers, id in
            let stored = try await house.store.read { try $0.row(customers, id: id)?["id_no"].text ?? "" }
            #expect(!stored.contains("990000198801010010") && stored.hasPrefix("enc1:"))
            let shown = try await house.gate.read(as: actor) { try $0.record(customers, id: id)["id_no"].text }
            #expect(shown != "990000198801010010")
            await #expect(throws: Refusal.self) { try await house.gate.write(as: actor) { tx in _ = try tx.reveal(customers, id: id, field: "id_no", reason: "核对身份") } }
            let allowed = try await Villa.liWei(house, ["read": .all, "reveal": .all])
            await #expect(throws: Problems.self) { try await house.gate.write(as: allowed) { tx in _ = try tx.reveal(customers, id: id, field: "id_no", reason: " ") } }
            let whole = try await house.gate.write(as: allowed) { tx in try tx.reveal(customers, id: id, field: "id_no", reason: "核对身份") }
            #expect(whole.contains("990000198801010010"))
            #expect(try await house.audited().contains("reveal"))
        }
    }
}
