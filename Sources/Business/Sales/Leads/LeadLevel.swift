import Records

/// §3.3: the table of intention levels, one line for each profile and level; the company chooses its profile and may change every number.
public struct LeadLevel: Entity {
    public static let name = "lead_levels", label = "意向级别表"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "gauge", english: "Intention levels").with {
            $0.sort = ["profile", "position"]
            $0.unique = [["profile", "code"]]
        }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 50), .title)
    public let profile = Field<Profile>("profile", "方案", .inList, .quick, .indexed, .initial("a"))
    public let code = Field<IntentionLevel>("code", "级别", .inList, .quick)
    public let followHours = Field<Int?>(
        "follow_hours", "跟进间隔", kind: WholeNumberKind(range: 1...17_520), .inList, .quick, .unit("小时", "h"),
        .help("留空表示不催", "Nobody is reminded when empty"), .english("Follow up every"))
    public let dealWithin = Field<String?>("deal_within", "预计成交", kind: TextKind(limit: 50), .inList, .english("Deal expected"))
    public let downgradeTo = Field<IntentionLevel?>(
        "downgrade_to", "降级为", .inList, .english("Downgraded to"), .help("连续错过跟进时自动降级", "When contacts are missed in a row"))
    public let position = Field<Int?>("position", "排序", .english("Order"))

    public init() {}

    public enum Profile: String, Choice {
        case a, b, c, own
        public static let options: [Option<Profile>] = [
            .init(.a, "方案 A", .accent, english: "Profile A"), .init(.b, "方案 B", .sky, english: "Profile B"),
            .init(.c, "方案 C", .teal, english: "Profile C"), .init(.own, "自定", english: "Own"),
        ]
    }

    /// The company's line for a level.
    static func line(_ code: IntentionLevel, _ look: any Looking) throws -> Record<LeadLevel>? {
        let profile = Profile(stored: try look.value(of: LeadParameters.profile, on: nil))
        return try look.first(LeadLevel.self, where: \LeadLevel.profile == profile && \LeadLevel.code == code)
    }

    static func seed(_ tx: any Transaction) throws {
        let names: [IntentionLevel: String] = [
            .O: "已下订", .H: "7 天内成交", .A: "1 个月内", .B: "1–3 个月", .C: "3 个月以上", .N: "首次接触", .L: "暂缓", .F: "战败",
        ]
        // Days; N is a matter of hours everywhere.
        let days: [Profile: [IntentionLevel: Int]] = [
            .a: [.O: 7, .H: 2, .A: 7, .B: 14, .C: 30], .b: [.O: 7, .H: 7, .A: 15, .B: 30, .C: 90],
            .c: [.O: 7, .H: 7, .A: 15, .B: 30, .C: 90], .own: [.O: 7, .H: 2, .A: 7, .B: 14, .C: 30],
        ]
        let lower: [IntentionLevel: IntentionLevel] = [.H: .A, .A: .B, .B: .C]
        for profile in Profile.allCases {
            for (position, code) in IntentionLevel.allCases.enumerated()
            where try tx.first(LeadLevel.self, where: \LeadLevel.profile == profile && \LeadLevel.code == code) == nil {
                var line = Record<LeadLevel>()
                (line.title, line.profile, line.code, line.position) = ("\(code.rawValue)级（\(names[code] ?? "")）", profile, code, position)
                line.followHours = code == .N ? 24 : days[profile]?[code].map { $0 * 24 }
                line.dealWithin = names[code]
                line.downgradeTo = lower[code]
                try tx.insert(line)
            }
        }
    }
}
