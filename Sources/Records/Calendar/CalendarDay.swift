/// A day on which the company works otherwise than in an ordinary week: a public holiday, or a day of the weekend that is worked in
/// exchange (调休). An administrator keeps them; the State Council's notice of each year comes with the product.
public struct CalendarDay: Entity {
    public static let name = "calendar_days", label = "节假日与调休"
    public static var traits: EntityTraits {
        EntityTraits(.shared, icon: "calendar-days", english: "Holidays and working weekends").with { $0.sort = ["-day"] }
    }

    public let title = Field<String>("name", "名称", kind: TextKind(limit: 50), .title, .aliases("节日", "假日"))
    public let day = Field<Day>("day", "日期", .unique, .inList, .quick, .english("Day"), .aliases("date", "日子"))
    public let kind = Field<Kind>(
        "kind", "安排", .inList, .quick, .initial("holiday"), .english("Day kind"), .aliases("类型", "type", "holiday"))
    public let remark = Field<String?>("remark", "备注", kind: TextKind(limit: 200), .english("Remark"))

    public init() {}

    public enum Kind: String, Choice {
        case holiday, workday
        public static let options: [Option<Kind>] = [
            .init(.holiday, "放假", .rose, english: "Off", aliases: ["休", "节假日", "休息", "off"]),
            .init(.workday, "调休上班", .sky, english: "Worked", aliases: ["班", "上班", "补班", "工作日", "working"]),
        ]
    }
}
