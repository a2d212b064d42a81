import Foundation

extension String {
    /// The text as it is kept: NFC, no blanks at either end, line breaks as `\n`, no control characters, at most `limit` characters.
    ///
    /// A character is a Unicode code point, as in JSON Schema's `maxLength` and both databases, so that one "character" of a million
    /// combining marks cannot pass. In a single line, breaks and tabs become blanks.
    func cleaned(limit: Int, multiline: Bool = false) throws(Fault) -> String {
        // Composition shortens text at most fourfold, and a code point has at most four bytes.
        let most = limit.multiplied(clampingBy: 4)
        guard utf8.count <= most || (utf8.count <= most.multiplied(clampingBy: 4) && unicodeScalars.count <= most) else {
            throw .tooLong(limit)
        }
        let survey = Survey(utf8)
        if let byte = survey.control { throw Fault("含有不可见的控制字符（U+\(hex(byte))），请删除后重新输入", code: "control_character") }
        // Nearly all text is ASCII and Hanzi and already clean.
        if survey.isPlain, survey.count <= limit { return self }
        let text = (survey.hasBreaks ? withPlainBreaks(multiline: multiline) : self).trimmed.composed
        guard text.unicodeScalars.count <= limit else { throw .tooLong(limit) }
        return text
    }

    /// What one walk over the bytes tells.
    private struct Survey {
        /// Code points.
        var count = 0
        /// The first control character that no text may have.
        var control: UInt8?
        var hasBreaks = false
        /// Only ASCII and the Hanzi of U+4000 to U+9FFF, with neither breaks nor blanks at the ends: nothing to trim or compose.
        var isPlain = true

        init(_ bytes: String.UTF8View) {
            for byte in bytes {
                if byte & 0xC0 != 0x80 {
                    count += 1
                    if byte >= 0x80, !(0xE4...0xE9).contains(byte) { isPlain = false }
                }
                guard byte < 0x20 || byte == 0x7F else { continue }
                isPlain = false
                hasBreaks = true
                if control == nil, byte != 0x09, byte != 0x0A, byte != 0x0D { control = byte }
            }
            if bytes.first == 0x20 || bytes.last == 0x20 { isPlain = false }
        }
    }

    private func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.utf8.count) + digits
    }

    /// `\r\n` and `\r` as `\n`; all of them and tabs as one blank in a single line.
    private func withPlainBreaks(multiline: Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(utf8.count)
        var previous: UInt8 = 0
        for byte in utf8 {
            defer { previous = byte }
            switch byte {
            case 0x0A where previous == 0x0D: continue
            case 0x0A, 0x0D: bytes.append(multiline ? 0x0A : 0x20)
            case 0x09: bytes.append(multiline ? 0x09 : 0x20)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// In Unicode's composed form (NFC). Chinese and plain Latin text already is.
    var composed: String {
        let isComposed = unicodeScalars.allSatisfy { scalar in
            scalar.value < 0x300 || (0x2010...0x2027).contains(scalar.value) || (0x3000...0x3098).contains(scalar.value)
                || (0x309B...0x9FFF).contains(scalar.value) || (0xAC00...0xD7A3).contains(scalar.value)
                || (0xFF01...0xFF5E).contains(scalar.value)
                || (0x20000...0x2A6DF).contains(scalar.value)
        }
        return isComposed ? self : precomposedStringWithCanonicalMapping
    }

    /// Full-width digits, letters, signs and blanks as their ASCII twins: what an input method leaves in a number.
    public var halfWidth: String {
        guard utf8.contains(0xEF) || utf8.contains(0xE3) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let value: UInt32 =
                switch scalar.value {
                case 0xFF01...0xFF5E: scalar.value - 0xFEE0
                case 0x3000: 0x20
                case 0xFFE5: 0xA5
                default: scalar.value
                }
            scalars.append(Unicode.Scalar(value) ?? scalar)
        }
        return String(scalars)
    }

    /// Digits only, at least one.
    var isDigits: Bool { !utf8.isEmpty && utf8.allSatisfy(\.isDigit) }
}

extension UInt8 {
    var isDigit: Bool { self >= 48 && self <= 57 }
    var isUpper: Bool { self >= 65 && self <= 90 }
    var isLower: Bool { self >= 97 && self <= 122 }
    var isLetter: Bool { isUpper || isLower }
    /// A digit's value, whatever else it is: check first.
    // bounded: a byte.
    var digit: Int { Int(self) - 48 }
    var uppercased: UInt8 { isLower ? self - 32 : self }
}

extension Fault {
    static func tooLong(_ limit: Int) -> Fault { Fault("最多 \(limit) 个字，请缩短", code: "too_long") }
    static func wrongType(_ expected: String, _ plain: Plain) -> Fault { Fault("应为\(expected)，收到的是\(plain.typeName)", code: "wrong_type") }
}

/// The JSON Schema pattern of text that ``Swift/String/cleaned(limit:multiline:)`` takes.
let textPattern = #"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]*$"#
