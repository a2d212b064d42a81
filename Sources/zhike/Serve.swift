import ArgumentParser
import Channels
import Foundation
import Gate
import Hummingbird
import Logging
import NIOCore
import Records
import ServiceLifecycle
import Storage
import Web

/// `zhike serve`: the whole system.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "启动服务")

    @OptionGroup var options: StoreOptions
    @Option(help: "监听地址（默认 127.0.0.1）") var host: String?
    @Option(help: "端口（默认 8080）") var port: Int?

    func run() async throws {
        var settings = try Settings(options)
        if let host { settings.host = host }
        if let port { settings.port = try Settings.port(port) }
        let assets = try Assets.store(settings)
        let installation = try await Installation.open(settings)
        defer { installation.close() }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "zhike")
        (installation.store as? SQLiteStore)?.onLost = { reason in
            // The disk failed under a commit: only a fresh start can tell what is on it.
            FileHandle.standardError.write(Data("磁盘写入失败，程序退出以保护数据：\(reason)\n".utf8))
            Foundation.exit(1)
        }

        var web = WebSettings(assets: assets, dataFolder: settings.data, version: Zhike.version, health: installation.health)
        web.isSecure = settings.secure
        web.trustsProxy = settings.trustsProxy
        web.hasMetrics = settings.metrics
        let app = Application(
            router: WebApp(gate: installation.gate, accounts: installation.accounts, settings: web).router(),
            server: .http1(configuration: .init(idleTimeout: .seconds(60))),
            configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: nil),
            services: [Workers(installation: installation)],
            onServerRunning: { channel in await announce(channel, installation) },
            logger: logger
        )
        try await app.runService()
    }

    /// The address, and on an empty system the one-time link that sets it up.
    @Sendable private func announce(_ channel: any Channel, _ installation: Installation) async {
        let port = channel.localAddress?.port ?? installation.settings.port
        let address = "http://\(installation.settings.host.contains(":") ? "[\(installation.settings.host)]" : installation.settings.host):\(port)"
        print("知客已启动：\(address)")
        if (try? await installation.accounts.isFresh()) == true, let token = try? await installation.accounts.makeSetUpToken() {
            print("首次使用，请打开此一次性链接完成设置：\(address)/setup?token=\(token)")
        }
        fflush(nil)
    }
}

/// The background workers beside the web server; they stop before it does.
struct Workers: Service {
    let installation: Installation

    func run() async throws {
        let runner = installation.jobRunner(isDemo: try await installation.accounts.isDemo())
        await cancelWhenGracefulShutdown { await runner.run() }
    }
}
