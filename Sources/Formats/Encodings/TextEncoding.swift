/// How the bytes of a text file stand for characters.
public enum TextEncoding: Sendable, Equatable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    case gb18030

    /// The name users know it by.
    public var label: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian: "UTF-16 LE"
        case .utf16BigEndian: "UTF-16 BE"
        case .gb18030: "GB18030"
        }
    }

    /// What iconv calls it.
    var iconvName: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        case .gb18030: "GB18030"
        }
    }

    /// The encoding a byte-order mark announces, and the mark's length.
    public static func announced(by bytes: some Collection<UInt8>) -> (encoding: TextEncoding, markLength: Int)? {
        let start = Array(bytes.prefix(4))
        if start.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if start.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if start.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        if start == [0x84, 0x31, 0x95, 0x33] { return (.gb18030, 4) }
        return nil
    }

    /// The likeliest encoding of `bytes`; pass `isWhole: false` when more bytes follow, so that a character cut at the end does not count
    /// against it.
    public static func detect(_ bytes: [UInt8], isWhole: Bool = true) -> TextEncoding {
        var evidence = EncodingEvidence()
        bytes.withUnsafeBufferPointer { evidence.add($0) }
        return evidence.verdict(isWhole: isWhole)
    }

    /// The likeliest encoding of a whole file, read in chunks.
    public static func detect(path: String) throws(FormatError) -> TextEncoding {
        let file = try FileBytes(path: path)
        var evidence = EncodingEvidence()
        while let chunk = try file.next() {
            chunk.withUnsafeBufferPointer { evidence.add($0) }
            if evidence.isSettled { break }
        }
        return evidence.verdict(isWhole: true)
    }
}
