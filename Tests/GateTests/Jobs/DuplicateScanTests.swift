import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Looking for duplicates", .serialized, .timeLimit(.minutes(10)))
struct DuplicateScanTests {
    private static let schema = Parcel.schema

    private func scan(_ site: Site) async throws {
        site.hands.move(seconds: 1)
        let id = try await DuplicateScan.start("parcels", as: Site.admin, in: site.gate)
        try await site.runner([DuplicateScan.job: DuplicateScan.run]).during {
            try await site.until(id, is: .done, .failed)
        }
        let job = try await site.job(id)
        #expect(job.status == .done, "\(job.error ?? "")")
    }

    /// Records that were there before anybody knew what makes two of them the same.
    private func add(
        _ site: Site, _ name: String, label: String? = nil, weight: Int? = nil, as actor: Actor = Site.admin
    ) async throws -> Int64 {
        try await site.gate.write(as: actor) { tx in
            tx.ignoresWarnings = true
            return try tx.create(
                Parcel.schema,
                ["name": .text(name), "label": label.map(Plain.text) ?? .null, "weight": weight.map { .int(Int64($0)) } ?? .null]
            ).id
        }
    }

    private func pairs(_ site: Site, as actor: Actor = Site.admin, limit: Int = 50) async throws -> [[Int64]] {
        try await site.gate.read(as: actor) {
            try $0.duplicatePairs(of: Self.schema, limit: limit).pairs.map { [$0.first.id, $0.second.id] }
        }
    }

    @Test("equal records are found by each rule, told once, and forgotten once they differ", arguments: Engine.available)
    func found(_ engine: Engine) async throws {
        try await engine.depot { site in
            let first = try await add(site, "甲", label: "L-1", weight: 5)
            let second = try await add(site, "乙", label: "L-1", weight: 5)
            let third = try await add(site, "丙", label: "L-1")
            for name in ["丁", "戊"] { _ = try await add(site, name) }
            _ = try await add(site, "己", label: "L-2")
            for _ in 1...2 {
                try await scan(site)
                #expect(try await pairs(site) == [[first, second], [first, third]])
            }
            let told = try await site.gate.read(as: Site.admin) { try $0.duplicatePairs(of: Self.schema) }
            #expect(told.pairs.map(\.message) == ["面单相同", "面单相同"] && told.next == nil)

            let id = try #require(told.pairs.first?.id)
            try await site.gate.write(as: Site.admin) { tx in try tx.callDifferent(Self.schema, pair: id) }
            #expect(try await pairs(site) == [[first, third]])
            try await scan(site)
            #expect(try await pairs(site) == [[first, third]], "what was called different stays so")

            try await site.gate.write(as: Site.admin) { tx in _ = try tx.update(Self.schema, id: third, ["label": "L-9"]) }
            try await scan(site)
            #expect(try await pairs(site) == [])
            let left = try await site.gate.store.read { try $0.count(Query(DuplicatePair.self), cap: 100) }
            #expect(left == 1, "only the decision is kept")
        }
    }

    @Test("a crowd of equal records makes pairs with its oldest only, page by page", arguments: Engine.available)
    func crowd(_ engine: Engine) async throws {
        try await engine.depot { site in
            var ids: [Int64] = []
            for number in 1...60 { ids.append(try await add(site, "包裹\(number)", label: "L-1")) }
            try await scan(site)
            let all = try await pairs(site, limit: 100)
            #expect(all == ids[1..<DuplicateScan.groupLimit].map { [ids[0], $0] })
            let (part, next) = try await site.gate.read(as: Site.admin) { view in
                let step = try view.duplicatePairs(of: Self.schema, limit: 20)
                return (step.pairs.count, step.next)
            }
            let rest = try await site.gate.read(as: Site.admin) {
                try $0.duplicatePairs(of: Self.schema, after: next ?? 0, limit: 100).pairs.count
            }
            #expect(part == 20 && part + rest == all.count)
        }
    }

    @Test("nobody is told of records that are not theirs to merge", arguments: Engine.available)
    func reach(_ engine: Engine) async throws {
        try await engine.depot { site in
            var merger = Site.liWei
            merger.rights.scopes["parcels"]?["merge"] = .own
            _ = try await add(site, "甲", label: "L-1", as: Site.liWei)
            _ = try await add(site, "乙", label: "L-1")
            try await scan(site)
            let pair = try await site.gate.read(as: Site.admin) { try $0.duplicatePairs(of: Self.schema).pairs.first?.id } ?? 0
            #expect(try await pairs(site, as: merger) == [])
            await #expect(throws: Refusal.self) {
                try await site.gate.write(as: merger) { tx in try tx.callDifferent(Self.schema, pair: pair) }
            }
            await #expect(throws: Refusal.self) { _ = try await pairs(site, as: Site.liWei) }
            await #expect(throws: Refusal.self) { _ = try await DuplicateScan.start("parcels", as: Site.liWei, in: site.gate) }
            #expect(try await pairs(site).count == 1)
        }
    }
}
