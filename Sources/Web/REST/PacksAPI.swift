import Gate
import Hummingbird
import Records

/// What is switched on of the product, for those with the right over the system: a key that reads may look, only one that may do all that its
/// user may switches.
struct PacksAPI {
    let gate: Gate

    func add(to router: RouterGroup<WebContext>) {
        router.get("packs", use: list)
        router.post("packs/{name}/on", use: turnOn)
        router.post("packs/{name}/off", use: turnOff)
    }

    /// `{"items": [{"name": "automotive", "label": "汽车", "about": "…", "on": true, "needs": ["service"], "entities": ["vehicles"]}]}`
    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try QueryItems(parsing: request.uri.query).allowOnly([])
        let language = context.language
        let states = try await gate.read(as: try context.actor()) { try $0.packs().map { $0.plain(in: language) } }
        return .json(Array(Plain.object(["items": .list(states)]).jsonText.utf8))
    }

    @Sendable func turnOn(_ request: Request, _ context: WebContext) async throws -> Response { try await turn(true, request, context) }
    @Sendable func turnOff(_ request: Request, _ context: WebContext) async throws -> Response { try await turn(false, request, context) }

    /// Answers with the pack as it is now.
    private func turn(_ on: Bool, _ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), language = context.language
        _ = try await request.object(allowsEmpty: true).members.only()
        guard let name = context.parameters.get("name") else { throw Refusal.notFound }
        do { try await gate.switchPack(name, on: on, as: actor) } catch Refusal.notFound {
            throw HTTPAnswer.absent("没有名为「\(name.prefix(60))」的功能包")
        }
        let state = try await gate.read(as: actor) { try $0.packs().first { $0.pack.name == name }?.plain(in: language) }
        return .json(Array((state ?? .null).jsonText.utf8))
    }
}
