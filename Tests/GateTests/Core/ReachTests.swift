import Core
import Records
import Sales
import Testing

@testable import Gate

/// What a right over one record must not open beside it: filters, histories, files, shares, merges, undo.
@Suite("Reach")
struct ReachTests {
    /// 李伟 with these rights, and two customers: his own and 孙强's.
    private func open(
        _ engine: Engine, _ rights: [String: Scope], _ body: (House, Actor, Schema, _ mine: Int64, _ theirs: Int64) async throws -> Void
    ) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            let (mine, theirs) = try await house.gate.write(as: .system()) { tx in
                (try tx.specimen(customers, owner: house["liwei"]).id, try tx.specimen(customers, owner: house["sunqiang"]).id)
            }
            try await body(house, try await Villa.liWei(house, rights), customers, mine, theirs)
        }
    }

    @Test("a filter says nothing of related records that are out of reach", arguments: Engine.available)
    func filters(engine: Engine) async throws {
        try await open(engine, ["read": .own]) { house, actor, customers, mine, theirs in
            let contacts = house.gate.catalog.schema(Contact.self)
            // 孙强's contact at 李伟's customer, and 李伟's contact at 孙强's customer.
            let linked = try await house.gate.write(as: .system()) { tx in
                func contact(_ name: String, at customer: Int64, of owner: String) throws -> Int64 {
                    var row = contacts.blank()
                    row["name"] = .text(name)
                    row["customer_id"] = .int(customer)
                    row["owner_id"] = .int(house[owner])
                    return try tx.insert(row).id
                }
                _ = try contact("秘密", at: mine, of: "sunqiang")
                return try contact("公开", at: theirs, of: "liwei")
            }
            let name = try await house.gate.read(as: .system()) { try $0.record(customers, id: theirs).title }
            func found(_ schema: Schema, _ condition: Condition, as actor: Actor) async throws -> [Int64] {
                try await house.gate.read(as: actor) { try $0.page(ListRequest(schema, where: condition)).rows.map(\.id) }
            }
            let hasSecret = Condition.exists(entity: "contacts", field: "customer_id", .field("name", .eq, "秘密"))
            let ofTheirs = Condition.compare(.init(link: "customer_id", "name"), .eq, [.text(name)])
            #expect(try await found(customers, hasSecret, as: .system()) == [mine])
            #expect(try await found(customers, hasSecret, as: actor).isEmpty)
            #expect(try await found(contacts, ofTheirs, as: .system()).contains(linked))
            #expect(try await found(contacts, ofTheirs, as: actor).isEmpty)
        }
    }

    @Test("a timeline leaves out what is out of reach", arguments: Engine.available)
    func timeline(engine: Engine) async throws {
        try await open(engine, ["read": .own]) { house, actor, customers, mine, _ in
            let orders = house.gate.catalog.schema(Order.self)
            let ids = try await house.gate.write(as: .system()) { tx in
                try ["liwei", "sunqiang"].map { owner in
                    var row = orders.blank()
                    row["customer_id"] = .int(mine)
                    row["owner_id"] = .int(house[owner])
                    return try tx.insert(row).id
                }
            }
            let shown = try await house.gate.read(as: actor) { view in
                try view.timeline(try view.record(customers, id: mine), kinds: ["orders"]).compactMap { item in
                    if case .record(let row) = item.content { row.id } else { nil }
                }
            }
            #expect(shown == [ids[0]])
        }
    }

    @Test("only who may empties the bin", arguments: Engine.available)
    func purge(engine: Engine) async throws {
        try await open(engine, ["read": .all, "delete": .all]) { house, actor, customers, mine, _ in
            try await house.gate.write(as: actor) { tx in try tx.remove(customers, id: mine) }
            await #expect(throws: Refusal.self) { try await house.gate.write(as: actor) { tx in try tx.purge(customers, id: mine) } }
            var keeper = actor
            keeper.rights.system = ["recycle"]
            try await house.gate.write(as: keeper) { tx in try tx.purge(customers, id: mine) }
        }
    }

    @Test("an action takes its own right, and links to what its actor sees only", arguments: Engine.available)
    func actions(engine: Engine) async throws {
        try await open(engine, ["read": .all, "update": .own, "assign": .own]) { house, actor, customers, mine, theirs in
            let reader = try await Villa.liWei(house, ["read": .all])
            for (who, id) in [(reader, mine), (actor, theirs)] {
                await #expect(throws: Refusal.self) {
                    try await house.gate.write(as: who) { tx in _ = try tx.perform("verify", customers, id: id) }
                }
            }
            try await house.gate.write(as: actor) { tx in _ = try tx.perform("verify", customers, id: mine) }
            let customer = Field<Ref<Customer>>("customer_id", "客户")
            let visiting = Action.on(Customer.self, "visit", "拜访", parameters: [customer]) { _, _, _ in }
            let near = try await Villa.liWei(house, ["read": .own])
            try await house.gate.write(as: near) { tx throws in
                #expect(try tx.read(["customer_id": .int(mine)], for: visiting)[customer] == Ref(mine))
                #expect(throws: Problems.self) { try tx.read(["customer_id": .int(theirs)], for: visiting) }
            }
        }
    }

    @Test(
        "who may only read a record neither shares it, nor merges it, nor puts files beside it or takes them away",
        arguments: Engine.available)
    func readOnly(engine: Engine) async throws {
        try await open(engine, ["read": .all, "update": .own, "merge": .own]) { house, actor, customers, mine, theirs in
            let file = (name: "合同.pdf", type: "application/pdf", size: 3, digest: "abc", place: "p")
            let (near, far) = try await house.gate.write(as: .system()) { tx in
                (try tx.attach(file, to: customers, id: mine).row.id, try tx.attach(file, to: customers, id: theirs).row.id)
            }
            let forbidden: [@Sendable (GateTransaction) throws -> Void] = [
                { try $0.share(customers, id: theirs, withUser: house["chenjing"], canWrite: true, until: nil) },
                { _ = try $0.merge(customers, into: mine, [theirs]) },
                { try $0.attach(file, to: customers, id: theirs) },
                { try $0.detach(fileID: far) },
            ]
            for (number, attempt) in forbidden.enumerated() {
                await #expect(throws: Refusal.self, "\(number)") { try await house.gate.write(as: actor) { tx in try attempt(tx) } }
            }
            // What is missing is said: nobody has lent this one.
            do {
                try await house.gate.write(as: actor) {
                    try $0.share(customers, id: theirs, withUser: house["chenjing"], canWrite: true, until: nil)
                }
            } catch { #expect(Reason.text(error).contains("没有修改"), "\(error)") }
            try await house.gate.write(as: actor) { tx in
                try tx.share(customers, id: mine, withUser: house["chenjing"], canWrite: true, until: nil)
                try tx.attach(file, to: customers, id: mine)
                try tx.detach(fileID: near)
            }
            // A file is as far away as its record.
            let own = try await Villa.liWei(house, ["read": .own])
            await #expect(throws: Refusal.self) { try await house.gate.read(as: own) { _ = try $0.file(id: far) } }
        }
    }

    @Test("the audit log takes its own right, and shows no value that its reader may not read", arguments: Engine.available)
    func auditLog(engine: Engine) async throws {
        try await open(engine, ["read": .all]) { house, actor, customers, mine, _ in
            try await house.gate.write(as: .system()) { tx in
                _ = try tx.update(customers, id: mine, ["remark": "欠款未清", "mobile": "19900006655"])
            }
            await #expect(throws: Refusal.self) { try await house.gate.read(as: actor) { _ = try $0.auditLog(AuditQuestion()) } }
            var keeper = try await Villa.liWei(house, ["read": .all], fields: ["customers": ["mobile": .masked]])
            keeper.rights.system = ["audit"]
            let changes = try await house.gate.read(as: keeper) { try $0.auditLog(AuditQuestion()).flatMap(\.changes) }
            #expect(changes.contains { $0.name == "remark" && $0.new == "欠款未清" })
            #expect(changes.contains { $0.name == "mobile" && $0.new == "****" })
            #expect(!changes.contains { $0.new == "19900006655" })
        }
    }

    @Test("nobody undoes what another did", arguments: Engine.available)
    func undo(engine: Engine) async throws {
        try await open(engine, ["read": .all, "update": .all]) { house, actor, customers, mine, _ in
            let theirs = try await house.actor("admin")
            let operation = try await house.gate.write(as: theirs) { tx in
                _ = try tx.update(customers, id: mine, ["remark": "别动"])
                return tx.operation
            }
            await #expect(throws: Refusal.self) { try await house.gate.write(as: actor) { tx in _ = try tx.undo(operation: operation) } }
            #expect(try await house.gate.read(as: theirs) { try $0.record(customers, id: mine)["remark"] } == "别动")
        }
    }
}
