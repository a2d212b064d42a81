import Foundation
import Records
import Synchronization
import TestSupport
import Testing

@testable import Gate
@testable import Storage

/// A parcel company: the fixture of the tests about background work.
enum Depot: Capability {
    static let name = "depot", label = "仓库"
    static var entities: [any Entity.Type] { [Parcel.self] }
    static var jobs: [Job] { [count, broken] }

    static let count = Job("depot.count", "清点", schedule: .daily(hour: 8, minute: 30)) { _, tx in
        try tx.insert(Parcel.named("清点 \(tx.today.iso)"))
    }
    static let broken = Job("depot.broken", "总是失败") { _, tx in
        try tx.insert(Parcel.named("不应留下"))
        throw Refusal.conflict("坏了")
    }
}

struct Parcel: Entity {
    static let name = "parcels", label = "包裹"
    static var traits: EntityTraits { EntityTraits().with { $0.hasTags = true } }
    let title = Field<String>("name", "名称", .title, .unique)
    let weight = Field<Int?>("weight", "重量")
    let note = Field<String?>("note", "备注")
    let secret = Field<String?>("secret", "暗号", .sensitive)
    let label = Field<String?>("label", "面单")
    let batch = Field<Refs<Parcel>?>("batch", "同批", kind: LinksKind("parcels", attributes: [FieldSpec("role", "角色", TextKind())]))
    init() {}

    static var rules: Rules {
        .of(Parcel.self) { rules in
            rules.duplicate(Duplicate(["label"], exact: false, "面单相同"))
            rules.duplicate(Duplicate(["label", "weight"], exact: false, "面单和重量相同"))
            rules.beforeSave { parcel, _, _ in
                if parcel.weight == 13 { throw Problems([Problem("weight", "不接受 13 公斤的包裹")]) }
            }
            rules.afterSave { parcel, _, _ in
                if parcel.note == "易爆" { throw Refusal.conflict("不接受易爆品") }
            }
        }
    }

    static var actions: [Action] {
        [
            .on(Parcel.self, "ship", "发货", unavailable: { parcel, _ in parcel.weight == nil ? "请先称重" : nil }) { parcel, _, _ in
                parcel.note = "已发货"
            }
        ]
    }

    static func named(_ name: String, weight: Int? = nil) -> Record<Parcel> {
        var parcel = Record<Parcel>()
        parcel.title = name
        parcel.weight = weight
        return parcel
    }
}

/// A clock that a test moves.
final class Hands: Sendable {
    private let place: Mutex<Instant>
    init(_ start: Instant) { place = Mutex(start) }
    var now: Instant { place.withLock { $0 } }
    func move(seconds: Int64) { place.withLock { $0 = $0.adding(seconds: seconds) } }
    func move(days: Int64) { move(seconds: days * 86_400) }
    func set(_ instant: Instant) { place.withLock { $0 = instant } }
}

extension Engine {
    /// Runs `body` with an empty depot on this engine.
    func depot<T>(_ body: (Site) async throws -> T) async throws -> T {
        let hands = Hands(Instant(Day(number: 20_780), hour: 10))
        return try await open { store, _ in
            let gate = Gate(
                store: store, capabilities: [Depot.self], secrets: Secrets(root: Array(repeating: 7, count: 32)), clock: Clock { hands.now }
            )
            try await store.sync(gate.catalog)
            try await store.write { writing in
                for (id, name) in [(1, "liwei"), (2, "wangfang"), (9, "admin")] as [(Int64, String)] {
                    var user = Record<User>()
                    user.title = name
                    user.username = name
                    user.row.id = id
                    for field in ["version", "created_at", "updated_at"] { user.row[field] = 1 }
                    try writing.insert(user.row)
                }
            }
            return try await body(Site(gate: gate, hands: hands))
        }
    }
}

/// One depot with its clock, and what tests ask of it.
struct Site: Sendable {
    let gate: Gate
    let hands: Hands

    static let liWei = Actor(
        userID: 1, name: "李伟",
        rights: {
            var rights = Rights()
            rights.scopes["parcels"] = ["read": .own, "create": .own, "update": .own, "delete": .own, "assign": .own]
            return rights
        }(), via: "web")
    static let admin = Actor(userID: 9, name: "管理员", rights: .all, via: "web")

    static let actors: ActorFinder = { id in id == 1 ? liWei : id == 9 ? admin : nil }

