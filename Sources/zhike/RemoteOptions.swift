import ArgumentParser
import Foundation
import Gate
import Records

/// A command may go through a running server: one that is named, or the one that holds the data folder.
struct RemoteOptions: ParsableArguments {
    @Option(help: "通过正在运行的服务执行，例如 http://127.0.0.1:8080") var url: String?
    @Option(help: "该服务的 API 令牌（或环境变量 ZHIKE_TOKEN）") var token: String?

    /// The server to go through; nil when the command opens the data itself.
    func server(_ options: StoreOptions) throws -> Server? {
        guard let url else {
            let settings = try Settings(options)
            return settings.database == nil ? Server.running(on: settings.data) : nil
        }
        guard let token = token ?? ProcessInfo.processInfo.environment["ZHIKE_TOKEN"] else { throw ConfigurationError(message: "请用 --token 给出 API 令牌（可在“个人设置 ▸ API 令牌”中创建）") }
        guard let address = URL(string: url), address.scheme == "http" || address.scheme == "https" else { throw ConfigurationError(message: "--url 应为 http:// 或 https:// 地址") }
        return Server(url: address, token: token)
    }
}
