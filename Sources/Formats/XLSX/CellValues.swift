/// Makes a cell's stored value into text.
struct CellValues {
    enum Kind {
        case number
        case shared
        case text
        case truth
        case isoDate
    }

    let strings: SharedStrings
    let styles: CellStyles
    let from1904: Bool

    /// What the `t` attribute says; numbers have none.
    static func kind(_ type: UnsafePointer<UInt8>) -> Kind {
        if isEqual(type, "s") { return .shared }
        if isEqual(type, "n") { return .number }
        if isEqual(type, "b") { return .truth }
        if isEqual(type, "d") { return .isoDate }
        // inlineStr, str (a formula's text) and e (an error, as shown).
        return .text
    }

    /// The text, or nil when a shared string does not exist.
    func text(_ bytes: [UInt8], kind: Kind, style: Int) -> String? {
        if bytes.isEmpty { return "" }
        switch kind {
        case .number: return number(bytes, style)
        case .shared:
            guard let index = Int(String(decoding: bytes, as: UTF8.self)) else { return nil }
            return strings.withString(index) { Self.unescaped($0) }
        case .text: return bytes.withUnsafeBufferPointer { Self.unescaped($0) }
        case .truth: return bytes == [UInt8(ascii: "0")] ? "FALSE" : "TRUE"
        case .isoDate: return Self.isoDate(String(decoding: bytes, as: UTF8.self))
        }
    }

    private func number(_ bytes: [UInt8], _ style: Int) -> String {
        let shown = styles[style]
        guard shown != .number, let number = Double(String(decoding: bytes, as: UTF8.self)) else { return NumberText.plain(bytes) }
        return SerialDay.text(number, shown: shown, from1904: from1904) ?? NumberText.plain(bytes)
    }

    /// `2024-07-19T00:00:00` → `2024-07-19`; other times keep a blank for the T.
    private static func isoDate(_ text: String) -> String {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2 else { return text }
        let time = parts[1].hasSuffix("Z") ? parts[1].dropLast() : parts[1]
        let isMidnight = !time.utf8.contains { $0 >= UInt8(ascii: "1") && $0 <= UInt8(ascii: "9") }
        return isMidnight ? String(parts[0]) : "\(parts[0]) \(time)"
    }

    /// Text with `_x000D_` and the like turned back into the characters they stand for.
    static func unescaped(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "_")) else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let character = escapedCharacter(bytes, at: index) {
                plain.append(contentsOf: character)
                index += 7
            } else {
                plain.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static func escapedCharacter(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UTF8.EncodedScalar? {
        guard index + 7 <= bytes.count, bytes[index] == UInt8(ascii: "_"), bytes[index + 1] == UInt8(ascii: "x") else { return nil }
        guard bytes[index + 6] == UInt8(ascii: "_") else { return nil }
        var code: UInt32 = 0
        for offset in 2..<6 {
            guard let digit = hexDigit(bytes[index + offset]) else { return nil }
            code = code << 4 | UInt32(digit)
        }
        guard code != 0, let scalar = Unicode.Scalar(code) else { return nil }
        return UTF8.encode(scalar)
    }
}
