import Records

extension DashboardDefault.Tile {
    public static let newCustomers = Self(
        "本月新客户", "New customers this month", of: Customer.name, "span=created_at:month", width: 3)
    public static let contacts = Self(
        "本月跟进次数", "Contacts this month", of: Interaction.name, "span=happened_at:month", width: 3)
}
