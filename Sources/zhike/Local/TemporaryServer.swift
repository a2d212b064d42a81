import Foundation
import Hummingbird
import Logging
import NIOCore
import Web

/// The REST interface of data that no server has open, for as long as one command needs it: what a command reads is then read in the same
/// way, with the same words and rights, whether or not a server runs.
enum TemporaryServer {
    static func with<T: Sendable>(_ installation: Installation, _ body: @escaping @Sendable (Server) async throws -> T) async throws -> T {
        let site = Site(installation: installation, assets: AssetStore(folders: []))
        var logger = Logger(label: "zhike")
        logger.logLevel = .critical
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let app = Application(
            responder: site.responder(), configuration: .init(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger
        )
        let running = Task {
            defer { port.finish() }
            try await app.run()
        }
        defer { running.cancel() }
        var first = ports.makeAsyncIterator()
        guard let number = await first.next(), let url = URL(string: "http://127.0.0.1:\(number)") else {
            try await running.value
            throw CommandFailure(message: say("无法在本机打开端口", "Cannot open a port on this machine"))
        }
        return try await body(Server(url: url, token: site.secret))
    }
}

extension StoreOptions {
    /// Runs `body` with a server on the data: the one that is named or running, or one for the moment.
    func withServer<T: Sendable>(_ remote: RemoteOptions, _ body: @escaping @Sendable (Server) async throws -> T) async throws -> T {
        if let server = try remote.server(self) { return try await body(server) }
        let installation = try await Installation.open(try Settings(self))
        defer { installation.close() }
        return try await TemporaryServer.with(installation, body)
    }
}
