/// Text of several lines: remarks, contents, reasons.
public struct LongTextKind: FieldKind {
    public var limit: Int
    public init(limit: Int = 20_000) { self.limit = limit }

    public var name: String { "long_text" }
    public var column: ColumnType { .text }
    public var editor: Editor { .area }
    public var operators: [Operator] { .forProse }
    public var searching: Searching { .prose }
    public var openAPI: [String: Plain] { ["type": "string", "maxLength": .int(Int64(limit)), "pattern": .text(textPattern)] }
    public var isProse: Bool { true }
    public var canBeUnique: Bool { false }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .text }

    public func parse(_ text: String) throws(Fault) -> Value {
        let clean = try text.cleaned(limit: limit, multiline: true)
        return clean.isEmpty ? .null : .text(clean)
    }

    public func check(_ value: Value) -> Fault? { checkText(value, limit: limit) }
}

/// Text of several lines: `Field<LongText?>("remark", "备注")`.
public struct LongText: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { LongTextKind() }
}

/// The same under the name of what it holds.
public typealias ProseKind = LongTextKind
