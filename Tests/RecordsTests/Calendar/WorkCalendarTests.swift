import Records
import Testing

@Suite("Working calendar")
struct WorkCalendarTests {
    /// 9–12 and 13–18, Monday to Friday, with the holidays of 2026: 1–7 October off, Saturday 10 October worked (notice of 4 November
    /// 2025).
    static let calendar: WorkCalendar = {
        var calendar = WorkCalendar()
        for day in PublicHolidays.days(of: 2026) { calendar.exceptions[day.day.number] = .init(day.kind, day.title) }
        return calendar
    }()

    static func at(_ text: String) -> Instant {
        let parts = text.split(separator: " "), clock = parts[1].split(separator: ":").compactMap { Int($0) }
        return Instant(Day(iso: parts[0])!, hour: clock[0], minute: clock[1])
    }

    @Test(
        "working minutes run over lunch, nights, weekends, the National Day week and its worked Saturday",
        arguments: [
            // 30 minutes before lunch and 30 after it.
            ("2026-09-28 11:30", 60, "2026-09-28 13:30"),
            // Ends with the day, not at the next morning.
            ("2026-09-28 17:00", 60, "2026-09-28 18:00"),
            // One hour left on Wednesday 30 September; the next working morning is Thursday 8 October.
            ("2026-09-30 17:00", 120, "2026-10-08 10:00"),
            // One hour on Friday 9, then seven on the worked Saturday: 9–12 are three, 13–17 four.
            ("2026-10-09 17:00", 480, "2026-10-10 17:00"),
            // Sunday 11 October is an ordinary Sunday.
            ("2026-10-10 17:30", 60, "2026-10-12 09:30"),
            // Sunday 20 September is worked for the holiday.
            ("2026-09-20 09:00", 480, "2026-09-20 18:00"),
            // Before opening counts from opening; within the holiday from its end.
            ("2026-09-28 06:00", 10, "2026-09-28 09:10"), ("2026-10-03 15:00", 10, "2026-10-08 09:10"),
            // The Spring Festival: Saturday 14 February is worked, 15–23 are off.
            ("2026-02-14 17:50", 20, "2026-02-24 09:10"),
        ])
    func adding(start: String, minutes: Int, end: String) {
        #expect(Self.calendar.adding(minutes: minutes, to: Self.at(start)).shown == end)
        // Nothing of the working time is lost or counted twice.
        #expect(Self.calendar.minutes(from: Self.at(start), to: Self.at(end)) == minutes)
    }

    @Test(
        "working minutes between two moments",
        arguments: [
            // 60 on Wednesday, 480 each on Thursday 8, Friday 9 and Saturday 10, 60 on Monday 12.
            ("2026-09-30 17:00", "2026-10-12 10:00", 1560), ("2026-10-01 09:00", "2026-10-07 18:00", 0),
            ("2026-10-08 12:00", "2026-10-08 13:00", 0),
            ("2026-10-08 10:00", "2026-10-08 09:00", 0), ("2026-12-28 09:00", "2027-01-01 18:00", 2400),
        ])
    func between(start: String, end: String, minutes: Int) {
        #expect(Self.calendar.minutes(from: Self.at(start), to: Self.at(end)) == minutes)
    }

    @Test("three working days after 30 September end with 10 October") func days() {
        #expect(Self.calendar.adding(workingDays: 3, to: Self.at("2026-09-30 10:00")).shown == "2026-10-10 18:00")
        #expect(Self.calendar.adding(workingDays: 0, to: Self.at("2026-09-30 10:00")).shown == "2026-09-30 18:00")
    }

    @Test(
        "the shipped notices have their days, and only weekend days are worked for them",
        arguments: [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
    func notices(year: Int, off: Int, worked: Int) {
        let days = PublicHolidays.days(of: year)
        #expect(days.count { $0.kind == .holiday } == off && days.count { $0.kind == .workday } == worked)
        #expect(Set(days.map(\.day)).count == days.count && days.allSatisfy { $0.day.year == year })
        #expect(days.filter { $0.kind == .workday }.allSatisfy { $0.day.weekday >= 6 })
    }

    @Test("a calendar without a working day or hour still answers") func never() {
        let start = Self.at("2026-09-30 10:00")
        #expect(WorkCalendar(weekdays: []).adding(minutes: 60, to: start) == start.adding(seconds: 3600))
        #expect(WorkCalendar(hours: []).minutes(from: start, to: start.adding(seconds: 864_000)) == 0)
    }

    @Test("hours are read as people write them") func hours() throws {
        let kind = WorkingHoursKind()
        #expect(try kind.parse("9:00至12:00、13:30—18:00") == "09:00-12:00,13:30-18:00")
        #expect(try kind.parse("00:00-24:00") == "00:00-24:00")
        for wrong in ["9-12", "12:00-09:00", "09:00-12:00,11:00-13:00", "25:00-26:00", "09:60-10:00", ","] {
            #expect(throws: Fault.self) { try kind.parse(wrong) }
        }
    }
}
