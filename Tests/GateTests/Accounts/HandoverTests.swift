import Records
import Testing

@testable import Gate

@Suite struct HandoverTests {
    @Test(arguments: Engine.available) func `a leaver's records go to a colleague, and back when it was a mistake`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            for number in 1...7 { _ = try await house.order("J\(number)", of: "liwei") }
            let kept = try await house.order("K1", of: "chenjing"), boss = try await house.actor("admin")
            let preview = try await house.accounts.handover(from: house["liwei"], to: house["sunqiang"], preview: true, as: boss)
            #expect(preview.total == 8 && preview.operation == nil && preview.parts.map(\.count) == [7, 1])
            #expect(try await house.owned("sunqiang") == 0)
            let done = try await house.accounts.handover(from: house["liwei"], to: house["sunqiang"], as: boss)
            #expect(done.total == 8)
            #expect(try await [house.owned("sunqiang"), house.owned("liwei"), house.owned("chenjing")] == [7, 0, 1])
            let moved = try await house.store.read {
                try $0.fetch(Query(RepairJob.self, where: .field("owner_id", .eq, .int(house["sunqiang"])), limit: 10))
            }
            #expect(moved.allSatisfy { $0.departmentID == house["service"] } && !moved.contains { $0.id == kept })
            #expect(try await house.actor("sunqiang").subordinates == [house["zhaomin"]])
            #expect(try await house.audited().filter { $0 == "handover" }.count == 9)
            let report = try await house.gate.write(as: boss) { try $0.undo(operation: try #require(done.operation)) }
            #expect(report.undone == 8 && report.conflicts.isEmpty)
            #expect(try await house.owned("liwei") == 7)
        }
    }

    @Test func `more than one piece is moved`() async throws {
        try await House.open { house in
            let actor = try await house.actor("chenjing")
            try await house.gate.write(as: actor) { tx in
                for number in 1...450 {
                    var job = Record<RepairJob>()
                    job.no = "N\(number)"
                    try tx.insert(job)
                }
            }
            let boss = try await house.actor("admin")
            #expect(try await house.accounts.handover(from: house["chenjing"], to: house["sunqiang"], as: boss).total == 450)
            #expect(try await house.owned("sunqiang") == 450)
        }
    }

    @Test func `who takes over never reports to their own people`() async throws {
        try await House.open { house in
            let boss = try await house.actor("admin")
            _ = try await house.accounts.handover(from: house["wang"], to: house["zhaomin"], as: boss)
            let chart = try await house.accounts.chart()
            #expect(chart.members[house["chenjing"]]?.managerID == house["zhaomin"])
            #expect(chart.members[house["liwei"]]?.managerID == nil)
            #expect(chart.members[house["zhaomin"]]?.managerID == house["liwei"])
        }
    }

    @Test func `only for those who manage users, and only to somebody who works here`() async throws {
        try await House.open { house in
            let consultant = try await house.actor("chenjing"), boss = try await house.actor("admin")
            await #expect(throws: Refusal.self) {
                try await house.accounts.handover(from: house["liwei"], to: house["chenjing"], as: consultant)
            }
            await #expect(throws: Problems.self) { try await house.accounts.handover(from: house["liwei"], to: house["liwei"], as: boss) }
            await #expect(throws: Problems.self) { try await house.accounts.handover(from: house["liwei"], to: 9999, as: boss) }
        }
    }
}

extension House {
    func owned(_ name: String) async throws -> Int {
        let id = self[name]
        return try await store.read { try $0.count(Query(RepairJob.self, where: .field("owner_id", .eq, .int(id))), cap: 1000) }
    }
}
