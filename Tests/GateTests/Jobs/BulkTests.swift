import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Bulk changes", .serialized, .timeLimit(.minutes(10)))
struct BulkTests {
    private let handlers: [String: JobHandler] = ["bulk": Bulk.run, "undo": Undo.run]

    private func run(_ site: Site, _ change: BulkChange, as actor: Actor = Site.liWei) async throws -> (id: Int64, report: BulkReport) {
        let id = try await Bulk.start(change, as: actor, in: site.gate)
        try await site.runner(handlers).during {
            try await site.until(id, is: .done, .failed)
        }
        let job = try await site.job(id)
        #expect(job.status == .done, "\(job.error ?? "")")
        return (id, try await result(site, id))
    }

    private func result(_ site: Site, _ id: Int64) async throws -> BulkReport {
        let text = try await site.job(id).result ?? ""
        return try #require(BulkReport(plain: Plain(jsonText: text) ?? .null))
    }

    @Test("every record is checked by itself: those that fail are named, the others are changed", arguments: Engine.available)
    func failures(_ engine: Engine) async throws {
        try await engine.depot { site in
            let mine = try await site.receive([1, 2, 3]), others = try await site.receive([4], as: Site.admin)
            let (id, report) = try await run(
                site, BulkChange("parcels", .ids(mine + others + [999]), action: "update", values: ["note": "已核对"]))
            #expect(report.total == 5 && report.done == 3 && report.failed == 2)
            #expect(report.failures.map(\.id) == others + [999])
            #expect(report.failures.first?.title == "#\(others[0])", "what cannot be seen is not named")
            #expect(try await site.parcels().map(\.note) == ["已核对", "已核对", "已核对", nil])
            let job = try await site.job(id)
            #expect(job.done == 5 && job.total == 5)
        }
    }

    @Test("a rule refuses one record and takes back only that one, news of it included", arguments: Engine.available)
    func ruled(_ engine: Engine) async throws {
        try await engine.depot { site in
            let ids = try await site.receive([1, 2, nil])
            let (_, report) = try await run(site, BulkChange("parcels", .ids(ids), action: "ship"))
            #expect(report.done == 2)
            #expect(report.failures.map(\.reason) == ["请先称重"])
            #expect(report.failures.map(\.title) == ["包裹 1-2"])
            let (_, second) = try await run(site, BulkChange("parcels", .ids(ids), action: "update", values: ["weight": 13]))
            #expect(second.done == 0 && second.failed == 3)
            let news = Tally()
            let listener = site.gate.changes.listen { for event in $0 where event.entity == "parcels" { news.add("\(event.id)") } }
            let (_, third) = try await run(site, BulkChange("parcels", .ids(ids), action: "update", values: ["note": "易爆"]))
            site.gate.changes.forget(listener)
            #expect(third.failed == 3 && news.all.isEmpty)
            #expect(try await site.parcels().map(\.note) == ["已发货", "已发货", nil])
        }
    }

    @Test("what a link says of its own stays with it: read, kept by other changes, undone", arguments: Engine.available)
    func attributes(_ engine: Engine) async throws {
        try await engine.depot { site in
            let ids = try await site.receive([1, 2, 3])
            func batch() async throws -> Value {
                try await site.gate.read(as: Site.liWei) { try $0.record(Parcel.schema, id: ids[0])["batch"] }
            }
            func change(_ input: [String: Plain]) async throws -> Int64 {
                try await site.gate.write(as: Site.liWei) { tx in
                    _ = try tx.update(Parcel.schema, id: ids[0], input)
                    return tx.operation
                }
            }
            let first = Value.list([.list([.int(ids[1]), "主件"]), .list([.int(ids[2]), .null])])
            _ = try await change(["batch": [["id": .int(ids[1]), "role": "主件"], ["id": .int(ids[2])]]])
            #expect(try await batch() == first)
            _ = try await change(["note": "轻放"])
            #expect(try await batch() == first)
            let operation = try await change(["batch": [["id": .int(ids[1]), "role": "附件"]]])
            #expect(try await batch() == .list([.list([.int(ids[1]), "附件"])]))
            let report = try await site.gate.write(as: Site.liWei) { tx in try tx.undo(operation: operation) }
            #expect(report.undone == 1 && report.conflicts.isEmpty)
            #expect(try await batch() == first)
        }
    }

    @Test("all of it carries one operation number and is taken back as a whole", arguments: Engine.available)
    func undo(_ engine: Engine) async throws {
        try await engine.depot { site in
            let ids = try await site.receive(Array(repeating: 5, count: 450))
            let (id, report) = try await run(
                site, BulkChange("parcels", .filter(\Parcel.weight == 5), action: "update", values: ["note": "甲"]))
            #expect(report.total == 450 && report.done == 450)
            let operation = try #require(try await site.job(id).operation)
            // Somebody changes one of them since.
            try await site.gate.write(as: Site.admin) { tx in _ = try tx.update(Parcel.schema, id: ids[7], ["note": "乙"]) }
            guard case .started(let undo) = try await Undo.start(Int64(operation), ofJob: id, as: Site.liWei, in: site.gate) else {
                Issue.record("450 changes are a job")
                return
            }
            try await site.runner(handlers).during {
                try await site.until(undo, is: .done)
            }
            let undone = try await result(site, undo)
            #expect(undone.done == 449 && undone.failed == 1)
            #expect(undone.failures.map(\.id) == [ids[7]])
            let notes = try await site.parcels().map(\.note)
            #expect(notes.filter { $0 == nil }.count == 449 && notes[7] == "乙")
            #expect(try await site.job(id).status == .reverted)
        }
    }

