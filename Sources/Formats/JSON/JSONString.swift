/// Reads one quoted JSON string.
enum JSONString {
    /// The string that opens at `open`, and the index after its closing quote; `fail` is told where it went wrong.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>, openedAt open: Int, failingAt fail: (Int) -> Void
    ) throws(JSONFault) -> (String, Int) {
        var index = open + 1
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\"") {
                return (try checked(UnsafeBufferPointer(rebasing: text[(open + 1)..<index])), index + 1)
            }
            if byte == UInt8(ascii: "\\") { return try escaped(text, openedAt: open, firstEscape: index, failingAt: fail) }
            if byte < 0x20 {
                fail(index)
                throw .controlCharacter
            }
            index += 1
        }
        fail(index)
        throw .unexpectedEnd
    }

    private static func checked(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> String {
        guard case .whole = UTF8Prefix.of(bytes) else { throw .invalidUTF8 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func escaped(
        _ text: UnsafeBufferPointer<UInt8>, openedAt open: Int, firstEscape: Int, failingAt fail: (Int) -> Void
    ) throws(JSONFault) -> (String, Int) {
        var plain = Array(text[(open + 1)..<firstEscape])
        var index = firstEscape
        while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""):
                return (try plain.withUnsafeBufferPointer { (bytes) throws(JSONFault) in try checked(bytes) }, index + 1)
            case UInt8(ascii: "\\"):
                do throws(JSONFault) {
                    index = try escape(text, at: index, into: &plain)
                } catch {
                    fail(index)
                    throw error
                }
            case ..<0x20:
                fail(index)
                throw .controlCharacter
            default:
                plain.append(byte)
                index += 1
            }
        }
        fail(index)
        throw .unexpectedEnd
    }

    /// Appends what the escape at `index` stands for and returns the index after it.
    private static func escape(_ text: UnsafeBufferPointer<UInt8>, at index: Int, into plain: inout [UInt8]) throws(JSONFault) -> Int {
        guard index + 1 < text.count else { throw .unexpectedEnd }
        switch text[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(text[index + 1])
        case UInt8(ascii: "b"): plain.append(0x08)
        case UInt8(ascii: "f"): plain.append(0x0C)
        case UInt8(ascii: "n"): plain.append(0x0A)
        case UInt8(ascii: "r"): plain.append(0x0D)
        case UInt8(ascii: "t"): plain.append(0x09)
        case UInt8(ascii: "u"): return try unicode(text, at: index, into: &plain)
        default: throw .badEscape
        }
        return index + 2
    }

    private static func unicode(_ text: UnsafeBufferPointer<UInt8>, at index: Int, into plain: inout [UInt8]) throws(JSONFault) -> Int {
        let first = try hex(text, at: index + 2)
        var value = first
        var end = index + 6
        if (0xD800...0xDBFF).contains(first) {
            guard end + 1 < text.count, text[end] == UInt8(ascii: "\\"), text[end + 1] == UInt8(ascii: "u") else { throw .loneSurrogate }
            let second = try hex(text, at: end + 2)
            guard (0xDC00...0xDFFF).contains(second) else { throw .loneSurrogate }
            value = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
            end += 6
        }
        guard let scalar = Unicode.Scalar(value) else { throw .loneSurrogate }
        plain.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return end
    }

    private static func hex(_ text: UnsafeBufferPointer<UInt8>, at start: Int) throws(JSONFault) -> UInt32 {
        guard start + 4 <= text.count else { throw .unexpectedEnd }
        var value: UInt32 = 0
        for byte in text[start..<(start + 4)] {
            guard let digit = hexDigit(byte) else { throw .badEscape }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

/// The value of a hexadecimal digit.
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
