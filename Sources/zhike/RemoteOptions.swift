import ArgumentParser
import Foundation
import Gate
import Records

/// A command may go through a running server: one that is named, or the one that holds the data folder.
struct RemoteOptions: ParsableArguments {
    @Option(help: "通过正在运行的服务执行，例如 http://127.0.0.1:8080") var url: String?
    @Option(help: "该服务的 API 令牌") var token: String?

    /// The server to go through; nil when the command opens the data itself.
    func server(_ options: StoreOptions) throws -> Server? {
        if let url {
            guard let token = token ?? ProcessInfo.processInfo.environment["ZHIKE_TOKEN"] else { throw ConfigurationError(message: "请用 --token 给出 API 令牌（可在“个人设置 ▸ API 令牌”中创建）") }
            guard let address = URL(string: url), address.scheme == "http" || address.scheme == "https" else { throw ConfigurationError(message: "--url 应为 http:// 或 https:// 地址") }
            return Server(url: address, token: token)
        }
        let settings = try Settings(options)
        guard settings.database == nil else { return nil }
        return Server.running(on: settings.data)
    }
}

/// The note a running server leaves in its data folder, so that commands on that folder find it.
struct ServerNote {
    static func path(in folder: String) -> String { folder + "/server.json" }

    static func write(url: String, secret: String, in folder: String) {
        let text = Plain.object(["url": .text(url), "secret": .text(secret), "pid": .int(Int64(ProcessInfo.processInfo.processIdentifier))]).jsonText
        _ = FileManager.default.createFile(atPath: path(in: folder), contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    }

    static func remove(in folder: String) { try? FileManager.default.removeItem(atPath: path(in: folder)) }
}
