import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Idempotency keys", .serialized, .timeLimit(.minutes(10)))
struct IdempotencyTests {
    private func make(
        _ site: Site, _ name: String, key: String = "k1", fingerprint: String = "f1", as actor: Actor = Site.liWei
    ) async throws -> Idempotency.Answer {
        try await Idempotency(site.gate).once(as: actor, key: key, fingerprint: fingerprint) { tx in
            let row = try tx.create(Parcel.schema, ["name": .text(name)])
            return .init(status: 201, location: "/api/v1/parcels/\(row.id)", body: "{\"id\":\(row.id)}")
        }
    }

    @Test("a retry gets the first answer and changes nothing", arguments: Engine.available)
    func replay(_ engine: Engine) async throws {
        try await engine.depot { site in
            let first = try await make(site, "一"), again = try await make(site, "二")
            #expect(!first.isReplay && again.isReplay)
            #expect(again.status == 201 && again.location == first.location && again.body == first.body)
            #expect(try await site.parcels().map(\.title) == ["一"])
        }
    }

    @Test("the same key with another request is refused", arguments: Engine.available)
    func reused(_ engine: Engine) async throws {
        try await engine.depot { site in
            _ = try await make(site, "一")
            let error = await #expect(throws: Problems.self) { try await make(site, "二", fingerprint: "f2") }
            #expect(error?.all.map(\.code) == ["idempotency_key_reused"])
            #expect(try await site.parcels().count == 1)
        }
    }

    @Test("two people's keys have nothing to do with each other, and a key is forgotten after a day")
    func apart() async throws {
        try await Engine.sqlite.depot { site in
            _ = try await make(site, "一")
            #expect(try await make(site, "二", as: Site.admin).isReplay == false)
            site.hands.move(seconds: 86_401)
            #expect(try await make(site, "三").isReplay == false)
            #expect(try await site.parcels().count == 3)
        }
    }

    @Test("a request that failed leaves its key free")
    func failed() async throws {
        try await Engine.sqlite.depot { site in
            await #expect(throws: Problems.self) { _ = try await make(site, "") }
            let again = try await make(site, "一")
            #expect(!again.isReplay)
        }
    }

    @Test("of many at once exactly one does the work, and all get its answer", arguments: Engine.available)
    func concurrent(_ engine: Engine) async throws {
        try await engine.depot { site in
            let answers = try await withThrowingTaskGroup(of: Idempotency.Answer?.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        do { return try await make(site, "包裹 \(number)") } catch Refusal.conflict { return nil }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }.compactMap { $0 }
            }
            #expect(answers.filter { !$0.isReplay }.count == 1)
            #expect(Set(answers.map(\.body)).count == 1)
            #expect(try await site.parcels().count == 1)
        }
    }

    @Test("the kept answer cannot be read in the database")
    func sealed() async throws {
        try await Engine.sqlite.depot { site in
            _ = try await make(site, "一")
            let row = try await site.gate.store.read { try $0.fetch(Query(IdempotencyKey.self)).first }
            let kept = Record<IdempotencyKey>(try #require(row))
            #expect(!kept.body.contains("id"))
        }
    }
}
