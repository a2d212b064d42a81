/// A JSON value, an object's members in the order they were written.
public enum JSON: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case real(Double)
    case text(String)
    case list([JSON])
    case object([(String, JSON)])

    /// The member of an object with this key.
    public subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == key }?.1
    }

    /// The text, if it is one.
    public var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The whole number, if it is one.
    public var int: Int64? { if case .int(let number) = self { number } else { nil } }
    /// The number, whole or not.
    public var real: Double? {
        switch self {
        case .real(let number): number
        case .int(let number): Double(number)
        default: nil
        }
    }
    /// The truth value, if it is one.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The values of a list.
    public var list: [JSON]? { if case .list(let values) = self { values } else { nil } }
    /// The members of an object.
    public var members: [(String, JSON)]? { if case .object(let members) = self { members } else { nil } }
    /// Whether it is `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }
}

extension JSON: Equatable {
    /// Equal when kinds, values and the order of members agree; `1` and `1.0` differ.
    public static func == (one: JSON, other: JSON) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.real(let a), .real(let b)): a == b
        case (.text(let a), .text(let b)): a == b
        case (.list(let a), .list(let b)): a == b
        case (.object(let a), .object(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
        default: false
        }
    }
}

extension JSON {
    /// The value as compact UTF-8 text.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}
