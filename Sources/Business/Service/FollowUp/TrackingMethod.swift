import Core
import Records

/// D11: a way in which customers are followed up, what it costs and what it takes.
public struct TrackingMethod: Entity {
    public static let name = "tracking_methods", label = "跟踪方式"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "phone-call", english: "Tracking methods").with { $0.sort = ["position", "id"] }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 50), .title)
    public let channel = Field<Channel>("channel", "渠道", .inList, .quick, .initial("phone"))
    public let cost = Field<Money?>("cost_cents", "单次成本", .inList, .quick, .english("Cost each"))
    public let needsConsent = Field<Bool>("needs_consent", "须客户同意", .inList, .initial(false), .english("Needs consent"))
    public let isRecorded = Field<Bool>("requires_recording", "须录音", .inList, .initial(false), .english("Recorded"))
    public let position = Field<Int?>("position", "顺序", .initial(0), .english("Order"))
    public let isEnabled = Field<Bool>("is_enabled", "启用", .inList, .initial(true), .english("Enabled"))

    public init() {}

    static func seed(_ tx: any Transaction) throws {
        let methods: [(String, Channel, Int64, Bool, Bool)] = [
            ("电话", .phone, 60, false, true), ("短信", .sms, 5, true, false), ("微信", .wechat, 0, true, false),
            ("上门", .visit, 5000, false, false), ("信函", .letter, 150, false, false), ("邮件", .email, 0, true, false),
            ("到店", .counter, 0, false, false), ("APP", .app, 0, true, false),
        ]
        for (place, (name, channel, cost, consent, recording)) in methods.enumerated()
        where try tx.first(TrackingMethod.self, where: \TrackingMethod.title == name) == nil {
            var method = Record<TrackingMethod>()
            (method.title, method.channel, method.cost, method.needsConsent, method.isRecorded, method.position) = (
                name, channel, Money(cents: cost), consent, recording, place * 10
            )
            try tx.insert(method)
        }
    }
}
