import Records

/// D4, D5: the levels and categories a company starts with; it changes them as it likes.
enum CustomerSetUp {
    static func seed(_ tx: any Transaction) throws {
        for level in levels where try tx.first(CustomerLevel.self, where: \CustomerLevel.code == level.code) == nil {
            try tx.insert(level.record)
        }
        var known: [String: Ref<CustomerCategory>] = [:]
        for (index, category) in categories.enumerated() {
            if let there = try tx.first(CustomerCategory.self, where: \CustomerCategory.code == category.code) {
                known[category.code] = there.id
                continue
            }
            var record = Record<CustomerCategory>()
            record.code = category.code
            record.name = category.name
            record.parent = category.parent.flatMap { known[$0] }
            record.position = (index + 1) * 10
            known[category.code] = try tx.insert(record).id
        }
    }

    struct Level {
        var code: String, name: String, family: CustomerLevel.Family, rank: Int, days: Int, tone: CustomerLevel.LevelTone
        var benefits: String?

        var record: Record<CustomerLevel> {
            var record = Record<CustomerLevel>()
            record.code = code
            record.name = name
            record.family = family
            record.rank = rank
            record.followDays = days
            record.tone = tone
            record.benefits = benefits
            return record
        }
    }

    /// After-sales levels, and intention levels with the intervals of profile A (§3.3).
    static let levels = [
        Level(code: "diamond", name: "钻石客户", family: .afterSales, rank: 1, days: 30, tone: .violet, benefits: "专属顾问、优先接待、生日礼、全年免费检测"),
        Level(code: "gold", name: "金卡客户", family: .afterSales, rank: 2, days: 45, tone: .warn, benefits: "优先预约、工时九折、生日礼"),
        Level(code: "silver", name: "银卡客户", family: .afterSales, rank: 3, days: 60, tone: .neutral, benefits: "工时九五折"),
        Level(code: "normal", name: "普通客户", family: .afterSales, rank: 4, days: 90, tone: .neutral),
        Level(code: "O", name: "O级（已下订）", family: .intention, rank: 1, days: 7, tone: .ok),
        Level(code: "H", name: "H级（7天内）", family: .intention, rank: 2, days: 2, tone: .bad),
        Level(code: "A", name: "A级（1个月内）", family: .intention, rank: 3, days: 7, tone: .warn),
        Level(code: "B", name: "B级（1–3个月）", family: .intention, rank: 4, days: 14, tone: .accent),
        Level(code: "C", name: "C级（3个月以上）", family: .intention, rank: 5, days: 30, tone: .sky),
        Level(code: "N", name: "N级（首次接触）", family: .intention, rank: 6, days: 1, tone: .teal),
    ]

    static let categories: [(code: String, name: String, parent: String?)] = [
        ("person", "个人客户", nil), ("person_owner", "车主", "person"), ("person_traveller", "旅客", "person"),
        ("person_member", "门店会员", "person"),
        ("unit", "单位客户", nil), ("unit_company", "企业", "unit"), ("unit_government", "政府", "unit"), ("unit_fleet", "车队", "unit"),
        ("ride", "出租网约", nil), ("rental", "租赁", nil), ("second_net", "二网", nil), ("insurer", "保险公司", nil), ("dealer", "经销商", nil),
    ]
}
