/// One of several options. The stable code is stored and sent; the label is shown.
public struct ChoiceKind: FieldKind {
    public let options: [ChoiceOption]
    private let byCode: [String: Int]
    private let byAnyName: [String: Int]

    public init(_ options: [ChoiceOption]) {
        self.options = options
        byCode = Dictionary(options.enumerated().map { ($1.code, $0) }) { first, _ in first }
        byAnyName = Dictionary(
            options.enumerated().flatMap { index, option in
                ([option.code, option.label] + option.aliases + [option.english ?? option.code.asEnglishLabel]).map {
                    (Self.key($0), index)
                }
            }
        ) { first, _ in first }
    }

    public init(options: [ChoiceOption]) { self.init(options) }
    public init<C: Choice>(_ type: C.Type) { self.init(type.options.map(\.choice)) }

    public var name: String { "choice" }
    public var column: ColumnType { .text }
    public var editor: Editor { .choice(options) }
    public var operators: [Operator] { .forChoices }
    public var openAPI: [String: Plain] { ["type": "string", "enum": .list(options.map { .text($0.code) })] }
    public var choices: [ChoiceOption]? { options }
    public var sharing: Sharing { .usual }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .shown }
    public func sheetHint(unit: Words?) -> String? { options.inWords }

    /// Reads a code, a label in either language or an alias.
    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 1000, let index = byAnyName[Self.key(text)] else { throw unknown }
        return .text(options[index].code)
    }

    /// Programs send codes.
    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .text(let code):
            guard byCode[code] != nil else { throw unknown }
            return .text(code)
        default: throw .wrongType("文字", plain)
        }
    }

    public func check(_ value: Value) -> Fault? {
        guard !value.isNull else { return nil }
        return value.text.flatMap { byCode[$0] } == nil ? unknown : nil
    }

    public func option(_ code: String) -> ChoiceOption? { byCode[code].map { options[$0] } }

    /// The label; an option that is gone shows its code.
    public func show(_ value: Value, in language: Language) -> String {
        guard let code = value.text else { return "" }
        return option(code)?.label(in: language) ?? code
    }

    public func edit(_ value: Value) -> String { value.text ?? "" }

    private var unknown: Fault {
        let labels = options.prefix(12).map(\.label).joined(separator: "、")
        return Fault("没有这个选项，应为：\(labels)\(options.count > 12 ? " 等" : "")", code: "unknown_option")
    }

    /// Upper and lower case, full and half width, and blanks make no difference.
    private static func key(_ text: String) -> String { text.trimmed.halfWidth.composed.lowercased() }

    func place(of code: String) -> Int? { byCode[code] }
}

extension [ChoiceOption] {
    /// `个人/公司/政府`, the first thirty of them.
    var inWords: String { prefix(30).map(\.label).joined(separator: "/") + (count > 30 ? " 等" : "") }
}

extension ChoiceOption {
    public func label(in language: Language) -> String { language == .chinese ? label : english ?? code.asEnglishLabel }
}
