import Foundation

/// A stretch of Chinese characters, or of letters and digits.
enum Run: Equatable {
    case chinese([Unicode.Scalar])
    /// In half width and lower case, UTF-8.
    case word([UInt8])

    var isChinese: Bool {
        if case .chinese = self { return true }
        return false
    }
}

/// Taking text apart into runs; everything that is neither letter nor digit nor Chinese separates.
enum Runs {
    static func of(_ text: String, limit: Int) -> [Run] {
        var runs: [Run] = []
        var word: [UInt8] = []
        var chinese: [Unicode.Scalar] = []
        var left = limit
        for scalar in text.unicodeScalars {
            guard left > 0 else { break }
            left -= 1
            if isChinese(scalar.value) {
                if !word.isEmpty { runs.append(.word(word)); word = [] }
                chinese.append(scalar)
                continue
            }
            if !chinese.isEmpty { runs.append(.chinese(chinese)); chinese = [] }
            if !append(scalar, to: &word), !word.isEmpty { runs.append(.word(word)); word = [] }
        }
        if !word.isEmpty { runs.append(.word(word)) }
        if !chinese.isEmpty { runs.append(.chinese(chinese)) }
        return runs
    }

    /// Han, kana and hangul: scripts without blanks between words.
    private static func isChinese(_ value: UInt32) -> Bool {
        switch value {
        case 0x4E00...0x9FFF: true
        case 0..<0x3005: false
        case 0x3400...0x4DBF, 0x3005, 0x3007, 0x3041...0x3096, 0x30A1...0x30FA, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x2EBE0: true
        default: false
        }
    }

    /// False for what separates.
    private static func append(_ scalar: Unicode.Scalar, to word: inout [UInt8]) -> Bool {
        let value = scalar.value
        switch value {
        case 0x30...0x39, 0x61...0x7A: word.append(UInt8(value))
        case 0x41...0x5A: word.append(UInt8(value + 0x20))
        case 0xFF10...0xFF19: word.append(UInt8(value - 0xFF10 + 0x30))
        case 0xFF21...0xFF3A: word.append(UInt8(value - 0xFF21 + 0x61))
        case 0xFF41...0xFF5A: word.append(UInt8(value - 0xFF41 + 0x61))
        case 0xC0...0x24F where scalar.properties.isAlphabetic:
            // é as e.
            let plain = String(scalar).applyingTransform(.stripDiacritics, reverse: false)?.lowercased() ?? ""
            word += plain.utf8.filter { (0x61...0x7A).contains($0) }
        case 0x370...0x4FF where scalar.properties.isAlphabetic: word += Array(scalar.properties.lowercaseMapping.utf8)
        default: return false
        }
        return true
    }
}
