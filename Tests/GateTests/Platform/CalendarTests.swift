import Core
import Records
import Testing

@testable import Gate

@Suite("The company's calendar")
struct CalendarTests {
    @Test(
        "holidays come with the product, an administrator's word on a day counts, and nobody else changes them", arguments: Engine.available
    )
    func calendar(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let admin = try await house.actor("admin")
            let schema = house.gate.catalog.schema(CalendarDay.self)
            let national = try #require(Day(iso: "2026-10-10"))
            #expect(try await house.gate.read(as: admin) { try $0.workCalendar().isWorking(national) })
            // The company gives the worked Saturday free.
            try await house.gate.write(as: admin) { tx in
                let row = try #require(try tx.first(CalendarDay.self, where: \CalendarDay.day == national))
                try tx.update(schema, id: row.row.id, ["kind": "holiday"])
            }
            // The next start ships nothing over it.
            try await house.accounts.prepare()
            let clerk = try await house.actor("zhaomin")
            #expect(try await house.gate.read(as: clerk) { try $0.workCalendar().isWorking(national) } == false)
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: clerk) { tx in try tx.create(schema, ["name": "自己放假", "day": "2026-11-24"]) }
            }
            #expect(try await house.gate.read(as: clerk) { try $0.page(ListRequest(schema)).rows.isEmpty } == false)
        }
    }

    @Test("the week and the hours follow the parameters") func parameters() async throws {
        try await Villa.open(.sqlite) { house in
            let admin = try await house.actor("admin"), sunday = try #require(Day(iso: "2026-11-22"))
            try await house.gate.write(as: admin) { tx in
                try tx.set(CalendarParameters.week, to: "全年无休", reason: "门店")
                try tx.set(CalendarParameters.hours, to: "10:00-22:00", reason: "门店")
            }
            let calendar = try await house.gate.read(as: admin) { try $0.workCalendar() }
            #expect(
                calendar.isWorking(sunday) && calendar.isWorking(at: Instant(sunday, hour: 21))
                    && !calendar.isWorking(at: Instant(sunday, hour: 9)))
            #expect(calendar.isWorking(try #require(Day(iso: "2026-10-01"))))
        }
    }
}
