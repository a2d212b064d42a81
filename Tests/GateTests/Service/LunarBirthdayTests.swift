import Records
import Testing

@testable import Core
@testable import Gate

/// H, A15: leap months and thirtieths, which a date field cannot hold, are recorded and come round.
@Suite("Lunar birthdays")
struct LunarBirthdayTests {
    @Test(
        "a leap month's birthday and the 30th of the second month are recorded by form, API and import, and come round",
        arguments: Engine.available, ["web", "api", "import"])
    func written(engine: Engine, source: String) async throws {
        try await Villa.open(engine) { house in
            house.time.now = Instant(try #require(Day(iso: "2026-01-05")), hour: 10)
            let catalog = house.gate.catalog, customers = catalog.schema(Customer.self)
            let id = try await house.gate.write(as: .system(via: source)) { tx in
                tx.ignoresWarnings = true
                let input: [String: Plain] = [
                    "name": "林知远", "type": "person", "source": "other", "mobile": "19900000001", "lunar_birthday": "1984-闰10-8",
                ]
                return try tx.create(customers, input).id
            }
            func customer() async throws -> Record<Customer> {
                Record(try await house.gate.read(as: .system()) { try $0.record(customers, id: id) })
            }
            let made = try await customer()
            #expect(made.lunarBirthday == "1984年闰十月初八" && made.birthday?.iso == "1984-10-08" && made.birthdayCalendar == .lunar)
            #expect(made.nextBirthday == LunarDate(year: 2026, month: 10, day: 8).solar)
            // The thirtieth of the second month, which the solar calendar has not.
            _ = try await house.gate.write(as: .system(via: source)) {
                try $0.update(customers, id: id, ["lunar_birthday": "1985年二月三十"])
            }
            let last = try #require(LunarCalendar.length(ofMonth: 2, in: 2026))
            #expect(try await customer().nextBirthday == LunarDate(year: 2026, month: 2, day: last).solar)
            do {
                _ = try await house.gate.write(as: .system(via: source)) {
                    try $0.update(customers, id: id, ["lunar_birthday": "1985年闰四月初八"])
                }
                Issue.record("taken")
            } catch let wrong as Problems {
                #expect(wrong.all.map(\.field) == ["lunar_birthday"] && wrong.all[0].message == "1985年没有闰四月，请核对年份和月份")
            }
            // The night that moves it on reads it in full as well.
            house.time.now = Instant(try #require(Day(iso: "2027-01-05")), hour: 1)
            try await house.gate.write(as: .system()) { try TidyJobs.birthdays.run([:], $0) }
            let length = try #require(LunarCalendar.length(ofMonth: 2, in: 2027))
            #expect(try await customer().nextBirthday == LunarDate(year: 2027, month: 2, day: length).solar)
            // A date alone, as before, counts from then on.
            _ = try await house.gate.write(as: .system(via: source)) { try $0.update(customers, id: id, ["birthday": "1985-08-15"]) }
            #expect(try await customer().lunarBirthday == nil)
            let (special, contact) = try await house.gate.write(as: .system(via: source)) { tx in
                (
                    Record<SpecialDate>(
                        try tx.create(
                            catalog.schema(SpecialDate.self), ["title": "纪念日", "customer_id": .int(id), "lunar_day": "2017年闰六月三十"])),
                    Record<Contact>(
                        try tx.create(
                            catalog.schema(Contact.self), ["name": "林知远", "customer_id": .int(id), "lunar_birthday": "1985-2-30"]))
                )
            }
            #expect(special.lunarDay == "2017年闰六月三十" && special.calendar == .lunar)
            let sixth = try #require(LunarCalendar.length(ofMonth: 6, in: 2027))
            #expect(special.nextOn == LunarDate(year: 2027, month: 6, day: sixth).solar)
            #expect(contact.lunarBirthday == "1985年二月三十" && contact.birthdayCalendar == .lunar)
        }
    }
}
