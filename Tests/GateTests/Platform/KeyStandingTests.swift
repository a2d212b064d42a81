import Core
import Product
import Records
import TestSupport
import Testing

@testable import Gate

@Suite("The key of a database")
struct KeyStandingTests {
    private static let other = Secrets(root: Array(repeating: 8, count: 32))

    private func gate(_ house: House, _ secrets: Secrets = House.secrets) -> Gate {
        Gate(store: house.store, capabilities: [Garage.self], secrets: secrets, clock: house.gate.clock)
    }

    private func mark(_ house: House) async throws -> String? {
        let catalog = house.gate.catalog
        return try await house.store.read { try SetUpNote.read("key.mark", $0, catalog) }
    }

    @Test("a second instance with another key is refused, and the first goes on", arguments: Engine.available)
    func second(engine: Engine) async throws {
        try await House.open(engine) { house in
            try await gate(house).openStore()
            #expect(try await mark(house) == House.secrets.mark)
            await #expect(throws: WrongKey.self) { try await gate(house, Self.other).openStore() }
            #expect(try await mark(house) == House.secrets.mark)
            try await gate(house).openStore()
        }
    }

    @Test("an empty database takes the key of whoever comes first", arguments: Engine.available)
    func first(engine: Engine) async throws {
        try await engine.open { store, _ in
            try await Gate(store: store, capabilities: [Garage.self], secrets: Self.other).openStore()
            let late = Gate(store: store, capabilities: [Garage.self], secrets: House.secrets)
            await #expect(throws: WrongKey.self) { try await late.openStore() }
        }
    }

    @Test("an older program's database gets a mark only from the key that wrote it", arguments: Engine.available)
    func upgrade(engine: Engine) async throws {
        try await House.open(engine) { house in
            #expect(try await mark(house) == nil)
            await #expect(throws: WrongKey.self) { try await gate(house, Self.other).openStore() }
            #expect(try await mark(house) == nil, "nor is the wrong one blessed")
            // What an older program let the wrong key write is newer than what the right one did.
            try await gate(house, Self.other).write(as: .system()) { tx in try tx.record("export", entity: nil, id: nil) }
            await #expect(throws: WrongKey.self) { try await gate(house, Self.other).openStore() }
            try await gate(house).openStore()
            #expect(try await mark(house) == House.secrets.mark)
        }
    }

    @Test("without an audit log, a sealed value tells", arguments: Engine.available)
    func sealed(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog, customers = catalog.schema(Customer.self)
            try await house.gate.write(as: .system()) { tx in
                var row = customers.blank()
                row["name"] = "林知远"
                row["source"] = "walk_in"
                row["id_no"] = "990000198801010010"
                _ = try tx.insert(row)
            }
            try await house.store.write { writing in
                try writing.erase(AuditEntry.schema, ids: writing.fetch(Query(AuditEntry.self, limit: 10_000)).map(\.id))
            }
            let standing = { (secrets: Secrets) in try await house.store.read { try KeyStanding.read($0, catalog, secrets) } }
            #expect(try await standing(House.secrets) == .proven)
            #expect(try await standing(Self.other) == .foreign)
        }
    }

    @Test("what a key does not open is shown as such, and stays through every way of saving", arguments: Engine.available)
    func unopened(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), boss = Actor.system()
            let number = "990000198801010010"
            let ids = try await house.gate.write(as: boss) { tx in
                try ["林知远", "林志远"].map { name in
                    var row = customers.blank()
                    row["name"] = .text(name)
                    row["source"] = "walk_in"
                    row["id_no"] = name == "林知远" ? .text(number) : .text("990000198801010029")
                    return try tx.insert(row).id
                }
            }
            let stored = { try await house.store.read { try $0.row(customers, id: ids[0])?["id_no"] } }
            let before = try await stored()
            let wrong = Gate(store: house.store, capabilities: Packs.capabilities, secrets: Self.other, clock: house.gate.clock)
            #expect(try await wrong.read(as: boss) { try $0.record(customers, id: ids[0])["id_no"] } == .text(Secrets.unopened))
            _ = try await wrong.write(as: boss) { tx in try tx.update(customers, id: ids[0], ["remark": "老客户"]) }
            #expect(try await stored() == before)
            _ = try await wrong.write(as: boss) { tx in
                try tx.update(customers, id: ids[0], ["remark": "常客", "id_no": .text(Secrets.unopened)])
            }
            #expect(try await stored() == before, "sent back as it was shown")
            _ = try await wrong.write(as: boss) { tx in
                tx.ignoresWarnings = true
                return try tx.merge(customers, into: ids[0], [ids[1]])
            }
            #expect(try await stored() == before, "not filled in from another")
            await #expect(throws: Problems.self) {
                _ = try await wrong.write(as: boss) { tx in try tx.update(customers, id: ids[0], ["id_no": "enc1:AAAA"]) }
            }
            #expect(try await house.gate.read(as: boss) { try $0.record(customers, id: ids[0])["id_no"] } == .text(number))
        }
    }
}
