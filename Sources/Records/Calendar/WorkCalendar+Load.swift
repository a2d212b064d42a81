extension WorkCalendar {
    /// The company's calendar as it is set now: two years back and three ahead.
    public static func load(_ look: any Looking) throws -> WorkCalendar {
        let week = CalendarParameters.Week(rawValue: try look.value(of: CalendarParameters.week, on: nil).text ?? "") ?? .five
        let hours = try look.value(of: CalendarParameters.hours, on: nil).text.flatMap(WorkingHoursKind.read)
        var calendar = WorkCalendar(weekdays: week.weekdays)
        if let hours, !hours.isEmpty { calendar.hours = hours }
        guard week != .always else { return calendar }
        let near = \CalendarDay.day >= look.today - 730 && \CalendarDay.day <= look.today + 1100
        for day in try look.all(CalendarDay.self, where: near, sort: [Query.Sort("day")], limit: 2000) {
            calendar.exceptions[day.day.number] = Exception(day.kind, day.title)
        }
        return calendar
    }
}

/// What a company may set about its working time.
public enum CalendarParameters {
    static let section = Words("工作日历", "Working calendar")

    public static let week = Parameter(
        "calendar.week", "每周工作日", .text(Week.five.rawValue), kind: ChoiceKind(Week.self),
        help: Words("节假日与调休在“设置 → 节假日与调休”维护", "Holidays and working weekends are kept under Settings"), section: section,
        english: "Working week", isRequired: true)
    public static let hours = Parameter(
        "calendar.hours", "工作时间", "09:00-12:00,13:00-18:00", kind: WorkingHoursKind(),
        help: Words("按工作时间计算的时限只在这些时段内走表", "Deadlines in working time run within these hours only"), section: section,
        english: "Working hours", isRequired: true)

    public static let all = [week, hours]

    public enum Week: String, Choice {
        case five, six, seven, always
        public static let options: [Option<Week>] = [
            .init(.five, "周一至周五，按节假日调休", english: "Monday to Friday, holidays off"),
            .init(.six, "周一至周六，按节假日调休", english: "Monday to Saturday, holidays off"),
            .init(.seven, "每天营业，节假日休息", english: "Every day, holidays off"), .init(.always, "全年无休", english: "Every day of the year"),
        ]

        var weekdays: Set<Int> {
            switch self {
            case .five: Set(1...5)
            case .six: Set(1...6)
            case .seven, .always: Set(1...7)
            }
        }
    }
}
