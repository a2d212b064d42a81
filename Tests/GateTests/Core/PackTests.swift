import Records
import Storage
import TestSupport
import Testing

@testable import Gate

/// Two packs that know the garage and not each other: both add to its jobs.
@Suite("Packs and extensions")
struct PackTests {
    @Test("a field that a pack adds is one of the entity's own", arguments: Engine.available)
    func addedField(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let job = try await shop.add(["no": "W-1", "care_rating": 2, "policy_no": "P-1"])
            #expect(job["care_stage"] == "new", "its initial value")
            #expect(job["care_words"] == "请回访", "its rule")
            #expect(job.schema.traits.highlights == ["no", "care_rating"] && job.schema.traits.related == ["care_notes"])
            let found = try await shop.gate.read(as: .system()) { view in
                try view.page(
                    ListRequest(view.catalog.schema(RepairJob.self), where: \CareOfJob.rating < 3, sort: [Query.Sort("-care_rating")]))
            }
            #expect(found.rows.map(\.id) == [job.id])
            let words = try await shop.gate.read(as: .system()) { view in
                try view.page(ListRequest(view.catalog.schema(RepairJob.self), search: "回访")).rows.map(\.id)
            }
            #expect(words == [job.id], "found by its words")
            try await shop.gate.write(as: .system(via: "api")) { tx in
                _ = try tx.update(tx.catalog.schema(RepairJob.self), id: job.id, ["care_rating": 4, "policy_no": "P-9"])
            }
            let audited = try await shop.gate.store.read { reading in
                try reading.fetch(Query(AuditEntry.self, where: \AuditEntry.entity == "repair_jobs", limit: 10)).map { row in
                    Record<AuditEntry>(row).changes ?? ""
                }
            }
            #expect(audited.contains { $0.contains("care_rating") && $0.contains("policy_no") })
        }
    }

    @Test("a record that a rule begins by its type has the packs' initial values and rules", arguments: Engine.available)
    func typed(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let row = try await shop.gate.write(as: .system()) { tx in
                var job = Record<RepairJob>()
                job.no = "W-2"
                job[CareOfJob.self].rating = 1
                job[InsuredJob.self].policy = "P-2"
                return try tx.insert(job).row
            }
            #expect(row["care_stage"] == "new" && row["care_words"] == "请回访" && row["policy_no"] == "P-2")
            let found = try await shop.gate.write(as: .system()) { tx in
                try tx.first(RepairJob.self, where: \CareOfJob.rating == 1 && \InsuredJob.policy == "P-2")?.no
            }
            #expect(found == "W-2")
        }
    }

    @Test("switched off it is not there; switched on again everything is as it was", arguments: Engine.available)
    func offAndOn(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let job = try await shop.add(["no": "W-3", "care_rating": 5, "policy_no": "P-3"])
            try await shop.gate.write(as: .system()) { tx in
                var note = Record<CareNote>()
                (note.text, note.job) = ("很满意", Ref(job.id))
                try tx.insert(note)
            }
            try await shop.gate.switchPack("care", on: false, as: .system())
            let gone = shop.gate.catalog
            #expect(gone["care_notes"] == nil && gone["repair_jobs"]?["care_rating"] == nil && gone["repair_jobs"]?["policy_no"] != nil)
            #expect(gone["repair_jobs"]?.traits.related == [] && gone.job("care.remind") == nil)
            await #expect(throws: Problems.self) { try await shop.add(["no": "W-4", "care_rating": 1]) }
            await #expect(throws: AbsentEntity.self) {
                try await shop.gate.write(as: .system()) { tx in _ = try tx.first(CareNote.self, where: .everything) }
            }
            // Work goes on meanwhile, beside the values that are out of sight.
            try await shop.gate.write(as: .system(via: "api")) { tx in
                let schema = tx.catalog.schema(RepairJob.self)
                _ = try tx.update(schema, id: job.id, ["phone": "010-1234", "policy_no": "P-3b"])
            }
            try await shop.gate.switchPack("care", on: true, as: .system())
            let back = try await shop.gate.read(as: .system()) { view in
                let row = try view.record(view.catalog.schema(RepairJob.self), id: job.id)
                let notes = try view.page(ListRequest(view.catalog.schema(CareNote.self))).rows
                return (row["care_rating"], row["policy_no"], row["phone"], notes.map { $0["text"] })
            }
            #expect(back.0 == 5 && back.1 == "P-3b" && back.2 == "010-1234" && back.3 == ["很满意"])
            let switches = try await shop.gate.store.read { reading in
                try reading.fetch(Query(AuditEntry.self, where: \AuditEntry.action == "pack", limit: 10)).count
            }
            #expect(switches == 2)
        }
    }

    @Test("what an administrator added keeps its values beside a pack that goes and comes", arguments: Engine.available)
    func ownField(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            var draft = OwnFieldDraft(entity: "repair_jobs", kind: "text")
            (draft.label, draft.name) = ("暗号", "pass_word")
            _ = try await shop.gate.addOwnField(draft, as: .system())
            let job = try await shop.add(["no": "W-5", "pass_word": "芝麻", "care_rating": 4])
            try await shop.gate.switchPack("care", on: false, as: .system())
            let off = try await shop.gate.read(as: .system()) { try $0.record($0.catalog.schema(RepairJob.self), id: job.id)["pass_word"] }
            try await shop.gate.switchPack("care", on: true, as: .system())
            let on = try await shop.gate.read(as: .system()) { view in
                let row = try view.record(view.catalog.schema(RepairJob.self), id: job.id)
                return [row["pass_word"], row["care_rating"]]
            }
            #expect(off == "芝麻" && on == ["芝麻", 4])
        }
    }

    @Test("merging moves what belongs to a pack that is off", arguments: Engine.available)
    func merge(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let (kept, gone) = (try await shop.add(["no": "W-6"]), try await shop.add(["no": "W-7"]))
            try await shop.gate.write(as: .system()) { tx in
                var note = Record<CareNote>()
                (note.text, note.job) = ("跟着走", Ref(gone.id))
                try tx.insert(note)
            }
            try await shop.gate.switchPack("care", on: false, as: .system())
            try await shop.gate.write(as: .system(via: "api")) { tx in
                try tx.merge(tx.catalog.schema(RepairJob.self), into: kept.id, [gone.id])
            }
            try await shop.gate.switchPack("care", on: true, as: .system())
            let job = try await shop.gate.write(as: .system()) { try $0.first(CareNote.self, where: .everything)?.job.id }
            #expect(job == kept.id)
        }
    }

    @Test("what is needed comes on first and goes off last", arguments: Engine.available)
    func needs(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            try await shop.gate.switchPack("letters", on: true, as: .system())
            await #expect(throws: Refusal.self, "the letters need it") {
                try await shop.gate.switchPack("care", on: false, as: .system())
            }
            let both = shop.gate.catalog
            #expect(both["care_letters"] != nil && both["repair_jobs"]?["letter_and_policy"] != nil, "the joint of letters and insurance")
            try await shop.gate.switchPack("letters", on: false, as: .system())
            try await shop.gate.switchPack("care", on: false, as: .system())
            #expect(shop.gate.catalog["repair_jobs"]?["letter_and_policy"] == nil)
            try await shop.gate.switchPack("letters", on: true, as: .system())
            #expect(shop.gate.catalog["care_notes"] != nil, "care came on with it")
            await #expect(throws: Refusal.self) { try await shop.gate.switchPack("engine", on: false, as: .system()) }
        }
    }

    @Test("another instance follows", arguments: Engine.available)
    func otherInstance(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let other = Workshop(shop.gate.store)
            _ = try await other.gate.openStore()
            let following = Task { await other.gate.followOwnDefinitions(every: .milliseconds(20)) }
            defer { following.cancel() }
            try await shop.gate.switchPack("care", on: false, as: .system())
            try await eventually("the other has switched it off") { other.gate.catalog["care_notes"] == nil }
        }
    }
}

