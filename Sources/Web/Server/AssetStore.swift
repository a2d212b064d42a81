import Foundation
import Hummingbird
import NIOCore

/// The style sheets, scripts and icons: read once at start, served under a name that changes with their content, so that browsers keep them
/// for good.
public struct AssetStore: Sendable {
    struct Asset: Sendable {
        let bytes: [UInt8]
        let packed: [UInt8]?
        let type: String
        let tag: String
    }

    private let assets: [String: Asset]
    /// Changes whenever any file does; part of every asset's address.
    public let version: String

    /// Reads every file below the folders; the later folder wins. `prefix` is put before the names of a folder (`vendor/`).
    public init(folders: [(path: String, prefix: String)]) {
        var assets: [String: Asset] = [:]
        var sum: UInt64 = 0xcbf2_9ce4_8422_2325
        for (path, prefix) in folders {
            guard let names = try? FileManager.default.subpathsOfDirectory(atPath: path) else { continue }
            for name in names.sorted() {
                guard let type = AssetStore.type(of: name), let data = FileManager.default.contents(atPath: path + "/" + name) else {
                    continue
                }
                let bytes = [UInt8](data)
                var hash: UInt64 = 0xcbf2_9ce4_8422_2325
                for byte in bytes { hash = (hash ^ UInt64(truncatingIfNeeded: byte)) &* 0x100_0000_01b3 }
                sum = (sum ^ hash) &* 0x100_0000_01b3
                let packed = Gzip.isText(type) || type.hasPrefix("application/javascript") ? Gzip.compress(bytes, level: 6) : nil
                assets[prefix + name] = Asset(
                    bytes: bytes, packed: packed.flatMap { $0.count < bytes.count ? $0 : nil }, type: type,
                    tag: "\"\(String(hash, radix: 16))\"")
            }
        }
        self.assets = assets
        version = String(sum, radix: 16)
    }

    public var isEmpty: Bool { assets.isEmpty }

    func has(_ name: String) -> Bool { assets[name] != nil }

    /// The address of a file: `/assets/{version}/css/app.css`.
    public func url(_ name: String) -> String { "/assets/\(version)/\(name)" }

    func answer(_ name: String, for request: Request) throws -> Response {
        guard let asset = assets[name] else { throw HTTPAnswer.noSuchPage }
        var headers: HTTPFields = [.contentType: asset.type, .eTag: asset.tag, .cacheControl: "public, max-age=31536000, immutable"]
        if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
        if let packed = asset.packed, request.headers[.acceptEncoding]?.contains("gzip") ?? false {
            headers[.contentEncoding] = "gzip"
            headers[.vary] = "Accept-Encoding"
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: packed)))
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }

    private static func type(of name: String) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return switch name[name.index(after: dot)...] {
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "json": "application/json; charset=utf-8"
        case "ico": "image/x-icon"
        case "webmanifest": "application/manifest+json"
        default: nil
        }
    }
}
