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
            let runner = JobRunner(gate: shop.gate, actors: { _ in nil }, handlers: [:])
            #expect(runner.declared["care.remind"] != nil)
            try await shop.gate.switchPack("care", on: false, as: .system())
            #expect(runner.declared["care.remind"] == nil, "waits with its pack, in the running program")
            let late = JobRunner(gate: shop.gate, actors: { _ in nil }, handlers: [:])
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
            #expect(runner.declared["care.remind"] != nil && late.declared["care.remind"] != nil, "and comes back with it")
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

    @Test("what an administrator made that points to a pack hides with it and comes back with it", arguments: Engine.available)
    func ownLinks(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let link: [String: Plain] = ["target": "care_notes"]
            try await shop.addField("repair_jobs", "link", "回访", "best_note", link)
            try await shop.addField("repair_jobs", "text", "暗号", "pass_word")
            for (name, label) in [("shelves", "货架"), ("calls", "通话"), ("call_parts", "通话片段")] {
                var draft = OwnEntityDraft()
                (draft.name, draft.label) = (name, label)
                _ = try await shop.gate.addOwnEntity(draft, as: .system())
            }
            try await shop.addField("shelves", "links", "相关回访", "notes", link)
            try await shop.addField("shelves", "text", "位置", "place")
            try await shop.addField("calls", "link", "所属回访", "note", link, isRequired: true)
            try await shop.addField("call_parts", "link", "所属通话", "call", ["target": "calls"], isRequired: true)

            let job = try await shop.add(["no": "W-8"])
            let (shelf, call) = try await shop.gate.write(as: .system(via: "api")) { tx in
                func make(_ name: String, _ values: [String: Plain]) throws -> Int64 {
                    try tx.create(try #require(tx.catalog[name]), values).id
                }
                let note = try make("care_notes", ["text": "很好", "job_id": .int(job.id)])
                _ = try tx.update(job.schema, id: job.id, ["best_note": .int(note), "pass_word": "芝麻"])
                let call = try make("calls", ["name": "第一通", "note": .int(note)])
                _ = try make("call_parts", ["name": "开头", "call": .int(call)])
                return (try make("shelves", ["name": "A 架", "notes": [.int(note)], "place": "东"]), call)
            }
            let places = try shop.places("repair_jobs").merging(shop.places("shelves")) { first, _ in first }

            try await shop.gate.switchPack("care", on: false, as: .system())
            let off = shop.gate.catalog
            #expect(off["repair_jobs"]?["best_note"] == nil && off["repair_jobs"]?["pass_word"] != nil)
            #expect(off["shelves"] != nil && off["shelves"]?["notes"] == nil, "it can do without the notes")
            #expect(off["calls"] == nil && off["call_parts"] == nil, "a call is nothing without its note, a part nothing without its call")
            #expect(off.links(to: "care_notes").isEmpty && off.whole["calls"] != nil)
            for (name, place) in try shop.places("repair_jobs").merging(shop.places("shelves")) { first, _ in first } {
                #expect(places[name] == place, "\(name) keeps its place")
            }
            try await shop.gate.write(as: .system(via: "api")) { tx in
                let jobs = tx.catalog.schema(RepairJob.self), shelves = try #require(tx.catalog["shelves"])
                #expect(try tx.record(jobs, id: job.id)["pass_word"] == "芝麻")
                #expect(try tx.record(shelves, id: shelf)["place"] == "东")
                _ = try tx.update(jobs, id: job.id, ["pass_word": "开门"])
                _ = try tx.update(shelves, id: shelf, ["place": "西"])
            }
            await #expect(throws: Problems.self, "the hidden column has the name") {
                try await shop.addField("repair_jobs", "text", "评分二", "care_rating")
            }
            await #expect(throws: Problems.self, "the table is there") {
                var draft = OwnEntityDraft()
                (draft.name, draft.label) = ("calls", "电话")
                _ = try await shop.gate.addOwnEntity(draft, as: .system())
            }
            await #expect(throws: Problems.self) { try await shop.addField("shelves", "link", "回访二", "note_2", link) }

            try await shop.gate.switchPack("care", on: true, as: .system())
            let back = try await shop.gate.read(as: .system()) { view in
                func row(_ name: String, _ id: Int64) throws -> Row {
                    let schema = try #require(view.catalog[name])
                    return try #require(try view.page(ListRequest(schema, where: .ids([id]), withLinks: true)).rows.first)
                }
                let (job, shelf) = (try row("repair_jobs", job.id), try row("shelves", shelf))
                let parts = try view.count(ListRequest(try #require(view.catalog["call_parts"])), cap: 9)
                return (
                    job["best_note"].int, job["pass_word"], shelf["notes"].list?.count, shelf["place"], try row("calls", call)["note"].int,
                    parts
                )
            }
            #expect(back.0 != nil && back.1 == "开门" && back.2 == 1 && back.3 == "西" && back.4 == back.0 && back.5 == 1)
        }
    }

    @Test("an undo takes back what is there, and the rest once its pack is on again", arguments: Engine.available)
    func undo(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let accounts = Accounts(shop.gate, cost: ScryptCost(logN: 4, r: 1, p: 1))
            let her = try await accounts.addUser(username: "wangfang", name: "王芳", roles: ["admin"], password: "hai-kuo-ping-yu-yue")
            let wang = try #require(try await accounts.actor(for: her.id, via: "web"))
            let job = try await shop.add(["no": "W-9", "care_rating": 5, "phone": "010-1"])
            let (change, creation) = try await shop.gate.write(as: wang) { tx in
                _ = try tx.update(job.schema, id: job.id, ["care_rating": 4, "phone": "010-2"])
                _ = try tx.create(tx.catalog.schema(CareNote.self), ["text": "一般", "job_id": .int(job.id)])
                return (tx.operation, tx.operation)
            }
            #expect(change == creation)
            try await shop.gate.switchPack("care", on: false, as: .system())
            let half = try await shop.gate.write(as: wang) { try $0.undo(operation: change) }
            #expect(half.undone == 1)
            #expect(half.conflicts.contains { $0.contains("W-9") && $0.contains("「评分」所属的功能包已停用") }, "\(half.conflicts)")
            #expect(half.conflicts.contains { $0.contains("回访记录 #") && $0.contains("功能包已停用") })
            let entry = try await shop.gate.read(as: wang) { view in
                var question = AuditQuestion()
                (question.entity, question.operation) = ("repair_jobs", change)
                let line = try #require(try view.auditLog(question).first)
                #expect(line.isOpen && line.changes.contains { $0.name == "care_rating" && $0.field?.label == "评分" })
                (question.entity, question.operation) = ("care_notes", change)
                let note = try #require(try view.auditLog(question).first)
                #expect(!note.isOpen && note.schema?.label == "回访记录")
                return line.entry.row.id
            }
            await #expect(throws: Refusal.self) {
                try await shop.gate.write(as: wang) { tx in try tx.putBack(entry: entry, field: "care_rating") }
            }
            try await shop.gate.switchPack("care", on: true, as: .system())
            let between = try await shop.gate.read(as: wang) { try $0.record(job.schema, id: job.id) }
            #expect(between["phone"] == "010-1" && between["care_rating"] == 4)
            let rest = try await shop.gate.write(as: wang) { try $0.undo(operation: change) }
            #expect(rest.conflicts.isEmpty && rest.undone == 2, "\(rest)")
            let back = try await shop.gate.read(as: wang) { view in
                (try view.record(job.schema, id: job.id)["care_rating"], try view.count(ListRequest(CareNote.schema), cap: 9))
            }
            #expect(back.0 == 5 && back.1 == 0)
        }
    }

    @Test(
        "what a role may not see of a pack stays unseen in the log while it is off, and its rights stay its own",
        arguments: Engine.available)
    func rightsWhileOff(engine: Engine) async throws {
        try await Workshop.open(engine) { shop in
            let accounts = Accounts(shop.gate)
            try await accounts.prepare()
            let job = try await shop.add(["no": "W-10", "care_rating": 3])
            try await shop.gate.write(as: .system(via: "web")) { tx in _ = try tx.update(job.schema, id: job.id, ["care_rating": 4]) }
            let roles = try await shop.roles()
            #expect(roles.keys.contains("carer"))
            let carer = try #require(roles["carer"])
            #expect(!IdleRoles(shop.gate.catalog).contains(carer))
            try await shop.gate.switchPack("care", on: false, as: .system())
            let idle = IdleRoles(shop.gate.catalog), kept = try await shop.roles()
            #expect(idle.contains(carer), "it came with the pack and is about nothing else")
            let (front, admin) = (try #require(kept["front"]), try #require(kept["admin"]))
            #expect(!idle.contains(front) && !idle.contains(admin))
            // A role is saved as a whole; what it may do with what is off is not lost.
            let input: [String: Plain] = [
                "permissions": .object(Rights(RightsText(front)).permissionsPlain), "system": ["packs"],
            ]
            try await accounts.updateRole(front.row.id, input, as: .system(via: "web"))
            let after = Rights(RightsText(try #require(try await shop.roles()["front"])))
            #expect(after.scope("care_notes", "read") == .all && after.system == ["packs"])
            var watcher = Rights()
            watcher.system = ["audit"]
            watcher.scopes = ["repair_jobs": ["read": .all]]
            watcher.fields = ["repair_jobs": ["care_rating": .hidden]]
            let guardian = Actor(userID: 9, name: "保安", rights: watcher, via: "web")
            let seen = try await shop.gate.read(as: guardian) { view in
                var question = AuditQuestion()
                question.entity = "repair_jobs"
                return try view.auditLog(question).flatMap(\.changes).filter { $0.name == "care_rating" }.map(\.new)
            }
            #expect(seen == ["****"])
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

    func addField(
        _ entity: String, _ kind: String, _ label: String, _ name: String, _ settings: [String: Plain] = [:], isRequired: Bool = false
    ) async throws {
        var draft = OwnFieldDraft(entity: entity, kind: kind)
        (draft.label, draft.name, draft.settings, draft.isRequired) = (label, name, settings, isRequired)
        _ = try await gate.addOwnField(draft, as: .system())
    }

    /// Where the fields of an entity lie in its rows.
    func places(_ entity: String) throws -> [String: Int] {
        Dictionary(uniqueKeysWithValues: try #require(gate.catalog[entity]).fields.map { ("\(entity).\($0.name)", $0.slot) })
    }

    func roles() async throws -> [String: Record<Role>] {
        try await gate.read(as: .system()) { view in
            let rows = try view.page(ListRequest(view.catalog.schema(Role.self), limit: 500)).rows.map(Record<Role>.init)
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.code, $0) })
        }
    }
}

private enum Care: Capability {
    static let name = "care", label = "关怀"
    static let entities: [any Entity.Type] = [CareNote.self]
    static let extensions: [any Extension.Type] = [CareOfJob.self]
    static let roles = [
        RoleTemplate("carer", "回访员", english: "Carer", Care.rights("care_notes")),
        RoleTemplate("front", "前台", english: "Front desk", Care.rights("care_notes", "repair_jobs")),
    ]
    private static func rights(_ entities: String...) -> Rights {
        var rights = Rights()
        for entity in entities { rights.scopes[entity] = ["read": .all, "create": .all] }
        return rights
    }
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
