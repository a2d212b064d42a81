/// Keeps a spreadsheet from taking outside text for a formula.
///
/// A cell that begins with `= + - @`, their full-width forms, TAB, CR or LF, also behind blanks, byte-order marks or zero-width
/// characters, gets an apostrophe in front. `original(of:)` takes it off again.
public enum Neutralising {
    /// Whether a spreadsheet might take the text for a formula.
    public static func isRisky(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isRisky($0) }
    }

    /// The text as it is safe to write into a CSV cell.
    public static func neutral(_ text: String) -> String {
        isRisky(text) ? "'" + text : text
    }

    /// The text before it was neutralised; any other text comes back unchanged.
    public static func original(of text: String) -> String {
        guard text.utf8.first == apostrophe else { return text }
        let rest = String(text.unicodeScalars.dropFirst())
        return isRisky(rest) ? rest : text
    }

    static let apostrophe = UInt8(ascii: "'")

    static func isRisky(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = text.first else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
        case 0x21..<0x7F: return false
        default: return isRiskyBehindBlanks(text)
        }
    }

    private static func isRiskyBehindBlanks(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var rest = text.makeIterator()
        var decoder = UTF8()
        while case .scalarValue(let scalar) = decoder.decode(&rest) {
            if isTrigger(scalar) { return true }
            if !isBlank(scalar) { return false }
        }
        return false
    }

    private static func isTrigger(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": true
        default: false
        }
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x20, 0x7F...0xA0, 0xAD, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x206F, 0xFEFF: true
        default: scalar.properties.isWhitespace
        }
    }
}
