extension XLSXWriter {
    /// Whether text holds what XML cannot carry, what a spreadsheet would read as an escape, or too much.
    static func needsCare(_ text: inout String) -> Bool {
        text.withUTF8 { bytes in
            if bytes.count > 8191 { return true }
            for byte in bytes where byte < 0x20 || byte == UInt8(ascii: "_") || byte == 0xEF { return true }
            return false
        }
    }

    /// Text as a workbook can carry it: `_x0041_` is kept from being read as an escape, control characters become one, what is no
    /// character of XML is dropped.
    static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        bytes.reserveCapacity(source.count)
        for (index, byte) in source.enumerated() {
            switch byte {
            case 0x00: continue
            case 0x01...0x08, 0x0B...0x1F: bytes.append(contentsOf: escape(byte))
            case UInt8(ascii: "_") where isEscape(source, at: index): bytes.append(contentsOf: Array("_x005F_".utf8))
            default: bytes.append(byte)
            }
        }
        return String(
            String.UnicodeScalarView(String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { $0 != "\u{FFFE}" && $0 != "\u{FFFF}" }))
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("_x00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], UInt8(ascii: "_")]
    }

    private static func isEscape(_ bytes: [UInt8], at index: Int) -> Bool {
        guard index + 7 <= bytes.count, bytes[index + 1] == UInt8(ascii: "x"), bytes[index + 6] == UInt8(ascii: "_") else { return false }
        return bytes[(index + 2)..<(index + 6)].allSatisfy { hexDigit($0) != nil }
    }

    /// The first `most` UTF-16 units of a text, with a mark that it was cut; nil when it is short enough.
    static func cut(_ text: String, to most: Int) -> String? {
        guard text.utf16.count > most else { return nil }
        let mark = "…（内容过长，已截断）"
        var units = mark.utf16.count
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            units += UTF16.width(scalar)
            if units > most { break }
            kept.append(scalar)
        }
        return String(kept) + mark
    }
}
