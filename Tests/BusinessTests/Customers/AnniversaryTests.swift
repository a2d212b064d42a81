import Foundation
import Records
import Testing

@testable import Core

@Suite struct AnniversaryTests {
    private func day(_ iso: String) -> Day { Day(iso: iso)! }

    @Test(
        "Spring Festivals fall where the calendar on the wall says",
        arguments: [
            (1950, "1950-02-17"), (1985, "1985-02-20"), (2000, "2000-02-05"), (2012, "2012-01-23"), (2023, "2023-01-22"),
            (2024, "2024-02-10"), (2025, "2025-01-29"),
            (2026, "2026-02-17"), (2033, "2033-01-31"), (2034, "2034-02-19"),
        ])
    func springFestival(year: Int, iso: String) { #expect(Lunar.day(year: year, month: 1, day: 1) == day(iso)) }

    @Test(
        "Mid-Autumn and leap months",
        arguments: [
            (2024, 8, false, "2024-09-17"), (2025, 8, false, "2025-10-06"), (2025, 6, true, "2025-07-25"), (2023, 2, true, "2023-03-22"),
            (2026, 9, false, "2026-10-10"),
        ])
    func days(year: Int, month: Int, isLeap: Bool, iso: String) {
        #expect(Lunar.day(year: year, month: month, day: month == 8 ? 15 : 1, isLeap: isLeap) == day(iso))
    }

    @Test("the table agrees with ICU's calendar on every month's first day, leap months included") func icu() {
        var chinese = Calendar(identifier: .chinese)
        chinese.timeZone = TimeZone(secondsFromGMT: 8 * 3600)!
        for year in 1901...2100 {
            for (month, isLeap) in (1...12).flatMap({ Lunar.leapMonth(of: year) == $0 ? [($0, false), ($0, true)] : [($0, false)] }) {
                guard let first = Lunar.day(year: year, month: month, day: 1, isLeap: isLeap) else {
                    Issue.record("\(year)-\(month)"); continue
                }
                let parts = chinese.dateComponents(
                    [.month, .day], from: Date(timeIntervalSince1970: Double(first.number) * 86_400 + 4 * 3600))
                #expect(parts.month == month && parts.day == 1 && (parts.isLeapMonth ?? false) == isLeap, "\(year)-\(month)")
            }
        }
    }

    @Test("a solar birthday comes this year or next, today included") func solar() {
        #expect(Anniversary.next(of: day("1988-05-01"), calendar: .solar, from: day("2026-05-01")) == day("2026-05-01"))
        #expect(Anniversary.next(of: day("1988-05-01"), calendar: .solar, from: day("2026-05-02")) == day("2027-05-01"))
        #expect(Anniversary.next(of: day("1988-02-29"), calendar: .solar, from: day("2026-01-01")) == day("2026-02-28"))
        #expect(Anniversary.next(of: day("1988-02-29"), calendar: .solar, from: day("2028-01-01")) == day("2028-02-29"))
    }

    @Test("a lunar birthday moves through the solar year") func lunar() {
        #expect(Anniversary.next(of: day("1960-08-15"), calendar: .lunar, from: day("2026-01-01")) == day("2026-09-25"))
        #expect(Anniversary.next(of: day("1960-08-15"), calendar: .lunar, from: day("2026-09-26")) == day("2027-09-15"))
        #expect(Anniversary.next(of: day("1960-12-20"), calendar: .lunar, from: day("2026-01-01")) == day("2026-02-07"))
    }

    @Test("a thirtieth that a short month lacks is its twenty-ninth") func shortMonth() {
        for year in 2020...2030 {
            let last = Lunar.day(year: year, month: 12, day: 30)!
            let newYear = Lunar.day(year: year + 1, month: 1, day: 1)!
            #expect(last < newYear && newYear - last == 1)
        }
    }

    @Test("a yearly day is planned once a return; a single day once") func plan() {
        var date = Record<SpecialDate>()
        date.title = "结婚纪念日"
        date.day = day("2015-10-01")
        SpecialDate.plan(&date, today: day("2026-09-20"))
        #expect(date.nextOn == day("2026-10-01") && date.remindOn == day("2026-09-28"))
        date.remindedFor = date.nextOn
        SpecialDate.plan(&date, today: day("2026-09-28"))
        #expect(date.nextOn == day("2027-10-01"))
        date.repeats = false
        SpecialDate.plan(&date, today: day("2026-09-28"))
        #expect(date.nextOn == nil && date.remindOn == nil)
    }
}
