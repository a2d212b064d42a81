/// A JSON document kept as text, for the program's own use: permissions, saved views, layouts. Whoever reads it knows its shape; here it is only text.
public struct JSONTextKind: FieldKind {
    public var limit: Int
    public init(limit: Int = 1_000_000) { self.limit = limit }

    public var name: String { "json" }
    public var column: ColumnType { .text }
    public var editor: Editor { .area }
    public var operators: [Operator] { [.empty, .notEmpty] }
    public var openAPI: [String: Plain] { ["type": "string", "maxLength": .int(Int64(limit)), "pattern": .text(textPattern)] }

    public func parse(_ text: String) throws(Fault) -> Value {
        let clean = try text.cleaned(limit: limit, multiline: true)
        return clean.isEmpty ? .null : .text(clean)
    }

    public func check(_ value: Value) -> Fault? { checkText(value, limit: limit) }
}
