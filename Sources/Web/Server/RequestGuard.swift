import NIOCore
import NIOHTTP1
import Records

/// Lets through what is a request and comes in time. The rest is refused, and a connection that has had its last answer is drained for a while
/// and closed.
final class RequestGuard: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Incoming { case nothing, partOfHead, body }

    private let bounds: ConnectionBounds
    /// Which connection this is of those that are open.
    private let connection: Int
    private var incoming = Incoming.nothing
    /// Requests that were let through and whose answers are not complete.
    private var unanswered = 0
    /// The answer being written has its head out.
    private var hasBegunToAnswer = false
    /// No further request is taken; after the answers that are due the connection ends.
    private var isLast = false
    /// All answers are written: what comes is thrown away.
    private var isDraining = false
    private var isInputClosed = false
    /// The socket is read: whoever reads the body is waiting for more.
    private var isAwaiting = false
    private var windows = 0
    private var windowBytes = 0
    private var drainedBytes = 0
    private var deadline: Scheduled<Void>?

    init(_ bounds: ConnectionBounds, connection: Int) {
        self.bounds = bounds
        self.connection = connection
    }

    // MARK: What comes

    func channelActive(context: ChannelHandlerContext) {
        if connection > bounds.connections + bounds.refusals { return context.close(promise: nil) }
        if isTooMany { schedule(.seconds(2), context) { $0.refuse(RequestGuard.tooMany, nil, $1) } }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let bytes as ArrivedBytes:
            if isDraining {
                drainedBytes += bytes.count
                if drainedBytes > bounds.drainBytes { context.close(promise: nil) }
            } else if incoming == .nothing {
                incoming = .partOfHead
            }
        case ChannelEvent.inputClosed where isDraining: context.close(promise: nil)
        case ChannelEvent.inputClosed:
            isInputClosed = true
            context.fireUserInboundEventTriggered(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDraining else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard !isLast else { return }
            forgetDeadline()
            if let failure = fault(in: head) { return refuse(failure, head, context) }
            unanswered += 1
            incoming = .body
            windows = 0
            windowBytes = 0
            // A client of HTTP/1.0 waits for the end of the connection.
            if !head.isKeepAlive || head.version.minor == 0 { isLast = true }
        case .body(let bytes):
            guard incoming == .body else { return }
            windowBytes += bytes.readableBytes
        case .end:
            guard incoming == .body else { return }
            incoming = .nothing
            forgetDeadline()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isAwaiting = false
        // Only what did not come as a whole needs a clock.
        if !isDraining, deadline == nil {
            switch incoming {
            case .nothing: break
            case .partOfHead: schedule(bounds.head, context) { $0.headIsLate($1) }
            case .body: schedule(bounds.window, context) { $0.windowHasPassed($1) }
            }
        }
        context.fireChannelReadComplete()
        if isDraining { context.read() }
    }

    func read(context: ChannelHandlerContext) {
        isAwaiting = true
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        forgetDeadline()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forgetDeadline() }

    // MARK: What is refused

    private var isTooMany: Bool { connection > bounds.connections }

    private static var tooMany: Failure { Failure(Refusal.unavailable("同时打开的连接过多，请稍后重试。", retryAfter: 5)) }

    /// Why a request is not taken; nil when it is.
    private func fault(in head: HTTPRequestHead) -> Failure? {
        if isTooMany { return RequestGuard.tooMany }
        // Two hosts, or none: whoever stands before us may have understood another (RFC 9112, 3.2).
        let hosts = head.headers["Host"].count
        if hosts > 1 || hosts == 0 && head.version.minor > 0 { return Failure(.badRequest, "无法读取", "请求头 Host 应有且只有一个。") }
        let codings = head.headers[canonicalForm: "Transfer-Encoding"]
        if codings.contains(where: { $0.lowercased() != "chunked" }) {
            return Failure(.notImplemented, "无法读取", "请求头 Transfer-Encoding 只支持 chunked。")
        }
        if let length = head.headers.first(name: "Content-Length") {
            if codings.count > 0 { return Failure(.badRequest, "无法读取", "请求头 Content-Length 与 Transfer-Encoding 不能同时使用。") }
            guard let bytes = Int(length), bytes <= bounds.bodyBytes else {
                return Failure(.contentTooLarge, "内容过大", "内容不能超过 \(bounds.bodyBytes >> 20) MB。")
            }
        }
        return nil
    }

    private func refuse(_ failure: Failure, _ head: HTTPRequestHead?, _ context: ChannelHandlerContext) {
        incoming = .nothing
        isLast = true
        guard unanswered == 0 else { return }
        isDraining = true
        let wantsJSON = head?.uri.hasPrefix("/api/") ?? false
        let body = wantsJSON ? failure.json(requestID: WebContext.newID()) : Array(failure.detail.utf8)
        var headers: HTTPHeaders = [
            "Content-Type": wantsJSON ? "application/problem+json" : "text/plain; charset=utf-8", "Content-Length": "\(body.count)",
            "Connection": "close",
        ]
        if let seconds = failure.retryAfter { headers.add(name: "Retry-After", value: "\(seconds)") }
        context.write(
            wrapOutboundOut(.head(.init(version: .http1_1, status: .init(statusCode: failure.status.code), headers: headers))), promise: nil
        )
        if head?.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
        writeLast(wrapOutboundOut(.end(nil)), promise: nil, context)
    }

    private func headIsLate(_ context: ChannelHandlerContext) {
        refuse(Failure(.requestTimeout, "等待超时", "请求头没有在 \(bounds.head.nanoseconds / 1_000_000_000) 秒内送完。"), nil, context)
    }

    private func windowHasPassed(_ context: ChannelHandlerContext) {
        windows += 1
        // Whoever takes the body may be slower than the line; that is not the client's fault.
        if windows == 1 || windowBytes >= bounds.windowBytes || !isAwaiting {
            windowBytes = 0
            return schedule(bounds.window, context) { $0.windowHasPassed($1) }
        }
        guard unanswered == 1, !hasBegunToAnswer else { return context.close(promise: nil) }
        unanswered = 0
        refuse(Failure(.requestTimeout, "等待超时", "内容送得太慢，已停止接收。请检查网络后重试。"), nil, context)
    }

    // MARK: What is answered

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isDraining else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            hasBegunToAnswer = true
            // Answered before the request was here as a whole: what is left of it is not worth a connection.
            if incoming == .body, unanswered <= 1 { isLast = true }
            if head.headers[canonicalForm: "Connection"].contains("close") { isLast = true }
            if isLast, unanswered <= 1 { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            hasBegunToAnswer = false
            unanswered = max(0, unanswered - 1)
            if isLast, unanswered == 0 {
                isDraining = true
                writeLast(data, promise: promise, context)
            } else {
                context.write(data, promise: promise)
            }
        default: context.write(data, promise: promise)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode == .output { drain(context) }
        context.close(mode: mode, promise: promise)
    }

    /// Writes the end of the last answer; when it is out, our side is closed and the other gets some time to do so.
    private func writeLast(_ data: NIOAny, promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        forgetDeadline()
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in
            guard !self.isInputClosed else { return context.close(promise: nil) }
            self.drain(context)
            context.close(mode: .output, promise: nil)
        }
        context.writeAndFlush(data, promise: written)
    }

    private func drain(_ context: ChannelHandlerContext) {
        isDraining = true
        forgetDeadline()
        schedule(bounds.drain, context) { $1.close(promise: nil) }
        context.read()
    }

    // MARK: The clock

    private func schedule(
        _ time: TimeAmount, _ context: ChannelHandlerContext, _ then: @escaping (RequestGuard, ChannelHandlerContext) -> Void
    ) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            self?.deadline = nil
            if let self { then(self, context) }
        }
    }

    private func forgetDeadline() {
        deadline?.cancel()
        deadline = nil
    }
}
