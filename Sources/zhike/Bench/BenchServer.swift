import Foundation
import Records

/// This program as a server of its own, so that its processor time and memory are not the bench's.
final class BenchServer {
    /// The environment's word by which a server tells what the database did, and the header that tells it: statements, rows, steps.
    static let tellWork = "ZHIKE_BENCH_TELLS_WORK", workHeader = "X-Zhike-Work"

    let process = Process()
    private(set) var port = 0
    /// Seconds from starting the process to the first answer.
    private(set) var startSeconds = 0.0

    init(_ settings: Settings) throws {
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments =
            ["serve", "--data", settings.data, "--host", "127.0.0.1", "--port", "0"] + (settings.database.map { ["--database", $0] } ?? [])
        process.environment = ProcessInfo.processInfo.environment.merging([BenchServer.tellWork: "1"]) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        let began = ContinuousClock.now
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let piece = output.fileHandleForReading.availableData
            guard !piece.isEmpty else { throw CommandFailure(message: say("服务没有启动", "The server did not start")) }
            text += String(decoding: piece, as: UTF8.self)
        }
        guard let number = text.split(separator: "\n").first?.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw CommandFailure(message: say("服务没有启动：\(text)", "The server did not start: \(text)"))
        }
        port = number
        guard try BenchClient(port: number).ask(BenchRequest.make("GET", "/healthz", token: "")).status == 200 else {
            throw CommandFailure(message: say("服务没有就绪", "The server is not ready"))
        }
        startSeconds = (ContinuousClock.now - began) / .seconds(1)
    }

    var facts: ProcessFacts? { ProcessFacts(of: process.processIdentifier) }

    func logIn(_ username: String) throws -> String {
        let body = Plain.object(["username": .text(username), "password": .text(BenchData.password)]).jsonText
        let answer = try BenchClient(port: port).ask(BenchRequest.make("POST", "/api/v1/login", token: "", json: body))
        guard answer.status == 200, let token = Plain(jsonText: String(decoding: answer.body, as: UTF8.self))?.object?["token"]?.text else {
            throw CommandFailure(
                message: say(
                    "无法以 \(username) 登录：\(answer.status)。数据文件夹里的不是 bench 的数据？",
                    "Cannot log in as \(username): \(answer.status). Is the data in this folder the data of bench?"))
        }
        return token
    }

    func get(_ path: String, _ token: String) throws -> [String: Plain] {
        let answer = try BenchClient(port: port).ask(BenchRequest.make("GET", path, token: token))
        guard answer.status == 200 else { throw CommandFailure(message: "\(path)：\(answer.status)") }
        return Plain(jsonText: String(decoding: answer.body, as: UTF8.self))?.object ?? [:]
    }

    /// Seconds that an orderly stop took.
    func stop() -> Double {
        let began = ContinuousClock.now
        process.terminate()
        process.waitUntilExit()
        return (ContinuousClock.now - began) / .seconds(1)
    }
}
