/// Builds zip files byte by byte, honest and dishonest ones.
struct TestZip {
    private struct Entry {
        let name: [UInt8]
        let method: UInt16
        let crc: UInt32
        let packed: Int
        let size: Int
        let offset: Int
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Adds a part as it is.
    mutating func add(_ name: String, _ text: String) {
        let content = Array(text.utf8)
        add(name, packed: content, method: 0, crc: Self.crc(content), size: content.count)
    }

    /// Adds a part of `count` equal bytes after `prefix`, deflated; `claiming` is the size the header names.
    mutating func addRepeating(_ name: String, prefix: String, byte: UInt8, count: Int, claiming: Int? = nil) {
        let content = Array(prefix.utf8) + [UInt8](repeating: byte, count: count)
        add(
            name, packed: Self.deflated(prefix: Array(prefix.utf8), byte: byte, count: count), method: 8, crc: Self.crc(content),
            size: claiming ?? content.count)
    }

    private mutating func add(_ name: String, packed: [UInt8], method: UInt16, crc: UInt32, size: Int) {
        let entry = Entry(name: Array(name.utf8), method: method, crc: crc, packed: packed.count, size: size, offset: bytes.count)
        bytes += [0x50, 0x4B, 3, 4] + header(entry) + entry.name + packed
        entries.append(entry)
    }

    /// The whole file.
    func finished() -> [UInt8] {
        var all = bytes
        for entry in entries {
            all +=
                [0x50, 0x4B, 1, 2] + Self.le16(20) + header(entry) + Self.le16(0) + Self.le16(0) + Self.le16(0) + Self.le32(0)
                + Self.le32(entry.offset) + entry.name
        }
        let directory = all.count - bytes.count
        return all + [0x50, 0x4B, 5, 6] + Self.le16(0) + Self.le16(0) + Self.le16(entries.count) + Self.le16(entries.count)
            + Self.le32(directory) + Self.le32(bytes.count) + Self.le16(0)
    }

    private func header(_ entry: Entry) -> [UInt8] {
        Self.le16(20) + Self.le16(0) + Self.le16(Int(entry.method)) + Self.le16(0) + Self.le16(0x21) + Self.le32(Int(entry.crc))
            + Self.le32(entry.packed) + Self.le32(entry.size) + Self.le16(entry.name.count) + Self.le16(0)
    }

    private static func le16(_ value: Int) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)] }
    private static func le32(_ value: Int) -> [UInt8] { le16(value) + le16(value >> 16) }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }

    /// One fixed-Huffman block: the prefix as literals, then one literal and matches of 258 bytes at distance 1.
    private static func deflated(prefix: [UInt8], byte: UInt8, count: Int) -> [UInt8] {
        var out = Bits()
        out.put(0b011, 3)
        for literal in prefix { out.literal(literal) }
        out.literal(byte)
        for _ in 0..<((count - 1) / 258) {
            out.code(0b1100_0101, 8)
            out.code(0, 5)
        }
        for _ in 0..<((count - 1) % 258) { out.literal(byte) }
        out.code(0, 7)
        return out.finished()
    }

    private struct Bits {
        private var bytes: [UInt8] = []
        private var pending: UInt32 = 0
        private var filled: UInt32 = 0

        mutating func put(_ value: UInt32, _ count: UInt32) {
            pending |= value << filled
            filled += count
            while filled >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                filled -= 8
            }
        }

        /// Huffman codes go in with their highest bit first.
        mutating func code(_ value: UInt32, _ count: UInt32) {
            for place in stride(from: Int(count) - 1, through: 0, by: -1) { put(value >> UInt32(place) & 1, 1) }
        }

        mutating func literal(_ byte: UInt8) {
            if byte < 144 { code(0x30 + UInt32(byte), 8) } else { code(0x190 + UInt32(byte) - 144, 9) }
        }

        func finished() -> [UInt8] { filled > 0 ? bytes + [UInt8(truncatingIfNeeded: pending)] : bytes }
    }
}
