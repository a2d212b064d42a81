import Records

/// When a day of the year comes round again.
enum Anniversary {
    /// The first return of `origin`'s month and day on or after `from`. In the lunar calendar `origin` is the lunar year, month and day as
    /// people say and write it. 29 February falls on the 28th in common years.
    static func next(of origin: Day, calendar: DateCalendar, from: Day) -> Day {
        let (_, month, day) = origin.parts
        let first = from.year - 1
        let returns = (first...first + 3).compactMap { year in
            switch calendar {
            case .solar: Day(year: year, month: month, day: min(day, Day.length(ofMonth: month, in: year)))
            case .lunar: Lunar.day(year: year, month: month, day: day)
            }
        }
        return returns.first { $0 >= from } ?? from
    }
}
