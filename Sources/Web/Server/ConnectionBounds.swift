import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Synchronization

/// What one connection may cost, and how many there are at once: nobody may hold the door shut for the others (RFC 9112, 9 and 11).
public struct ConnectionBounds: Sendable {
    /// Time from a request's first byte until its head is whole.
    public var head = TimeAmount.seconds(10)
    /// A body that is waited for brings `windowBytes` in each of these spans, except in its first.
    public var window = TimeAmount.seconds(10)
    public var windowBytes = 10 * 1024
    /// Larger than the largest upload of any page: what announces more is refused unread.
    public var bodyBytes = (1 << 30) + (8 << 20)
    /// What may still come after the last answer, so that whoever sends before reading gets it.
    public var drain = TimeAmount.seconds(10)
    public var drainBytes = 64 << 20
    /// Time between two requests.
    public var idle = TimeAmount.seconds(60)
    /// Connections that are served at once; those over them get a 503.
    public var connections: Int
    /// Connections beyond `connections` that still get an answer; what comes after them is closed at once.
    public var refusals = 64

    public init(connections: Int) { self.connections = connections }
}

extension HTTPServerBuilder {
    /// HTTP/1.1 within bounds.
    public static func bounded(_ bounds: ConnectionBounds) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            BoundedChannel(http: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: bounds.idle)), bounds: bounds)
        }
    }
}

/// Hummingbird's channel with a `RequestGuard` before it, where requests still have their version and each of their headers.
private struct BoundedChannel: ServerChildChannel {
    let http: HTTP1Channel
    let bounds: ConnectionBounds
    let open = OpenConnections()

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        let number = open.add()
        channel.closeFuture.whenComplete { [open] _ in open.remove() }
        return http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(RequestGuard(bounds, connection: number), position: .after(decoder))
            try pipeline.addHandler(ArrivedBytes.Announcer(), position: .first)
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await http.handle(value: value, logger: logger) }
}

/// How many connections there are.
private final class OpenConnections: Sendable {
    private let count = Atomic(0)

    /// Counts one more; how many there are with it.
    func add() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    func remove() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// Says behind the decoder that bytes came: a head that is not whole yet is seen by nobody else there.
struct ArrivedBytes {
    let count: Int

    final class Announcer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias InboundOut = ByteBuffer

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            context.fireUserInboundEventTriggered(ArrivedBytes(count: unwrapInboundIn(data).readableBytes))
            context.fireChannelRead(data)
        }
    }
}
