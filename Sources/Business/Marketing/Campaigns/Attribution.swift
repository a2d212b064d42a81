import Records

/// A55: to which campaigns a won deal is owed.
public enum Attribution: String, CaseIterable, Sendable {
    /// The campaign that first reached the customer.
    case first
    /// The one that reached them last before they bought.
    case last
    /// Every one that did, in equal parts.
    case linear

    /// One meeting of a customer and a campaign.
    public struct Touch: Sendable, Hashable {
        public var campaign: Int64
        public var at: Instant
        public init(_ campaign: Int64, _ at: Instant) { (self.campaign, self.at) = (campaign, at) }
    }

    /// How much of `amount` each campaign is credited with. Touches after the deal count for nothing; a cent that cannot be divided goes to
    /// the later touch. What no campaign touched is nobody's.
    public func shares(of amount: Money, _ touches: [Touch], until closed: Instant) -> [Int64: Money] {
        let counted = touches.filter { $0.at <= closed }.sorted { ($0.at, $0.campaign) < ($1.at, $1.campaign) }
        guard let first = counted.first, let last = counted.last else { return [:] }
        switch self {
        case .first: return [first.campaign: amount]
        case .last: return [last.campaign: amount]
        case .linear:
            let part = amount.cents / Int64(counted.count), rest = amount.cents % Int64(counted.count)
            var shares: [Int64: Money] = [:]
            for (place, touch) in counted.enumerated() {
                shares[touch.campaign, default: .zero] =
                    shares[touch.campaign, default: .zero] + Money(cents: part + (place == counted.count - 1 ? rest : 0))
            }
            return shares
        }
    }
}
