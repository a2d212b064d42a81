import Foundation

/// §3.6: the figures of satisfaction, each with its 95 % interval. Percent and points throughout.
///
/// Sources: Wald interval of NPS and Sauro & Lewis' adjusted one; Wilson's score interval for shares; Student's t for means.
public enum Satisfaction {
    public static let z = 1.959963984540054

    public struct Interval: Sendable, Equatable {
        public var low: Double, high: Double
        public init(_ low: Double, _ high: Double) { (self.low, self.high) = (low, high) }
    }

    public struct NPS: Sendable {
        public var promoters: Int, passives: Int, detractors: Int
        public init(promoters: Int, passives: Int, detractors: Int) {
            (self.promoters, self.passives, self.detractors) = (promoters, passives, detractors)
        }

        public var n: Int { promoters + passives + detractors }
        public var score: Double { n == 0 ? 0 : 100 * Double(promoters - detractors) / Double(n) }
        /// Of the score, population form.
        public var standardError: Double { Self.error(Double(promoters), Double(detractors), Double(n)) }
        public var wald: Interval { Interval(score - z * standardError, score + z * standardError) }

        /// With three quarters of a promoter and a detractor and one and a half passives more: honest for few answers.
        public var adjustedScore: Double { 100 * Double(promoters - detractors) / (Double(n) + 3) }
        public var adjusted: Interval {
            let error = Self.error(Double(promoters) + 0.75, Double(detractors) + 0.75, Double(n) + 3)
            return Interval(adjustedScore - z * error, adjustedScore + z * error)
        }

        private static func error(_ promoters: Double, _ detractors: Double, _ n: Double) -> Double {
            guard n > 0 else { return 0 }
            let p = promoters / n, d = detractors / n
            return 100 * (max(0, p + d - (p - d) * (p - d)) / n).squareRoot()
        }
    }

    /// Wilson's interval of `count` in `n`.
    public static func wilson(_ count: Int, of n: Int) -> Interval {
        guard n > 0 else { return Interval(0, 100) }
        let n = Double(n), p = Double(count) / n, zz = z * z
        let middle = (p + zz / (2 * n)) / (1 + zz / n), half = z * (p * (1 - p) / n + zz / (4 * n * n)).squareRoot() / (1 + zz / n)
        return Interval(100 * max(0, middle - half), 100 * min(1, middle + half))
    }

    /// Mean and its interval from how often each value was given; nil below two answers.
    public static func mean(_ counts: [Int: Int]) -> (mean: Double, interval: Interval)? {
        let n = counts.values.reduce(0, +)
        guard n > 1 else { return nil }
        let mean = counts.reduce(0.0) { $0 + Double($1.key) * Double($1.value) } / Double(n)
        let squares = counts.reduce(0.0) { $0 + (Double($1.key) - mean) * (Double($1.key) - mean) * Double($1.value) }
        let half = Student.quantile975(Double(n - 1)) * (squares / Double(n - 1) / Double(n)).squareRoot()
        return (mean, Interval(mean - half, mean + half))
    }

    /// The internal CSI, 0 to 1000: each factor's place on its scale by its weight. Nil without factors.
    public static func csi(_ factors: [(weight: Double, share: Double)]) -> Double? {
        let total = factors.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        return 1000 * factors.reduce(0) { $0 + $1.weight * $1.share } / total
    }

    /// Pearson's correlation; nil when one of them never varies.
    public static func correlation(_ x: [Double], _ y: [Double]) -> Double? {
        guard x.count == y.count, x.count > 1 else { return nil }
        let mx = x.reduce(0, +) / Double(x.count), my = y.reduce(0, +) / Double(y.count)
        var xy = 0.0, xx = 0.0, yy = 0.0
        for (a, b) in zip(x, y) {
            xy += (a - mx) * (b - my)
            xx += (a - mx) * (a - mx)
            yy += (b - my) * (b - my)
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
    }
}

/// Student's t distribution, as far as intervals need it.
enum Student {
    /// The value below which 97.5 % lie: bisection on the distribution function, which the incomplete beta function gives.
    static func quantile975(_ degrees: Double) -> Double {
        var low = 0.0, high = 1000.0
        while high - low > 1e-12 * max(1, high) {
            let middle = (low + high) / 2
            if tail(middle, degrees) > 0.025 { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// How much lies above `t`.
    private static func tail(_ t: Double, _ degrees: Double) -> Double { incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2 }

    /// The regularised incomplete beta function by its continued fraction (Lentz).
    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let scale: Double = lgamma(a + b) - lgamma(a) - lgamma(b)
        let front: Double = exp(scale + a * log(x) + b * log(1 - x))
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
    }

    private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        var c = 1.0, d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var result = d
        for step in 1...500 {
            let m = Double(step)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                if abs(c) < tiny { c = tiny }
                result *= d * c
            }
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }
}
