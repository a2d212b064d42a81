import Records

extension Lead {
    public enum Status: String, Choice {
        case new, assigned, contacted, qualified, converted, invalid, lost
        public static let options: [Option<Status>] = [
            .init(.new, "新线索", .sky), .init(.assigned, "已分配", .accent), .init(.contacted, "已联系", .teal), .init(.qualified, "有效", .ok),
            .init(.converted, "已转化", .violet),
            .init(.invalid, "无效"), .init(.lost, "战败", .bad),
        ]
        /// Those somebody works on.
        static let open: [Status] = [.assigned, .contacted, .qualified]
    }

    /// §3.3: how soon a deal is to be expected. How often to be in touch stands in the table of levels.
    public enum Level: String, Choice {
        case O, H, A, B, C, N, L, F
        public static let options: [Option<Level>] = [
            .init(.O, "O级", .ok, english: "O (ordered)", aliases: ["已下订"]), .init(.H, "H级", .bad, english: "H (within 7 days)"),
            .init(.A, "A级", .warn, english: "A (within a month)"), .init(.B, "B级", .accent, english: "B (1–3 months)"),
            .init(.C, "C级", .sky, english: "C (over 3 months)"), .init(.N, "N级", .teal, english: "N (first contact)", aliases: ["首次接触"]),
            .init(.L, "暂缓", english: "L (on hold)"), .init(.F, "战败", english: "F (lost)"),
        ]
        /// 0 is the hottest.
        var rank: Int { Level.allCases.firstIndex(of: self) ?? 0 }
    }

    public enum BuyWithin: String, Choice {
        case week, month, quarter, later
        public static let options: [Option<BuyWithin>] = [
            .init(.week, "7天内", english: "7 days"), .init(.month, "1个月内", english: "A month"),
            .init(.quarter, "3个月内", english: "Three months"), .init(.later, "3个月以上", english: "Later"),
        ]
        var level: Level {
            switch self {
            case .week: .H
            case .month: .A
            case .quarter: .B
            case .later: .C
            }
        }
    }

    public enum InvalidReason: String, Choice {
        case wrongNumber = "wrong_no", noIntent = "no_intent", duplicate, outArea = "out_area", competitor, other
        public static let options: [Option<InvalidReason>] = [
            .init(.wrongNumber, "空号错号"), .init(.noIntent, "无意向"), .init(.duplicate, "重复"), .init(.outArea, "外地"),
            .init(.competitor, "已购竞品"), .init(.other, "其他"),
        ]
    }
}

/// §2.7: why a lead or an opportunity was lost.
public enum LossReason: String, Choice {
    case price, product, competitor, time, budget, service, noDecision = "no_decision", other
    public static let options: [Option<LossReason>] = [
        .init(.price, "价格", .warn), .init(.product, "产品不符"), .init(.competitor, "竞品", .bad), .init(.time, "时间"), .init(.budget, "预算取消"),
        .init(.service, "服务"), .init(.noDecision, "无决策"), .init(.other, "其他"),
    ]
}
