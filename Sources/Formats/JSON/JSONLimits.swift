/// How much JSON the parser accepts.
public struct JSONLimits: Sendable {
    /// Levels of lists and objects inside one another.
    public var depth = 64
    /// Bytes of the whole text.
    public var bytes = 10 << 20

    /// The defaults; change what you need.
    public init(depth: Int = 64, bytes: Int = 10 << 20) {
        self.depth = depth
        self.bytes = bytes
    }
}
