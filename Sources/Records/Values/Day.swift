/// A calendar day without a time or a zone, in the Gregorian calendar; kept as days since 1970-01-01.
///
/// There are the days of the years 1 to 9999 and no other: whatever is reckoned beyond them stays at the first or the last.
public struct Day: Sendable, Hashable, Comparable, FieldValue {
    public let number: Int

    public init(number: Int) { self.number = number.held(in: Day.numbers) }

    /// 0001-01-01 to 9999-12-31.
    static let numbers = -719_162...2_932_896

    /// What may be entered: 1900-01-01 to 2200-12-31.
    // bounded: both ends are written here.
    public static let enterable = Day(number: -25_567)...Day(number: 84_370)

    /// Nil when there is no such day (30 February) or the year is outside 1–9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Day.length(ofMonth: month, in: year) else { return nil }
        // Days from civil date, after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `2026-11-23`.
    public init?(iso text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }), parts[0].utf8.count == 4,
            parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    public static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public var parts: (year: Int, month: Int, day: Int) {
        let z = number + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted + (shifted < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    public var year: Int { parts.year }
    public var month: Int { parts.month }
    public var day: Int { parts.day }

    /// Monday is 1, Sunday is 7.
    public var weekday: Int { ((number % 7 + 7 + 3) % 7) + 1 }

    /// `2026-11-23`
    public var iso: String {
        var bytes: [UInt8] = []
        appendISO(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    public func appendISO(to bytes: inout [UInt8]) {
        let (year, month, day) = parts
        Day.append(year, digits: 4, to: &bytes)
        bytes.append(45)
        Day.append(month, digits: 2, to: &bytes)
        bytes.append(45)
        Day.append(day, digits: 2, to: &bytes)
    }

    /// The last `digits` digits of a number that is not negative.
    static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(truncatingIfNeeded: 48 + number / divisor % 10))
            divisor /= 10
        }
    }

    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }
    public static func + (day: Day, days: Int) -> Day { Day(number: day.number.adding(clamping: days)) }
    public static func - (day: Day, days: Int) -> Day { Day(number: day.number.subtracting(clamping: days)) }
    public static func - (a: Day, b: Day) -> Int { a.number - b.number }

    /// The same day `months` later, or the month's last day where there is none (31 January + 1 → 28 February).
    public func adding(months: Int) -> Day {
        let (year, month, day) = parts
        let total = year * 12 + month - 1 + min(max(months, -120_000), 120_000)
        let y = min(max(total / 12, 1), 9999), m = max(total, 0) % 12 + 1
        return Day(year: y, month: m, day: min(day, Day.length(ofMonth: m, in: y))) ?? self
    }

    public static var kind: any FieldKind { DayKind() }
    public init(stored: Value) { number = Int(truncatingIfNeeded: stored.int ?? 0) }
    public var stored: Value { .int(Int64(number)) }
}

extension Day {
    /// `today`, `today-30`, `today+7`; `week`, `month`, `quarter` and `year` for the first day of the present one, `month-1` for that of
    /// the one before; nil for anything else.
    public static func relative(_ text: String, to today: Day) -> Day? {
        let word = text.prefix { $0.isLetter }, rest = text.dropFirst(word.count)
        guard let steps = rest.isEmpty ? 0 : rest.first?.isNumber ?? true ? nil : Int(rest),
            (-36_500...36_500).contains(steps)
        else { return nil }
        if word == "today" { return today + steps }
        return Stretch(rawValue: String(word)).map { $0.start(of: today, moved: steps) }
    }

    /// A stretch of the calendar that people count in.
    public enum Stretch: String, Sendable, CaseIterable {
        case week, month, quarter, year

        /// The first day of the stretch that holds `day`, or of the one so many before or after it. Weeks begin on Monday.
        public func start(of day: Day, moved steps: Int = 0) -> Day {
            switch self {
            case .week: return day - (day.weekday - 1) + 7 * steps
            case .month: return first(of: day, month: day.month).adding(months: steps)
            case .quarter: return first(of: day, month: (day.month - 1) / 3 * 3 + 1).adding(months: 3 * steps)
            case .year: return first(of: day, month: 1).adding(months: 12 * steps)
            }
        }

        private func first(of day: Day, month: Int) -> Day { Day(year: day.year, month: month, day: 1) ?? day }
    }
}
