import Records

extension Accounts {
    /// What the user's authenticator app needs.
    public struct Enrolment: Sendable {
        /// For typing, in groups of four.
        public var secret: String
        /// For the QR code.
        public var uri: String
    }

    /// Begins setting up the second step: a new secret, which counts once a code has proved that the app has it.
    public func beginTOTP(_ visitor: Authenticated) async throws -> Enrolment {
        try needsProof(visitor)
        let bytes = Token.bytes(20), user = visitor.userID
        let text = Base32.text(of: bytes)
        let chart = try await chart()
        try await gate.write(as: own(visitor, chart)) { tx in
            try tx.setCredential(of: user) { $0.totpPending = tx.secrets.seal(text, field: "totp.\(user)") }
        }
        let uri = TOTP.uri(
            secret: bytes, account: chart.members[user]?.username ?? "", issuer: companyName(chart).map { "知客 \($0)" } ?? "知客")
        let groups = stride(from: 0, to: text.count, by: 4).map { text.dropFirst($0).prefix(4) }.joined(separator: " ")
        return Enrolment(secret: groups, uri: uri)
    }

    /// Turns the second step on; returns ten recovery codes, seen only here. Other sessions end, this one gets a new token.
    public func confirmTOTP(_ visitor: Authenticated, code: String) async throws -> (grant: Grant, recoveryCodes: [String]) {
        try needsProof(visitor)
        let codes = RecoveryCodes.fresh(), user = visitor.userID, session = visitor.sessionID
        let code = code.trimmed
        try await gate.write(as: own(visitor, try await chart())) { tx in
            guard var credential = try tx.credential(of: user), let sealed = credential.totpPending,
                let secret = tx.secrets.open(sealed, field: "totp.\(user)").flatMap(Base32.bytes(of:))
            else { throw Refusal.conflict("请先重新开始设置两步验证。") }
            guard let step = TOTP.step(of: code, secret: secret, at: tx.now, after: nil) else {
                throw Problems([Problem("code", code: "wrong_code", "验证码不正确，请查看验证器中最新的 6 位数字；如仍不对，请检查手机时间")])
            }
            credential.totpSecret = sealed
            credential.totpPending = nil
            credential.totpStep = Int(step)
            credential.recoveryCodes = codes.map { RecoveryCodes.digest($0, of: user, tx.secrets) }.joined(separator: ",")
            try tx.setCredential(of: user) { $0 = credential }
            try tx.endSessions(of: user, except: session)
            try tx.record("totp_on", entity: User.name, id: user)
        }
        tickets.expire(user: user)
        return (try await renew(visitor), codes)
    }

    /// Turns the second step off; refused where a role demands it.
    public func disableTOTP(_ visitor: Authenticated, code: String) async throws -> Grant {
        try needsProof(visitor)
        guard try await !chart().needsTOTP(visitor.userID) else { throw Refusal.forbidden("您的角色必须启用两步验证，不能关闭。更换手机请先重新设置。") }
        try await spend(code.trimmed, visitor) { credential in
            credential.totpSecret = nil
            credential.totpStep = nil
            credential.recoveryCodes = nil
        } recording: {
            "totp_off"
        }
        return try await renew(visitor)
    }

    /// Ten new recovery codes; the old ones are worth nothing.
    public func renewRecoveryCodes(_ visitor: Authenticated, code: String) async throws -> [String] {
        try needsProof(visitor)
        let codes = RecoveryCodes.fresh(), user = visitor.userID, secrets = gate.secrets
        try await spend(code.trimmed, visitor) { credential in
            credential.recoveryCodes = codes.map { RecoveryCodes.digest($0, of: user, secrets) }.joined(separator: ",")
        } recording: {
            "recovery_codes"
        }
        return codes
    }

    /// How many recovery codes are left.
    public func recoveryCodesLeft(_ user: Int64) async throws -> Int {
        let catalog = gate.catalog
        return try await gate.store.read { try Credential.of(user, $0, catalog)?.recoveryCodes?.split(separator: ",").count ?? 0 }
    }

    /// For somebody who lost phone and recovery codes. Ends the user's sessions; where a role demands the second step it must be set up at
    /// the next log-in.
    public func resetTOTP(of user: Int64, as actor: Actor) async throws {
        try await gate.write(as: actor) { tx in
            guard user != actor.userID else { throw Refusal.conflict("关闭自己的两步验证请到“个人设置”。") }
            try tx.mayManage(user)
            try tx.setCredential(of: user) {
                $0.totpSecret = nil
                $0.totpPending = nil
                $0.totpStep = nil
                $0.recoveryCodes = nil
            }
            try tx.endSessions(of: user)
            try tx.record("totp_reset", entity: User.name, id: user)
        }
        tickets.expire(user: user)
    }

    // MARK: -

    /// Before anything dangerous the password must have been typed within ten minutes.
    func needsProof(_ visitor: Authenticated) throws {
        guard visitor.actor.previewedBy == nil else { throw Refusal.forbidden("预览其他用户时只能查看，不能修改。请先退出预览。") }
        guard visitor.hasProved(at: gate.clock.now()) else { throw Refusal.forbidden(Accounts.proveText) }
    }

    public static let proveText = "为确认是您本人，请先重新输入密码。"

    /// Uses up a code and changes the credential in one transaction. Wrong codes count like wrong passwords.
    private func spend(
        _ code: String, _ visitor: Authenticated, _ change: @escaping @Sendable (inout Record<Credential>) -> Void,
        recording verb: @escaping @Sendable () -> String
    ) async throws {
        let user = visitor.userID, chart = try await chart(), name = chart.members[user]?.username ?? ""
        let number: Int
        switch throttle.begin(
            account: name, address: visitor.actor.address, isKnownAddress: true, past: Throttle.Past(), chart.settings.limits,
            at: gate.clock.now())
        {
        case .wait(let seconds): throw Refusal.tooMany(Accounts.throttledText, retryAfter: seconds)
        case .go(let given): number = given
        }
        try await gate.write(as: own(visitor, chart)) { tx in
            guard var credential = try tx.credential(of: user), try tx.useCode(code, of: &credential) else {
                throw Problems([Problem("code", code: "wrong_code", "验证码不正确或已用过，请等待下一个验证码再试")])
            }
            change(&credential)
            let changed = credential
            try tx.setCredential(of: user) { $0 = changed }
            try tx.record(verb(), entity: User.name, id: user)
        }
        throttle.takeBack(number, account: name, address: visitor.actor.address, loggedIn: false)
        tickets.expire(user: user)
    }
}
