import Formats
import Gate
import Hummingbird
import NIOCore
import Records

extension Request {
    /// The body's bytes, up to `limit`.
    func bytes(limit: Int) async throws -> [UInt8] {
        if let length = headers[.contentLength].flatMap(Int.init), length > limit { throw HTTPAnswer.tooLarge("内容不能超过 \(limit / 1024) KB") }
        var bytes: [UInt8] = []
        try await eachPiece { buffer in
            guard bytes.count + buffer.readableBytes <= limit else { throw HTTPAnswer.tooLarge("内容不能超过 \(limit / 1024) KB") }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }

    /// Hands the body over piece by piece. What breaks off or does not follow HTTP was sent so.
    func eachPiece(_ take: (ByteBuffer) throws -> Void) async throws {
        var pieces = body.makeAsyncIterator()
        while true {
            let piece: ByteBuffer?
            do {
                piece = try await pieces.next()
            } catch let error as CancellationError {
                throw error
            } catch {
                throw HTTPAnswer.badRequest("请求的内容没有完整送到，或不符合 HTTP 的格式")
            }
            guard let piece else { return }
            try take(piece)
        }
    }

    /// The JSON object a client sent; an empty body is an empty object when that is allowed.
    func object(limit: Int = 1 << 20, allowsEmpty: Bool = false) async throws -> (members: [String: Plain], bytes: [UInt8]) {
        let bytes = try await bytes(limit: limit)
        if bytes.isEmpty, allowsEmpty { return ([:], bytes) }
        if let type = headers[.contentType], !type.lowercased().hasPrefix("application/json"), !type.lowercased().contains("+json") {
            throw HTTPAnswer.wrongType("内容类型应为 application/json")
        }
        do {
            guard let members = Plain(try JSONText.parse(bytes)).object else { throw HTTPAnswer.badRequest("内容应为 JSON 对象") }
            return (members, bytes)
        } catch let error as FormatError {
            throw HTTPAnswer.badRequest("内容不是有效的 JSON：\(error)")
        }
    }
}

extension [String: Plain] {
    /// The given members; any other is a fault of its own.
    func only(_ names: String...) throws -> [String: Plain] {
        let unknown = keys.filter { !names.contains($0) }.sorted()
        guard unknown.isEmpty else { throw Problems(unknown.map { Problem($0, code: "unknown_field", "没有字段 \($0)") }) }
        return self
    }

    /// A text member that must be there.
    func text(_ name: String, _ label: String) throws -> String {
        switch self[name] {
        case .text(let text): return text
        case nil, .null: throw Problems([Problem(name, code: "required", "请填写「\(label)」")])
        case .some(let other): throw Problems([Problem(name, code: "wrong_type", "「\(label)」应为文字，收到的是\(other.typeName)")])
        }
    }

    func optionalText(_ name: String, _ label: String) throws -> String? {
        if self[name] == nil || self[name] == .null { return nil }
        return try text(name, label)
    }
}
