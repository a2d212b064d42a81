import Synchronization

/// An entity's fields in their slots: what storage, gate and pages read. Immutable; a change of own fields makes a new one.
public final class Schema: Sendable {
    public let name: String
    public let label: String
    public let traits: EntityTraits
    public let rules: Rules
    public let actions: [Action]
    public let flow: Flow?
    /// Every field, at the index of its slot: the program's own first, then the declared, then administrators'.
    public let fields: [FieldSpec]
    /// Made by an administrator at run time.
    public let isCustom: Bool

    private let byName: [String: FieldSpec]

    /// Slots of the fields every record has; nil where the entity's nature has none.
    public let versionSlot, createdAtSlot, createdBySlot, updatedAtSlot, updatedBySlot, deletedAtSlot, ownerSlot, departmentSlot,
        tagsSlot: Int?
    public static let idSlot = 0

    /// The field that names a record.
    public let title: FieldSpec

    init(
        name: String, label: String, traits: EntityTraits, rules: Rules, actions: [Action], flow: Flow?, declared: [FieldSpec],
        own: [FieldSpec], isCustom: Bool
    ) {
        self.name = name
        self.label = label
        self.traits = traits
        self.rules = rules
        self.actions = actions
        self.flow = flow
        self.isCustom = isCustom
        let fields = SystemFields.specs(for: traits) + declared + own
        for (slot, field) in fields.enumerated() where field.slot < 0 { field.slot = slot }
        self.fields = fields
        var byName: [String: FieldSpec] = [:]
        for field in fields { byName[field.name] = field }
        self.byName = byName
        versionSlot = byName["version"]?.slot
        createdAtSlot = byName["created_at"]?.slot
        createdBySlot = byName["created_by"]?.slot
        updatedAtSlot = byName["updated_at"]?.slot
        updatedBySlot = byName["updated_by"]?.slot
        deletedAtSlot = byName["deleted_at"]?.slot
        ownerSlot = byName["owner_id"]?.slot
        departmentSlot = byName["department_id"]?.slot
        tagsSlot = byName["tags"]?.slot
        title = declared.first { $0.traits.isTitle } ?? declared.first { $0.kind is TextKind } ?? fields[0]
    }

    /// A field by its stable name.
    public subscript(name: String) -> FieldSpec? { byName[name] }

    /// The fields a person or a program may set.
    public var writable: [FieldSpec] { fields.filter { !$0.traits.isReadOnly } }

    /// By what records with the same value of `field` follow each other, in its index and so in lists: the first field of the entity's own
    /// order.
    public func follower(of field: FieldSpec) -> FieldSpec? {
        guard field.isOrdered, field !== title, !field.traits.isUnique, ![Schema.idSlot, createdAtSlot, updatedAtSlot].contains(field.slot)
        else { return nil }
        guard let first = traits.sort.first.flatMap({ self[Query.Sort($0).field] }), first.isColumn, first !== field, first !== title else {
            return nil
        }
        return first
    }

    public func label(in language: Language) -> String {
        language == .chinese ? label : traits.english ?? name.asEnglishLabel
    }

    public var isOwned: Bool { ownerSlot != nil }

    /// A row with every field at its initial value.
    public func blank() -> Row { Row(self, fields.map { $0.traits.initial ?? .null }) }

    /// The same schema with administrators' own fields behind the declared ones.
    public func adding(own: [FieldSpec]) -> Schema {
        let declared = fields.filter { !$0.isCustom && !SystemFields.names.contains($0.name) }
        return Schema(
            name: name, label: label, traits: traits, rules: rules, actions: actions, flow: flow, declared: declared, own: own,
            isCustom: isCustom)
    }

    /// An entity that an administrator made.
    public static func own(name: String, label: String, traits: EntityTraits, fields: [FieldSpec]) -> Schema {
        Schema(name: name, label: label, traits: traits, rules: Rules(), actions: [], flow: nil, declared: fields, own: [], isCustom: true)
    }
}

/// The declared schemas, made once per entity type; `prototype` turns a key path into its field.
final class Declared<E: Entity>: Sendable {
    let prototype: E
    let schema: Schema

    init() {
        let prototype = E()
        self.prototype = prototype
        let fields = Mirror(reflecting: prototype).children.compactMap { ($0.value as? any HoldsSpec)?.spec }
        schema = Schema(
            name: E.name, label: E.label, traits: E.traits, rules: E.rules, actions: E.actions + (E.flow?.actions ?? []), flow: E.flow,
            declared: fields, own: [], isCustom: false
        )
    }
}

protocol HoldsSpec { var spec: FieldSpec { get } }
extension Field: HoldsSpec {}

private let known = Mutex<[ObjectIdentifier: any Sendable]>([:])

extension Schema {
    static func prototype<E: Entity>(_ type: E.Type) -> Declared<E> {
        let key = ObjectIdentifier(type)
        if let made = known.withLock({ $0[key] }) as? Declared<E> { return made }
        // Built outside the lock: rules, actions and flows of an entity may name other entities' fields.
        let made = Declared<E>()
        return known.withLock { table in
            if let first = table[key] as? Declared<E> { return first }
            table[key] = made
            return made
        }
    }

    public static func declared<E: Entity>(_ type: E.Type) -> Schema { prototype(type).schema }

    /// The field that a key path of `E` names.
    public static func field<E: Entity, V: FieldValue>(_ path: KeyPath<E, Field<V>>) -> FieldSpec {
        prototype(E.self).prototype[keyPath: path].spec
    }
}
