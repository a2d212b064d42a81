/// A street address in one line.
public struct AddressKind: FieldKind {
    public var limit: Int
    public init(limit: Int = 200) { self.limit = limit }

    public var name: String { "address" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { .forText }
    public var searching: Searching { .prose }
    public var openAPI: [String: Plain] { ["type": "string", "maxLength": .int(Int64(limit)), "pattern": .text(textPattern)] }
    public var plainForm: PlainForm { .asStored }

    public func parse(_ text: String) throws(Fault) -> Value {
        let clean = try text.cleaned(limit: limit)
        return clean.isEmpty ? .null : .text(clean)
    }

    public func check(_ value: Value) -> Fault? { checkText(value, limit: limit) }
    /// The town, not the door: 杭州市滨江****
    public func mask(_ value: Value) -> String { value.masked(first: 5, last: 0) }
}
