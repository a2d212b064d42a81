/// What one slot of a ``Row`` holds, exactly as it is stored.
///
/// Money is integer 分, a ``Day`` is days since 1970-01-01, an ``Instant`` is milliseconds since 1970 in UTC, yes/no is 0 or 1,
/// a choice is its stable code. What a value means is its field's ``FieldKind``'s to say.
public enum Value: Sendable, Hashable {
    case null
    case int(Int64)
    case real(Double)
    case text(String)
    /// Several values of one field: the targets of a many-to-many link, the codes of several choices.
    case list([Value])

    public var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// Nothing that could be shown.
    public var isBlank: Bool {
        switch self {
        case .null: true
        case .text(let text): text.isEmpty
        case .list(let values): values.isEmpty
        case .int, .real: false
        }
    }

    public var int: Int64? {
        if case .int(let number) = self { return number }
        return nil
    }

    public var real: Double? {
        switch self {
        case .real(let number): number
        case .int(let number): Double(number)
        default: nil
        }
    }

    public var text: String? {
        if case .text(let text) = self { return text }
        return nil
    }

    public var list: [Value]? {
        if case .list(let values) = self { return values }
        return nil
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral, ExpressibleByBooleanLiteral {
    public init(stringLiteral value: String) { self = .text(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .int(value ? 1 : 0) }
}
