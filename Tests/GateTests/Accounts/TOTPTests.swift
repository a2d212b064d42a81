import Records
import Testing

@testable import Gate

@Suite struct TOTPTests {
    /// RFC 6238, appendix B, SHA-1.
    @Test(
        "the RFC's codes",
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)]) func vectors(_ second: Int64, _ code: String)
    {
        #expect(TOTP.code(Array("12345678901234567890".utf8), step: TOTP.step(at: Instant(milliseconds: second * 1000)), digits: 8) == code)
    }

    @Test("a neighbouring step is taken, one further away is not, a used one never again") func window() {
        let secret = Array("12345678901234567890".utf8), now = Instant(milliseconds: 1_111_111_111_000), step = TOTP.step(at: now)
        #expect(TOTP.step(of: TOTP.code(secret, step: step), secret: secret, at: now, after: nil) == step)
        #expect(TOTP.step(of: TOTP.code(secret, step: step - 1), secret: secret, at: now, after: nil) == step - 1)
        #expect(TOTP.step(of: TOTP.code(secret, step: step + 1), secret: secret, at: now, after: nil) == step + 1)
        #expect(TOTP.step(of: TOTP.code(secret, step: step - 2), secret: secret, at: now, after: nil) == nil)
        #expect(TOTP.step(of: TOTP.code(secret, step: step), secret: secret, at: now, after: step) == nil)
    }

    /// RFC 4648 §10.
    @Test(
        "base 32 there and back",
        arguments: [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")])
    func base32(_ plain: String, _ text: String) {
        #expect(Base32.text(of: Array(plain.utf8)) == text)
        #expect(Base32.bytes(of: text) == Array(plain.utf8))
    }

    @Test("base 64 for URLs", arguments: [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("\u{3ff}\u{3ff}", "z7_Pvw")])
    func base64(_ plain: String, _ text: String) { #expect(Token.text(of: Array(plain.utf8)) == text) }

    @Test(arguments: Engine.available) func `set up, asked for at log-in, and each code works once, after a restart too`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            let (secret, codes) = try await house.enrol("liwei")
            house.time.pass(60)
            guard case .needsCode = try await house.logIn("liwei") else { throw Missing("a code should be asked for") }
            let code = TOTP.code(secret, step: TOTP.step(at: house.time.now))
            _ = try await house.grant("liwei", code: code)
            guard case .refused = try await house.logIn("liwei", code: code) else { throw Missing("the same code must not work twice") }
            let restarted = house.neighbour(freshness: .seconds(2))
            guard case .refused = try await restarted.logIn("liwei", code: code) else { throw Missing("not after a restart either") }
            house.time.pass(30)
            _ = try await house.grant("liwei", code: TOTP.code(secret, step: TOTP.step(at: house.time.now)))
            _ = try await house.grant("liwei", code: codes[3].lowercased())
            guard case .refused = try await house.logIn("liwei", code: codes[3]) else { throw Missing("a recovery code works once") }
            #expect(try await house.accounts.recoveryCodesLeft(house["liwei"]) == 9)
            #expect(try await house.outcomes().contains("totp_wrong"))
        }
    }

    @Test(arguments: Engine.available) func `one code sent by many at the same moment lets one in`(_ engine: Engine) async throws {
        try await House.open(engine) { house in
            let (secret, _) = try await house.enrol("liwei")
            house.time.pass(60)
            let code = TOTP.code(secret, step: TOTP.step(at: house.time.now))
            let let_in = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<4 { group.addTask { if case .ok = try await house.logIn("liwei", code: code) { true } else { false } } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(let_in == 1)
        }
    }

    @Test func `secret and recovery codes are not in the database in clear`() async throws {
        try await House.open { house in
            let (secret, codes) = try await house.enrol("liwei")
            let credential = try #require(try await house.store.read { try Credential.of(house["liwei"], $0, house.gate.catalog) })
            #expect(credential.totpSecret?.contains(Base32.text(of: secret)) == false)
            #expect(credential.recoveryCodes?.contains(codes[0]) == false)
        }
    }

    @Test func `a role can demand the second step: until it is set up nothing can be done`() async throws {
        try await House.open { house in
            let role = try #require(try await house.accounts.chart().roles.values.first { $0.code == "supervisor" })
            try await house.accounts.updateRole(role.id, ["needs_totp": true], as: .system())
            let grant = try await house.grant("liwei")
            #expect(grant.mustEnrolTOTP)
            let visitor = try #require(try await house.accounts.authenticate(grant.token))
            #expect(visitor.mustEnrolTOTP && visitor.actor.rights == Rights())
            let (_, _) = try await house.enrol("liwei")
            let after = try await house.accounts.chart()
            #expect(after.needsTOTP(house["liwei"]))
        }
    }

    @Test func `setting it up takes a fresh password`() async throws {
        try await House.open { house in
            let visitor = try await house.visitor("liwei")
            house.time.pass(601)
            await #expect(throws: Refusal.self) { try await house.accounts.beginTOTP(visitor) }
            let grant = try await house.accounts.reauthenticate(visitor, password: House.password)
            let again = try #require(try await house.accounts.authenticate(grant.token))
            #expect(try await house.accounts.beginTOTP(again).uri.hasPrefix("otpauth://totp/"))
        }
    }

    @Test func `an administrator's reset takes the second step away and ends the sessions`() async throws {
        try await House.open { house in
            let (_, _) = try await house.enrol("liwei")
            try await house.accounts.resetTOTP(of: house["liwei"], as: try await house.actor("admin"))
            _ = try await house.grant("liwei")
            #expect(try await house.audited().contains("totp_reset"))
        }
    }
}

extension House {
    /// Sets up the second step as the user would.
    func enrol(_ name: String) async throws -> (secret: [UInt8], codes: [String]) {
        let visitor = try await visitor(name)
        let enrolment = try await accounts.beginTOTP(visitor)
        let secret = try #require(Base32.bytes(of: enrolment.secret))
        let step = TOTP.step(at: time.now)
        await #expect(throws: Problems.self) {
            try await accounts.confirmTOTP(visitor, code: "000000" == TOTP.code(secret, step: step) ? "000001" : "000000")
        }
        let (_, codes) = try await accounts.confirmTOTP(visitor, code: TOTP.code(secret, step: step))
        #expect(codes.count == 10 && Set(codes).count == 10)
        return (secret, codes)
    }
}
