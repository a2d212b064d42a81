/// A piece of a page: anything that can write itself as HTML.
///
/// Text is a piece too, and is escaped. Only ``Raw`` is written as it stands.
///
///     func greeting(_ name: String) -> some HTML {
///         div(.class("card")) {
///             h2 { "您好，\(name)" }
///         }
///     }
public protocol HTML: Sendable {
    func render(into html: inout HTMLBuffer)

    /// The piece as the builder keeps it. The default will do for your own types.
    var node: Node { get }
}

extension HTML {
    public var node: Node { .other(self) }

    /// The bytes to send, UTF-8.
    public func bytes(reserving capacity: Int = 16_384) -> [UInt8] {
        var html = HTMLBuffer(capacity: capacity)
        render(into: &html)
        return html.bytes
    }

    /// The same as text, for tests and e-mail bodies.
    public func rendered() -> String {
        String(decoding: bytes(reserving: 256), as: UTF8.self)
    }
}
