import Records
import Testing

@testable import Gate

@Suite struct KeyTests {
    @Test(arguments: Engine.available) func `a key opens what its scopes say, until it is revoked`(_ engine: Engine) async throws {
        try await House.open(engine) { house in
            let me = try await house.visitor("chenjing")
            let (key, info) = try await house.accounts.makeKey(me, name: "报表程序", scopes: ["repair_jobs:read"])
            #expect(key.hasPrefix("zk_") && info.hint == String(key.prefix(9)))
            let program = try #require(try await house.accounts.authenticate(key, address: "10.0.0.7"))
            #expect(
                program.sessionID == nil && program.apiTokenID == info.id && program.actor.via == "api"
                    && program.actor.userID == house["chenjing"])
            #expect(program.actor.rights.scope("repair_jobs", "read") == .own && program.actor.rights.scope("makes", "read") == .none)
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: program.actor) { try $0.create(RepairJob.schema, ["no": "J1"]) }
            }
            let keys = try await house.accounts.keys(of: house["chenjing"], as: me.actor)
            #expect(keys.map(\.name) == ["报表程序"])
            let stranger = try await house.actor("liwei")
            await #expect(throws: Refusal.self) { try await house.accounts.revokeKey(info.id, as: stranger) }
            await #expect(throws: Refusal.self) { try await house.accounts.keys(of: house["chenjing"], as: stranger) }
            try await house.accounts.revokeKey(info.id, as: me.actor)
            #expect(try await house.accounts.authenticate(key) == nil)
        }
    }

    @Test func `a key dies on its day, and with its user`() async throws {
        try await House.open { house in
            let me = try await house.visitor("chenjing")
            let (short, _) = try await house.accounts.makeKey(me, name: "一天", scopes: ["read"], days: 1)
            let (long, _) = try await house.accounts.makeKey(me, name: "一年", scopes: ["read"])
            house.time.pass(86_400)
            #expect(try await house.accounts.authenticate(short) == nil)
            #expect(try await house.accounts.authenticate(long) != nil)
            try await house.accounts.updateUser(house["chenjing"], ["status": "disabled"], as: .system())
            #expect(try await house.accounts.authenticate(long) == nil)
            try await house.accounts.updateUser(house["chenjing"], ["status": "active"], as: .system())
            #expect(try await house.accounts.authenticate(long) == nil)
        }
    }

    @Test func `making one takes a fresh password and a session, and only its hash is kept`() async throws {
        try await House.open { house in
            let me = try await house.visitor("chenjing")
            let (key, _) = try await house.accounts.makeKey(me, name: "程序", scopes: ["admin"])
            let program = try #require(try await house.accounts.authenticate(key))
            await #expect(throws: Refusal.self) { try await house.accounts.makeKey(program, name: "另一个", scopes: ["read"]) }
            house.time.pass(601)
            await #expect(throws: Refusal.self) { try await house.accounts.makeKey(me, name: "晚了", scopes: ["read"]) }
            let stored = try await house.store.read { try $0.fetch(Query(APIToken.self, limit: 10)).map { Record<APIToken>($0).tokenHash } }
            #expect(stored == [Token.hash(key)])
            await #expect(throws: Problems.self) {
                try await house.accounts.makeKey(try await house.visitor("liwei"), name: "", scopes: ["fly"], days: 0)
            }
        }
    }
}
