import Records
import Synchronization

/// The one door to the data. Whoever comes — browser, REST client, import, job, command line — reads and writes here, with an ``Actor``.
///
/// ```swift
/// let page = try await gate.read(as: actor) { view in try view.page(ListRequest(schema)) }
/// let row = try await gate.write(as: actor) { tx in try tx.create(schema, ["name": .text("林知远")]) }
/// ```
public final class Gate: Sendable {
    public let store: any Store
    public let clock: Clock
    public let secrets: Secrets
    /// Told of every change after it is on disk: live pages, caches.
    public let changes = ChangeFeed()

    let memory = GateMemory()
    let backlog = Backlog()
    private let state: Mutex<Model>

    public init(store: any Store, packs: [Pack], secrets: Secrets, clock: Clock = .system) {
        self.store = store
        self.clock = clock
        self.secrets = secrets
        state = Mutex(Model(catalog: Catalog(packs: [.engine] + packs)))
        store.use(secrets.rowDigest)
    }

    /// A product that consists of these capabilities and has nothing to switch.
    public convenience init(store: any Store, capabilities: [any Capability.Type], secrets: Secrets, clock: Clock = .system) {
        self.init(store: store, packs: [.base("all", capabilities)], secrets: secrets, clock: clock)
    }

    /// What there is at this moment.
    public var model: Model { state.withLock { $0 } }
    public var catalog: Catalog { model.catalog }

    func adopt(_ catalog: Catalog) { state.withLock { $0 = Model(catalog: catalog) } }

    /// Reads as `actor`, on one consistent picture of the data.
    public func read<T: Sendable>(as actor: Actor, _ body: @escaping @Sendable (View) throws -> T) async throws -> T {
        let model = model, now = clock.now(), secrets = secrets, memory = memory
        return try await store.read { reading in
            let view = View(reading, actor: actor, model: model, now: now, secrets: secrets, memory: memory), found = try body(view)
            if let fault = view.fault { throw fault }
            return found
        }
    }

    /// Writes as `actor`: all of `body` or nothing. What it changed carries one operation number, which ``undo(_:as:)`` takes.
    public func write<T: Sendable>(
        as actor: Actor, operation: Int64? = nil, _ body: @escaping @Sendable (GateTransaction) throws -> T
    ) async throws -> T {
        guard actor.previewedBy == nil else { throw Refusal.forbidden("预览其他用户时只能查看，不能修改。请先退出预览。") }
        let model = model, now = clock.now(), secrets = secrets, changes = changes, memory = memory
        do {
            return try await store.write { writing in
                let tx = GateTransaction(
                    writing, actor: actor, model: model, now: now, secrets: secrets, memory: memory, operation: operation)
                let result = try body(tx)
                if let fault = tx.fault { throw fault }
                try tx.finish()
                let events = tx.events + tx.settledEvents
                if !events.isEmpty { writing.afterCommit { changes.publish(events) } }
                return result
            }
        } catch let error as StoreError {
            throw Gate.refusal(for: error, in: model.catalog)
        } catch let wrong as Problem {
            // A rule names the one thing it minds; callers read all problems in one way.
            throw Problems([wrong])
        }
    }

    /// What the user reads when the store refuses.
    static func refusal(for error: StoreError, in catalog: Catalog) -> any Error {
        switch error {
        case .duplicate(let entity, let fields):
            let schema = catalog[entity]
            let labels = fields.compactMap { schema?[$0]?.label }.joined(separator: "、")
            return Problems([Problem(fields.first, code: "duplicate", "\(labels.isEmpty ? "该记录" : labels)已存在，请改用其他值或打开已有记录")])
        case .unavailable(let reason):
            return Refusal.unavailable(reason, retryAfter: 5)
        case .lost(let reason):
            return Refusal.unavailable(reason, retryAfter: 30)
        case .full, .foreignSchema, .failed:
            return error
        }
    }
}

/// Where the gate gets the time from; a test gives its own.
public struct Clock: Sendable {
    public var now: @Sendable () -> Instant
    public init(now: @escaping @Sendable () -> Instant) { self.now = now }
    public static func fixed(_ instant: Instant) -> Clock { Clock { instant } }
}

/// The catalog and what the gate derives from it once.
public struct Model: Sendable {
    public let catalog: Catalog
    /// By child entity: the parents' fields that follow from it.
    let rollUps: [String: [(parent: Schema, rule: RollUp)]]
    /// Fields that are encrypted at rest, by entity.
    let sealed: [String: [FieldSpec]]
    /// Many-to-many links, by entity.
    let links: [String: [FieldSpec]]
    /// What records are inside of, by child entity.
    let holders: [String: Holder]

    init(catalog: Catalog) {
        self.catalog = catalog
        var rollUps: [String: [(parent: Schema, rule: RollUp)]] = [:]
        var sealed: [String: [FieldSpec]] = [:]
        var links: [String: [FieldSpec]] = [:]
        for schema in catalog.schemas {
            for rule in schema.rules.rollUps { rollUps[rule.child, default: []].append((schema, rule)) }
            let fields = schema.fields.filter(\.traits.isSealed)
            if !fields.isEmpty { sealed[schema.name] = fields }
            let many = schema.fields.filter(\.isLinks)
            if !many.isEmpty { links[schema.name] = many }
        }
        self.rollUps = rollUps
        self.sealed = sealed
        self.links = links
        holders = Holder.all(in: catalog)
    }
}
