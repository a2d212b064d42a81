import Records

/// A lunar date as people write it, for what a solar date field cannot hold: the leap months, and the 30th of the second month (H, A15).
extension LunarDate {
    /// `1984年闰十月初八`, `1984年闰10月8日`, `1984-闰10-8`, `1984-leap10-8`, `1985-2-30`; nil when it is none of these.
    init?(written text: String) {
        var rest = text.halfWidth.filter { !$0.isWhitespace }[...]
        guard let year = Int(rest.prefix(4)), rest.count > 6 else { return nil }
        rest = rest.dropFirst(4).drop { Self.separators.contains($0) }
        let leap = ["闰", "閏", "leap"].first { rest.lowercased().hasPrefix($0) }, isLeap = leap != nil
        rest = rest.dropFirst(leap?.count ?? 0)
        guard let end = rest.firstIndex(where: { Self.separators.contains($0) }), let month = Self.months[String(rest[..<end])] else {
            return nil
        }
        var last = rest[end...].dropFirst()
        if let tail = last.last, "日号".contains(tail) { last = last.dropLast() }
        guard let day = Self.days[String(last)] else { return nil }
        self.init(year: year, month: month, day: day, isLeapMonth: isLeap)
    }

    /// With its year: `1984年闰十月初八`.
    var written: String { "\(year)年\(shown)" }

    /// Its year, month and day as a date field of the lunar calendar holds them, the leap month as the common one and 二月三十 as the last
    /// day that such a field knows.
    var entered: Day? { Day(year: year, month: month, day: min(day, Day.length(ofMonth: month, in: year))) }

    /// What is written in the field `text` is kept in one form and sets the date `day` and its `calendar`; a date that is changed
    /// afterwards counts instead of it. Throws what is wrong with it: no such date, or a leap month that the year did not have.
    static func follow(_ row: inout Row, _ change: Change, text: String, day: String, calendar: String) throws {
        let now = row
        func isNew(_ name: String) -> Bool { change.old.map { $0[name] != now[name] } ?? !now[name].isNull }
        guard let written = now[text].text, isNew(text) else {
            if isNew(day) || isNew(calendar) { row[text] = .null }
            return
        }
        guard let date = LunarDate(written: written), LunarCalendar.years.contains(date.year) else {
            throw Problem(text, "农历日期应写成「1984年闰十月初八」或「1985-2-30」这样，年份在 1900 到 2100 之间")
        }
        guard !date.isLeapMonth || LunarCalendar.leapMonth(of: date.year) == date.month else {
            throw Problem(text, "\(date.year)年没有闰\(date.shown.dropFirst().prefix(2))，请核对年份和月份")
        }
        (row[text], row[day], row[calendar]) = (
            .text(date.written), date.entered?.stored ?? .null, .text(DateCalendar.lunar.rawValue)
        )
    }

    private static let separators: Set<Character> = ["年", "月", "-", "/", "."]

    private static let months: [String: Int] = {
        var names = ["一": 1, "十一": 11, "十二": 12]
        for month in 1...12 {
            names[String(LunarDate(year: 2000, month: month, day: 1).shown.dropLast(3))] = month
            (names[String(month)], names[month < 10 ? "0\(month)" : String(month)]) = (month, month)
        }
        return names
    }()

    private static let days: [String: Int] = {
        var names: [String: Int] = [:]
        for day in 1...30 {
            let name = String(LunarDate(year: 2000, month: 1, day: day).shown.suffix(2))
            (names[name], names[name.replacing("廿", with: "二十")]) = (day, day)
            (names[String(day)], names[day < 10 ? "0\(day)" : String(day)]) = (day, day)
        }
        return names
    }()
}
