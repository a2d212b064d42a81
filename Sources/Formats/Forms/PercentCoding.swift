/// Percent escapes, as URLs, forms and extended header parameters write them.
enum PercentCoding {
    /// The bytes behind the escapes; `plusIsBlank` for forms. Throws the place of a bad escape.
    static func decoded(_ bytes: some Collection<UInt8>, plusIsBlank: Bool, offset: Int = 0) throws(FormatError) -> [UInt8] {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        var place = offset
        while let byte = rest.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit) else {
                    throw .badPercentEscape(offset: place)
                }
                plain.append(high << 4 | low)
                place += 3
            } else {
                plain.append(byte == UInt8(ascii: "+") && plusIsBlank ? 0x20 : byte)
                place += 1
            }
        }
        return plain
    }

    /// Appends text with everything escaped but letters, digits and `-._~`.
    static func append(_ text: String, to bytes: inout [UInt8], blankIsPlus: Bool = false) {
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else if byte == 0x20, blankIsPlus {
                bytes.append(UInt8(ascii: "+"))
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digit(byte >> 4))
                bytes.append(digit(byte & 15))
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}
