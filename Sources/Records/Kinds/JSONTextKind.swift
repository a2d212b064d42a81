/// A JSON document kept as text, for the program's own use: permissions, saved views, layouts. Whoever reads it knows its shape; here it is
/// only text.
public struct JSONTextKind: FieldKind {
    public var limit: Int
    /// The text is a saved question about this entity's records.
    public var asks: String?

    public init(limit: Int = 1_000_000, asking entity: String? = nil) {
        self.limit = limit
        asks = entity
    }

    public var name: String { "json" }
    public var column: ColumnType { .text }
    public var editor: Editor { .area }
    public var operators: [Operator] { [.empty, .notEmpty] }
    public var openAPI: [String: Plain] { ["type": "string", "maxLength": .int(Int64(limit)), "pattern": #"^[^\u0000]*$"#] }
    public var isDocument: Bool { true }
    public var plainForm: PlainForm { .json }

    /// Kept as it is but for blanks around it: JSON escapes what it must. Only NUL, which no database's text holds, is refused.
    public func parse(_ text: String) throws(Fault) -> Value {
        let text = text.trimmed
        guard !text.isEmpty else { return .null }
        if let fault = check(.text(text)) { throw fault }
        return .text(text)
    }

    public func check(_ value: Value) -> Fault? {
        guard !value.isNull else { return nil }
        guard let text = value.text else { return Fault("应为文字", code: "wrong_type") }
        guard text.utf8.count <= limit || (text.utf8.count <= limit.multiplied(clampingBy: 4) && text.unicodeScalars.count <= limit) else {
            return .tooLong(limit)
        }
        return text.utf8.contains(0) ? Fault("含有不可见的控制字符（U+0000）", code: "control_character") : nil
    }
}
