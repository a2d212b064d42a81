import Records

/// What a company may set about what lies in the pool for the taking (§2.6, §6.2 no. 4).
public enum PoolParameters {
    public static let section = Words("线索与公海", "Leads and pool")

    public static let claimsPerDay = Parameter(
        "pool.claims_per_day", "每人每天最多领取", 20, range: 1...1000, unit: Words("条", "records"), section: section,
        english: "Claims per person and day")
    public static let coolingDays = Parameter(
        "pool.cooling_days", "原负责人冷却期", 7, range: 0...365, unit: Words("天", "days"),
        help: Words(
            "放入公海后，原负责人几天内不能再领取，同事也不能转回给他；主管可以",
            "How long the last owner may not have it again, not by a colleague either; a manager decides"), section: section,
        english: "Cooling-off")
    public static let customerCapacity = Parameter(
        "pool.customer_capacity", "每人未成交客户上限", 500, range: 1...100_000, unit: Words("位", "records"),
        help: Words("成交过的客户不计", "Those who have bought do not count"), section: section, english: "Prospects per person")

    static let all = [claimsPerDay, coolingDays, customerCapacity]
}
