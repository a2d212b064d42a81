import Records
import Testing

@testable import Core
@testable import Gate

/// The holidays of the next year, which the State Council announces in November.
@Suite("Next year's holidays")
struct HolidayNoticeTests {
    @Test("administrators are told on Mondays from November on until they are there", arguments: Engine.available)
    func missing(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let job = try #require(Housekeeping().jobs.first { $0.name == "calendar.holidays" })
            func told(_ iso: String) async throws -> Int {
                house.time.now = Instant(try #require(Day(iso: iso)), hour: 9)
                return try await house.gate.write(as: .system()) { tx in
                    let count = { try tx.all(Notification.self, limit: 500).count { $0.row["text"].text?.contains("2027 年的节假日") == true } }
                    let before = try count()
                    try job.run([:], tx)
                    return try count() - before
                }
            }
            #expect(try await told("2026-10-26") == 0)
            #expect(try await told("2026-11-03") == 0)
            #expect(try await told("2026-11-02") == 1)
            #expect(try await told("2026-12-07") == 1)
            try await house.gate.write(as: .system()) { tx in
                _ = try tx.create(
                    house.gate.catalog.schema(CalendarDay.self), ["name": "元旦", "day": "2027-01-01", "kind": "holiday"])
            }
            #expect(try await told("2026-12-14") == 0)
        }
    }
}
