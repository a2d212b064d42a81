import Records

/// Numbers of the leads measured against one another, each with its formula (§3.12).
public enum LeadFigures {
    public static let conversion = Figure(
        "lead_conversion", "线索转化率", "Leads converted", .percent,
        .init("近一年转化的线索", "Converted", of: Lead.name, "filter[status]=converted&filter[created_at][gte]=today-364"),
        per: .init("近一年的线索", "Leads", of: Lead.name, "filter[created_at][gte]=today-364"))
}
