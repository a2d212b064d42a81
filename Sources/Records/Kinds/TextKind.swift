/// One line of text: names, titles, short remarks.
public struct TextKind: FieldKind {
    public var limit: Int
    /// Several lines; see also ``LongTextKind``.
    public var isLong: Bool
    public var searching: Searching

    public init(limit: Int = 200, isLong: Bool = false, searching: Searching = .name) {
        self.limit = limit
        self.isLong = isLong
        self.searching = searching
    }

    public var name: String { "text" }
    public var column: ColumnType { .text }
    public var editor: Editor { isLong ? .area : .line() }
    public var operators: [Operator] { .forText }
    public var openAPI: [String: Plain] { ["type": "string", "maxLength": .int(Int64(limit)), "pattern": .text(textPattern)] }
    public var names: Bool { true }
    public var sharing: Sharing { isLong ? .rare : .possible }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .text }
    public func sheetHint(unit: Words?) -> String? { "最多 \(limit) 字" }

    public func parse(_ text: String) throws(Fault) -> Value {
        let clean = try text.cleaned(limit: limit, multiline: isLong)
        return clean.isEmpty ? .null : .text(clean)
    }

    public func check(_ value: Value) -> Fault? { checkText(value, limit: limit) }

    /// The first character: 张**.
    public func mask(_ value: Value) -> String { value.text?.first.map { "\($0)**" } ?? "" }
}

extension FieldKind {
    /// A program's own text obeys the same limits as a person's.
    func checkText(_ value: Value, limit: Int) -> Fault? {
        switch value {
        case .null: return nil
        case .text(let text):
            do {
                _ = try text.cleaned(limit: limit, multiline: true)
                return nil
            } catch { return error }
        default: return Fault("应为文字", code: "wrong_type")
        }
    }

    /// For kinds whose stored text must be what ``parse(_:)`` would make of it.
    func checkForm(_ value: Value) -> Fault? {
        switch value {
        case .null: return nil
        case .text(let text):
            do {
                return try parse(text) == value ? nil : Fault("不是规范的写法，应为 \(show(try parse(text), in: .chinese))")
            } catch { return error }
        default: return Fault("应为文字", code: "wrong_type")
        }
    }
}
