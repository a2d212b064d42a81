import Core
import Records
import Testing

@testable import Gate

@Suite("Field rights")
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
                    try view.page(
                        ListRequest(
                            view.catalog.schema(Contact.self),
                            where: .compare(.init(link: "customer_id", "mobile"), .eq, [.text(Self.canary)])))
                }
            }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: actor) { tx in _ = try tx.update(customers, id: id, ["mobile": "19900001111"]) }
            }
        }
    }

    @Test("a search finds by what may be read only: in a list, its count, a filter and the search page", arguments: Engine.available)
    func search(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), interactions = house.gate.catalog.schema(Interaction.self)
            let id = try await house.gate.write(as: .system()) { tx in
                var row = customers.blank()
                row["name"] = "林知远"
                row["remark"] = "怕狗，喜欢紫砂壶"
                row["source"] = "walk_in"
                return try tx.insert(row).id
            }
            let limited = try await Villa.liWei(house, ["read": .all], fields: ["customers": ["remark": .hidden]])
            let whole = try await Villa.liWei(house, ["read": .all])
            for (actor, word, hits) in [
                (whole, "紫砂壶", [id]), (limited, "紫砂壶", []), (limited, "林知", [id]), (limited, "lzy", [id]), (limited, "林知 紫砂", []),
            ] {
                try await house.gate.read(as: actor) { view throws in
                    #expect(try view.search(customers, word, limit: 10).map(\.id) == hits, "\(word)")
                    var request = ListRequest(customers)
                    request.search = word
                    request.countCap = 100
                    let page = try view.page(request)
                    #expect(page.rows.map(\.id) == hits && page.count == hits.count, "\(word)")
                    #expect(try view.count(ListRequest(customers, where: .any([.search(word)])), cap: 100) == hits.count, "\(word)")
                    #expect(try view.count(ListRequest(interactions, where: .not(.search(word))), cap: 100) == 0)
                }
            }
        }
    }

    @Test("whose a record is, and which department's, changes by the right to assign only", arguments: Engine.available)
    func assign(engine: Engine) async throws {
        try await open(engine, .edit) { house, _, customers, id in
            let writer = try await Villa.liWei(house, ["create": .all, "read": .all, "update": .all])
            let before = try await house.store.read { try $0.row(customers, id: id) }
            for input: [String: Plain] in [
                ["owner_id": .null], ["owner_id": .int(writer.userID)], ["department_id": .null], ["department_id": 1],
            ] where before.map({ row in input.contains { row[$0.key].int != $0.value.int } }) ?? false {
                await #expect(throws: Problems.self, "\(input)") {
                    try await house.gate.write(as: writer) { tx in _ = try tx.update(customers, id: id, input) }
                }
            }
            let after = try await house.store.read { try $0.row(customers, id: id) }
            #expect(after?.values == before?.values)
            // An old owner is not brought back out of the history without the right either.
            try await house.gate.write(as: .system()) { tx in _ = try tx.update(customers, id: id, ["owner_id": .int(writer.userID)]) }
            let entry = try await house.store.read {
                try $0.fetch(
                    Query(AuditEntry.self, where: .field("record_id", .eq, .int(id)), sort: [Query.Sort("id", descending: true)], limit: 1)
                ).first?.id ?? 0
            }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: writer) { tx in try tx.putBack(entry: entry, field: "owner_id") }
            }
            let giver = try await Villa.liWei(house, ["create": .all, "read": .all, "update": .all, "assign": .all])
            let colleague = try await house.actor("chenjing").userID
            try await house.gate.write(as: giver) { tx in _ = try tx.update(customers, id: id, ["owner_id": .int(colleague)]) }
            #expect(try await house.store.read { try $0.row(customers, id: id)?.ownerID } == colleague)
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
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: actor) { tx in _ = try tx.update(customers, id: id, ["mobile": "19900001111"]) }
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
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { tx in _ = try tx.reveal(customers, id: id, field: "id_no", reason: "核对身份") }
            }
            let allowed = try await Villa.liWei(house, ["read": .all, "reveal": .all])
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: allowed) { tx in _ = try tx.reveal(customers, id: id, field: "id_no", reason: " ") }
            }
            let whole = try await house.gate.write(as: allowed) { tx in try tx.reveal(customers, id: id, field: "id_no", reason: "核对身份") }
            #expect(whole.contains("990000198801010010"))
            #expect(try await house.audited().contains("reveal"))
        }
    }
}
