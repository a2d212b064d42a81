/// Everything that is switched on: schemas with extensions' and administrators' own fields and entities, parameters, jobs. Immutable; a
/// change makes a new one.
public final class Catalog: Sendable {
    /// Those of the product, whether on or off.
    public let packs: [Pack]
    /// Those of the packs that are on.
    public let capabilities: [any Capability.Type]
    public let schemas: [Schema]
    public let parameters: [Parameter]
    public let jobs: [Job]
    /// Grows with every change of own fields or entities.
    public let version: Int64
    private let byName: [String: Schema]
    private let incoming: [String: [Link]]
    private let chosen: [String: Bool]
    private let complete: Catalog?

    /// A field of another entity that points to this one.
    public struct Link: Sendable {
        public let schema: Schema
        public let field: FieldSpec

        public init(schema: Schema, field: FieldSpec) {
            self.schema = schema
            self.field = field
        }
    }

    /// A product that consists of these capabilities and has nothing to switch.
    public convenience init(_ capabilities: [any Capability.Type], own: OwnDefinitions = OwnDefinitions()) {
        self.init(packs: [.base("all", capabilities)], own: own)
    }

    public convenience init(packs: [Pack], own: OwnDefinitions = OwnDefinitions()) {
        // Every extension is known before an own field gets its place, which lies behind theirs.
        for pack in packs { _ = pack.extending }
        var everything = own
        for pack in packs { everything.packs[pack.name] = true }
        let isWhole = packs.allSatisfy { $0.isOn(own.packs) }
        self.init(packs, own, complete: isWhole ? nil : Catalog(packs, everything, complete: nil))
    }

    private init(_ packs: [Pack], _ given: OwnDefinitions, complete: Catalog?) {
        self.packs = packs
        chosen = given.packs
        version = given.version
        self.complete = complete
        let on = packs.filter { $0.isOn(given.packs) }
        let capabilities = on.flatMap(\.capabilities)
        let present = Set((capabilities.flatMap { $0.entities.map { $0.name } }) + given.entities.map(\.name))
        // The complete one came first and gave every field its place.
        let own = given.without(Set(complete?.schemas.map(\.name) ?? []).subtracting(present))
        var seen: Set<ObjectIdentifier> = []
        // What several packs fill is one extension of all of them.
        let extensions = Dictionary(grouping: on.flatMap(\.extending).filter { seen.insert(ObjectIdentifier($0)).inserted }, by: \.entity)
        schemas =
            capabilities.flatMap { $0.entities.map { $0.schema } }.map { schema in
                let (added, fields) = (extensions[schema.name] ?? [], own.fields[schema.name] ?? [])
                return added.isEmpty && fields.isEmpty ? schema : schema.adding(added, own: fields)
            } + own.entities
        self.capabilities = capabilities
        parameters = capabilities.flatMap { $0.parameters }
        jobs = capabilities.flatMap { $0.jobs }
        byName = Dictionary(schemas.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var incoming: [String: [Link]] = [:]
        for schema in schemas {
            for field in schema.fields {
                if let target = field.target { incoming[target, default: []].append(Link(schema: schema, field: field)) }
            }
        }
        self.incoming = incoming
    }

    /// The catalog as it is with every pack on: what keeps the tables, and what must not be torn apart while a pack is off (merging, erasing,
    /// backing up).
    public var whole: Catalog { complete ?? self }

    /// Whether an extension's pack is on: its fields can be asked for.
    public func has<X: Extension>(_ type: X.Type) -> Bool { X.specs(of: X.prototype).allSatisfy { self[X.Base.name]?[$0.name] != nil } }

    /// The pack that is off and would bring an entity back, or a field of one; nil where there never was one, or where it is there.
    public func resting(_ entity: String, field: String? = nil) -> Pack? {
        guard let known = whole[entity], self[entity] == nil || field.map({ known[$0] != nil && self[entity]?[$0] == nil }) == true else {
            return nil
        }
        let from = packs.first { pack in
            guard !isOn(pack) else { return false }
            return pack.capabilities.contains { $0.entities.contains { $0.name == entity } }
                || pack.extending.contains { part in part.entity == entity && part.fields.contains { $0.name == field } }
        }
        // A joint comes with the one that it waits for.
        return from.map { pack in pack.isOptional ? pack : pack.needs.first { !isOn($0) } ?? pack }
    }

    /// The entities that are out of sight.
    public var restingEntities: [String] { complete.map { $0.schemas.map(\.name).filter { self[$0] == nil } } ?? [] }

    public func isOn(_ pack: Pack) -> Bool { pack.isOn(chosen) }

    /// The schema with this name, or nil.
    public subscript(name: String) -> Schema? { byName[name] }

    /// The live schema of a declared entity, own fields included. One that is not there (its pack is off) comes as it was declared: the gate
    /// refuses to read or write it.
    public func schema<E: Entity>(_ type: E.Type) -> Schema { byName[E.name] ?? E.schema }

    /// Whether an entity is asked for by itself. Lines inside an owned record are not: they are read and written with it, within its reach.
    public func standsAlone(_ schema: Schema) -> Bool {
        guard schema.traits.isPublic else { return false }
        guard let parent = schema.traits.parent, let target = schema[parent]?.target, let holder = byName[target] else { return true }
        return !holder.isOwned || schema.isOwned
    }

    /// Who points to `entity`.
    public func links(to entity: String) -> [Link] { incoming[entity] ?? [] }

    public func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }
    /// Those of all capabilities, in their order.
    public var dashboards: [DashboardDefault] { capabilities.flatMap { $0.dashboards } }
    public var reports: [ReportDefault] { capabilities.flatMap { $0.reports } }
    /// How records of this entity ask questions, if they do.
    public func inquiry(of entity: String) -> Inquiry? { capabilities.lazy.flatMap { $0.inquiries }.first { $0.entity == entity } }
    public func job(_ name: String) -> Job? { jobs.first { $0.name == name } }
}

/// What administrators made and chose: fields and entities of their own, packs that are on or off. The specs must be made anew for each
/// catalog, because a spec keeps its slot.
public struct OwnDefinitions: Sendable {
    /// By name, whether it is on; packs that nobody decided about are as the product ships them.
    public var packs: [String: Bool] = [:]
    public var fields: [String: [FieldSpec]] = [:]
    public var entities: [Schema] = []
    public var version: Int64 = 0
    public init() {}

    /// What is left when these entities are not there: without fields that point to them, and without entities that cannot do without such a
    /// field.
    func without(_ entities: Set<String>) -> OwnDefinitions {
        guard !entities.isEmpty else { return self }
        var left = self, gone = entities
        func pointsAway(_ field: FieldSpec) -> Bool { field.target.map(gone.contains) ?? false }
        while let lost = left.entities.firstIndex(where: { $0.fields.contains { $0.isRequired && pointsAway($0) } }) {
            gone.insert(left.entities.remove(at: lost).name)
        }
        left.fields = left.fields.mapValues { $0.filter { !pointsAway($0) } }
        left.entities = left.entities.map { $0.without(pointsAway) }
        return left
    }
}
