import Foundation
import FoundationNetworking
import Gate
import Records

/// A running server, spoken to over its REST interface.
struct Server: Sendable {
    let url: URL
    let token: String

    /// The server that has this data folder open; nil when none does.
    static func running(on folder: String) -> Server? {
        guard FolderLock.isHeld(in: folder), let note = ServerNote.read(in: folder), let url = URL(string: note.url) else { return nil }
        return Server(url: url, token: note.secret)
    }

    /// Uploads a sheet, waits for its job and returns what it did.
    func importSheet(_ file: String, _ plan: ImportPlan) async throws -> Plain {
        let boundary = "zhike-\(UInt64.random(in: .min ... .max))"
        let body = try multipart(file, plan, boundary)
        defer { try? FileManager.default.removeItem(at: body) }
        var request = request("POST", "/api/v1/\(plan.entity)/import")
        request.setValue("multipart/form-data; boundary=\(boundary)", forHTTPHeaderField: "Content-Type")
        request.timeoutInterval = 3600
        let started = try await send(request, file: body)
        guard let id = started["id"]?.int else { throw CommandFailure(message: say("服务没有返回任务编号", "The server named no job")) }
        return try await wait(for: id)
    }

    /// Asks for a job's state until it is over.
    private func wait(for id: Int64) async throws -> Plain {
        while true {
            let job = try await get("/api/v1/jobs/\(id)")
            switch job["status"]?.text {
            case "done": return job["result"] ?? .null
            case "failed", "cancelled": throw CommandFailure(message: job["error"]?.text ?? say("任务失败", "The job failed"))
            default:
                FileHandle.standardError.write(
                    Data(
                        say(
                            "\r\(job["done"]?.int ?? 0) / \(job["total"]?.int ?? 0) 行",
                            "\r\(job["done"]?.int ?? 0) / \(job["total"]?.int ?? 0) rows"
                        ).utf8))
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }

    func get(_ path: String) async throws -> [String: Plain] { try await send(request("GET", path), file: nil) }

    func post(_ path: String, _ members: [String: Plain], timeout: TimeInterval = 60) async throws -> [String: Plain] {
        var request = request("POST", path)
        request.timeoutInterval = timeout
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(Plain.object(members).jsonText.utf8)
        return try await send(request, file: nil)
    }

    /// Streams an answer into a file handle.
    func download(_ path: String, to output: FileHandle) async throws {
        let (file, response) = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<(URL, URLResponse), any Error>) in
            var request = request("GET", path)
            request.timeoutInterval = 3600
            URLSession.shared.downloadTask(with: request) { file, response, error in
                guard let file, let response else {
                    return continuation.resume(throwing: error ?? CommandFailure(message: say("没有回应", "No answer")))
                }
                let kept = FileManager.default.temporaryDirectory.appendingPathComponent("zhike-\(UInt64.random(in: .min ... .max))")
                do {
                    try FileManager.default.moveItem(at: file, to: kept)
                    continuation.resume(returning: (kept, response))
                } catch {
                    continuation.resume(throwing: error)
                }
            }.resume()
        }
        defer { try? FileManager.default.removeItem(at: file) }
        let input = try FileHandle(forReadingFrom: file)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else {
            throw Server.failure(status: (response as? HTTPURLResponse)?.statusCode ?? 0, try input.readToEnd() ?? Data())
        }
        while let chunk = try input.read(upToCount: 1 << 20), !chunk.isEmpty { try output.write(contentsOf: chunk) }
    }

    private func request(_ method: String, _ path: String) -> URLRequest {
        var request = URLRequest(url: URL(string: path, relativeTo: url) ?? url)
        request.httpMethod = method
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        return request
    }

    private func send(_ request: URLRequest, file: URL?) async throws -> [String: Plain] {
        let (data, response) = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<(Data, URLResponse), any Error>) in
            let finish: @Sendable (Data?, URLResponse?, (any Error)?) -> Void = { data, response, error in
                guard let response else {
                    return continuation.resume(
                        throwing: CommandFailure(
                            message: say(
                                "无法连接服务 \(url)：\(error?.localizedDescription ?? "")",
                                "Cannot connect to the server \(url): \(error?.localizedDescription ?? "")")))
                }
                continuation.resume(returning: (data ?? Data(), response))
            }
            if let file {
                URLSession.shared.uploadTask(with: request, fromFile: file, completionHandler: finish).resume()
            } else {
                URLSession.shared.dataTask(with: request, completionHandler: finish).resume()
            }
        }
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw Server.failure(status: status, data) }
        return Plain(jsonText: String(decoding: data, as: UTF8.self))?.object ?? [:]
    }

    private static func failure(status: Int, _ data: Data) -> CommandFailure {
        let problem = Plain(jsonText: String(decoding: data, as: UTF8.self))?.object ?? [:]
        return CommandFailure(message: problem["detail"]?.text ?? say("服务返回 \(status)", "The server answered \(status)"))
    }

    /// The multipart body as a file, so that a large sheet is never in memory.
    private func multipart(_ file: String, _ plan: ImportPlan, _ boundary: String) throws -> URL {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("zhike-\(UInt64.random(in: .min ... .max))")
        guard FileManager.default.createFile(atPath: path.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw CommandFailure(message: say("无法写入临时文件", "Cannot write a temporary file"))
        }
        let output = try FileHandle(forWritingTo: path), input = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
        func field(_ name: String, _ value: String) throws {
            try output.write(contentsOf: Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8))
        }
        try field("mapping", plan.plain.jsonText)
        try field("match", plan.match.joined(separator: ","))
        try field("mode", plan.mode.rawValue)
        try field("create_linked", plan.createsLinked ? "true" : "false")
        try field("dry_run", plan.isDryRun ? "true" : "false")
        if let sheet = plan.sheet { try field("sheet", sheet) }
        try output.write(
            contentsOf: Data(
                ("--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"import\"\r\nContent-Type: "
                    + "application/octet-stream\r\n\r\n").utf8))
        while let chunk = try input.read(upToCount: 1 << 20), !chunk.isEmpty { try output.write(contentsOf: chunk) }
        try output.write(contentsOf: Data("\r\n--\(boundary)--\r\n".utf8))
        try output.close()
        return path
    }
}
