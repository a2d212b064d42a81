import Formats
import Gate
import Hummingbird
import Records

/// Users, roles and departments: like every entity to read, but written through ``Accounts``, which takes passwords, role codes and rights
/// and keeps anybody from giving away more than they have.
struct OrganisationAPI {
    let gate: Gate
    let accounts: Accounts

    func add(to router: RouterGroup<WebContext>) {
        router.post("users", use: createUser)
        router.patch("users/{id}", use: updateUser)
        router.delete("users/{id}", use: deleteUser)
        router.post("roles", use: createRole)
        router.patch("roles/{id}", use: updateRole)
        router.delete("roles/{id}", use: deleteRole)
        router.post("departments", use: createDepartment)
        router.patch("departments/{id}", use: updateDepartment)
        router.delete("departments/{id}", use: deleteDepartment)
    }

    @Sendable func createUser(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), input = try await request.object().members
        let made = try await accounts.createUser(input, as: actor)
        return try await answer(made.row, as: actor, created: true)
    }

    @Sendable func updateUser(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), input = try await request.object().members, id = try context.recordID()
        return try await answer(try await accounts.updateUser(id, input, as: actor, ifVersion: try request.version()), as: actor)
    }

    @Sendable func deleteUser(_ request: Request, _ context: WebContext) async throws -> Response {
        try await accounts.deleteUser(try context.recordID(), as: try context.actor())
        return Response(status: .noContent)
    }

    @Sendable func createRole(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), input = try await request.object().members
        return try await answer(try await accounts.createRole(input, as: actor), as: actor, created: true)
    }

    @Sendable func updateRole(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), input = try await request.object().members, id = try context.recordID()
        return try await answer(try await accounts.updateRole(id, input, as: actor, ifVersion: try request.version()), as: actor)
    }

    @Sendable func deleteRole(_ request: Request, _ context: WebContext) async throws -> Response {
        try await accounts.deleteRole(try context.recordID(), as: try context.actor())
        return Response(status: .noContent)
    }

    @Sendable func createDepartment(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), input = try await request.object().members
        return try await answer(try await accounts.createDepartment(input, as: actor), as: actor, created: true)
    }

    @Sendable func updateDepartment(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), input = try await request.object().members, id = try context.recordID()
        return try await answer(try await accounts.updateDepartment(id, input, as: actor, ifVersion: try request.version()), as: actor)
    }

    @Sendable func deleteDepartment(_ request: Request, _ context: WebContext) async throws -> Response {
        try await accounts.deleteDepartment(try context.recordID(), as: try context.actor())
        return Response(status: .noContent)
    }

    /// The record as it is now, with its many-to-many links.
    private func answer(_ row: Row, as actor: Actor, created: Bool = false) async throws -> Response {
        let (bytes, tag) = try await gate.read(as: actor) { view in
            let fresh = try view.record(row.schema, id: row.id)
            return (try view.json(fresh), fresh.tag)
        }
        var response = Response.json(bytes, status: created ? .created : .ok)
        response.headers[.eTag] = tag
        if created { response.headers[.location] = "/api/v1/\(row.schema.name)/\(row.id)" }
        return response
    }
}
