import Gate
import Records

/// API keys, as the command line makes and takes them away.
enum Tokens {
    static func create(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let (key, info) = try await installation.accounts.makeKey(
            username: try given.text("username"), name: try given.text("name"), scopes: given.texts("scopes"),
            days: given["days"]?.int.map { Int($0) }
        )
        return ["key": .text(key), "token": plain(info, of: try given.text("username"))]
    }

    static func list(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let gate = installation.gate
        let users: [Row] =
            if let username = given["username"]?.text { [try await Users.find(username, gate)] } else {
                try await gate.read(as: Users.actor) { try Users.all($0) }
            }
        var tokens: [Plain] = []
        for user in users {
            tokens += try await installation.accounts.keys(of: user.id, as: Users.actor).map { plain($0, of: user["username"].text ?? "") }
        }
        return ["tokens": .list(tokens)]
    }

    static func revoke(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        guard let id = given["id"]?.int else {
            throw CommandFailure(message: say("请给出令牌的编号（zhike token list）", "Give the token's number (zhike token list)"))
        }
        do { try await installation.accounts.revokeKey(id, as: Users.actor) } catch Refusal.notFound {
            throw CommandFailure(message: say("没有编号为 \(id) 的令牌。用 zhike token list 查看。", "There is no token \(id). See zhike token list."))
        }
        return [:]
    }

    private static func plain(_ info: Accounts.KeyInfo, of username: String) -> Plain {
        [
            "id": .int(info.id), "user": .text(username), "name": .text(info.name), "hint": .text(info.hint),
            "scopes": .list(info.scopes.map(Plain.text)),
            "created_at": .text(info.createdAt.rfc3339), "expires_at": info.expiresAt.map { .text($0.rfc3339) } ?? .null,
            "used_at": info.usedAt.map { .text($0.rfc3339) } ?? .null,
        ]
    }
}
