import Formats
import Gate
import Hummingbird
import NIOCore
import Records
import Web

/// `POST /local/{task}`: what `zhike user`, `token`, `backup` … ask of the server that has their data folder open. Only whoever can read
/// that folder knows the secret.
struct LocalRoutes {
    let administration: Administration

    func add(to router: Router<WebContext>) { router.post("local/{task}", use: perform) }

    @Sendable private func perform(_ request: Request, _ context: WebContext) async throws -> Response {
        // Like any address that does not exist, for everybody else.
        guard context.local != nil, let task = context.parameters.get("task") else { throw Refusal.notFound }
        let body = try await request.body.collect(upTo: 1 << 20)
        let given = Plain(jsonText: String(buffer: body))?.object ?? [:]
        let answer: Plain
        do {
            answer = try await administration.perform(task, given)
        } catch {
            let end = Exit(error)
            answer = ["failed": .text(end.message), "code": .int(Int64(end.code))]
        }
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: answer.jsonText)))
    }
}
