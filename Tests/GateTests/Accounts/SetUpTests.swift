import Records
import Testing

@testable import Gate

@Suite struct SetUpTests {
    @Test(arguments: Engine.available) func `an empty database is set up once, with the link's secret`(_ engine: Engine) async throws {
        try await House.open(engine, staffed: false) { house in
            let accounts = house.accounts
            #expect(try await accounts.isFresh())
            let token = try await accounts.makeSetUpToken()
            #expect(try await accounts.isSetUpToken(token))
            #expect(try await !accounts.isSetUpToken(Token.fresh(Token.setUp)))
            await #expect(throws: Refusal.self) {
                try await accounts.setUp(token: "zi_wrong", company: "瑞达汽车", username: "boss", name: "老板", password: House.password)
            }
            let wrong = await #expect(throws: Problems.self) {
                try await accounts.setUp(token: token, company: " ", username: "", name: "", password: "瑞达")
            }
            #expect(Set(wrong?.all.compactMap(\.field) ?? []) == ["company", "username", "name", "password"])
            try await accounts.setUp(token: token, company: "瑞达汽车", username: "Boss", name: "老板", password: House.password)
            #expect(try await !accounts.isFresh())
            _ = try await house.grant("boss")
            #expect(try await accounts.chart().departments.values.map(\.name) == ["瑞达汽车"])
            await #expect(throws: Refusal.self) {
                try await accounts.setUp(token: token, company: "别家", username: "thief", name: "贼", password: House.password)
            }
            #expect(try await !accounts.isSetUpToken(token))
        }
    }

    @Test func `the link lives for a day`() async throws {
        try await House.open(staffed: false) { house in
            let token = try await house.accounts.makeSetUpToken()
            house.time.pass(86_400)
            #expect(try await !house.accounts.isSetUpToken(token))
        }
    }

    @Test func `the secret is not in the database`() async throws {
        try await House.open(staffed: false) { house in
            let token = try await house.accounts.makeSetUpToken()
            let notes = try await house.store.read { try $0.fetch(Query(Secret.self, limit: 10)).map { Record<Secret>($0).value } }
            #expect(notes.count == 1 && !notes[0].contains(token))
        }
    }

    @Test(arguments: Engine.available) func `seeds come once, and what the company changed in a built-in role stays`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            #expect(try await house.store.read { try $0.count(Query(Make.self), cap: 10) } == 1)
            let admin = try await house.actor("admin")
            let role = try #require(try await house.accounts.chart().roles.values.first { $0.code == "sales_consultant" }).id
            try await house.accounts.updateRole(
                role, ["permissions": ["repair_jobs": ["read": "department"], "makes": ["read": "all"]]], as: admin)
            let hr = try #require(try await house.accounts.chart().roles.values.first { $0.code == "hr" }).id
            try await house.accounts.updateUser(house["hr"], ["roles": []], as: admin)
            try await house.accounts.deleteRole(hr, as: admin)
            try await house.accounts.prepare()
            #expect(try await house.store.read { try $0.count(Query(Make.self), cap: 10) } == 1)
            #expect(try await house.accounts.chart().roles.values.contains { $0.code == "hr" } == false)

            let upgraded = House(house.store, capabilities: [Garage.self, Fleet.self], secrets: house.gate.secrets)
            upgraded.time.now = house.time.now
            try await upgraded.accounts.prepare()
            let rights = try #require(try await upgraded.accounts.chart().roles[role]).rights
            #expect(rights.scope("repair_jobs", "read") == .department)
            #expect(rights.scope("makes", "create") == .all)
        }
    }

    @Test func `the command line adds a user to an empty database`() async throws {
        try await House.open(staffed: false) { house in
            try await house.accounts.addUser(username: "root", roles: ["admin"], password: House.password)
            let grant = try await house.grant("root")
            #expect(try await house.accounts.authenticate(grant.token)?.actor.rights.isAdmin == true)
            await #expect(throws: Problems.self) {
                try await house.accounts.addUser(username: "x", roles: ["wizard"], password: House.password)
            }
            try await house.accounts.setPassword(of: "ROOT", to: "correct horse battery")
            #expect(try await house.accounts.authenticate(grant.token) == nil)
            _ = try await house.grant("root", "correct horse battery")
        }
    }
}
