import CZlib
import Hummingbird
import NIOCore

/// Compresses text answers of a known size; streams are sent as they are.
struct Gzip: RouterMiddleware {
    typealias Context = WebContext

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        guard let accepted = request.headers[.acceptEncoding], accepted.contains("gzip"), response.headers[.contentEncoding] == nil,
            let length = response.body.contentLength, length > 1400, length < 8 << 20,
            let type = response.headers[.contentType], Gzip.isText(type)
        else { return response }
        let collector = Collector()
        try await response.body.write(collector)
        guard let packed = Gzip.compress(Array(collector.buffer.readableBytesView), level: 1) else { return response }
        response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: packed))
        response.headers[.contentEncoding] = "gzip"
        response.headers[.vary] = "Accept-Encoding"
        response.headers[.contentLength] = nil
        return response
    }

    static func isText(_ type: String) -> Bool {
        type.hasPrefix("text/html") || type.hasPrefix("application/json") || type.hasPrefix("text/css") || type.hasPrefix("text/javascript")
            || type.hasPrefix("image/svg")
    }

    private final class Collector: ResponseBodyWriter {
        var buffer = ByteBuffer()
        func write(_ buffer: ByteBuffer) async throws { self.buffer.writeImmutableBuffer(buffer) }
        consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
    }

    /// gzip of `bytes`, or nil when zlib refuses.
    static func compress(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
        var stream = z_stream()
        guard
            // bounded: a constant.
            deflateInit2_(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        // bounded: the size of a body.
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        var isComplete = false
        let output = [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            input.withUnsafeMutableBufferPointer { source in
                stream.next_in = source.baseAddress
                // bounded: a body is far smaller than 4 GB.
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                // bounded: a body is far smaller than 4 GB.
                stream.avail_out = UInt32(target.count)
                isComplete = deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
            count = isComplete ? bound - Int(stream.avail_out) : 0
        }
        return isComplete ? output : nil
    }
}
