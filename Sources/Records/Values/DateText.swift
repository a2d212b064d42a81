/// A day, possibly with a time and a zone, as people and spreadsheets write it:
/// `2026-11-23`, `2026/1/5`, `2026.11.23`, `2026年11月23日`, `20261123`, `2026-11-23T13:27:40.5+08:00`, `2026/11/23 下午1:27`.
struct DateText {
    var day: Day
    /// Milliseconds of the day; nil without a time.
    var time: Int?
    /// Seconds east of UTC; nil without a zone.
    var offset: Int?

    /// Fails with a reason: not a date at all, or a day that does not exist.
    init(_ text: String) throws(Fault) {
        guard text.utf8.count <= 80 else { throw Self.unreadable }
        var reader = Reader(bytes: Array(text.halfWidth.trimmed.utf8))
        day = try reader.day()
        guard !reader.isAtEnd else { return }
        guard reader.beginsTime() else { throw Self.unreadable }
        guard !reader.isAtEnd else { return }
        time = try reader.time()
        offset = try reader.zone()
        guard reader.isAtEnd else { throw Self.unreadable }
    }

    /// The moment it names; without a zone, in the company's.
    var instant: Instant {
        // bounded: days and zones are few.
        let seconds = Int64(day.number) * 86_400 - Int64(offset ?? Instant.defaultOffset)
        return Instant(milliseconds: seconds * 1000 + Int64(time ?? 0))
    }

    static let unreadable = Fault("无法识别的日期，请写成 2026-11-23 这样")

    /// A day's parts as a day, or why there is none.
    static func day(_ year: Int, _ month: Int, _ day: Int) throws(Fault) -> Day {
        if let found = Day(year: year, month: month, day: day) { return found }
        guard (1...9999).contains(year) else { throw Fault("年份应在 1900 到 2200 之间", code: "out_of_range") }
        guard (1...12).contains(month) else { throw Fault("没有 \(month) 月，月份应在 1 到 12 之间") }
        throw Fault("\(year) 年 \(month) 月没有 \(day) 日，该月共 \(Day.length(ofMonth: month, in: year)) 天")
    }
}

private struct Reader {
    var bytes: [UInt8]
    var place = 0

    var isAtEnd: Bool { place >= bytes.count }

    private func peek(_ ahead: Int = 0) -> UInt8 { place + ahead < bytes.count ? bytes[place + ahead] : 0 }

    private mutating func skip(_ word: StaticString) -> Bool {
        let matches = word.withUTF8Buffer { bytes[place...].starts(with: $0) }
        if matches { place += word.utf8CodeUnitCount }
        return matches
    }

    private mutating func skipBlanks() { while peek() == 0x20 { place += 1 } }

    /// One to `most` digits; nil when there are none or more.
    private mutating func number(_ most: Int) -> Int? {
        var sum = 0, count = 0
        while peek().isDigit, count <= most {
            sum = sum * 10 + peek().digit
            place += 1
            count += 1
        }
        return (1...most).contains(count) ? sum : nil
    }

    mutating func day() throws(Fault) -> Day {
        if bytes.count >= 8, bytes.prefix(8).allSatisfy(\.isDigit), !peek(8).isDigit {
            guard let whole = number(8) else { throw DateText.unreadable }
            return try DateText.day(whole / 10_000, whole / 100 % 100, whole % 100)
        }
        let start = place
        guard let year = number(4), place - start == 4 else { throw DateText.unreadable }
        skipBlanks()
        if skip("年") {
            skipBlanks()
            guard let month = number(2) else { throw DateText.unreadable }
            skipBlanks()
            guard skip("月") else { throw DateText.unreadable }
            skipBlanks()
            guard let day = number(2) else { throw DateText.unreadable }
            skipBlanks()
            guard skip("日") || skip("号") else { throw DateText.unreadable }
            return try DateText.day(year, month, day)
        }
        let separator = peek()
        guard separator == 0x2D || separator == 0x2F || separator == 0x2E else { throw DateText.unreadable }
        place += 1
        guard let month = number(2), peek() == separator else { throw DateText.unreadable }
        place += 1
        guard let day = number(2) else { throw DateText.unreadable }
        return try DateText.day(year, month, day)
    }

