/// What a text's bytes say about its encoding, gathered chunk by chunk in constant memory.
struct EncodingEvidence {
    private var start: [UInt8] = []
    private var count = 0
    private var nullsAtEven = 0
    private var nullsAtOdd = 0
    private var utf8 = UTF8Tally()
    private var gb18030 = GB18030Tally()

    /// A byte-order mark ends the question.
    var isSettled: Bool { TextEncoding.announced(by: start) != nil }

    mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
        if start.count < 4 { start.append(contentsOf: bytes.prefix(4 - start.count)) }
        var index = 0
        while index < bytes.count {
            if utf8.isAtRest, gb18030.isAtRest, let past = plainRun(bytes, from: index) {
                index = past
                continue
            }
            let byte = bytes[index]
            if byte == 0 { if (count + index) & 1 == 0 { nullsAtEven += 1 } else { nullsAtOdd += 1 } }
            utf8.add(byte)
            gb18030.add(byte)
            index += 1
        }
        count += bytes.count
    }

    /// The index after a run of at least eight ASCII bytes without NUL.
    private func plainRun(_ bytes: UnsafeBufferPointer<UInt8>, from index: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var end = index
        while end + 8 <= bytes.count {
            let word = UnsafeRawPointer(base + end).loadUnaligned(as: UInt64.self)
            let hasNull = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
            if word & 0x8080_8080_8080_8080 != 0 || hasNull != 0 { break }
            end += 8
        }
        return end > index ? end : nil
    }

    func verdict(isWhole: Bool) -> TextEncoding {
        if let mark = TextEncoding.announced(by: start) { return mark.encoding }
        if let wide = wideVerdict { return wide }
        let utf8Errors = utf8.errors + (isWhole && !utf8.isAtRest ? 1 : 0)
        let gbErrors = gb18030.errors + (isWhole && !gb18030.isAtRest ? 1 : 0)
        if utf8Errors == 0 { return .utf8 }
        // UTF-8 Chinese often passes for GB18030, hardly ever the other way round: a few bad bytes among many good characters is broken
        // UTF-8.
        if utf8.characters > utf8Errors * 2 { return .utf8 }
        return gbErrors <= utf8Errors ? .gb18030 : .utf8
    }

    /// UTF-16 without a mark: commas, digits and line ends leave NULs, nearly all on one side.
    private var wideVerdict: TextEncoding? {
        let nulls = nullsAtEven + nullsAtOdd
        guard count >= 4, count & 1 == 0, nulls * 64 >= count, nulls >= 2 else { return nil }
        if nullsAtOdd >= nullsAtEven * 16 { return .utf16LittleEndian }
        if nullsAtEven >= nullsAtOdd * 16 { return .utf16BigEndian }
        return nil
    }
}

/// Counts characters of more than one byte, and errors, as if the text were UTF-8.
private struct UTF8Tally {
    private(set) var characters = 0
    private(set) var errors = 0
    private var missing = 0
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    var isAtRest: Bool { missing == 0 }

    mutating func add(_ byte: UInt8) {
        if missing > 0 {
            if byte >= low, byte <= high {
                (low, high) = (0x80, 0xBF)
                missing -= 1
                if missing == 0 { characters += 1 }
                return
            }
            errors += 1
            missing = 0
        }
        (low, high) = (0x80, 0xBF)
        switch byte {
        case 0..<0x80: break
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, low) = (2, 0xA0)
        case 0xED: (missing, high) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, low) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        case 0xF4: (missing, high) = (3, 0x8F)
        default: errors += 1
        }
    }
}

/// Counts errors as if the text were GB18030, four-byte characters included.
private struct GB18030Tally {
    private(set) var errors = 0
    private var position = 0

    var isAtRest: Bool { position == 0 }

    mutating func add(_ byte: UInt8) {
        switch (position, byte) {
        case (0, 0..<0x80): break
        case (0, 0x81...0xFE), (2, 0x81...0xFE): position += 1
        case (1, 0x30...0x39): position = 2
        case (1, 0x40...0x7E), (1, 0x80...0xFE), (3, 0x30...0x39): position = 0
        default:
            errors += 1
            position = 0
        }
    }
}