    func runner(_ handlers: [String: JobHandler] = [:], jobs: [Job] = [], _ change: (inout JobSettings) -> Void = { _ in }) -> JobRunner {
        var settings = JobSettings()
        settings.poll = .milliseconds(30)
        // Long enough that no live runner is ever taken for dead, however slow the machine; tests of death say so.
        settings.lease = .seconds(3600)
        settings.grace = .seconds(3600)
        change(&settings)
        return JobRunner(gate: gate, actors: Site.actors, handlers: handlers, jobs: jobs, settings: settings)
    }

    /// Whether the database has numbers about its tables.
    func isAnalyzed() async throws -> Bool {
        guard let store = gate.store as? any SessionStore else { return false }
        return try await store.define { session in
            let isSQLite = session.dialect.name == "sqlite"
            if isSQLite, try session.connection.first("select 1 from sqlite_master where name = 'sqlite_stat1'") == nil { return false }
            return try session.connection.first(
                isSQLite ? "select 1 from sqlite_stat1" : "select 1 from pg_stats where schemaname = current_schema()") != nil
        }
    }

    @discardableResult
    func enqueue(_ name: String, _ payload: [String: Plain] = [:], key: String? = nil, as actor: Actor = Site.admin) async throws -> Int64 {
        try await gate.write(as: actor) { tx in try tx.enqueue(name, label: name, payload, key: key) }
    }

    func job(_ id: Int64) async throws -> Record<JobRow> {
        let row = try await gate.store.read { try $0.row(JobRow.schema, id: id) }
        return Record(try #require(row))
    }

    /// Waits until the job has come to one of these.
    func until(_ id: Int64, is statuses: JobRow.Status...) async throws {
        try await eventually("job \(id) is \(statuses.map(\.rawValue).joined(separator: " or "))") {
            try await statuses.contains(job(id).status)
        }
    }

    /// Waits until the job waits for its next try.
    func until(_ id: Int64, waitsAfter attempts: Int) async throws {
        try await eventually("job \(id) waits after \(attempts) tries") {
            let job = try await job(id)
            return job.status == .waiting && job.attempts == attempts
        }
    }

    /// Lets each of these runners look at the table once more and waits for what they start. What has not happened then does not happen at
    /// this hour.
    func settle(_ runners: JobRunner...) async throws {
        for runner in runners {
            await runner.beat()
            // What another is just taking is due until it has it.
            try await eventually("nothing is due") { try await runner.dueNames(hands.now).isEmpty }
        }
        try await eventually("nothing runs") { try await jobs(\JobRow.status == .running).isEmpty }
    }

    func jobs(_ condition: Condition = .everything) async throws -> [Record<JobRow>] {
        try await gate.store.read {
            try $0.fetch(Query(JobRow.self, where: condition, sort: [.init("id")], limit: 1000)).map(Record<JobRow>.init)
        }
    }

    func parcels(life: Query.Life = .live) async throws -> [Record<Parcel>] {
        try await gate.store.read { reading in
            var query = Query(Parcel.self, sort: [.init("id")], limit: 5000)
            query.life = life
            return try reading.fetch(query).map(Record<Parcel>.init)
        }
    }

    /// Parcels of the actor's, by the given weights.
    @discardableResult
    func receive(_ weights: [Int?], as actor: Actor = Site.liWei) async throws -> [Int64] {
        try await gate.write(as: actor) { tx in
            try weights.enumerated().map { index, weight in
                try tx.create(
                    Parcel.schema, ["name": .text("包裹 \(actor.userID)-\(index)"), "weight": weight.map { .int(Int64($0)) } ?? .null]
                ).id
            }
        }
    }
}

extension JobRunner {
    /// Runs beside `body` and stops after it.
    func during<T>(_ body: () async throws -> T) async throws -> T {
        let task = Task { await run() }
        let result: Result<T, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        task.cancel()
        await task.value
        return try result.get()
    }
}

/// Counts calls from many tasks.
final class Tally: Sendable {
    private let counts = Mutex<[String: Int]>([:])
    @discardableResult
    func add(_ name: String = "") -> Int {
        counts.withLock {
            $0[name, default: 0] += 1; return $0[name, default: 0]
        }
    }
    subscript(name: String) -> Int { counts.withLock { $0[name] ?? 0 } }
    var all: [String: Int] { counts.withLock { $0 } }
    func remove(_ name: String) { counts.withLock { $0[name, default: 0] -= 1 } }
}
