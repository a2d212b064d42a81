/// Yes or no.
public struct YesNoKind: FieldKind {
    public init() {}

    public var name: String { "yes_no" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .yesNo }
    public var operators: [Operator] { .forYesNo }
    public var openAPI: [String: Plain] { ["type": "boolean"] }
    public var isYesNo: Bool { true }
    public var canBeUnique: Bool { false }
    public var sharing: Sharing { .usual }
    public var sheetForm: SheetForm { .yesNo }
    public func sheetHint(unit: Words?) -> String? { "是/否" }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 20 else { throw Self.fault }
        switch text.halfWidth.trimmed.lowercased() {
        case "是", "yes", "y", "true", "t", "1", "on", "√", "✓", "✔", "☑", "有", "对": return 1
        case "否", "no", "n", "false", "f", "0", "off", "×", "✗", "✘", "☐", "无", "错", "x": return 0
        default: throw Self.fault
        }
    }

    private static let fault = Fault("应为“是”或“否”")

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .bool(let flag): return .int(flag ? 1 : 0)
        default: throw .wrongType(" true 或 false", plain)
        }
    }

    public func check(_ value: Value) -> Fault? { value.isNull || value == 0 || value == 1 ? nil : Self.fault }

    public func show(_ value: Value, in language: Language) -> String {
        value.int.map { $0 == 1 ? language("是", "Yes") : language("否", "No") } ?? ""
    }

    public func plain(_ value: Value) -> Plain { value.int.map { .bool($0 == 1) } ?? .null }
}