/// The garage with what can be added to it.
private struct Workshop {
    let gate: Gate

    static let care = Pack("care", Words("关怀", "Care"), Words("回访客户", "Calls"), icon: "heart", isOnAtFirst: true, [Care.self])
    static let insurance = Pack(
        "insurance", Words("保险", "Insurance"), Words("保单", "Policies"), icon: "shield", isOnAtFirst: true, [Insurance.self])
    static let letters = Pack("letters", Words("信件", "Letters"), Words("写信", "Letters"), icon: "mail", needs: [care], [Letters.self])
    static let packs = [
        .base("garage", [Garage.self]), care, insurance, letters, .joint(letters, insurance, capabilities: [LettersAndInsurance.self]),
    ]

    init(_ store: any Store) { gate = Gate(store: store, packs: Workshop.packs, secrets: House.secrets) }

    static func open(_ engine: Engine, _ body: (Workshop) async throws -> Void) async throws {
        try await engine.open { store, _ in
            let shop = Workshop(store)
            _ = try await shop.gate.openStore()
            try await body(shop)
        }
    }

    @discardableResult
    func add(_ values: [String: Plain]) async throws -> Row {
        try await gate.write(as: .system(via: "api")) { tx in try tx.create(tx.catalog.schema(RepairJob.self), values) }
    }
}

