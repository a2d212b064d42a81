import Gate
import Records

/// People who log in, as the command line knows them: by their log-in names.
enum Users {
    static let actor = Actor.system(via: "cli")

    static func add(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let username = try given.text("username")
        try await installation.accounts.addUser(
            username: username, name: given["name"]?.text, roles: given.texts("roles"), password: try given.text("password"),
            department: given["department"]?.text, company: given["company"]?.text
        )
        return ["username": .text(username)]
    }

    static func setPassword(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        try await installation.accounts.setPassword(of: try given.text("username"), to: try given.text("password"))
        return [:]
    }

    static func setStatus(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let user = try await find(try given.text("username"), installation.gate)
        try await installation.accounts.updateUser(user.id, ["status": .text(try given.text("status"))], as: actor)
        return [:]
    }

    /// Sets the roles when some are given; tells those that there are then.
    static func roles(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let user = try await find(try given.text("username"), installation.gate)
        if given["roles"] != nil {
            try await installation.accounts.updateUser(user.id, ["roles": .list(given.texts("roles").map(Plain.text))], as: actor)
        }
        let (schema, id) = (user.schema, user.id)
        let held = try await installation.gate.read(as: actor) { view in
            let row = try view.page(ListRequest(schema, where: .ids([id]), limit: 1, withLinks: true)).rows.first
            let known = try roles(view)
            return row.map { codes(of: $0, known) } ?? []
        }
        return ["roles": .list(held.map(Plain.text))]
    }

    static func list(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let users = try await installation.gate.read(as: actor) { view in
            let known = try roles(view)
            return try all(view).map { row -> Plain in
                [
                    "username": .text(row["username"].text ?? ""), "name": .text(row.title), "status": .text(row["status"].text ?? ""),
                    "roles": .list(codes(of: row, known).map(Plain.text)),
                ]
            }
        }
        return ["users": .list(users)]
    }

    static func find(_ username: String, _ gate: Gate) async throws -> Row {
        let wanted = Username.normalised(username)
        let found = try await gate.read(as: actor) { view in
            try view.page(ListRequest(view.catalog.schema(User.self), where: \User.username == wanted, limit: 1)).rows.first
        }
        guard let found else {
            throw CommandFailure(
                message: say("没有登录名为 \(username) 的用户。用 zhike user list 查看全部用户。", "There is no user \(username). See zhike user list."))
        }
        return found
    }

    static func all(_ view: View) throws -> [Row] {
        var rows: [Row] = [], request = ListRequest(view.catalog.schema(User.self), sort: [Query.Sort("id")], limit: 500, withLinks: true)
        while true {
            let page = try view.page(request)
            rows += page.rows
            guard let next = page.next else { return rows }
            request.cursor = next
        }
    }

    /// Codes of the roles by number.
    private static func roles(_ view: View) throws -> [Int64: String] {
        let rows = try view.page(ListRequest(view.catalog.schema(Role.self), limit: 500)).rows
        return Dictionary(rows.map { ($0.id, $0["code"].text ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    private static func codes(of user: Row, _ roles: [Int64: String]) -> [String] {
        (user["roles"].list ?? []).compactMap { LinksKind.id(of: $0).flatMap { roles[$0] } }.sorted()
    }
}
