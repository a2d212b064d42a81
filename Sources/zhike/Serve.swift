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
import Synchronization
import Web

/// `zhike serve`: the whole system.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: say("启动服务", "Start the server"))

    @OptionGroup var options: StoreOptions
    @Option(help: .say("监听地址（默认 127.0.0.1）", "Address to listen on (127.0.0.1)")) var host: String?
    @Option(help: .say("端口（默认 8080）", "Port (8080)")) var port: Int?

    func run() async throws {
        var settings = try Settings(options)
        if let host { settings.host = host }
        if let port { settings.port = try Settings.port(port) }
        let assets = try Assets.store(settings)
        let installation = try await Installation.open(settings)
        defer { installation.close() }
        LoggingSystem.bootstrap(StreamLogHandler.standardError)
        let logger = Logger(label: "zhike"), folder = settings.data
        (installation.store as? SQLiteStore)?.onLost = { reason in
            // The disk failed under a commit: only a fresh start can tell what is on it.
            FileHandle.standardError.write(
                Data(
                    say("磁盘写入失败，程序退出以保护数据：\(reason)\n", "Writing to the disk failed; the program ends to protect the data: \(reason)\n")
                        .utf8))
            ServerNote.remove(in: folder)
            // Nothing is written any more; those who wait are still told so.
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 2)
                _exit(1)
            }
        }

        let site = Site(installation: installation, assets: assets)
        let app = Application(
            responder: site.responder(),
            server: .bounded(ConnectionBounds(connections: OpenFiles.raise().connections)),
            configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: nil),
            services: [Workers(installation: installation, logger: logger)],
            onServerRunning: { channel in await announce(channel, installation, secret: site.secret) },
            logger: logger
        )
        defer { ServerNote.remove(in: folder) }
        do { try await Stopping.run(app, logger) } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw CommandFailure(
                message: say(
                    "端口 \(settings.port) 已被其他程序占用。请停止它，或用 --port 指定另一个端口。",
                    "Another program uses port \(settings.port). Stop it, or choose another port with --port."))
        } catch let error as IOError where error.errnoCode == EACCES || error.errnoCode == EADDRNOTAVAIL {
            throw ConfigurationError(
                message: say(
                    "不能在 \(settings.host):\(settings.port) 上监听。请检查 --host 和 --port。",
                    "Cannot listen on \(settings.host):\(settings.port). Check --host and --port."))
        }
    }

    /// The address, and on an empty system the one-time link that sets it up.
    @Sendable private func announce(_ channel: any Channel, _ installation: Installation, secret: String) async {
        let settings = installation.settings, port = channel.localAddress?.port ?? settings.port
        func address(_ host: String) -> String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
        if settings.database == nil {
            let local = ["0.0.0.0": "127.0.0.1", "::": "::1"][settings.host] ?? settings.host
            do { try ServerNote(url: address(local), secret: secret).write(in: settings.data) } catch {
                FileHandle.standardError.write(
                    Data(
                        say(
                            "无法写入 \(ServerNote.path(in: settings.data))：运行期间不能用命令行导入和管理。\n",
                            "Cannot write \(ServerNote.path(in: settings.data)): commands cannot import or administer while the "
                                + "server runs.\n"
                        ).utf8))
            }
        }
        print(say("知客已启动：\(address(settings.host))", "zhike is running: \(address(settings.host))"))
        if (try? await installation.accounts.isFresh()) == true, let token = try? await installation.accounts.makeSetUpToken() {
            print(
                say(
                    "首次使用，请打开此一次性链接完成设置：\(address(settings.host))/setup?token=\(token)",
                    "First use: open this one-time link to set up: \(address(settings.host))/setup?token=\(token)"))
        }
        fflush(nil)
    }
}

/// What an opened installation answers over HTTP: the web application, the commands of this machine, and numbers for monitoring.
struct Site {
    let installation: Installation
    let assets: AssetStore
    let secret = ServerNote.freshSecret()

    func responder() -> some HTTPResponder<WebContext> {
        let settings = installation.settings
        var web = WebSettings(assets: assets, dataFolder: settings.data, version: Zhike.version, health: installation.health)
        web.trades = Trades.all
        web.isSecure = settings.secure
        web.trustsProxy = settings.trustsProxy
        // The other half of the connections is for what is asked.
        web.mostStreams = OpenFiles.raise().connections / 2
        web.hasMetrics = settings.metrics
        web.localSecret = secret
        let router = WebApp(gate: installation.gate, accounts: installation.accounts, settings: web).router()
        LocalRoutes(administration: Administration(installation: installation)).add(to: router)
        let metrics = Metrics(), installation = installation
        if settings.metrics {
            router.get("metrics") { _, _ in
                let text = try await metrics.text(installation)
                return Response(
                    status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: .init(byteBuffer: ByteBuffer(string: text)))
            }
        }
        return Counting(inner: router.buildResponder(), metrics: metrics)
    }
}

/// The background workers beside the web server.
struct Workers: Service {
    let installation: Installation
    let logger: Logger

    func run() async throws {
        let runner = installation.jobRunner(isDemo: try await installation.accounts.isDemo(), logger: logger)
        let gate = installation.gate
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await runner.run() }
                // Fields that an administrator adds on another instance appear here too.
                group.addTask { await gate.followOwnDefinitions() }
                if let store = installation.store as? PostgreSQLStore { group.addTask { await Relay(gate: gate, store: store).run() } }
            }
        }
    }
}

/// SIGTERM and SIGINT: requests in flight finish, then the program ends with 0; whoever has not finished by then is left behind.
enum Stopping {
    /// A live page's stream never ends by itself.
    private static let patience = Duration.seconds(6), limit = Duration.seconds(9)

    static func run(_ app: some Service, _ logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(
            services: [app, Watchdog()], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = patience
        let state = Watchdog.state
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            // Being cut off after the patience is how a stop with open streams ends.
            guard state.isStopping else { throw error }
        }
    }

    private struct Watchdog: Service {
        static let state = Flag()

        func run() async throws {
            try await gracefulShutdown()
            Watchdog.state.set()
            Task.detached {
                try? await Task.sleep(for: Stopping.limit)
                // What was acknowledged is on disk.
                Foundation.exit(0)
            }
        }
    }

    private final class Flag: Sendable {
        private let value = Atomic(false)
        var isStopping: Bool { value.load(ordering: .acquiring) }
        func set() { value.store(true, ordering: .releasing) }
    }
}