private enum Care: Capability {
    static let name = "care", label = "关怀"
    static let entities: [any Entity.Type] = [CareNote.self]
    static let extensions: [any Extension.Type] = [CareOfJob.self]
    static let jobs = [Job("care.remind", "提醒回访", english: "Remind", schedule: .every(seconds: 3600)) { _, _ in }]
}

private struct CareNote: Entity {
    static let name = "care_notes", label = "回访记录"
    let text = Field<String>("text", "内容", .title)
    let job = Field<Ref<RepairJob>>("job_id", "维修单")
    init() {}
}

private struct CareOfJob: Extension {
    static let of = RepairJob.self
    let rating = Field<Int?>("care_rating", "评分", .inList)
    let words = Field<String?>("care_words", "评价", .searchable)
    let stage = Field<String>("care_stage", "阶段", .initial("new"))
    init() {}

    static func add(to traits: inout EntityTraits) {
        traits.highlights += ["no", "care_rating"]
        traits.related.append("care_notes")
    }

    static var rules: Rules {
        .of(RepairJob.self) {
            $0.beforeSave { job, change, _ in
                guard change.changed(\CareOfJob.rating, in: job), let rating = job[CareOfJob.self].rating, rating < 3 else { return }
                job[CareOfJob.self].words = "请回访"
            }
        }
    }
}

private enum Insurance: Capability {
    static let name = "insurance", label = "保险"
    static let entities: [any Entity.Type] = []
    static let extensions: [any Extension.Type] = [InsuredJob.self]
}

private struct InsuredJob: Extension {
    static let of = RepairJob.self
    let policy = Field<String?>("policy_no", "保单号", .indexed)
    init() {}
}

private enum Letters: Capability {
    static let name = "letters", label = "信件"
    static let entities: [any Entity.Type] = [CareLetter.self]
}

private struct CareLetter: Entity {
    static let name = "care_letters", label = "关怀信"
    let text = Field<String>("text", "内容", .title)
    let note = Field<Ref<CareNote>?>("note_id", "回访记录")
    init() {}
}

private enum LettersAndInsurance: Capability {
    static let name = "letters_insurance", label = "信件与保险"
    static let entities: [any Entity.Type] = []
    static let extensions: [any Extension.Type] = [LetteredJob.self]
}

private struct LetteredJob: Extension {
    static let of = RepairJob.self
    let both = Field<String?>("letter_and_policy", "随单信件")
    init() {}
}
