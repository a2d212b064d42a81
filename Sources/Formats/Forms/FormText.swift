/// The pairs of a form or a query string, in order, repeated names kept.
///
/// ```swift
/// let form = try FormText.parse(body)      // name=%E6%9D%8E&tag=a&tag=b
/// form["name"]                             // "李"
/// form.all("tag")                          // ["a", "b"]
/// ```
public struct FormText: Sendable {
    /// How much a form may hold.
    public struct Limits: Sendable {
        /// Bytes of the whole text.
        public var bytes: Int
        /// Pairs.
        public var pairs: Int

        /// The defaults suit a page's form; a bulk action may allow more.
        public init(bytes: Int = 1 << 20, pairs: Int = 2000) {
            self.bytes = bytes
            self.pairs = pairs
        }
    }

    /// The pairs as they came.
    public private(set) var pairs: [(name: String, value: String)] = []

    /// An empty form.
    public init() {}

    /// A form of these pairs.
    public init(_ pairs: [(name: String, value: String)]) {
        self.pairs = pairs
    }

    /// The first value of a name.
    public subscript(name: String) -> String? {
        pairs.first { $0.name == name }?.value
    }

    /// All values of a name, in order.
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.name == name }.map(\.value)
    }

    /// Adds a pair at the end.
    public mutating func append(_ name: String, _ value: String) {
        pairs.append((name, value))
    }

    /// Reads `application/x-www-form-urlencoded` text, or a query string without its `?`.
    public static func parse(_ bytes: some Collection<UInt8>, limits: Limits = Limits()) throws(FormatError) -> FormText {
        if bytes.count > limits.bytes { throw .formTooLarge(what: .body, limit: limits.bytes) }
        var form = FormText()
        var offset = 0
        for piece in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            defer { offset += piece.count + 1 }
            if piece.isEmpty { continue }
            if form.pairs.count == limits.pairs { throw .formTooLarge(what: .parts, limit: limits.pairs) }
            let equals = piece.firstIndex(of: UInt8(ascii: "="))
            let name = piece[..<(equals ?? piece.endIndex)]
            let value = equals.map { piece[piece.index(after: $0)...] }
            let readName = try text(name, of: "?", offset)
            form.append(
                readName, try value.map { value throws(FormatError) in try text(value, of: readName, offset + name.count + 1) } ?? "")
        }
        return form
    }

    /// Reads a query string without its `?`.
    public static func parse(_ text: some StringProtocol, limits: Limits = Limits()) throws(FormatError) -> FormText {
        try parse(Array(text.utf8), limits: limits)
    }

    private static func text(_ bytes: some Collection<UInt8>, of field: String, _ offset: Int) throws(FormatError) -> String {
        let plain = try PercentCoding.decoded(bytes, plusIsBlank: true, offset: offset)
        guard let text = String(validating: plain, as: UTF8.self) else { throw .formNotUTF8(field: field) }
        return text
    }

    /// The pairs as `application/x-www-form-urlencoded` text, good for a query string too.
    public var encoded: String {
        var bytes: [UInt8] = []
        for (name, value) in pairs {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
            PercentCoding.append(name, to: &bytes, blankIsPlus: true)
            bytes.append(UInt8(ascii: "="))
            PercentCoding.append(value, to: &bytes, blankIsPlus: true)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension FormText: Equatable {
    /// Equal when names, values and order agree.
    public static func == (one: FormText, other: FormText) -> Bool {
        one.pairs.count == other.pairs.count && zip(one.pairs, other.pairs).allSatisfy { $0 == $1 }
    }
}
