/// A day of the Chinese lunar calendar 农历, known from 1900-01-31 to 2101-01-28.
public struct LunarDate: Sendable, Hashable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var isLeapMonth: Bool

    public init(year: Int, month: Int, day: Int, isLeapMonth: Bool = false) {
        self.year = year
        self.month = month
        self.day = day
        self.isLeapMonth = isLeapMonth
    }

    /// The lunar date of a day; nil outside the known years.
    public init?(_ day: Day) {
        // bounded: a constant number of days.
        guard (LunarCalendar.firstNumber..<LunarCalendar.firstNumber + LunarCalendar.dayCount).contains(day.number) else { return nil }
        var rest = day.number - LunarCalendar.firstNumber, year = 1900
        while rest >= LunarCalendar.length(ofYear: year) {
            rest -= LunarCalendar.length(ofYear: year)
            year += 1
        }
        for month in LunarCalendar.months(of: year) {
            guard rest >= month.length else {
                self.init(year: year, month: month.number, day: rest + 1, isLeapMonth: month.isLeap)
                return
            }
            rest -= month.length
        }
        return nil
    }

    /// The day it falls on; nil when there is no such lunar day.
    public var solar: Day? {
        guard LunarCalendar.years.contains(year), day >= 1 else { return nil }
        var number = LunarCalendar.firstNumber
        for before in 1900..<year { number += LunarCalendar.length(ofYear: before) }
        for month in LunarCalendar.months(of: year) {
            if month.number == self.month, month.isLeap == isLeapMonth { return day <= month.length ? Day(number: number + day - 1) : nil }
            number += month.length
        }
        return nil
    }

    /// `闰四月初八`
    public var shown: String {
        guard (1...12).contains(month), (1...30).contains(day) else { return "" }
        let months = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"]
        let digits = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
        let name =
            switch day {
            case 1...10: "初" + digits[day - 1]
            case 20: "二十"
            case 30: "三十"
            case 11...19: "十" + digits[day - 11]
            default: "廿" + digits[day - 21]
            }
        return (isLeapMonth ? "闰" : "") + months[month - 1] + "月" + name
    }
}

/// How long the lunar years and months are, and when a lunar birthday is celebrated.
public enum LunarCalendar {
    public static let years = 1900...2100

    /// The leap month's number, nil in a year without one.
    public static func leapMonth(of year: Int) -> Int? {
        guard years.contains(year) else { return nil }
        let month = Int(table[year - 1900] & 0xF)
        return month == 0 ? nil : month
    }

    /// 29 or 30; nil when there is no such month.
    public static func length(ofMonth month: Int, isLeap: Bool = false, in year: Int) -> Int? {
        guard years.contains(year) else { return nil }
        return months(of: year).first { $0.number == month && $0.isLeap == isLeap }?.length
    }

    /// The day on which a birthday on this lunar date is celebrated in a lunar year: in the leap month when the year has it, else in
    /// the common one; on the 29th where a month has no 30th.
    public static func birthday(month: Int, day: Int, isLeapMonth: Bool = false, inLunarYear year: Int) -> Day? {
        guard years.contains(year), (1...30).contains(day) else { return nil }
        let isLeap = isLeapMonth && leapMonth(of: year) == month
        guard let length = length(ofMonth: month, isLeap: isLeap, in: year) else { return nil }
        return LunarDate(year: year, month: month, day: min(day, length), isLeapMonth: isLeap).solar
    }

    /// The first celebration on or after a day; nil outside the known years.
    public static func nextBirthday(month: Int, day: Int, isLeapMonth: Bool = false, onOrAfter start: Day) -> Day? {
        guard let now = LunarDate(start) else { return nil }
        // bounded: a year of the calendar.
        for year in now.year...now.year + 1 {
            if let found = birthday(month: month, day: day, isLeapMonth: isLeapMonth, inLunarYear: year), found >= start { return found }
        }
        return nil
    }

    static let firstNumber = -25_537  // 1900-01-31
    static let dayCount = years.reduce(0) { $0 + length(ofYear: $1) }

    static func length(ofYear year: Int) -> Int {
        let facts = table[year - 1900]
        let leap = facts & 0xF == 0 ? 0 : facts & 0x10000 == 0 ? 29 : 30
        return 12 * 29 + (facts >> 4 & 0xFFF).nonzeroBitCount + leap
    }

