import Synchronization

/// What one pack adds to an entity that another one owns: fields, rules, actions and what lists and pages show. Its fields are columns of the
/// entity's own table and are seen wherever the entity's own fields are, while the pack is on.
///
/// ```swift
/// /// What the workshop knows of every customer.
/// public struct CarOwner: Extension {
///     public static let of = Customer.self
///     public let advisor = Field<Ref<User>?>("service_advisor_id", "服务顾问", .inList)
///     public let lastVisit = Field<Day?>("last_workshop_visit_on", "最近进厂", .readOnly, .indexed)
///     public init() {}
/// }
/// customer[CarOwner.self].advisor = advisor
/// tx.all(Customer.self, where: \CarOwner.lastVisit < day)
/// ```
public protocol Extension: FieldHolder {
    associatedtype Base: Entity
    /// The entity that is added to.
    static var of: Base.Type { get }
    /// What is said of the entity as a whole: related lists, highlights, presets, queues, papers, indexes.
    static func add(to traits: inout EntityTraits)
    /// What happens around a save, besides the entity's own ``Entity/rules``.
    static var rules: Rules { get }
    /// What can be done to a record, besides the entity's own ``Entity/actions``.
    static var actions: [Action] { get }
}

extension Extension {
    public static func add(to traits: inout EntityTraits) {}
    public static var rules: Rules { Rules() }
    public static var actions: [Action] { [] }
    public static var prototype: Self { Extending.prototype(Self.self) }
}

/// A type that holds typed fields: an entity or an extension of one.
public protocol FieldHolder: Sendable {
    init()
    /// The one value whose fields a key path names. Each field in it knows its place in a ``Row``.
    static var prototype: Self { get }
}

extension FieldHolder {
    /// The fields in the order of their declaration.
    static func specs(of prototype: Self) -> [FieldSpec] {
        Mirror(reflecting: prototype).children.compactMap { ($0.value as? any HoldsSpec)?.spec }
    }
}

protocol HoldsSpec { var spec: FieldSpec { get } }
extension Field: HoldsSpec {}

extension Record {
    /// The record as an extension sees it.
    public subscript<X: Extension>(_ type: X.Type) -> Extended<X> where X.Base == E {
        get { Extended(row) }
        set { row = newValue.row }
    }
}

extension Change {
    public func changed<X: Extension, V: FieldValue>(_ path: KeyPath<X, Field<V>>, in record: Record<X.Base>) -> Bool {
        changed(Schema.field(path), in: record.row)
    }
}

/// One record's values in the fields of an extension.
@dynamicMemberLookup
public struct Extended<X: Extension>: Sendable {
    fileprivate(set) var row: Row
    fileprivate init(_ row: Row) { self.row = row }

    public subscript<V: FieldValue>(dynamicMember path: KeyPath<X, Field<V>>) -> V {
        get { V(stored: row[Schema.field(path)]) }
        set { row[Schema.field(path)] = newValue.stored }
    }
}

/// An extension without its Swift type, made once. Its fields' places lie behind the entity's own, each extension's behind those of the ones
/// that were known before it, so that a record read by one catalog fits another in which some extensions are switched off.
final class Extending: Sendable {
    let entity: String
    let fields: [FieldSpec]
    let rules: Rules
    let actions: [Action]
    let add: @Sendable (inout EntityTraits) -> Void

    private init<X: Extension>(_ type: X.Type) {
        entity = X.Base.name
        fields = X.specs(of: Self.prototype(type))
        rules = X.rules
        actions = X.actions
        add = { X.add(to: &$0) }
    }

    private struct Known {
        var prototypes: [ObjectIdentifier: any FieldHolder] = [:]
        var extensions: [ObjectIdentifier: Extending] = [:]
        /// By entity: the fields that have their places, in the order of these.
        var placed: [String: [FieldSpec]] = [:]
    }

    private static let known = Mutex(Known())

    /// Made before rules are asked for, which may name its fields.
    static func prototype<X: Extension>(_ type: X.Type) -> X {
        let key = ObjectIdentifier(type)
        if let made = known.withLock({ $0.prototypes[key] }) as? X { return made }
        let width = X.Base.schema.width
        let fresh = X()
        return known.withLock { known in
            if let first = known.prototypes[key] as? X { return first }
            for field in X.specs(of: fresh) {
                field.slot = width + known.placed[X.Base.name, default: []].count
                known.placed[X.Base.name, default: []].append(field)
            }
            known.prototypes[key] = fresh
            return fresh
        }
    }

    static func declared<X: Extension>(_ type: X.Type) -> Extending {
        let key = ObjectIdentifier(type)
        if let made = known.withLock({ $0.extensions[key] }) { return made }
        let made = Extending(type)
        return known.withLock { known in
            if let first = known.extensions[key] { return first }
            known.extensions[key] = made
            return made
        }
    }

    /// Every extension field of an entity that this process knows of, switched on or not.
    static func fields(of entity: String) -> [FieldSpec] { known.withLock { $0.placed[entity] ?? [] } }
}

extension Rules {
    /// These rules, then those of an extension.
    mutating func append(_ other: Rules) {
        beforeSave += other.beforeSave
        afterSave += other.afterSave
        beforeDelete += other.beforeDelete
        afterDelete += other.afterDelete
        rollUps += other.rollUps
        duplicates += other.duplicates
        afterMerge += other.afterMerge
        afterSent += other.afterSent
        notices += other.notices
        aids += other.aids
        findings += other.findings
    }
}
