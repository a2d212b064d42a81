/// What separates the cells of a CSV text.
public enum Delimiter: UInt8, Sendable, CaseIterable {
    case comma = 0x2C
    case semicolon = 0x3B
    case tab = 0x09
    case pipe = 0x7C

    /// The delimiter that divides the first rows most evenly; comma when none occurs.
    static func detect(in text: UnsafeBufferPointer<UInt8>) -> Delimiter {
        var best = Delimiter.comma
        var bestScore = 0
        for candidate in Delimiter.allCases {
            let score = Self.score(of: candidate, in: text)
            if score > bestScore { (best, bestScore) = (candidate, score) }
        }
        return best
    }

    /// Cells won per row that agrees with the first row, over at most thirty rows.
    private static func score(of delimiter: Delimiter, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var first = 0
        var agreeing = 0
        var rows = 0
        var found = 0
        var isQuoted = false
        var isAtCellStart = true
        var isBlank = true
        for byte in text {
            if isQuoted {
                if byte == UInt8(ascii: "\"") { isQuoted = false }
                continue
            }
            switch byte {
            case UInt8(ascii: "\"") where isAtCellStart, UInt8(ascii: "\"") where !isBlank && found > 0:
                isQuoted = true
                (isAtCellStart, isBlank) = (false, false)
            case delimiter.rawValue:
                found += 1
                (isAtCellStart, isBlank) = (true, false)
            case 0x0A, 0x0D:
                if isBlank { continue }
                if rows == 0 { first = found }
                if found == first { agreeing += 1 }
                rows += 1
                if rows == 30 { return first * agreeing * 16 / rows }
                (found, isAtCellStart, isBlank) = (0, true, true)
            default:
                (isAtCellStart, isBlank) = (false, false)
            }
        }
        // The last row may be cut: it counts only when it is the only one.
        return rows == 0 ? found * 16 : first * agreeing * 16 / rows
    }
}
