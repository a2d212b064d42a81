/// A value that is text of a certain form, so that `Field<Plate?>` says all: its kind follows from the type.
public protocol TextValue: FieldValue, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    var text: String { get }
    init(_ text: String)
}

extension TextValue {
    public init(stored: Value) { self.init(stored.text ?? "") }
    public var stored: Value { text.isEmpty ? .null : .text(text) }
    public init(stringLiteral value: String) { self.init(value) }
    public var description: String { text }
}