    @Test("what is small is undone at once, and only by who did it")
    func smallUndo() async throws {
        try await Engine.sqlite.depot { site in
            let ids = try await site.receive([1, 2])
            let (id, _) = try await run(site, BulkChange("parcels", .ids(ids), action: "delete"))
            #expect(try await site.parcels().isEmpty)
            let operation = Int64(try #require(try await site.job(id).operation))
            let other = Actor(userID: 2, name: "王芳", rights: Site.liWei.rights, via: "web")
            await #expect(throws: Refusal.self) { try await Undo.start(operation, as: other, in: site.gate) }
            guard case .done(let report) = try await Undo.start(operation, ofJob: id, as: Site.liWei, in: site.gate) else {
                Issue.record("two changes are undone at once")
                return
            }
            #expect(report.undone == 2)
            #expect(try await site.parcels().count == 2)
        }
    }

    @Test("deleting, restoring, tagging and assigning many", arguments: Engine.available)
    func others(_ engine: Engine) async throws {
        try await engine.depot { site in
            let ids = try await site.receive([1, 2])
            _ = try await run(site, BulkChange("parcels", .ids(ids), action: "delete"))
            #expect(try await site.parcels().isEmpty)
            _ = try await run(site, BulkChange("parcels", .filter(.everything), action: "restore"))
            #expect(try await site.parcels().count == 2)
            let tags = try await site.gate.write(as: Site.admin) { tx in
                let schema = try #require(tx.catalog["tags"])
                return try ["急", "易碎"].map { try tx.create(schema, ["name": .text($0)]).id }
            }
            let links = {
                try await site.gate.store.read { try $0.linked(Parcel.schema, #require(Parcel.schema["tags"]), of: [ids[0]])[ids[0]] ?? [] }
            }
            _ = try await run(
                site, BulkChange("parcels", .ids(ids), action: "add_tags", values: ["tags": .list(tags.map(Plain.int))]), as: Site.admin)
            #expect(try await Set(links()) == Set(tags))
            _ = try await run(
                site, BulkChange("parcels", .ids(ids), action: "remove_tags", values: ["tags": .list([.int(tags[0])])]), as: Site.admin)
            #expect(try await links() == [tags[1]])
        }
    }

    @Test("what is wrong for all is said before anything starts")
    func refusedAtStart() async throws {
        try await Engine.sqlite.depot { site in
            let ids = try await site.receive([1])
            func refused(_ change: BulkChange) async {
                await #expect(throws: (any Error).self) { try await Bulk.start(change, as: Site.liWei, in: site.gate) }
            }
            await refused(BulkChange("parcels", .ids([]), action: "delete"))
            await refused(BulkChange("parcels", .ids(ids), action: "update", values: ["colour": "red"]))
            await refused(BulkChange("parcels", .ids(ids), action: "update", values: ["weight": "schwer"]))
            await refused(BulkChange("parcels", .ids(ids), action: "explode"))
            await refused(BulkChange("jobs", .ids(ids), action: "delete"))
            await refused(BulkChange("parcels", .filter(\Parcel.secret == "x"), action: "delete"))
            await refused(BulkChange("parcels", .ids(Array(1...100_001)), action: "delete"))
            #expect(try await site.jobs().isEmpty)
        }
    }

    @Test("an interrupted job goes on behind its last chunk and does nothing twice", arguments: Engine.available)
    func resumed(_ engine: Engine) async throws {
        try await engine.depot { site in
            try await site.receive(Array(repeating: 5, count: 500))
            let id = try await Bulk.start(
                BulkChange("parcels", .filter(\Parcel.weight == 5), action: "update", values: ["note": "甲"]), as: Site.liWei, in: site.gate)
            let runner = site.runner(handlers), task = Task { await runner.run() }
            try await eventually("the first chunk is done") { try await site.job(id).done >= 200 }
            task.cancel()
            await task.value
            let between = try await site.job(id)
            #expect(between.status == .waiting || between.status == .done)
            try await site.runner(handlers).during {
                try await site.until(id, is: .done)
            }
            let entries = try await site.gate.store.read {
                try $0.count(Query(AuditEntry.self, where: \AuditEntry.action == "update"), cap: 10_000)
            }
            #expect(entries == 500)
            #expect(try await result(site, id).done == 500)
        }
    }

    @Test("conditions and ids survive being kept in a job")
    func kept() {
        let condition: Condition = .all([
            .field("a", .in, 1, "x", nil), .any([.not(.search("张")), .ids([1, 2])]), .compare(.init(link: "owner", "city"), .eq, ["杭州"]),
            .exists(entity: "orders", field: "customer_id", .field("b", .empty)),
            .listed(entity: "follows", field: "record_id", .everything),
        ])
        #expect(Condition(plain: condition.plain) == condition)
        #expect(Condition(plain: Plain(jsonText: condition.plain.jsonText) ?? .null) == condition)
        #expect(Condition(plain: ["op": "eq"]) == nil)
        let ids: [Int64] = [5, 6, 7, 3, 9_000_000_000, -4, .max]
        #expect(IDList.ids(IDList.text(ids)) == ids)
    }
}
