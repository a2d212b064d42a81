/// A small random generator with a seed, so that a failure can be repeated.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

/// Damaged copies of good input.
enum Hostile {
    /// The bytes cut at `points` places spread over their length.
    static func truncations(of bytes: [UInt8], points: Int = 200) -> [[UInt8]] {
        (0..<points).map { Array(bytes.prefix(bytes.count * $0 / points)) }
    }

    /// Copies with one to eight bytes changed, removed or doubled.
    static func mutations(of bytes: [UInt8], count: Int, seed: UInt64) -> [[UInt8]] {
        var random = Seeded(seed)
        return (0..<count).map { _ in
            var copy = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) where !copy.isEmpty {
                let place = Int.random(in: 0..<copy.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: copy[place] = UInt8.random(in: 0...255, using: &random)
                case 1: copy.remove(at: place)
                case 2: copy.insert(copy[place], at: place)
                default: copy[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
            }
            return copy
        }
    }

    /// The bytes in pieces of random length.
    static func pieces(of bytes: [UInt8], seed: UInt64, most: Int = 40) -> [[UInt8]] {
        var random = Seeded(seed)
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = Int.random(in: 1...most, using: &random)
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
