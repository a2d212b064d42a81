import Records

/// When a demo customer appeared and bought, so that its days fit its place in life (§3.5 with a window of 180 days).
struct DemoYears {
    let asOf: Day
    let lifecycle: Customer.Lifecycle
    var since: Day
    /// The days of business done, oldest first.
    var purchases: [Day] = []

    init(_ lifecycle: Customer.Lifecycle, asOf: Day, _ random: inout SplitMix64) {
        self.asOf = asOf
        self.lifecycle = lifecycle
        switch lifecycle {
        case .potential:
            since = asOf - (random.chance(70) ? random.number(1...90) : random.number(91...330))
        case .new:
            let first = random.number(3...84)
            since = asOf - first - random.number(0...40)
            purchases = [asOf - first]
            if random.chance(35), first > 12 { purchases.append(asOf - random.number(1...first - 10)) }
        case .active, .silent, .lost:
            let last =
                lifecycle == .active ? random.number(2...172) : lifecycle == .silent ? random.number(188...352) : random.number(372...1300)
            let first = max(last, 120) + random.number(0...1200)
            since = asOf - first - random.number(0...60)
            purchases = [asOf - first]
            var gap = first - last
            for _ in 0..<random.number(0...4) where gap > 120 {
                gap -= random.number(60...240)
                if gap > 30 { purchases.append(asOf - (last + gap)) }
            }
            if first != last { purchases.append(asOf - last) }
        }
        purchases.sort()
    }

    /// The last day on which something happened with the customer in the way of business.
    var last: Day { purchases.last ?? since }
}
