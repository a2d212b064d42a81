import Core
import Records
import TestSupport
import Testing

@testable import Gate

@Suite("What a page tries to show")
struct AttemptTests {
    struct Broken: Error {}

    @Test("may be out of reach or make no sense; another fault ends the reading, whatever came of it", arguments: Engine.available)
    func faults(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let quiet = try await house.gate.read(as: .system()) { view in
                let out: Int? = view.attempt { throw Refusal.notFound }
                let senseless: Int? = view.attempt { throw Problem("name", "没有意义") }
                let found = view.attempt { try view.count(ListRequest(view.catalog.schema(Customer.self)), cap: 10) }
                return out == nil && senseless == nil && found != nil
            }
            #expect(quiet)
            await #expect(throws: Broken.self) {
                try await house.gate.read(as: .system()) { view in
                    let missing: Int? = view.attempt { throw Broken() }
                    return missing ?? 0
                }
            }
            await #expect(throws: AbsentEntity.self) {
                try await house.gate.read(as: .system()) { view in view.attempt { throw AbsentEntity(entity: "ships") } ?? 0 }
            }
            await #expect(throws: Broken.self, "and nothing of the writing stays") {
                try await house.gate.write(as: .system()) { tx in
                    _ = try tx.create(tx.catalog.schema(CustomerCategory.self), ["code": "lost", "name": "不留"])
                    let missing: Int? = tx.attempt { throw Broken() }
                    return missing ?? 0
                }
            }
            // Whom it is about may stand in any of several fields, of several packs; somebody it is about.
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: .system(via: "api")) { tx in
                    _ = try tx.create(tx.catalog.schema(Interaction.self), ["channel": "phone", "content": "谁？"])
                }
            }
            let left = try await house.gate.read(as: .system()) { view in
                try view.page(ListRequest(view.catalog.schema(CustomerCategory.self), where: \CustomerCategory.code == "lost")).rows.count
            }
            #expect(left == 0)
        }
    }
}
