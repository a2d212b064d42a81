import Markup

/// A QR code (ISO/IEC 18004) of a short text: byte mode, error correction L, versions 1 to 20; enough for an authenticator's address.
struct QRCode {
    let size: Int
    private(set) var isDark: [Bool]
    private var isFixed: [Bool]

    private static let errorWords = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28]
    private static let blocks = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8]

    /// Nil when the text is too long.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = (1...20).first(where: { bytes.count + ($0 < 10 ? 2 : 3) <= QRCode.dataWords($0) }) else { return nil }
        size = version * 4 + 17
        isDark = Array(repeating: false, count: size * size)
        isFixed = isDark
        drawFixed(version)
        place(QRCode.words(bytes, version))
    }

    // MARK: Data

    private static func rawWords(_ version: Int) -> Int {
        var modules = (16 * version + 128) * version + 64
        if version >= 2 {
            let marks = version / 7 + 2
            modules -= (25 * marks - 10) * marks - 55
            if version >= 7 { modules -= 36 }
        }
        return modules / 8
    }

    private static func dataWords(_ version: Int) -> Int { rawWords(version) - errorWords[version - 1] * blocks[version - 1] }

    private static func words(_ bytes: [UInt8], _ version: Int) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for shift in stride(from: count - 1, through: 0, by: -1) { bits.append(value >> shift & 1 == 1) }
        }
        append(4, 4)
        append(bytes.count, version < 10 ? 8 : 16)
        for byte in bytes { append(Int(byte), 8) }
        let capacity = dataWords(version) * 8
        append(0, min(4, capacity - bits.count))
        append(0, (8 - bits.count % 8) % 8)
        var pad = 0xEC
        while bits.count < capacity { append(pad, 8); pad ^= 0xEC ^ 0x11 }
        // bounded: whole bytes.
        let data = stride(from: 0, to: bits.count, by: 8).map { start in bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        return interleaved(data, version)
    }

    /// Split into blocks, each with its correction words, then read across.
    private static func interleaved(_ data: [UInt8], _ version: Int) -> [UInt8] {
        let count = blocks[version - 1], errors = errorWords[version - 1], raw = rawWords(version)
        let short = count - raw % count, length = raw / count - errors
        let divisor = divisor(errors)
        var parts: [(data: [UInt8], errors: [UInt8])] = [], place = 0
        for block in 0..<count {
            let size = length + (block < short ? 0 : 1)
            // bounded: the blocks are as long as the data.
            let part = Array(data[place..<place + size])
            place += size
            parts.append((part, remainder(part, divisor)))
        }
        var words: [UInt8] = []
        for index in 0...length { for part in parts where index < part.data.count { words.append(part.data[index]) } }
        for index in 0..<errors { for part in parts { words.append(part.errors[index]) } }
        return words
    }

    private static func multiply(_ a: UInt8, _ b: UInt8) -> UInt8 {
        var product = 0
        for shift in stride(from: 7, through: 0, by: -1) {
            product = product << 1 ^ (product >> 7) * 0x11D
            // bounded: bytes.
            product ^= Int(b >> shift & 1) * Int(a)
        }
        // bounded: reduced to eight bits.
        return UInt8(product)
    }

    private static func divisor(_ degree: Int) -> [UInt8] {
        var result = Array(repeating: UInt8(0), count: degree - 1) + [1], root: UInt8 = 1
        for _ in 0..<degree {
            for place in result.indices {
                result[place] = multiply(result[place], root)
                if place + 1 < degree { result[place] ^= result[place + 1] }
            }
            root = multiply(root, 2)
        }
        return result
    }

    private static func remainder(_ data: [UInt8], _ divisor: [UInt8]) -> [UInt8] {
        var result = Array(repeating: UInt8(0), count: divisor.count)
        for byte in data {
            let factor = byte ^ result.removeFirst()
            result.append(0)
            for place in result.indices { result[place] ^= multiply(divisor[place], factor) }
        }
        return result
    }

    // MARK: Drawing

    private mutating func fix(_ x: Int, _ y: Int, _ dark: Bool) {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return }
        isDark[y * size + x] = dark
        isFixed[y * size + x] = true
    }

    private mutating func drawFixed(_ version: Int) {
        for index in 0..<size {
            fix(6, index, index % 2 == 0)
            fix(index, 6, index % 2 == 0)
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            for dy in -4...4 { for dx in -4...4 { fix(x + dx, y + dy, ![2, 4].contains(max(dx.magnitude, dy.magnitude))) } }
        }
        let marks = QRCode.marks(version, size)
        for x in marks {
            for y in marks where !((x == 6 && y == 6) || (x == 6 && y == size - 7) || (x == size - 7 && y == 6)) {
                for dy in -2...2 { for dx in -2...2 { fix(x + dx, y + dy, max(dx.magnitude, dy.magnitude) != 1) } }
            }
        }
        drawFormat()
        if version >= 7 { drawVersion(version) }
    }

    private static func marks(_ version: Int, _ size: Int) -> [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2, step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2
        return [6] + (0..<count - 1).map { size - 7 - $0 * step }.reversed()
    }

    /// Correction L, mask 0.
    private mutating func drawFormat() {
        let data = 1 << 3
        var rest = data
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (data << 10 | rest) ^ 0x5412
        func bit(_ place: Int) -> Bool { bits >> place & 1 == 1 }
        for place in 0...5 { fix(8, place, bit(place)) }
        fix(8, 7, bit(6))
        fix(8, 8, bit(7))
        fix(7, 8, bit(8))
        for place in 9..<15 { fix(14 - place, 8, bit(place)) }
        for place in 0..<8 { fix(size - 1 - place, 8, bit(place)) }
        for place in 8..<15 { fix(8, size - 15 + place, bit(place)) }
        fix(8, size - 8, true)
    }

    private mutating func drawVersion(_ version: Int) {
        var rest = version
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = version << 12 | rest
        for place in 0..<18 {
            let a = size - 11 + place % 3, b = place / 3, dark = bits >> place & 1 == 1
            fix(a, b, dark)
            fix(b, a, dark)
        }
    }

    /// In a zigzag of column pairs from the right, under the checkerboard mask.
    private mutating func place(_ words: [UInt8]) {
        var next = 0, right = size - 1
        while right >= 1 {
            if right == 6 { right = 5 }
            for step in 0..<size {
                for column in 0...1 {
                    let x = right - column, y = (right + 1) & 2 == 0 ? size - 1 - step : step
                    guard !isFixed[y * size + x] else { continue }
                    let dark = next < words.count * 8 && words[next >> 3] >> (7 - next & 7) & 1 == 1
                    next += 1
                    isDark[y * size + x] = dark != ((x + y) % 2 == 0)
                }
            }
            right -= 2
        }
    }

    /// Black on white in every theme, with the quiet margin that readers need.
    func image(label: String, width: Int = 200) -> Element {
        var path = ""
        for y in 0..<size { for x in 0..<size where isDark[y * size + x] { path += "M\(x + 4) \(y + 4)h1v1h-1z" } }
        let side = String(size + 8)
        return svg(.viewBox("0 0 \(side) \(side)"), .width(width), .height(width), .role("img"), .aria("label", label)) {
            Element("rect", [.named("width", side), .named("height", side), .named("fill", "#fff")]) {}
            Element("path", [.named("d", path), .named("fill", "#000")]) {}
        }
    }
}
