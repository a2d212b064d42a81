import Records

/// §3.3: how soon a deal is to be expected. How often to be in touch stands in the table of levels.
public enum IntentionLevel: String, Choice {
    case O, H, A, B, C, N, L, F
    public static let options: [Option<IntentionLevel>] = [
        .init(.O, "O级", .ok, english: "O (ordered)", aliases: ["已下订"]), .init(.H, "H级", .bad, english: "H (within 7 days)"),
        .init(.A, "A级", .warn, english: "A (within a month)"), .init(.B, "B级", .accent, english: "B (1–3 months)"),
        .init(.C, "C级", .sky, english: "C (over 3 months)"), .init(.N, "N级", .teal, english: "N (first contact)", aliases: ["首次接触"]),
        .init(.L, "暂缓", english: "L (on hold)"), .init(.F, "战败", english: "F (lost)"),
    ]
    /// 0 is the hottest.
    var rank: Int { IntentionLevel.allCases.firstIndex(of: self) ?? 0 }
}

/// How soon somebody means to buy.
public enum BuyWithin: String, Choice {
    case week, month, quarter, later
    public static let options: [Option<BuyWithin>] = [
        .init(.week, "7天内", english: "7 days"), .init(.month, "1个月内", english: "A month"),
        .init(.quarter, "3个月内", english: "Three months"), .init(.later, "3个月以上", english: "Later"),
    ]
    var level: IntentionLevel {
        switch self {
        case .week: .H
        case .month: .A
        case .quarter: .B
        case .later: .C
        }
    }
}
