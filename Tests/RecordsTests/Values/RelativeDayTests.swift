import Records
import Testing

@Suite("Days named by where they lie")
struct RelativeDayTests {
    /// A Wednesday.
    private static let today = Day(iso: "2026-08-19")

    @Test(
        "count from today and from the beginning of weeks, months, quarters and years",
        arguments: [
            ("today", "2026-08-19"), ("today-30", "2026-07-20"), ("today+7", "2026-08-26"), ("week", "2026-08-17"),
            ("week-1", "2026-08-10"), ("month", "2026-08-01"),
            ("month-8", "2025-12-01"), ("month+1", "2026-09-01"), ("quarter", "2026-07-01"), ("quarter-1", "2026-04-01"),
            ("year", "2026-01-01"), ("year-1", "2025-01-01"),
        ])
    func named(text: String, iso: String) throws {
        #expect(Day.relative(text, to: try #require(Self.today))?.iso == iso)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "tomorrow", "today7", "month 1", "month-", "year-99999", "2026-08-19", "-9223372036854775808", "today-9223372036854775808",
        ])
    func others(text: String) throws {
        #expect(Day.relative(text, to: try #require(Self.today)) == nil)
    }
}
