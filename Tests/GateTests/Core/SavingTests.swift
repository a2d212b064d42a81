import Core
import Records
import Sales
import Testing

@testable import Gate

@Suite("Saving")
struct SavingTests {
    private func customer(_ house: House, _ name: String, _ more: [String: Plain] = [:]) async throws -> Row {
        let schema = house.gate.catalog.schema(Customer.self)
        return try await house.gate.write(as: .system(via: "api")) { tx in
            try tx.create(schema, ["name": .text(name), "source": "walk_in"].merging(more) { $1 })
        }
    }

    @Test("every wrong field is reported at once and nothing is saved", arguments: Engine.available)
    func everyFault(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let schema = house.gate.catalog.schema(Customer.self)
            let wrong: [String: Plain] = [
                "name": "", "mobile": "12345678901", "source": "nowhere", "email": "x", "colour": "red", "id": 7, "birthday": "2026-02-30",
            ]
            do {
                try await house.gate.write(as: .system(via: "api")) { tx in _ = try tx.create(schema, wrong) }
                Issue.record("it was taken")
            } catch let problems as Problems {
                let codes = Dictionary(problems.all.map { ($0.field ?? "", $0.code) }, uniquingKeysWith: { first, _ in first })
                #expect(Set(codes.keys).isSuperset(of: ["mobile", "source", "email", "colour", "id", "birthday"]))
                #expect(codes["colour"] == "unknown_field" && codes["id"] == "not_allowed")
                #expect(problems.all.allSatisfy { !$0.message.isEmpty })
            }
            let count = try await house.gate.read(as: .system()) { try $0.count(ListRequest(schema), cap: 10) }
            #expect(count == 0)
        }
    }

    @Test("the second of two who changed the same version is told", arguments: Engine.available)
    func optimisticLock(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let row = try await customer(house, "沈佳禾"), schema = row.schema
            try await house.gate.write(as: .system(via: "api")) { tx in
                _ = try tx.update(schema, id: row.id, ["remark": "第一位"], ifVersion: row.version)
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: .system(via: "api")) { tx in
                    _ = try tx.update(schema, id: row.id, ["remark": "第二位"], ifVersion: row.version)
                }
            }
            let remark = try await house.gate.read(as: .system()) { try $0.record(schema, id: row.id)["remark"] }
            #expect(remark == "第一位")
        }
    }

    @Test("undo takes back a change, a deletion and a creation, and leaves what others changed since", arguments: Engine.available)
    func undo(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let actor = Actor.system(via: "api")
            var admin = try await house.actor("admin")
            admin.via = "web"
            let boss = admin
            let (row, creation) = try await house.gate.write(as: boss) { tx in
                (
                    try tx.create(
                        tx.catalog.schema(Customer.self), ["name": "永晟食品商行", "source": "walk_in", "mobile": "19900004321", "remark": nil]),
                    tx.operation
                )
            }
            let schema = row.schema
            let change = try await house.gate.write(as: boss) { tx in
                _ = try tx.update(schema, id: row.id, ["remark": "旧", "wechat": "old_id"])
                return tx.operation
            }
            try await house.gate.write(as: actor) { tx in _ = try tx.update(schema, id: row.id, ["wechat": "newer_id"]) }
            let report = try await house.gate.write(as: boss) { tx in try tx.undo(operation: change) }
            #expect(report.conflicts.count == 1)
            let after = try await house.gate.read(as: boss) { try $0.record(schema, id: row.id) }
            #expect(after["remark"] == nil && after["wechat"] == "newer_id")

            let removal = try await house.gate.write(as: boss) { tx in
                try tx.remove(schema, id: row.id)
                return tx.operation
            }
            _ = try await house.gate.write(as: boss) { tx in try tx.undo(operation: removal) }
            #expect(try await house.gate.read(as: boss) { try $0.record(schema, id: row.id).title } == "永晟食品商行")
            _ = try await house.gate.write(as: boss) { tx in try tx.undo(operation: creation) }
            await #expect(throws: Refusal.self) { try await house.gate.read(as: boss) { _ = try $0.record(schema, id: row.id) } }

            let stranger = try await house.actor("liwei")
            await #expect(throws: Refusal.self) { try await house.gate.write(as: stranger) { tx in _ = try tx.undo(operation: creation) } }
        }
    }

    @Test("a merge moves every relation and can be undone", arguments: Engine.available)
    func merge(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let boss = try await house.actor("admin")
            let keep = try await customer(house, "宏屿建设有限公司", ["type": "company"]),
                lose = try await customer(house, "宏屿建设", ["type": "company", "city": "杭州市"])
            let customers = keep.schema, orders = house.gate.catalog.schema(Order.self), contacts = house.gate.catalog.schema(Contact.self)
            try await house.gate.write(as: boss) { tx in
                for amount in [100, 250] {
                    _ = try tx.create(
                        orders,
                        [
                            "customer_id": .int(lose.id), "ordered_on": "2026-01-05", "amount_cents": .int(Int64(amount)),
                            "no": .text("NO-\(amount)"),
                        ])
                }
                _ = try tx.create(contacts, ["customer_id": .int(lose.id), "name": "周建平"])
                _ = try tx.attach(("合同.pdf", "application/pdf", 3, "00", "abc"), to: customers, id: lose.id)
            }
            let operation = try await house.gate.write(as: boss) { tx in
                _ = try tx.merge(customers, into: keep.id, [lose.id])
                return tx.operation
            }
            try await house.gate.read(as: boss) { view throws in
                let merged = try view.record(customers, id: keep.id)
                #expect(merged["city"] == "杭州市")
                #expect(try view.count(ListRequest(orders, where: .field("customer_id", .eq, .int(keep.id))), cap: 10) == 2)
                #expect(try view.count(ListRequest(contacts, where: .field("customer_id", .eq, .int(keep.id))), cap: 10) == 1)
                #expect(try view.files(of: merged).count == 1)
                #expect(throws: Refusal.self) { try view.record(customers, id: lose.id) }
            }
            _ = try await house.gate.write(as: boss) { tx in try tx.undo(operation: operation) }
            try await house.gate.read(as: boss) { view throws in
                #expect(try view.record(customers, id: lose.id).title == "宏屿建设")
                #expect(try view.count(ListRequest(orders, where: .field("customer_id", .eq, .int(lose.id))), cap: 10) == 2)
            }
        }
    }

    @Test("the audit log verifies, and a changed or missing line is found", arguments: Engine.available)
    func audit(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let row = try await customer(house, "陶家")
            try await house.gate.write(as: .system(via: "api")) { tx in _ = try tx.update(row.schema, id: row.id, ["remark": "改"]) }
            let secrets = house.gate.secrets, now = house.time.now
            _ = try await house.store.write { try AuditTrail.seal($0, secrets, now: now, settled: now) }
            let sound = try await house.store.read { try AuditTrail.verify($0, secrets) }
            #expect(sound.isIntact && sound.entries > 2)
            let last = try await house.store.read {
                try $0.fetch(Query(AuditEntry.self, where: .field("action", .eq, "update"), limit: 1)).first
            }
            var forged = try #require(last)
            forged["reason"] = "伪造"
            let bad = forged
            _ = try await house.store.write { try $0.update(bad, slots: nil, ifVersion: nil) }
            #expect(try await house.store.read { try AuditTrail.verify($0, secrets) }.isIntact == false)
            forged["reason"] = nil
            let good = forged
            _ = try await house.store.write { try $0.update(good, slots: nil, ifVersion: nil) }
            try await house.store.write { try $0.erase(AuditEntry.schema, ids: [good.id]) }
            #expect(try await house.store.read { try AuditTrail.verify($0, secrets) }.isIntact == false)
        }
    }

    @Test("who previews another user can look and not touch")
    func preview() async throws {
        try await Villa.open(.sqlite) { house in
            var actor = try await house.actor("liwei")
            actor.previewedBy = house["admin"]
            let looking = actor
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: looking) { tx in
                    _ = try tx.create(tx.catalog.schema(Customer.self), ["name": "不行", "source": "walk_in"])
                }
            }
        }
    }

    @Test("what is wrong in the lines is told together with what is wrong in their record", arguments: Engine.available)
    func linesTogether(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let orders = house.gate.catalog.schema(Order.self)
            func faults(_ input: [String: Plain]) async throws -> [String] {
                do {
                    _ = try await house.gate.write(as: .system()) { try $0.create(orders, input) }
                    return []
                } catch let wrong as Problems {
                    return wrong.all.compactMap(\.field).sorted()
                }
            }
            let lines: Plain = .list([
                .object(["product": "轮胎", "quantity": "四"]), .object(["product": "机油", "price_cents": "很贵"]), .int(3),
            ])
            // Left out altogether, and not to be read.
            #expect(try await faults(["lines": lines]) == ["customer_id", "lines[0].quantity", "lines[1].price_cents", "lines[2]"])
            let typed = try await faults(["customer_id": .int(1), "ordered_on": "昨天吧", "lines": lines])
            #expect(typed.filter { $0 != "customer_id" } == ["lines[0].quantity", "lines[1].price_cents", "lines[2]", "ordered_on"])
        }
    }
}
