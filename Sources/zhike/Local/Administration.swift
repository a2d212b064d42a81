import Foundation
import Gate
import Records

/// What an administrator at the machine asks for: by a command that opens the data itself, or by the server that has it open.
struct Administration: Sendable {
    typealias Task = @Sendable (Installation, [String: Plain]) async throws -> Plain
    let installation: Installation

    private static let tasks: [String: Task] = [
        "user.add": Users.add, "user.password": Users.setPassword, "user.list": Users.list, "user.status": Users.setStatus,
        "user.roles": Users.roles,
        "token.create": Tokens.create, "token.list": Tokens.list, "token.revoke": Tokens.revoke,
        "pack.list": PackTasks.list, "pack.switch": PackTasks.turn,
        "backup": { try await BackupFile.make(of: $0, $1) }, "verify": { installation, _ in try await Verification.run(installation) },
        "doctor": { installation, _ in try await Doctor.database(of: installation) },
    ]

    func perform(_ task: String, _ given: [String: Plain]) async throws -> Plain {
        guard let task = Administration.tasks[task] else {
            throw CommandFailure(
                message: say(
                    "运行中的服务不认识这个命令，它可能是旧版本。请重启服务。", "The running server does not know this command; it may be an older version. Restart it."
                ))
        }
        return try await task(installation, given)
    }
}

extension StoreOptions {
    /// Performs a task on the data: through the server that has it open, or by opening it.
    func perform(_ task: String, _ given: [String: Plain] = [:]) async throws -> [String: Plain] {
        let settings = try Settings(self)
        if settings.database == nil, let server = Server.running(on: settings.data) { return try await server.perform(task, given) }
        let installation = try await Installation.open(settings)
        defer { installation.close() }
        return try await Administration(installation: installation).perform(task, given).object ?? [:]
    }
}

extension Server {
    func perform(_ task: String, _ given: [String: Plain]) async throws -> [String: Plain] {
        let answer = try await post("/local/\(task)", given, timeout: 3600)
        if let message = answer["failed"]?.text { throw CommandFailure(message: message) }
        return answer
    }
}

extension [String: Plain] {
    func text(_ name: String) throws -> String {
        guard let text = self[name]?.text else { throw CommandFailure(message: say("缺少 \(name)", "\(name) is missing")) }
        return text
    }

    func texts(_ name: String) -> [String] { self[name]?.list?.compactMap(\.text) ?? [] }
}
