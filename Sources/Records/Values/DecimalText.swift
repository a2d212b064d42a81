/// A decimal number as somebody wrote it, digit by digit, so that no binary fraction ever comes between the text and an exact amount.
///
/// Reads `1,234.50`, `１２３`, `-5`, `¥1,234.5`, `1.2万`, `3亿元`, `(1,200)` as an accountant writes a negative, `1.2E+05` as a spreadsheet does.
struct DecimalText {
    var isNegative = false
    /// The digits' values, 0–9, without the point.
    var digits: [UInt8] = []
    /// How many of ``digits`` stand before the point; may lie outside of them.
    var point = 0

    /// Nil when `text` is not a number.
    init?(_ text: String) {
        guard text.utf8.count <= 80 else { return nil }
        var text = Substring(text.halfWidth.filter { $0 != " " && $0 != "\u{A0}" && $0 != "\u{202F}" })
        if text.hasPrefix("("), text.hasSuffix(")") {
            isNegative = true
            text = text.dropFirst().dropLast()
        } else {
            readSign(&text)
        }
        for prefix in ["人民币", "RMB", "rmb", "CNY", "cny", "¥"] where text.hasPrefix(prefix) { text = text.dropFirst(prefix.count) }
        if digits.isEmpty, !isNegative { readSign(&text) }
        if text.hasSuffix("元") || text.hasSuffix("圆") { text = text.dropLast() }
        var shift = 0
        if text.hasSuffix("万") {
            (shift, text) = (4, text.dropLast())
        } else if text.hasSuffix("亿") {
            (shift, text) = (8, text.dropLast())
        }
        if let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let exponent = Int(text[text.index(after: mark)...]), (-40...40).contains(exponent) else { return nil }
            shift += exponent
            text = text[..<mark]
        }
        guard readDigits(text) else { return nil }
        point += shift
    }

    private mutating func readSign(_ text: inout Substring) {
        guard let first = text.first, "+-−－﹣".contains(first) else { return }
        isNegative = first != "+"
        text = text.dropFirst()
    }

    /// Digits with at most one point; commas only between groups of three.
    private mutating func readDigits(_ text: Substring) -> Bool {
        var sinceComma = 0, hasComma = false, hasPoint = false
        for byte in text.utf8 {
            switch byte {
            case _ where byte.isDigit:
                digits.append(byte - 48)
                sinceComma += 1
            case 0x2C:
                guard !hasPoint, hasComma ? sinceComma == 3 : (1...3).contains(sinceComma) else { return false }
                (hasComma, sinceComma) = (true, 0)
            case 0x2E:
                guard !hasPoint, !hasComma || sinceComma == 3 else { return false }
                hasPoint = true
                point = digits.count
            default: return false
            }
        }
        if !hasPoint {
            guard !hasComma || sinceComma == 3 else { return false }
            point = digits.count
        }
        return !digits.isEmpty
    }

    enum Outcome: Equatable {
        case exact(Int64)
        /// More decimals than `scale` has room for.
        case tooPrecise
        case tooLarge
    }

    /// The number times 10^`scale`.
    func scaled(_ scale: Int) -> Outcome {
        let wanted = point + scale
        // Counted downwards: there is one more negative number than there are positive ones.
        var sum: Int64 = 0
        for index in 0..<max(wanted, 0) {
            let digit = index < digits.count ? digits[index] : 0
            let (product, overflowed) = sum.multipliedReportingOverflow(by: 10)
            let (next, overflowedToo) = product.subtractingReportingOverflow(Int64(digit))
            guard !overflowed, !overflowedToo else { return .tooLarge }
            sum = next
        }
        // bounded: eighty characters at most.
        switch rest(from: max(wanted, 0), skipped: max(-wanted, 0)) {
        case .nothing: break
        case .noise(roundUp: true): sum -= sum == .min ? 0 : 1
        case .noise(roundUp: false): break
        case .something: return .tooPrecise
        }
        guard !isNegative else { return .exact(sum) }
        // bounded: sum is not the least number there is.
        return sum == .min ? .tooLarge : .exact(-sum)
    }

    private enum Rest { case nothing, something, noise(roundUp: Bool) }

    /// What stands behind the last decimal that is kept. A spreadsheet writes 0.3 as 0.30000000000000004: that is no third decimal.
    private func rest(from index: Int, skipped: Int) -> Rest {
        guard index < digits.count else { return .nothing }
        let rest = digits[index...]
        guard rest.contains(where: { $0 != 0 }) else { return .nothing }
        guard skipped == 0, digits.count >= 15 else { return .something }
        let head = rest.prefix(6)
        if head.count == 6, head.allSatisfy({ $0 == 0 }) { return .noise(roundUp: false) }
        if head.count == 6, head.allSatisfy({ $0 == 9 }) { return .noise(roundUp: true) }
        return .something
    }

    /// `1,234.50` from 123450 at scale 2.
    static func write(_ number: Int64, scale: Int, grouped: Bool, trimsZeros: Bool = false) -> String {
        let magnitude = Array(String(number.magnitude).utf8)
        let padded = magnitude.count > scale ? magnitude : Array(repeating: 48, count: scale + 1 - magnitude.count) + magnitude
        let whole = padded.dropLast(scale)
        var fraction = padded.suffix(scale)
        if trimsZeros { while fraction.last == 48 { fraction.removeLast() } }
        var bytes: [UInt8] = number < 0 ? [45] : []
        bytes.reserveCapacity(padded.count + 10)
        for (offset, digit) in whole.enumerated() {
            if grouped, offset > 0, (whole.count - offset) % 3 == 0 { bytes.append(44) }
            bytes.append(digit)
        }
        if !fraction.isEmpty {
            bytes.append(46)
            bytes += fraction
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
