/// Which records a query wants. Conditions are data: a filter chip, a saved view, a permission's scope and a rule's question all become
/// one.
public indirect enum Condition: Sendable, Hashable {
    case all([Condition])
    case any([Condition])
    case not(Condition)
    /// A field of the record, or (one link deep) of the record it links to, compared with values.
    case compare(Path, Operator, [Value])
    /// The record's own id is one of these.
    case ids([Int64])
    /// The search index finds these words in the record.
    case search(String)
    /// A record of `entity` that links here through `field` exists (and meets the condition).
    case exists(entity: String, field: String, Condition)
    /// The record's id is among the values of `field` in those records of `entity` that meet the condition (favourites, shares).
    case listed(entity: String, field: String, Condition)

    public static let everything = Condition.all([])
    public static let nothing = Condition.any([])

    /// A field by name, possibly through one link: `city` or `customer.city`.
    public struct Path: Sendable, Hashable {
        public var link: String?
        public var field: String
        public init(link: String? = nil, _ field: String) {
            self.link = link
            self.field = field
        }
    }

    /// A comparison by field name, for conditions made at run time.
    public static func field(_ name: String, _ op: Operator, _ values: Value...) -> Condition { .compare(Path(name), op, values) }

    public static func && (a: Condition, b: Condition) -> Condition {
        switch (a, b) {
        case (.all(let x), .all(let y)): .all(x + y)
        case (.all(let x), _): x.isEmpty ? b : .all(x + [b])
        case (_, .all(let y)): y.isEmpty ? a : .all([a] + y)
        default: .all([a, b])
        }
    }

    public static func || (a: Condition, b: Condition) -> Condition {
        switch (a, b) {
        case (.any(let x), .any(let y)): .any(x + y)
        case (.any(let x), _): .any(x + [b])
        case (_, .any(let y)): .any([a] + y)
        default: .any([a, b])
        }
    }
}

// Typed comparisons: `\Vehicle.status == .active`. They compile only when field and value fit.
public func == <H: FieldHolder, V: FieldValue>(path: KeyPath<H, Field<V>>, value: V) -> Condition {
    let stored = value.stored
    return stored.isNull ? .field(Schema.field(path).name, .empty) : .field(Schema.field(path).name, .eq, stored)
}

public func != <H: FieldHolder, V: FieldValue>(path: KeyPath<H, Field<V>>, value: V) -> Condition {
    let stored = value.stored
    return stored.isNull ? .field(Schema.field(path).name, .notEmpty) : .field(Schema.field(path).name, .ne, stored)
}

public func < <H: FieldHolder, V: FieldValue>(path: KeyPath<H, Field<V>>, value: V) -> Condition {
    .field(Schema.field(path).name, .lt, value.stored)
}
public func <= <H: FieldHolder, V: FieldValue>(path: KeyPath<H, Field<V>>, value: V) -> Condition {
    .field(Schema.field(path).name, .lte, value.stored)
}
public func > <H: FieldHolder, V: FieldValue>(path: KeyPath<H, Field<V>>, value: V) -> Condition {
    .field(Schema.field(path).name, .gt, value.stored)
}
public func >= <H: FieldHolder, V: FieldValue>(path: KeyPath<H, Field<V>>, value: V) -> Condition {
    .field(Schema.field(path).name, .gte, value.stored)
}
