/// A spreadsheet's day number, as text.
enum SerialDay {
    /// `2024-07-19`, `2024-07-19 08:30:00` or `08:30:00`; nil when the number is no day of its system.
    ///
    /// A time of midnight is left out of a date; a date without a time in its format shows none.
    static func text(_ serial: Double, shown: CellStyles.Shown, from1904: Bool) -> String? {
        guard serial >= 0, serial < 2_958_466 else { return nil }
        // bounded: a serial day of the calendar.
        let seconds = Int((serial * 86_400).rounded())
        let (day, second) = (seconds / 86_400, seconds % 86_400)
        var bytes: [UInt8] = []
        if shown == .time {
            appendTime(seconds, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let date = date(day, from1904: from1904) else { return nil }
        appendDate(date, to: &bytes)
        if shown == .dateTime, second > 0 {
            bytes.append(0x20)
            appendTime(second, to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Days since 1970-01-01 as the 1900 system counts them, or nil before 1900-03-01, where Excel's calendar is wrong.
    static func serial(epochDay: Int) -> Double? {
        guard (-25_508...2_932_896).contains(epochDay) else { return nil }
        return Double(epochDay + 25_569)
    }

    /// A day counted from 1970-01-01, as `2024-07-19`.
    static func isoDay(_ epochDay: Int) -> String {
        guard (-800_000...3_000_000).contains(epochDay) else { return "" }
        var bytes: [UInt8] = []
        appendDate(civil(epochDay), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func date(_ day: Int, from1904: Bool) -> (year: Int, month: Int, day: Int)? {
        if from1904 { return civil(day - 24_107) }
        // Excel believes in 1900-02-29 (day 60), so days before it are one off.
        if day == 0 { return nil }
        if day == 60 { return (1900, 2, 29) }
        return civil(day - 25_569 + (day < 60 ? 1 : 0))
    }

    /// The Gregorian date of a day counted from 1970-01-01 (Howard Hinnant's algorithm).
    static func civil(_ epochDay: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = epochDay + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    private static func appendDate(_ date: (year: Int, month: Int, day: Int), to bytes: inout [UInt8]) {
        appendDigits(of: Int64(date.year), to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendPadded(UInt64(date.month.magnitude), to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendPadded(UInt64(date.day.magnitude), to: &bytes)
    }

    private static func appendTime(_ seconds: Int, to bytes: inout [UInt8]) {
        for (place, part) in [seconds / 3600, seconds / 60 % 60, seconds % 60].enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ":")) }
            appendPadded(UInt64(part.magnitude), to: &bytes)
        }
    }
}
