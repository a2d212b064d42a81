import Synchronization

/// A typed field of an entity: `let plate = Field<Plate?>("plate", "车牌号", .searchable)`.
///
/// The Swift type is the column's type: a type that is not optional is required. The name is the column's and the API's name and the
/// contract with stored data, so it is written, never derived.
public struct Field<V: FieldValue>: Sendable {
    public let spec: FieldSpec

    /// A field whose kind follows from its type.
    public init(_ name: String, _ label: String, _ options: FieldOption...) {
        spec = FieldSpec(name, label, V.kind, isRequired: !V.isOptional, options)
    }

    /// A field whose kind needs more than its type says: `Field<Int>("discount_bp", "折扣", kind: PercentKind())`.
    public init(_ name: String, _ label: String, kind: any FieldKind, _ options: FieldOption...) {
        spec = FieldSpec(name, label, kind, isRequired: !V.isOptional, options)
    }
}

/// A Swift type that can stand in a field.
public protocol FieldValue: Sendable {
    static var kind: any FieldKind { get }
    static var isOptional: Bool { get }
    /// Reads what is stored. A value of the wrong shape (an unsaved draft, data of an older program) gives the type's blank.
    init(stored: Value)
    var stored: Value { get }
}

extension FieldValue {
    public static var isOptional: Bool { false }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    public static var kind: any FieldKind { Wrapped.kind }
    public static var isOptional: Bool { true }
    public init(stored: Value) { self = stored.isNull ? nil : Wrapped(stored: stored) }
    public var stored: Value { self?.stored ?? .null }
}

/// A field without its Swift type: what the engine, the pages and administrators' own fields work with.
public final class FieldSpec: Sendable {
    public let name: String
    public let label: String
    public let kind: any FieldKind
    public let column: ColumnType
    public let form: PlainForm
    public let isRequired: Bool
    public let traits: FieldTraits
    /// Added by an administrator at run time.
    public let isCustom: Bool

    public convenience init(_ name: String, _ label: String, _ kind: any FieldKind, isRequired: Bool = false, _ options: FieldOption...) {
        self.init(name, label, kind, isRequired: isRequired, options)
    }

    public init(
        _ name: String, _ label: String, _ kind: any FieldKind, isRequired: Bool = false, isCustom: Bool = false, _ options: [FieldOption]
    ) {
        self.name = name
        self.label = label
        self.kind = kind
        self.isRequired = isRequired
        self.isCustom = isCustom
        column = kind.column
        form = kind.plainForm
        let reference = kind.reference
        target = reference?.target
        isLink = reference.map { !$0.isMany } ?? false
        isLinks = reference?.isMany ?? false
        isLines = kind.lines != nil
        var traits = FieldTraits()
        for option in options { option.apply(&traits) }
        self.traits = traits
    }

    private let place = Atomic<Int>(-1)

    /// The field's place in a ``Row``. It is given once, by the first ``Schema`` that holds the field; own fields come after the declared
    /// ones, so it never changes.
    public var slot: Int {
        get { place.load(ordering: .relaxed) }
        set { place.store(newValue, ordering: .relaxed) }
    }

    public func label(in language: Language) -> String {
        language == .chinese ? label : traits.english ?? name.asEnglishLabel
    }

    /// Whether a column of the entity's own table holds it.
    public var isColumn: Bool { column != .none }

    /// Whether lists may be put in its order: an index holds it.
    public var isOrdered: Bool {
        guard isColumn, !kind.isProse else { return false }
        return traits.isIndexed || traits.isInList || traits.isTitle || ["id", "created_at", "updated_at"].contains(name) || isLinkOfItsOwn
    }

    /// A figure: it stands at the right of its column and can be summed or compared at a glance.
    public var isFigure: Bool { kind.figure.map { $0 != .score } ?? false }

    /// An amount of money.
    public var isMoney: Bool { kind.figure == .money }

    /// A link that says something of the record, not of who wrote it down.
    var isLinkOfItsOwn: Bool { isLink && !["created_by", "updated_by"].contains(name) }

    /// The entity a link, or a many-to-many link, points to.
    public let target: String?
    /// Whether it points to one record.
    public let isLink: Bool
    /// Whether it points to several, in a table of their own.
    public let isLinks: Bool
    /// Whether it is a table of child records.
    public let isLines: Bool

    /// Whether `source` (a source code such as `import`) may leave it empty.
    public func isRequired(from source: String?) -> Bool {
        isRequired && !(source.map(traits.requiredExcept.contains) ?? false)
    }
}

extension String {
    /// `insured_until` → `Insured until`, `owner_id` → `Owner`.
    var asEnglishLabel: String {
        var words = split(separator: "_").map(String.init)
        if words.count > 1, ["id", "ids", "cents"].contains(words.last) { words.removeLast() }
        let text = words.joined(separator: " ")
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
