import Records

extension Money {
    /// So many basis points of it, to the nearest cent, halves away from zero.
    func share(_ part: Percent) -> Money {
        let (high, low) = cents.magnitude.multipliedFullWidth(by: UInt64(min(max(part.basisPoints, 0), 10_000)))
        let (whole, rest) = UInt64(10_000).dividingFullWidth((high, low))
        let rounded = Int64(clamping: whole + (rest >= 5_000 ? 1 : 0))
        return Money(cents: cents < 0 ? -rounded : rounded)
    }

    /// How much of `other` it is, in basis points, to the nearest; nil of nothing.
    func rate(of other: Money) -> Int64? {
        guard other.cents > 0 else { return nil }
        let (high, low) = cents.magnitude.multipliedFullWidth(by: 10_000)
        let divisor = UInt64(other.cents)
        guard high < divisor else { return nil }
        let (whole, rest) = divisor.dividingFullWidth((high, low))
        let rounded = Int64(clamping: whole &+ (rest >= divisor - rest ? 1 : 0))
        return cents < 0 ? -rounded : rounded
    }

    /// `¥298,500.00`
    var shown: String { "¥" + MoneyKind().show(stored, in: .chinese) }
}
