import Records

/// What a company may set about its leads and the pool (A17, §2.6, §3.3).
public enum LeadParameters {
    static let section = Words("线索与公海", "Leads and pool")

    public static let profile = Parameter(
        "leads.level_profile", "意向级别方案", .text("a"), kind: ChoiceKind(LeadLevel.Profile.self),
        help: Words("各方案的跟进间隔见“意向级别表”", "The intervals stand in the table of intention levels"), section: section, english: "Level profile")
    public static let firstMinutes = Parameter(
        "leads.first_contact_minutes", "首次联系时限", 30, range: 5...1440, unit: Words("分钟", "min"),
        help: Words("按工作日历计算，只在工作时间内走表", "Reckoned in working time"), section: section, english: "First contact within")
    public static let escalateDays = Parameter(
        "leads.escalate_days", "逾期几天上报上级", 3, range: 1...30, unit: Words("天", "days"), section: section, english: "Escalate after")
    public static let missedLimit = Parameter(
        "leads.missed_intervals", "连续错过几次自动降级", 2, range: 1...10, unit: Words("次", "times"), section: section,
        english: "Downgrade after missing")
    public static let claimsPerDay = Parameter(
        "pool.claims_per_day", "每人每天最多领取", 20, range: 1...1000, unit: Words("条", "records"), section: section,
        english: "Claims per person and day")
    public static let coolingDays = Parameter(
        "pool.cooling_days", "原负责人冷却期", 7, range: 0...365, unit: Words("天", "days"),
        help: Words("放入公海后，原负责人几天内不能再领取", "How long the last owner may not claim it again"), section: section, english: "Cooling-off")
    public static let leadCapacity = Parameter(
        "pool.lead_capacity", "每人线索上限", 200, range: 1...100_000, unit: Words("条", "records"), section: section, english: "Leads per person")
    public static let customerCapacity = Parameter(
        "pool.customer_capacity", "每人未成交客户上限", 500, range: 1...100_000, unit: Words("位", "records"),
        help: Words("成交过的客户不计", "Those who have bought do not count"), section: section, english: "Prospects per person")

    static let all = [profile, firstMinutes, escalateDays, missedLimit, claimsPerDay, coolingDays, leadCapacity, customerCapacity]
}
