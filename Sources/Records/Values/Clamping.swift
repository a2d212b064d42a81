// Arithmetic on numbers from outside. Swift ends the process where a sum does not fit; these stay at the greatest or least number there is.

extension FixedWidthInteger {
    public func adding(clamping other: Self) -> Self {
        let (sum, isOver) = addingReportingOverflow(other)
        return isOver ? (other < 0 ? .min : .max) : sum
    }

    public func subtracting(clamping other: Self) -> Self {
        let (rest, isOver) = subtractingReportingOverflow(other)
        return isOver ? (other < 0 ? .max : .min) : rest
    }

    public func multiplied(clampingBy factor: Self) -> Self {
        let (product, isOver) = multipliedReportingOverflow(by: factor)
        return isOver ? ((self < 0) == (factor < 0) ? .max : .min) : product
    }

    /// The nearest number within a range.
    public func held(in range: ClosedRange<Self>) -> Self { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}

extension Range {
    /// From one bound to another; empty when the second does not lie behind the first.
    // bounded: the end is not below the first.
    public init(from first: Bound, until end: Bound) { self = first..<Swift.max(first, end) }
}

extension Int {
    /// The nearest whole number; 0 of what is none.
    public init(nearest number: Double) {
        guard !number.isNaN else { self = 0; return }
        self = Int(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
    }
}

extension Int64 {
    /// What a JSON number says exactly to every program (RFC 8259, section 6): from -2^53 to 2^53.
    // bounded: both ends are written here.
    public static let exact: ClosedRange<Int64> = -(1 << 53)...(1 << 53)
}
