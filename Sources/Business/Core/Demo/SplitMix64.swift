/// A small generator of random numbers whose whole future follows from its seed (Steele, Lea & Flood 2014).
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64
    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    // Own helpers: the standard library does not promise that `Int.random` keeps its algorithm.
    public mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }
    public mutating func number(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
    public mutating func fraction() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
    public mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
    public mutating func pick<T>(_ list: [T]) -> T { list[number(0...list.count - 1)] }

    public mutating func pick<T>(weighted table: [(T, Int)]) -> T { table.at(fraction()) }
}

extension Array {
    /// The entry of a weighted table at `place` (0 ..< 1).
    public func at<T>(_ place: Double) -> T where Element == (T, Int) {
        var left = place * Double(reduce(0) { $0 + $1.1 })
        for (entry, weight) in self {
            left -= Double(weight)
            if left < 0 { return entry }
        }
        return self[count - 1].0
    }
}

/// Places in 0 ..< 1 for one index after another that fill it evenly, so that small demos keep the shares too (a Kronecker sequence).
public struct Spread {
    private let offset: Double
    private let step: Double

    public init(seed: UInt64, _ salt: Int) {
        var random = SplitMix64(seed: seed &+ UInt64(salt) &* 7919)
        offset = random.fraction()
        let roots = [
            0.6180339887498949, 0.4142135623730951, 0.7320508075688772, 0.2360679774997896, 0.6457513110645907, 0.3166247903553998,
            0.6055512754639891, 0.1231056256176606,
        ]
        step = roots[salt % roots.count]
    }

    public subscript(index: Int) -> Double { (Double(index) * step + offset).truncatingRemainder(dividingBy: 1) }
}
