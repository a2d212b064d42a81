import ArgumentParser
import Foundation
import Gate
import Records

/// A command may go through a running server: one that is named, or the one that holds the data folder.
struct RemoteOptions: ParsableArguments {
    @Option(help: .say("通过正在运行的服务执行，例如 http://127.0.0.1:8080", "Go through a running server, for example http://127.0.0.1:8080")) var url:
        String?
    @Option(help: .say("该服务的 API 令牌（或环境变量 ZHIKE_TOKEN）", "API token for that server (or the environment variable ZHIKE_TOKEN)")) var token:
        String?

    /// The server to go through; nil when the command opens the data itself.
    func server(_ options: StoreOptions) throws -> Server? {
        guard let url else {
            let settings = try Settings(options)
            return settings.database == nil ? Server.running(on: settings.data) : nil
        }
        guard let token = token ?? ProcessInfo.processInfo.environment["ZHIKE_TOKEN"] else {
            throw ConfigurationError(
                message: say("请用 --token 给出 API 令牌（可在“个人设置 ▸ API 令牌”中创建）", "Give an API token with --token (made in Settings ▸ API tokens)")
            )
        }
        guard let address = URL(string: url), address.scheme == "http" || address.scheme == "https" else {
            throw ConfigurationError(message: say("--url 应为 http:// 或 https:// 地址", "--url is an http:// or https:// address"))
        }
        return Server(url: address, token: token)
    }
}
