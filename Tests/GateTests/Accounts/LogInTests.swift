import Records
import Testing

@testable import Gate

@Suite struct LogInTests {
    @Test(arguments: Engine.available) func `the right password opens a session, whatever the name's letters`(_ engine: Engine) async throws
    {
        try await House.open(engine) { house in
            let grant = try await house.grant(" LiWei ")
            let visitor = try #require(try await house.accounts.authenticate(grant.token, address: "10.0.0.9"))
            #expect(
                visitor.actor.userID == house["liwei"] && visitor.actor.name == "李伟" && visitor.actor.via == "web"
                    && visitor.actor.address == "10.0.0.9")
            #expect(visitor.csrf == grant.csrf && !grant.csrf.isEmpty && grant.token.utf8.count == 46)
            #expect(!grant.mustChangePassword)
            #expect(try await house.outcomes() == ["ok"])
            #expect(try await house.audited().contains("login"))
        }
    }

    @Test func `the token is not in the database`() async throws {
        try await House.open { house in
            let grant = try await house.grant("liwei")
            let stored = try await house.store.read { try $0.fetch(Query(Session.self, limit: 10)).map { Record<Session>($0).tokenHash } }
            #expect(stored == [Token.hash(grant.token)] && !stored.contains(grant.token))
        }
    }

    @Test func `unknown user, wrong password and disabled user get the same answer for the same work`() async throws {
        try await House.open { house in
            try await house.accounts.updateUser(house["chenjing"], ["status": "disabled"], as: .system())
            for (name, password) in [
                ("nobody", House.password), ("liwei", "wrong password"), ("chenjing", House.password), ("liwei", ""), ("", ""),
            ] {
                let before = house.accounts.desk.hashed
                guard case .refused = try await house.logIn(name, password) else { throw Missing("\(name) must be refused") }
                #expect(house.accounts.desk.hashed == before + 1)
            }
            #expect(try await house.outcomes() == ["wrong", "wrong", "disabled", "wrong", "wrong"])
        }
    }

    @Test func `a password typed into the name's field is not in the log`() async throws {
        try await House.open { house in
            _ = try await house.logIn("my secret passphrase", "x")
            let names = try await house.store.read {
                try $0.fetch(Query(LoginAttempt.self, limit: 10)).map { Record<LoginAttempt>($0).title }
            }
            #expect(names.count == 1 && names.allSatisfy { $0.hasPrefix("?") && !$0.contains("secret") })
        }
    }

    @Test(arguments: Engine.available) func `five failures in fifteen minutes, then the account waits, and not for ever`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            for _ in 0..<5 {
                guard case .refused = try await house.logIn("liwei", "wrong") else { throw Missing("refused, not throttled") }
                house.time.pass(60)
            }
            let before = house.accounts.desk.hashed
            guard case .throttled(let seconds) = try await house.logIn("liwei") else {
                throw Missing("the sixth must wait, even with the right password")
            }
            #expect(seconds == 600 && house.accounts.desk.hashed == before)
            let restarted = house.neighbour(freshness: .seconds(2))
            guard case .throttled = try await restarted.logIn("liwei", from: "10.0.0.2") else {
                throw Missing("another instance knows it too")
            }
            house.time.pass(601)
            _ = try await house.grant("liwei")
            #expect(try await house.outcomes().filter { $0 == "throttled" }.count == 2)
        }
    }

    @Test func `strangers' guesses do not lock a user out of their usual place`() async throws {
        try await House.open { house in
            _ = try await house.grant("liwei", from: "10.0.0.1")
            for index in 0..<8 { _ = try await house.logIn("liwei", "wrong", from: "203.0.113.\(index)") }
            guard case .throttled = try await house.logIn("liwei", from: "203.0.113.99") else { throw Missing("strangers wait") }
            _ = try await house.grant("liwei", from: "10.0.0.1")
        }
    }

    @Test func `twenty failures from one address, whatever the names, and a log-in in between does not help`() async throws {
        try await House.open { house in
            for index in 0..<10 { _ = try await house.logIn("nobody\(index)", "wrong") }
            _ = try await house.grant("sunqiang")
            for index in 10..<20 { _ = try await house.logIn("nobody\(index)", "wrong") }
            guard case .throttled = try await house.logIn("sunqiang") else { throw Missing("the address must wait") }
            _ = try await house.grant("sunqiang", from: "10.0.0.2")
        }
    }

    @Test func `many guesses at the same moment are counted before they are looked at`() async throws {
        try await House.open { house in
            let before = house.accounts.desk.hashed
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<40 { group.addTask { _ = try? await house.logIn("liwei", "wrong") } }
            }
            #expect(house.accounts.desk.hashed - before <= 5)
        }
    }

    @Test func `a success starts the account's count anew`() async throws {
        try await House.open { house in
            for _ in 0..<3 {
                for _ in 0..<4 { _ = try await house.logIn("liwei", "wrong") }
                house.time.pass(1)
                _ = try await house.grant("liwei")
                house.time.pass(1)
            }
        }
    }

    @Test func `a cheap hash is replaced at the next log-in`() async throws {
        try await House.open { house in
            let dear = Accounts(house.gate, cost: ScryptCost(logN: 5, r: 8, p: 1))
            guard case .ok = try await dear.logIn(LogIn("liwei", House.password, via: .api)) else {
                throw Missing("still the right password")
            }
            let stored = try await house.store.read { try Credential.of(house["liwei"], $0, house.gate.catalog)?.password }
            #expect(stored?.hasPrefix("scrypt$5$8$1$") == true)
            _ = try await house.grant("liwei")
        }
    }

    @Test func `an initial password dies when nobody comes to change it`() async throws {
        try await House.open { house in
            let initial = try await house.accounts.resetPassword(of: house["liwei"], as: try await house.actor("admin"))
            house.time.pass(14 * 86_400 + 1)
            guard case .refused = try await house.logIn("liwei", initial) else { throw Missing("it is too old") }
            #expect(try await house.outcomes() == ["expired"])
            let again = try await house.accounts.resetPassword(of: house["liwei"], as: try await house.actor("admin"))
            _ = try await house.grant("liwei", again)
        }
    }

    @Test func `the demo company's people get one password, others keep theirs`() async throws {
        try await House.open { house in
            try await house.gate.write(as: .system()) { tx in
                var user = Record<User>()
                (user.title, user.username, user.isDemo, user.status) = ("演示", "demo", true, .active)
                try tx.insert(user)
            }
            let password = try await house.accounts.openDemo()
            _ = try await house.grant("demo", password)
            _ = try await house.grant("liwei")
        }
    }

    @Test func `the memory of tries is bounded`() {
        let throttle = Throttle(), limits = Throttle.Limits(perAccount: 5, perAddress: 20, window: 900)
        for index in 0..<25_000 {
            _ = throttle.begin(
                account: "u\(index)", address: "a\(index)", isKnownAddress: false, past: Throttle.Past(), limits,
                at: Instant(milliseconds: Int64(index)))
        }
        #expect(throttle.size < 21_000)
    }
}
