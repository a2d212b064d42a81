import Synchronization

/// An entity's fields in their slots: what storage, gate and pages read. Immutable; a change of own fields makes a new one.
public final class Schema: Sendable {
    public let name: String
    public let label: String
    public let traits: EntityTraits
    public let rules: Rules
    public let actions: [Action]
    public let flow: Flow?
    /// Every field in the order in which it is shown: the program's own first, then the declared, those of extensions, administrators'.
    public let fields: [FieldSpec]
    /// How many places a row has. Places of extensions that are switched off stay empty.
    public let width: Int
    /// Made by an administrator at run time.
    public let isCustom: Bool

    private let byName: [String: FieldSpec]
    private let bySlot: [FieldSpec?]
    /// What the entity's own file declares, extensions' and administrators' fields not among them.
    private let declared: [FieldSpec]

    /// Slots of the fields every record has; nil where the entity's nature has none.
    public let versionSlot, createdAtSlot, createdBySlot, updatedAtSlot, updatedBySlot, deletedAtSlot, ownerSlot, departmentSlot,
        tagsSlot: Int?
    public static let idSlot = 0

    /// The field that names a record.
    public let title: FieldSpec

    init(
        name: String, label: String, traits: EntityTraits, rules: Rules, actions: [Action], flow: Flow?, declared: [FieldSpec],
        added: [FieldSpec] = [], own: [FieldSpec], isCustom: Bool
    ) {
        self.name = name
        self.label = label
        self.traits = traits
        self.rules = rules
        self.actions = actions
        self.flow = flow
        self.isCustom = isCustom
        self.declared = declared
        let basic = SystemFields.specs(for: traits) + declared
        for (slot, field) in basic.enumerated() where field.slot < 0 { field.slot = slot }
        // Behind every place that an extension has or may have once it is switched on.
        let first = basic.count + Extending.fields(of: name).count
        for (index, field) in own.enumerated() where field.slot < 0 { field.slot = first + index }
        let fields = basic + added + own
        self.fields = fields
        width = (fields.map(\.slot).max() ?? -1) + 1
        var bySlot = [FieldSpec?](repeating: nil, count: width)
        for field in fields { bySlot[field.slot] = field }
        self.bySlot = bySlot
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
        title = declared.first { $0.traits.isTitle } ?? declared.first { $0.kind.names } ?? fields[0]
    }

    /// A field by its stable name.
    public subscript(name: String) -> FieldSpec? { byName[name] }

    /// The field at a place in a row; nil where it belongs to an extension that is switched off.
    public func field(at slot: Int) -> FieldSpec? { bySlot.indices.contains(slot) ? bySlot[slot] : nil }

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
    public func blank() -> Row { Row(self, bySlot.map { $0?.traits.initial ?? .null }) }

    /// The same schema with the fields, rules and actions of these extensions and administrators' own fields behind the declared ones.
    func adding(_ extensions: [Extending], own: [FieldSpec]) -> Schema {
        var (traits, rules, actions) = (traits, rules, actions)
        for part in extensions {
            part.add(&traits)
            rules.append(part.rules)
            actions += part.actions
        }
        return Schema(
            name: name, label: label, traits: traits, rules: rules, actions: actions, flow: flow, declared: declared,
            added: extensions.flatMap(\.fields), own: own, isCustom: isCustom)
    }

    /// The same schema without some of its declared fields; the others keep their places.
    func without(_ isGone: (FieldSpec) -> Bool) -> Schema {
        guard declared.contains(where: isGone) else { return self }
        return Schema(
            name: name, label: label, traits: traits, rules: rules, actions: actions, flow: flow, declared: declared.filter { !isGone($0) },
            own: [], isCustom: isCustom)
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
        schema = Schema(
            name: E.name, label: E.label, traits: E.traits, rules: E.rules, actions: E.actions + (E.flow?.actions ?? []), flow: E.flow,
            declared: E.specs(of: prototype), own: [], isCustom: false
        )
    }

    /// A record before anything is filled in, with the initial values of every extension as well.
    func blank() -> Row {
        var row = schema.blank()
        for field in Extending.fields(of: E.name) where field.traits.initial != nil { row[field] = field.traits.initial ?? .null }
        return row
    }
}

private let known = Mutex<[ObjectIdentifier: any Sendable]>([:])

extension Schema {
    static func declaration<E: Entity>(_ type: E.Type) -> Declared<E> {
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

    public static func declared<E: Entity>(_ type: E.Type) -> Schema { declaration(type).schema }

    /// The field that a key path of an entity or an extension names.
    public static func field<H: FieldHolder, V: FieldValue>(_ path: KeyPath<H, Field<V>>) -> FieldSpec {
        H.prototype[keyPath: path].spec
    }
}
