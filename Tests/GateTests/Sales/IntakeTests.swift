import Records
import Testing

@testable import Core
@testable import Gate
@testable import Sales

/// A17: people make themselves known without an account: with consent, without doubles, not too often.
@Suite("Public forms")
struct IntakeTests {
    private func open(_ engine: Engine, _ body: (House, _ form: Int64) async throws -> Void) async throws {
        try await Villa.open(engine) { house in
            let form = try await house.gate.write(as: .system()) { tx in
                try tx.create(
                    house.gate.catalog.schema(LeadForm.self), ["name": "预约试驾", "code": "test-drive", "source": "website", "per_hour": 12]
                ).id
            }
            try await body(house, form)
        }
    }

    private let asked: [String: Plain] = [
        "name": "钟若澄", "mobile": "199 0000 7001", "interest": "星驰E3", "buy_within": "month", "consent": "true",
    ]

    private func leads(_ house: House) async throws -> [Record<Lead>] {
        try await house.gate.read(as: .system()) {
            try $0.page(ListRequest(house.gate.catalog.schema(Lead.self))).rows.map(Record<Lead>.init)
        }
    }

    @Test("what is handed in becomes a lead in the pool, with source, code, consent and level", arguments: Engine.available)
    func lead(engine: Engine) async throws {
        try await open(engine) { house, _ in
            try await house.gate.handIn("test-drive", asked, from: "203.0.113.7")
            let made = try #require(try await leads(house).first)
            #expect(
                made.mobile == "19900007001" && made.source == .website && made.sourceCode == "test-drive" && made.consent == true
                    && made.consentAt == house.time.now)
            #expect(made.status == .new && made.ownerID == nil && made.level == .A)
        }
    }

    @Test("without consent, a name or a real number nothing is kept, and all faults are told", arguments: Engine.available)
    func faults(engine: Engine) async throws {
        try await open(engine) { house, _ in
            do {
                try await house.gate.handIn("test-drive", ["mobile": "123", "owner_id": 1, "status": "converted"], from: "203.0.113.7")
                Issue.record("taken")
            } catch let wrong as Problems {
                #expect(Set(wrong.all.compactMap(\.field)) == ["mobile", "name", "consent", "owner_id", "status"])
            }
            #expect(try await leads(house).isEmpty)
        }
    }

    @Test("who asks twice stays one lead, and its owner hears of it", arguments: Engine.available)
    func twice(engine: Engine) async throws {
        try await open(engine) { house, _ in
            try await house.gate.handIn("test-drive", asked, from: "203.0.113.7")
            try await house.gate.handIn("test-drive", asked.merging(["name": "钟先生", "remark": "想周六来"]) { $1 }, from: "203.0.113.8")
            let all = try await leads(house)
            #expect(all.count == 1 && all[0].name == "钟若澄")
            let talks = try await house.gate.read(as: .system()) {
                try $0.page(ListRequest(house.gate.catalog.schema(Interaction.self))).rows
            }
            #expect(talks.count == 1 && talks[0]["lead_id"] == .int(all[0].row.id) && talks[0]["content"].text?.contains("想周六来") == true)
        }
    }

    @Test("whoever was lost before makes a new lead, and is not told whom we know by that number", arguments: Engine.available)
    func known(engine: Engine) async throws {
        try await open(engine) { house, _ in
            try await house.gate.handIn("test-drive", asked, from: "203.0.113.7")
            try await house.gate.write(as: .system()) { tx in
                var lost = try #require(try tx.all(Lead.self).first)
                lost.status = .lost
                try tx.save(lost)
            }
            try await house.gate.handIn("test-drive", asked.merging(["name": "罗女士"]) { $1 }, from: "203.0.113.9")
            #expect(try await leads(house).count == 2)
        }
    }

    @Test("ten an hour from one address, twelve by the form", arguments: Engine.available)
    func limits(engine: Engine) async throws {
        try await open(engine) { house, _ in
            func hand(_ number: Int, from address: String) async throws {
                try await house.gate.handIn(
                    "test-drive",
                    asked.merging(["name": .text("客\(number)"), "mobile": .text("199000080\(number < 10 ? "0" : "")\(number)")]) { $1 },
                    from: address)
            }
            for number in 0..<10 { try await hand(number, from: "203.0.113.7") }
            await #expect(throws: Refusal.self) { try await hand(10, from: "203.0.113.7") }
            try await hand(10, from: "203.0.113.8")
            try await hand(11, from: "203.0.113.8")
            await #expect(throws: Refusal.self) { try await hand(12, from: "203.0.113.9") }
            house.time.now = house.time.now.adding(seconds: 3601)
            try await hand(12, from: "203.0.113.7")
            #expect(try await leads(house).count == 13)
        }
    }

    @Test("a company says how many an hour may come from one address", arguments: Engine.available)
    func perAddress(engine: Engine) async throws {
        try await open(engine) { house, _ in
            try await house.gate.write(as: .system()) { tx in
                try tx.set(try #require(house.gate.catalog.parameter("intake.per_address")), to: "2", reason: "试用上限")
            }
            for number in 0..<2 {
                try await house.gate.handIn(
                    "test-drive", asked.merging(["mobile": .text("1990000800\(number)")]) { $1 }, from: "203.0.113.7")
            }
            await #expect(throws: Refusal.self) { try await house.gate.handIn("test-drive", asked, from: "203.0.113.7") }
            try await house.gate.handIn("test-drive", asked, from: "203.0.113.8")
        }
    }

    @Test("a closed form is not there", arguments: Engine.available)
    func closed(engine: Engine) async throws {
        try await open(engine) { house, form in
            _ = try await house.gate.write(as: .system()) {
                try $0.update(house.gate.catalog.schema(LeadForm.self), id: form, ["is_enabled": false])
            }
            await #expect(throws: Refusal.self) { try await house.gate.handIn("test-drive", asked, from: nil) }
            await #expect(throws: Refusal.self) { _ = try await house.gate.form("nothing") }
        }
    }
}
