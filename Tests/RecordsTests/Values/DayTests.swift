import Foundation
import Testing

@testable import Records

@Suite("Days")
struct DayTests {
    @Test("every day from 1900 to 2100 follows the one before and reads back")
    func roundTrip() throws {
        var number = try #require(Day(year: 1900, month: 1, day: 1)).number
        let kind = DayKind()
        for year in 1900...2100 {
            for month in 1...12 {
                for day in 1...Day.length(ofMonth: month, in: year) {
                    let found = try #require(Day(year: year, month: month, day: day))
                    let isRight =
                        found.number == number && found.parts == (year, month, day) && Day(iso: found.iso) == found
                        && kind.accepted(kind.plain(found.stored)) == .value(found.stored)
                    if !isRight { Issue.record("\(year)-\(month)-\(day)") }
                    number += 1
                }
            }
        }
    }

    @Test("days agree with Foundation's calendar")
    func agreesWithFoundation() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for number in stride(from: -25_567, through: 47_847, by: 97) {
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            let day = Day(number: number)
            #expect(day.year == parts.year && day.month == parts.month && day.day == parts.day)
            #expect(day.weekday % 7 + 1 == parts.weekday)
        }
    }

    @Test(
        "impossible days are none",
        arguments: [
            (2026, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (0, 1, 1), (10_000, 1, 1),
            (.max, .max, .max), (.min, .min, .min),
        ])
    func impossible(_ year: Int, _ month: Int, _ day: Int) { #expect(Day(year: year, month: month, day: day) == nil) }

    @Test("leap years")
    func leap() { #expect(Day(year: 2000, month: 2, day: 29) != nil && Day(year: 2024, month: 2, day: 29) != nil) }

    @Test("a month later than 31 January is the month's last day")
    func months() throws {
        let day = try #require(Day(iso: "2026-01-31"))
        #expect(day.adding(months: 1).iso == "2026-02-28")
        #expect(day.adding(months: 12).iso == "2027-01-31")
        #expect(day.adding(months: -2).iso == "2025-11-30")
        #expect(day.adding(months: 25).iso == "2028-02-29")
    }
}

@Suite("Moments")
struct InstantTests {
    @Test("a moment belongs to Shanghai's day")
    func local() {
        #expect(Instant(milliseconds: 1_795_449_599_999).day.iso == "2026-11-23")
        #expect(Instant(milliseconds: 1_795_449_600_000).day.iso == "2026-11-24")
        #expect(Instant(milliseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
        #expect(Instant(milliseconds: -28_800_001).day.iso == "1969-12-31")
        #expect(Instant(milliseconds: -28_800_000).day.iso == "1970-01-01")
    }

    @Test("every hour of a few years reads back, in the API and in forms")
    func roundTrip() {
        let kind = InstantKind()
        for hour in stride(from: Int64(-613_000), through: 1_100_000, by: 523) {
            let value = Value.int(hour * 3_600_000 + hour % 1000)
            kind.expectRoundTrip(value)
        }
    }
}
