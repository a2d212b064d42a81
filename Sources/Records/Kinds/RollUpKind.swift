/// A value that follows from child records (the last visit, the sum of orders), of another kind; see ``RollUp``. Stored like that kind and
/// never typed.
///
/// It still reads text and JSON, because a filter's operand must be read; that nobody sets it is the field's ``FieldTraits/isReadOnly``.
public struct RollUpKind: FieldKind {
    public let base: any FieldKind
    public init(_ base: any FieldKind) { self.base = base }

    public var name: String { "roll_up" }
    public var column: ColumnType { base.column }
    public var editor: Editor { .none }
    public var operators: [Operator] { base.operators }
    public var searching: Searching { base.searching }
    public var openAPI: [String: Plain] { base.openAPI.merging(["readOnly": true]) { $1 } }

    public func parse(_ text: String) throws(Fault) -> Value { try base.parse(text) }
    public func accept(_ plain: Plain) throws(Fault) -> Value { try base.accept(plain) }
    public func check(_ value: Value) -> Fault? { base.check(value) }
    public func show(_ value: Value, in language: Language) -> String { base.show(value, in: language) }
    public func plain(_ value: Value) -> Plain { base.plain(value) }
    public func edit(_ value: Value) -> String { base.edit(value) }
    public func mask(_ value: Value) -> String { base.mask(value) }
}
