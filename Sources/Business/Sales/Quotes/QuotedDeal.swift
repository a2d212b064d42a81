import Core
import Records

/// A deal goes into a stage that asks for a quote only with one that counts.
public struct QuotedDeal: Extension {
    public static let of = Opportunity.self

    public static var rules: Rules {
        .of(Opportunity.self) {
            $0.beforeSave { deal, change, tx in
                guard let stage = try Opportunity.entered(deal, change, tx).first(where: { $0.needs.contains(.quote) }) else { return }
                let counts = \Quote.opportunity == deal.id && .field("status", .in, "approved", "sent", "accepted")
                guard try tx.first(Quote.self, where: counts) == nil else { return }
                throw Opportunity.missing(.quote, for: stage, at: "stage_id")
            }
        }
    }

    public init() {}
}
