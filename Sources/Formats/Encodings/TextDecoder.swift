/// Turns bytes of any known encoding into UTF-8, chunk by chunk; a character may be cut by a chunk's end.
///
/// ```swift
/// var decoder = try TextDecoder(.gb18030)
/// try decoder.decode(chunk, into: &utf8)
/// try decoder.finish(into: &utf8)
/// ```
public struct TextDecoder {
    /// A byte that is no character: everything before it has been delivered.
    public struct BadByte: Error, Equatable {}

    /// The encoding being decoded.
    public let encoding: TextEncoding
    private let repairs: Bool
    private let iconv: Iconv?
    private var carry: [UInt8] = []
    private var isAtStart = true

    /// A decoder; with `repairs`, a bad byte becomes U+FFFD instead of an error.
    public init(_ encoding: TextEncoding, repairs: Bool = false) throws(FormatError) {
        self.encoding = encoding
        self.repairs = repairs
        iconv = encoding == .utf8 ? nil : try Iconv(from: encoding)
    }

    /// Appends the text of `chunk` to `output`; a byte-order mark at the start is dropped.
    public mutating func decode(_ chunk: [UInt8], into output: inout [UInt8]) throws(BadByte) {
        if carry.isEmpty {
            try convert(chunk, into: &output)
        } else {
            var joined = carry
            joined.append(contentsOf: chunk)
            carry = []
            try convert(joined, into: &output)
        }
    }

    /// Says that no more comes; a character cut at the end is an error.
    public mutating func finish(into output: inout [UInt8]) throws(BadByte) {
        defer { carry = [] }
        if carry.isEmpty { return }
        guard repairs else { throw BadByte() }
        output.append(contentsOf: Self.replacement)
    }

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    private mutating func convert(_ bytes: [UInt8], into output: inout [UInt8]) throws(BadByte) {
        var start = 0
        if isAtStart {
            if bytes.count < 4, TextEncoding.announced(by: bytes) == nil, couldBeMark(bytes) {
                carry = bytes
                return
            }
            isAtStart = false
            if let mark = TextEncoding.announced(by: bytes), mark.encoding == encoding { start = mark.markLength }
        }
        while start < bytes.count {
            let (used, stop) = bytes.withUnsafeBytes { step(UnsafeRawBufferPointer(rebasing: $0[start...]), into: &output) }
            start += used
            switch stop {
            case .done: return
            case .incomplete:
                // No character is longer than four bytes.
                if bytes.count - start < 4 {
                    carry = Array(bytes[start...])
                    return
                }
                fallthrough
            case .invalid:
                guard repairs else { throw BadByte() }
                output.append(contentsOf: Self.replacement)
                start += encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? 2 : 1
            }
        }
    }

    private func couldBeMark(_ bytes: [UInt8]) -> Bool {
        let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x84, 0x31, 0x95, 0x33]]
        return marks.contains { $0.starts(with: bytes) }
    }

    private func step(_ bytes: UnsafeRawBufferPointer, into output: inout [UInt8]) -> (used: Int, stop: Iconv.Stop) {
        if let iconv { return iconv.convert(bytes, into: &output) }
        return bytes.withMemoryRebound(to: UInt8.self) { text in
            let (end, stop): (Int, Iconv.Stop) =
                switch UTF8Prefix.of(text) {
                case .whole: (text.count, .done)
                case .cut(let at): (at, .incomplete)
                case .invalid(let at): (at, .invalid)
                }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<end]))
            return (end, stop)
        }
    }
}
