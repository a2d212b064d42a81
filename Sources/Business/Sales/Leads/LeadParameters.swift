import Core
import Records

/// What a company may set about its leads (A17, §2.6, §3.3).
public enum LeadParameters {
    private static let section = PoolParameters.section

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
    public static let leadCapacity = Parameter(
        "pool.lead_capacity", "每人线索上限", 200, range: 1...100_000, unit: Words("条", "records"), section: section, english: "Leads per person")

    static let all = [profile, firstMinutes, escalateDays, missedLimit, leadCapacity]
}
