import Core
import Records
import Sales

/// A53: which campaign a lead came from.
public struct CampaignLead: Extension {
    public static let of = Lead.self
    public let campaign = Field<Ref<Campaign>?>(
        "campaign_id", "市场活动", .indexed, .help("留空按渠道码", "By the source code when empty"), .english("Campaign"))

    public static var rules: Rules {
        .of(Lead.self) {
            $0.beforeSave { lead, change, tx in
                guard lead[CampaignLead.self].campaign == nil, let code = lead.sourceCode,
                    change.isNew || change.changed(\Lead.sourceCode, in: lead)
                else { return }
                lead[CampaignLead.self].campaign = try campaign(behind: code, tx)
            }
        }
    }

    /// Whose code it is, as long as the channel and its campaign bring leads in: what is paused or over has none any more.
    private static func campaign(behind code: String, _ tx: any Transaction) throws -> Ref<Campaign>? {
        guard let channel = try tx.first(CampaignChannel.self, where: \CampaignChannel.code == code), channel.paused != true,
            let campaign = try tx.get(Campaign.self, channel.campaign),
            ![.paused, .ended, .evaluated, .cancelled].contains(campaign.status)
        else { return nil }
        return campaign.id
    }

    public init() {}
}

/// What is to be done for a campaign.
public struct CampaignTask: Extension {
    public static let of = Todo.self
    public let campaign = Field<Ref<Campaign>?>("campaign_id", "市场活动", .indexed)

    public static func add(to traits: inout EntityTraits) { traits.indexes.append(["campaign_id", "due_at"]) }

    public init() {}
}
