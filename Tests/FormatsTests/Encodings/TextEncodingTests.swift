import Foundation
import Testing

@testable import Formats

struct TextEncodingTests {
    static let text = "姓名,备注\r\n李伟,𠮷野家会员\r\n王芳,100元\r\n"

    /// The text in each encoding, made by iconv's opposite direction: by hand for UTF-16, from known bytes for GB18030.
    static func bytes(_ text: String, _ encoding: TextEncoding, mark: Bool = false) -> [UInt8] {
        switch encoding {
        case .utf8: return (mark ? [0xEF, 0xBB, 0xBF] : []) + Array(text.utf8)
        case .utf16LittleEndian:
            return (mark ? [0xFF, 0xFE] : []) + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        case .utf16BigEndian:
            return (mark ? [0xFE, 0xFF] : []) + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        case .gb18030: return (mark ? [0x84, 0x31, 0x95, 0x33] : []) + gb18030
        }
    }

    private static let gb18030: [UInt8] =
        [0xD0, 0xD5, 0xC3, 0xFB, 0x2C, 0xB1, 0xB8, 0xD7, 0xA2, 0x0D, 0x0A, 0xC0, 0xEE, 0xCE, 0xB0, 0x2C] + [0x95, 0x34, 0xB2, 0x35]
        + [0xD2, 0xB0, 0xBC, 0xD2, 0xBB, 0xE1, 0xD4, 0xB1, 0x0D, 0x0A, 0xCD, 0xF5, 0xB7, 0xBC, 0x2C] + Array("100".utf8) + [
            0xD4, 0xAA, 0x0D, 0x0A,
        ]

    @Test(
        "every encoding is recognised and decoded, with its mark and without, four-byte characters too",
        arguments: [TextEncoding.utf8, .utf16LittleEndian, .utf16BigEndian, .gb18030], [false, true])
    func decodes(encoding: TextEncoding, mark: Bool) throws {
        let bytes = Self.bytes(Self.text, encoding, mark: mark)
        #expect(TextEncoding.detect(bytes) == encoding)
        for seed in 1...10 as ClosedRange<UInt64> {
            var decoder = try TextDecoder(encoding)
            var utf8: [UInt8] = []
            for piece in Hostile.pieces(of: bytes, seed: seed, most: 3) { try decoder.decode(piece, into: &utf8) }
            try decoder.finish(into: &utf8)
            #expect(String(decoding: utf8, as: UTF8.self) == Self.text)
        }
        var reader = try CSVReader(bytes: bytes)
        #expect(try reader.all().map(\.cells) == [["姓名", "备注"], ["李伟", "𠮷野家会员"], ["王芳", "100元"]])
    }

    @Test("plain ASCII is UTF-8")
    func ascii() {
        #expect(TextEncoding.detect(Array("a,b\n1,2\n".utf8)) == .utf8)
        #expect(TextEncoding.detect([]) == .utf8)
    }

    @Test("a file whose Chinese comes late is still recognised")
    func lateChinese() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("late-\(UUID()).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let plain = String(repeating: "abcdefg,1234567\n", count: 40_000)
        try Data(Array(plain.utf8) + Self.bytes("", .gb18030)).write(to: URL(fileURLWithPath: path))
        #expect(try TextEncoding.detect(path: path) == .gb18030)
        var sheet = try SheetReader.open(path: path)
        #expect(try sheet.all().last?.cells == ["王芳", "100元"])
    }

    @Test("a character cut at the end of a sample does not count against UTF-8")
    func cutSample() {
        let bytes = Array("姓名,备".utf8.dropLast())
        #expect(TextEncoding.detect(bytes, isWhole: false) == .utf8)
    }

    @Test("a few bad bytes do not turn UTF-8 into GB18030")
    func brokenUTF8() {
        #expect(TextEncoding.detect(Array(Self.text.utf8) + [0xD6, 0xD0, 0x0A]) == .utf8)
    }

    @Test(
        "bytes that are no characters are refused or repaired",
        arguments: [
            (TextEncoding.utf8, [0x41, 0xC0, 0x80, 0x42]), (.utf8, [0xED, 0xA0, 0x80]), (.utf8, [0xF5, 0x80, 0x80, 0x80]),
            (.utf8, [0xE4, 0xBD]),
            (.gb18030, [0x41, 0xFF, 0x42]), (.gb18030, [0x81]), (.utf16LittleEndian, [0x00, 0xD8, 0x41, 0x00]),
            (.utf16BigEndian, [0xDC, 0x00]),
            (.utf16LittleEndian, [0x41]),
        ])
    func badBytes(encoding: TextEncoding, bytes: [UInt8]) throws {
        #expect(throws: TextDecoder.BadByte.self) {
            var strict = try TextDecoder(encoding)
            var utf8: [UInt8] = []
            try strict.decode(bytes, into: &utf8)
            try strict.finish(into: &utf8)
        }
        var lenient = try TextDecoder(encoding, repairs: true)
        var utf8: [UInt8] = []
        try lenient.decode(bytes, into: &utf8)
        try lenient.finish(into: &utf8)
        let repaired = String(decoding: utf8, as: UTF8.self)
        #expect(repaired.contains("\u{FFFD}"))
        #expect(String(validating: utf8, as: UTF8.self) == repaired)
    }
}