    static func months(of year: Int) -> [(number: Int, isLeap: Bool, length: Int)] {
        let facts = table[year - 1900]
        var months: [(number: Int, isLeap: Bool, length: Int)] = []
        for month in 1...12 {
            // bounded: a month is 1 to 12.
            months.append((month, false, facts & (0x10000 >> UInt32(month)) == 0 ? 29 : 30))
            // bounded: a month is 1 to 12.
            if facts & 0xF == UInt32(month) { months.append((month, true, facts & 0x10000 == 0 ? 29 : 30)) }
        }
        return months
    }

    /// One number a year from 1900: bits 15 to 4 are the months 1 to 12, set for 30 days; bits 3 to 0 the leap month; bit 16 its 30 days.
    /// Computed with 寿星万年历 (sxtwl 2.0.7), as published in China.
    private static let table: [UInt32] = [
        0x04BD8, 0x04AE0, 0x0A570, 0x054D5, 0x0D260, 0x0D950, 0x16554, 0x056A0, 0x09AD0, 0x055D2,
        0x04AE0, 0x0A5B6, 0x0A4D0, 0x0D250, 0x1D255, 0x0B540, 0x0D6A0, 0x0ADA2, 0x095B0, 0x14977,
        0x04970, 0x0A4B0, 0x0B4B5, 0x06A50, 0x06D40, 0x1AB54, 0x02B60, 0x09570, 0x052F2, 0x04970,
        0x06566, 0x0D4A0, 0x0EA50, 0x16A95, 0x05AD0, 0x02B60, 0x186E3, 0x092E0, 0x1C8D7, 0x0C950,
        0x0D4A0, 0x1D8A6, 0x0B550, 0x056A0, 0x1A5B4, 0x025D0, 0x092D0, 0x0D2B2, 0x0A950, 0x0B557,
        0x06CA0, 0x0B550, 0x15355, 0x04DA0, 0x0A5B0, 0x14573, 0x052B0, 0x0A9A8, 0x0E950, 0x06AA0,
        0x0AEA6, 0x0AB50, 0x04B60, 0x0AAE4, 0x0A570, 0x05260, 0x0F263, 0x0D950, 0x05B57, 0x056A0,
        0x096D0, 0x04DD5, 0x04AD0, 0x0A4D0, 0x0D4D4, 0x0D250, 0x0D558, 0x0B540, 0x0B6A0, 0x195A6,
        0x095B0, 0x049B0, 0x0A974, 0x0A4B0, 0x0B27A, 0x06A50, 0x06D40, 0x0AF46, 0x0AB60, 0x09570,
        0x04AF5, 0x04970, 0x064B0, 0x074A3, 0x0EA50, 0x06B58, 0x05AC0, 0x0AB60, 0x096D5, 0x092E0,
        0x0C960, 0x0D954, 0x0D4A0, 0x0DA50, 0x07552, 0x056A0, 0x0ABB7, 0x025D0, 0x092D0, 0x0CAB5,
        0x0A950, 0x0B4A0, 0x0BAA4, 0x0AD50, 0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930,
        0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530,
        0x05AA0, 0x076A3, 0x096D0, 0x04AFB, 0x04AD0, 0x0A4D0, 0x1D0B6, 0x0D250, 0x0D520, 0x0DD45,
        0x0B5A0, 0x056D0, 0x055B2, 0x049B0, 0x0A577, 0x0A4B0, 0x0AA50, 0x1B255, 0x06D20, 0x0ADA0,
        0x14B63, 0x09370, 0x049F8, 0x04970, 0x064B0, 0x168A6, 0x0EA50, 0x06AA0, 0x1A6C4, 0x0AAE0,
        0x092E0, 0x0D2E3, 0x0C960, 0x0D557, 0x0D4A0, 0x0DA50, 0x05D55, 0x056A0, 0x0A6D0, 0x055D4,
        0x052D0, 0x0A9B8, 0x0A950, 0x0B4A0, 0x0B6A6, 0x0AD50, 0x055A0, 0x0ABA4, 0x0A5B0, 0x052B0,
        0x0B273, 0x06930, 0x07337, 0x06AA0, 0x0AD50, 0x14B55, 0x04B60, 0x0A570, 0x054E4, 0x0D160,
        0x0E968, 0x0D520, 0x0DAA0, 0x16AA6, 0x056D0, 0x04AE0, 0x0A9D4, 0x0A2D0, 0x0D150, 0x0F252,
        0x0D520,
    ]
}
