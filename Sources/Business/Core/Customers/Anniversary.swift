import Records

/// When a day of the year comes round again.
enum Anniversary {
    /// The first return of `origin`'s month and day on or after `from`. In the lunar calendar `origin` is the lunar year, month and day as
    /// people say and write it, or what is `written` in full (``LunarDate/init(written:)``). 29 February falls on the 28th in common years.
    static func next(of origin: Day, calendar: DateCalendar, written: String? = nil, from: Day) -> Day {
        let (_, month, day) = origin.parts
        let first = from.year - 1
        let returns = (first...first + 3).compactMap { year in
            switch calendar {
            case .solar: Day(year: year, month: month, day: min(day, Day.length(ofMonth: month, in: year)))
            case .lunar: celebration(of: origin, written: written, in: year)
            }
        }
        return returns.first { $0 >= from } ?? from
    }

    /// The day of a lunar year on which a lunar date is kept (``LunarCalendar/birthday(month:day:isLeapMonth:inLunarYear:)``).
    static func celebration(of origin: Day, written: String?, in year: Int) -> Day? {
        let lunar = written.flatMap(LunarDate.init(written:)) ?? LunarDate(year: origin.year, month: origin.month, day: origin.day)
        return LunarCalendar.birthday(month: lunar.month, day: lunar.day, isLeapMonth: lunar.isLeapMonth, inLunarYear: year)
    }
}
