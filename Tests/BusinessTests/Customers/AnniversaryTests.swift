import Records
import Testing

@testable import Core

@Suite struct AnniversaryTests {
    private func day(_ iso: String) -> Day { Day(iso: iso)! }

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

    @Test(
        "a lunar date is read as people write it, and kept in one form",
        arguments: [
            ("1985年闰四月三十", nil), ("1984年闰十月三十", "1984年闰十月三十"), ("1984-闰10-30", "1984年闰十月三十"), ("１９８４年闰１０月３０日", "1984年闰十月三十"),
            ("1985-2-30", "1985年二月三十"), ("1984-Leap10-8", "1984年闰十月初八"), ("1985/02/03", "1985年二月初三"), ("1960年正月廿一", "1960年正月廿一"),
            ("1960年冬月二十一", "1960年冬月廿一"),
            ("1960年12月8号", "1960年腊月初八"), ("1985年十三月初一", nil), ("1985年二月三十一", nil), ("二月三十", nil), ("1985年", nil), ("", nil),
            ("2101-1-1", nil), ("1899-1-1", nil), ("1985-2-30-4", nil),
        ] as [(String, String?)])
    func written(text: String, form: String?) throws {
        var row = Record<Customer>().row
        row["lunar_birthday"] = text.isEmpty ? .null : .text(text)
        let follow = { (row: inout Row) in
            try LunarDate.follow(
                &row, Change(old: nil, source: "web"), text: "lunar_birthday", day: "birthday", calendar: "birthday_calendar")
        }
        guard let form else {
            if text.isEmpty { return try follow(&row) }
            #expect(throws: Problem.self) { try follow(&row) }
            return
        }
        try follow(&row)
        #expect(row["lunar_birthday"] == .text(form) && row["birthday_calendar"] == "lunar")
        // What was kept is read again as the same.
        #expect(LunarDate(written: form)?.written == form)
    }

    @Test("every lunar day and leap month can be recorded") func everyDay() throws {
        for month in 1...12 {
            for (day, isLeap) in (1...30).flatMap({ [($0, false), ($0, true)] }) {
                let date = LunarDate(year: 1985, month: month, day: day, isLeapMonth: isLeap)
                #expect(LunarDate(written: date.written) == date)
                #expect(LunarDate(written: "1985-\(isLeap ? "闰" : "")\(month)-\(day)") == date)
            }
        }
    }

    @Test("a date that is changed afterwards counts instead of the one that was written") func changed() throws {
        var old = Record<Customer>().row
        (old["lunar_birthday"], old["birthday"], old["birthday_calendar"]) = ("1984年闰十月三十", day("1984-10-30").stored, "lunar")
        var row = old
        row["birthday"] = day("1984-12-22").stored
        try LunarDate.follow(&row, Change(old: old, source: "web"), text: "lunar_birthday", day: "birthday", calendar: "birthday_calendar")
        #expect(row["lunar_birthday"].isNull && row["birthday"] == day("1984-12-22").stored)
    }

    /// 闰十月 comes in 1984 and not again before 2166; the 30th of the second month of 2026 is its 29th, of 2027 its 30th.
    @Test("a leap month is kept in the common month, a thirtieth on the last day of a short month") func writtenReturns() {
        func next(_ written: String, _ from: String) -> Day? {
            Anniversary.next(of: day("1984-10-28"), calendar: .lunar, written: written, from: day(from))
        }
        #expect(next("1984年闰十月初八", "2026-01-01") == LunarDate(year: 2026, month: 10, day: 8).solar)
        #expect(next("1985年闰六月初一", "2025-07-01") == day("2025-07-25") && next("1985年闰六月初一", "2026-01-01") == day("2026-07-14"))
        for year in 2024...2040 {
            let last = LunarCalendar.length(ofMonth: 2, in: year)!, on = LunarDate(year: year, month: 2, day: last).solar!
            #expect(next("1985年二月三十", Day(year: year, month: 2, day: 1)!.iso) == on)
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
