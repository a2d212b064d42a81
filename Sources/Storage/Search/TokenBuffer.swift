/// Tokens one after the other with blanks between, each once. Works on bytes: a document is made for every row of an import.
struct TokenBuffer {
    private(set) var bytes: [UInt8] = []
    /// An open hash table of the tokens' hashes; 0 is a free place.
    private var hashes = [UInt64](repeating: 0, count: 128)
    private var count = 0

    init() { bytes.reserveCapacity(512) }

    var text: String { String(decoding: bytes, as: UTF8.self) }
    var tokens: [String] { text.split(separator: " ").map(String.init) }

    private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    private static func mix(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

    /// Appends a token with, as tokens of their own, its beginnings of `edges` lengths.
    mutating func insert(_ token: [UInt8], edges: ClosedRange<Int>? = nil) {
        guard !token.isEmpty else { return }
        var hash = Self.seed
        for (index, byte) in token.enumerated() {
            hash = Self.mix(hash, byte)
            let length = index + 1
            if length == token.count || edges?.contains(length) == true { append(token, length, hash) }
        }
    }

    private mutating func append(_ token: [UInt8], _ length: Int, _ hash: UInt64) {
        guard remember(hash | 1) else { return }
        if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
        bytes.append(contentsOf: token[0..<length])
    }

    /// False when it is known already.
    private mutating func remember(_ hash: UInt64) -> Bool {
        if count * 2 > hashes.count { grow() }
        let mask = hashes.count - 1
        var place = Int(truncatingIfNeeded: hash >> 20) & mask
        while hashes[place] != 0 {
            if hashes[place] == hash { return false }
            place = (place + 1) & mask
        }
        hashes[place] = hash
        count += 1
        return true
    }

    private mutating func grow() {
        let known = hashes.filter { $0 != 0 }
        hashes = [UInt64](repeating: 0, count: hashes.count * 2)
        count = 0
        for hash in known { _ = remember(hash) }
    }
}
