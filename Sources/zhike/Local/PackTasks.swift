import Gate
import Records

/// What is switched on of the product, as the command line asks for it.
enum PackTasks {
    static func list(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let language = given["language"]?.text.flatMap(Language.init(rawValue:)) ?? .chinese
        let packs = try await installation.gate.read(as: Users.actor) { try $0.packs().map { $0.plain(in: language) } }
        return ["packs": .list(packs)]
    }

    /// Tells the names of those that changed: needed ones come on with it.
    static func turn(_ installation: Installation, _ given: [String: Plain]) async throws -> Plain {
        let name = try given.text("name"), on = given["on"]?.bool ?? true
        do {
            let switched = try await installation.gate.switchPack(name, on: on, as: Users.actor)
            return ["switched": .list(switched.map { .text($0.name) })]
        } catch Refusal.notFound {
            throw CommandFailure(
                message: say("没有名为 \(name) 的功能包。用 zhike pack list 查看全部。", "There is no pack \(name). See zhike pack list."))
        }
    }
}
