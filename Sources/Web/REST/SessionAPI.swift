import Formats
import Gate
import Hummingbird
import Records

/// Log in, log out, who am I.
struct SessionAPI {
    let gate: Gate
    let accounts: Accounts

    func add(to router: RouterGroup<WebContext>) {
        router.post("login", use: logIn)
        router.post("logout", use: logOut)
        router.get("me", use: me)
    }

    @Sendable func logIn(_ request: Request, _ context: WebContext) async throws -> Response {
        let sent = try await request.object(limit: 16 << 10).members.only("username", "password", "code")
        let attempt = LogIn(
            try sent.text("username", "登录名"), try sent.text("password", "密码"), code: try sent.optionalText("code", "验证码"),
            address: context.address, agent: request.headers[.userAgent].map { String($0.prefix(200)) }, via: .api
        )
        switch try await accounts.logIn(attempt) {
        case .ok(let grant):
            let user = try await profile(of: grant)
            return .json(
                Array(
                    Plain.object([
                        "token": .text(grant.token), "expires_at": .text(grant.expiresAt.rfc3339), "user": user,
                        "must_change_password": .bool(grant.mustChangePassword), "must_enrol_totp": .bool(grant.mustEnrolTOTP),
                    ]).jsonText.utf8))
        case .needsCode:
            var failure = Failure(.unauthorized, "需要验证码", "请输入身份验证器中的 6 位验证码。")
            failure.problems = [Problem("code", code: "code_required", "请输入身份验证器中的 6 位验证码")]
            return failure.problemDetails(requestID: context.requestID)
        case .refused:
            return Failure(.unauthorized, "登录失败", Accounts.refusedText).problemDetails(requestID: context.requestID)
        case .throttled(let seconds):
            throw Refusal.tooMany("登录尝试过多，请 \(max(1, seconds / 60)) 分钟后再试。", retryAfter: seconds)
        }
    }

    private func profile(of grant: Grant) async throws -> Plain {
        guard let login = try await accounts.authenticate(grant.token) else { throw HTTPAnswer.notLoggedIn }
        return try await describe(login)
    }

    @Sendable func logOut(_ request: Request, _ context: WebContext) async throws -> Response {
        guard context.login != nil else { throw HTTPAnswer.notLoggedIn }
        let bearer = request.headers[.authorization].flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
        if let token = bearer ?? SessionCookie.token(in: request) { try await accounts.logOut(token) }
        return Response(status: .noContent)
    }

    @Sendable func me(_ request: Request, _ context: WebContext) async throws -> Response {
        guard let login = context.login else { throw HTTPAnswer.notLoggedIn }
        return .json(Array(try await describe(login).jsonText.utf8))
    }

    /// Who it is and what they may do, entity by entity.
    private func describe(_ login: Authenticated) async throws -> Plain {
        let actor = login.actor
        return try await gate.read(as: actor) { view in
            let user = try view.userRow(actor.userID)
            var members: [String: Plain] = [
                "id": .int(actor.userID), "name": .text(actor.name), "username": .text(user?["username"].text ?? ""),
                "department_id": actor.departmentID.map(Plain.int) ?? .null, "language": .text(actor.language.rawValue),
            ]
            var rights: [String: Plain] = [:]
            for schema in view.catalog.schemas where schema.traits.isPublic {
                let scopes = ["read", "create", "update", "delete", "assign", "merge", "import", "export"].map {
                    ($0, Plain.text(actor.rights.scope(schema.name, $0).rawValue))
                }
                rights[schema.name] = .object(Dictionary(uniqueKeysWithValues: scopes))
            }
            members["permissions"] = .object(rights)
            members["system"] = .list(actor.rights.system.sorted().map(Plain.text))
            members["is_admin"] = .bool(actor.rights.isAdmin)
            return .object(members)
        }
    }
}
