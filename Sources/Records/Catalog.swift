import Synchronization

/// A part of the product a company can turn on: its entities, parameters, jobs and demo data in one folder of `Business`.
public protocol Capability: Sendable {
    /// Stable: `customers`, `sales`, `automotive`.
    static var name: String { get }
    static var label: String { get }
    static var entities: [any Entity.Type] { get }
    static var parameters: [Parameter] { get }
    static var jobs: [Job] { get }
    /// What people without an account may hand in.
    static var intakes: [Intake] { get }
    /// What asks people questions.
    static var inquiries: [Inquiry] { get }
    static var openInquiries: [OpenInquiry] { get }
    /// What the built-in roles may do with the entities: see ``RoleTemplate``.
    static var roles: [RoleTemplate] { get }
    /// Approval flows that come with the product.
    static var approvals: [ApprovalDefault] { get }
    /// Dashboards that come with the product.
    static var dashboards: [DashboardDefault] { get }
    /// Reports that come with the product.
    static var reports: [ReportDefault] { get }
    /// Records every company needs from the first day (levels, dictionaries).
    static func seed(_ tx: any Transaction) throws
    /// The demo company's records of this capability, as steps that run one after another, each in a transaction of its own.
    static func demo(_ demo: Demo) -> [Demo.Step]
}

extension Capability {
    public static var parameters: [Parameter] { [] }
    public static var jobs: [Job] { [] }
    public static var intakes: [Intake] { [] }
    public static var inquiries: [Inquiry] { [] }
    public static var openInquiries: [OpenInquiry] { [] }
    public static var roles: [RoleTemplate] { [] }
    public static var approvals: [ApprovalDefault] { [] }
    public static var dashboards: [DashboardDefault] { [] }
    public static var reports: [ReportDefault] { [] }
    public static func seed(_ tx: any Transaction) throws {}
    public static func demo(_ demo: Demo) -> [Demo.Step] { [] }
}

/// How to make the demo company: the same size, day and seed give the same records.
public struct Demo: Sendable {
    public enum Size: String, Sendable { case small, full }
    public typealias Step = @Sendable (any Transaction) throws -> Void

    public var size: Size
    public var asOf: Day
    public var seed: UInt64

    public init(size: Size, asOf: Day, seed: UInt64 = 20_260_101) {
        self.size = size
        self.asOf = asOf
        self.seed = seed
    }

    public func pick(small: Int, full: Int) -> Int { size == .small ? small : full }
}

/// Everything there is: schemas with administrators' own fields and entities, parameters, jobs. Immutable; a change makes a new one.
public final class Catalog: Sendable {
    public let capabilities: [any Capability.Type]
    public let schemas: [Schema]
    public let parameters: [Parameter]
    public let jobs: [Job]
    /// Grows with every change of own fields or entities.
    public let version: Int64
    private let byName: [String: Schema]
    private let incoming: [String: [Link]]

    /// A field of another entity that points to this one.
    public struct Link: Sendable {
        public let schema: Schema
        public let field: FieldSpec
    }

    public convenience init(_ capabilities: [any Capability.Type], own: OwnDefinitions = OwnDefinitions()) {
        let declared = capabilities.flatMap { $0.entities.map { $0.schema } }
        self.init(
            capabilities: capabilities,
            schemas: declared.map { schema in own.fields[schema.name].map { schema.adding(own: $0) } ?? schema } + own.entities,
            version: own.version
        )
    }

    init(capabilities: [any Capability.Type], schemas: [Schema], version: Int64) {
        self.capabilities = capabilities
        self.schemas = schemas
        self.version = version
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

    /// The schema with this name, or nil.
    public subscript(name: String) -> Schema? { byName[name] }

    /// The live schema of a declared entity, own fields included.
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

/// Fields and entities that administrators made. The specs must be made anew for each catalog, because a spec keeps its slot.
public struct OwnDefinitions: Sendable {
    public var fields: [String: [FieldSpec]] = [:]
    public var entities: [Schema] = []
    public var version: Int64 = 0
    public init() {}
}