    /// Whether a time may begin here: after a blank, a `T`, or right behind 日.
    mutating func beginsTime() -> Bool {
        if peek() == 0x54 || peek() == 0x74 {
            place += 1
            return true
        }
        let isBehindDay = place >= 3 && bytes[place - 1] > 0x7F
        guard peek() == 0x20 || isBehindDay else { return false }
        skipBlanks()
        return true
    }

    mutating func time() throws(Fault) -> Int {
        var isAfternoon: Bool?
        if skip("上午") || skip("凌晨") || skip("早上") {
            isAfternoon = false
        } else if skip("下午") || skip("晚上") || skip("中午") {
            isAfternoon = true
        }
        skipBlanks()
        guard var hour = number(2) else { throw Self.badTime }
        var minute = 0, second = 0, fraction = 0
        let isChinese = skip("时") || skip("点")
        guard isChinese || skip(":") else { throw Self.badTime }
        if peek().isDigit {
            guard let found = number(2) else { throw Self.badTime }
            minute = found
            let more = isChinese ? skip("分") && peek().isDigit : skip(":")
            if more {
                guard let found = number(2) else { throw Self.badTime }
                second = found
                if skip(".") || skip(",") { fraction = try milliseconds() }
                if isChinese { _ = skip("秒") }
            }
        } else if !isChinese {
            throw Self.badTime
        }
        if let given = try meridiem() { isAfternoon = given }
        if let isAfternoon {
            guard (0...12).contains(hour) || (isAfternoon && hour < 24) else { throw Self.badTime }
            if isAfternoon, hour < 12 { hour += 12 }
            if !isAfternoon, hour == 12 { hour = 0 }
        }
        // A leap second is the last one of its minute.
        if second == 60 { second = 59 }
        guard hour < 24, minute < 60, second < 60 else { throw Fault("没有这个时间：小时 0–23，分、秒 0–59") }
        return (hour * 3600 + minute * 60 + second) * 1000 + fraction
    }

    private mutating func meridiem() throws(Fault) -> Bool? {
        let mark = place
        skipBlanks()
        if skip("AM") || skip("am") { return false }
        if skip("PM") || skip("pm") { return true }
        place = mark
        return nil
    }

    /// What stands behind the second's point; digits beyond the third are dropped.
    private mutating func milliseconds() throws(Fault) -> Int {
        var sum = 0, count = 0
        while peek().isDigit {
            if count < 3 { sum = sum * 10 + peek().digit }
            place += 1
            count += 1
        }
        guard count > 0 else { throw Self.badTime }
        return count == 1 ? sum * 100 : count == 2 ? sum * 10 : sum
    }

    /// `Z`, `+08:00`, `+0800`, `+08`; nil for none.
    mutating func zone() throws(Fault) -> Int? {
        skipBlanks()
        if skip("Z") || skip("z") { return 0 }
        let sign = peek()
        guard sign == 0x2B || sign == 0x2D else { return nil }
        place += 1
        let start = place
        guard let first = number(4) else { throw Self.badZone }
        let (hour, minute): (Int, Int)
        switch place - start {
        case 2 where skip(":"):
            let start = place
            guard let found = number(2), place - start == 2 else { throw Self.badZone }
            (hour, minute) = (first, found)
        case 2: (hour, minute) = (first, 0)
        case 4: (hour, minute) = (first / 100, first % 100)
        default: throw Self.badZone
        }
        guard hour < 24, minute < 60 else { throw Self.badZone }
        return (hour * 3600 + minute * 60) * (sign == 0x2D ? -1 : 1)
    }

    private static let badTime = Fault("无法识别的时间，请写成 2026-11-23 13:27 这样")
    private static let badZone = Fault("无法识别的时区，请写成 +08:00 或 Z")
}
