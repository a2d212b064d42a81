import Records
import TestSupport
import Testing

@testable import Gate

/// Coming, going and guessing at passwords while nothing can be written.
@Suite struct KeptSessionsTests {
    private func open(_ engine: Engine = .sqlite, _ body: (House, FullDisk) async throws -> Void) async throws {
        try await House.open(engine) { house in
            let disk = FullDisk(house.store)
            let full = House(
                disk, freshness: .milliseconds(1), people: Dictionary(uniqueKeysWithValues: House.names.map { ($0, house[$0]) }))
            full.time.now = house.time.now
            try await body(full, disk)
        }
    }

    private func settled(_ house: House) async throws { try await eventually("all is written") { house.gate.backlog.count == 0 } }

    private func stored(_ house: House) async throws -> [String] {
        try await house.store.read { try $0.fetch(Query(Session.self, limit: 100)).map { Record<Session>($0).tokenHash } }
    }

    @Test(arguments: Engine.available) func `a session begins in memory and is written when there is room`(_ engine: Engine) async throws {
        try await open(engine) { house, disk in
            disk.fill()
            let grant = try await house.grant("liwei")
            let visitor = try #require(try await house.accounts.authenticate(grant.token))
            #expect(visitor.userID == house["liwei"] && visitor.csrf == grant.csrf && visitor.actor.rights != Rights())
            #expect(try await stored(house).isEmpty)
            #expect(try await house.outcomes().isEmpty)
            disk.empty()
            try await settled(house)
            #expect(try await stored(house) == [Token.hash(grant.token)])
            #expect(house.accounts.kept.find(Token.hash(grant.token)) == nil)
            let after = try #require(try await house.accounts.authenticate(grant.token))
            #expect((after.sessionID ?? 0) > 0 && after.csrf == grant.csrf)
            #expect(try await house.neighbour(freshness: .seconds(2)).accounts.authenticate(grant.token) != nil)
            #expect(try await house.outcomes() == ["ok"])
            let line = try #require(try await logged(house, "login").last)
            #expect(line.user?.id == house["liwei"] && line.reason?.contains("磁盘空间不足") == true)
        }
    }

    private func logged(_ house: House, _ action: String) async throws -> [Record<AuditEntry>] {
        try await house.store.read {
            try $0.fetch(Query(AuditEntry.self, where: \AuditEntry.action == action, sort: [Query.Sort("id")], limit: 100)).map(
                Record<AuditEntry>.init)
        }
    }

    @Test func `a session in memory ends by itself like any other`() async throws {
        try await open { house, disk in
            disk.fill()
            let grant = try await house.grant("liwei")
            house.time.pass(7 * 60 * 60)
            #expect(try await house.accounts.authenticate(grant.token) != nil)
            house.accounts.forgetEverything()
            house.time.pass(7 * 60 * 60)
            #expect(try await house.accounts.authenticate(grant.token) != nil, "it was in use seven hours ago")
            house.time.pass(9 * 60 * 60)
            #expect(try await house.accounts.authenticate(grant.token) == nil)
        }
    }

    @Test(arguments: Engine.available) func `who goes is gone at once, and for good`(_ engine: Engine) async throws {
        try await open(engine) { house, disk in
            let old = try await house.grant("liwei").token
            disk.fill()
            let new = try await house.grant("liwei").token
            for token in [old, new] {
                #expect(try await house.accounts.authenticate(token) != nil)
                try await house.accounts.logOut(token)
                #expect(try await house.accounts.authenticate(token) == nil)
                house.accounts.forgetEverything()
                #expect(try await house.accounts.authenticate(token) == nil)
            }
            #expect(try await stored(house) == [Token.hash(old)])
            disk.empty()
            try await settled(house)
            #expect(try await stored(house).isEmpty)
            #expect(!house.accounts.kept.hasEnded(Token.hash(old)))
            for token in [old, new] { #expect(try await house.accounts.authenticate(token) == nil) }
            #expect(try await logged(house, "logout").map { $0.recordID } == [house["liwei"], house["liwei"]].map { Int($0) })
        }
    }

    @Test func `guesses at passwords are counted, and the log has them later`() async throws {
        try await open { house, disk in
            disk.fill()
            for _ in 0..<5 {
                guard case .refused = try await house.logIn("liwei", "wrong") else { throw Missing("refused like always") }
            }
            guard case .throttled = try await house.logIn("liwei") else { throw Missing("the sixth must wait") }
            disk.empty()
            try await settled(house)
            #expect(try await house.outcomes() == ["wrong", "wrong", "wrong", "wrong", "wrong", "throttled"])
        }
    }

    @Test func `a code of the app works once, before and after there is room again`() async throws {
        try await open { house, disk in
            let (secret, recovery) = try await house.enrol("liwei")
            house.time.pass(60)
            let code = TOTP.code(secret, step: TOTP.step(at: house.time.now))
            disk.fill()
            _ = try await house.grant("liwei", code: code)
            guard case .refused = try await house.logIn("liwei", code: code) else { throw Missing("used already") }
            await #expect(throws: StoreError.self, "what cannot be used up lets nobody in") {
                try await house.logIn("liwei", code: recovery[0])
            }
            disk.empty()
            guard case .refused = try await house.logIn("liwei", code: code) else { throw Missing("used already") }
            try await settled(house)
            guard case .refused = try await house.neighbour(freshness: .seconds(2)).logIn("liwei", code: code) else {
                throw Missing("used already")
            }
        }
    }

    @Test func `a new password and an ending of all sessions reach those in memory`() async throws {
        try await open { house, disk in
            disk.fill()
            let mine = try await house.grant("liwei").token, other = try await house.grant("chenjing").token
            // The write that finds room first is the administrator's.
            let schema = house.gate.catalog.schema(Credential.self)
            try await FullDisk.$isSpared.withValue(true) {
                try await house.gate.write(as: .system()) { tx in
                    _ = try tx.writing.set(schema, ["password": "another"], where: .field("user_id", .eq, .int(house["liwei"])))
                    try tx.endSessions(of: house["chenjing"])
                }
            }
            house.accounts.forgetEverything()
            #expect(try await house.accounts.authenticate(mine) == nil)
            #expect(try await house.accounts.authenticate(other) == nil)
            disk.empty()
            try await settled(house)
            #expect(try await stored(house).isEmpty)
        }
    }

    @Test func `other faults stay loud`() async throws {
        try await open { house, disk in
            let token = try await house.grant("liwei").token
            for fault in [StoreError.unavailable("连接中断"), .lost("读写磁盘出错"), .failed("?")] {
                disk.fill(fault)
                await #expect(throws: (any Error).self) { try await house.logIn("liwei") }
                await #expect(throws: (any Error).self) { try await house.logIn("liwei", "wrong") }
                await #expect(throws: (any Error).self) { try await house.accounts.logOut(token) }
            }
            disk.empty()
            #expect(house.gate.backlog.count == 0)
            #expect(try await house.accounts.authenticate(token) != nil)
        }
    }

    @Test func `so many are kept and no more`() {
        let kept = KeptSessions(limit: 2)
        func begin() -> Int64? {
            let login = LogIn("liwei", "", via: .browser), now = Instant(milliseconds: 0)
            return kept.begin(Session.fresh(of: 1, login, (60, 60), at: now, startedAt: now).session, password: "")
        }
        #expect(begin() == -1 && begin() == -2 && begin() == nil)
        #expect(kept.bury("a", of: 1) && kept.bury("b", of: 1) && !kept.bury("c", of: 1))
    }
}
