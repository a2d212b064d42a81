/// How far a run of bytes is valid UTF-8.
enum UTF8Prefix {
    case whole
    /// Valid up to here; the rest may be the start of a character.
    case cut(at: Int)
    case invalid(at: Int)

    static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UTF8Prefix {
        guard let base = bytes.baseAddress else { return .whole }
        let count = bytes.count
        var index = 0
        while index < count {
            let byte = base[index]
            if byte < 0x80 {
                index += 1
                while index + 8 <= count, UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
                    index += 8
                }
                continue
            }
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            let length: Int
            switch byte {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, low) = (3, 0xA0)
            case 0xED: (length, high) = (3, 0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, low) = (4, 0x90)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, high) = (4, 0x8F)
            default: return .invalid(at: index)
            }
            var next = 1
            while next < length {
                guard index + next < count else { return .cut(at: index) }
                let follow = base[index + next]
                if follow < low || follow > high { return .invalid(at: index) }
                (low, high) = (0x80, 0xBF)
                next += 1
            }
            index += length
        }
        return .whole
    }
}
