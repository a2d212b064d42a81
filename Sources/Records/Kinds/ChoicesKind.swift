/// Several of several options. In a ``Row`` it is a list of codes in the options' order; in its column it is text, see ``encode(_:)``.
public struct ChoicesKind: FieldKind {
    public let one: ChoiceKind

    public init(_ options: [ChoiceOption]) { one = ChoiceKind(options) }
    public init(options: [ChoiceOption]) { one = ChoiceKind(options) }
    public init<C: Choice>(_ type: C.Type) { one = ChoiceKind(type) }

    public var options: [ChoiceOption] { one.options }
    public var name: String { "choices" }
    public var column: ColumnType { .text }
    public var editor: Editor { .choices(one.options) }
    public var operators: [Operator] { [.in, .notIn, .contains, .empty, .notEmpty] }
    public var openAPI: [String: Plain] { ["type": "array", "items": .object(one.openAPI)] }
    public var isCodeList: Bool { true }
    public var canBeUnique: Bool { false }
    public var sheetForm: SheetForm { .shown }
    public func sheetHint(unit: Words?) -> String? { "可多选，用、隔开：\(options.inWords)" }

    /// How a list of codes stands in its column: `,a,b,`, so that `LIKE '%,a,%'` asks for one of them. Null for none.
    public static func encode(_ codes: [Value]) -> String? {
        let texts = codes.compactMap(\.text)
        return texts.isEmpty ? nil : ",\(texts.joined(separator: ",")),"
    }

    /// Reads what ``encode(_:)`` wrote.
    public static func decode(_ column: String) -> Value {
        let codes = column.split(separator: ",").map { Value.text(String($0)) }
        return codes.isEmpty ? .null : .list(codes)
    }

    /// Reads codes or labels between commas, semicolons, 、, bars or line breaks.
    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 20_000 else { throw .tooLong(20_000) }
        var codes: [String] = []
        for part in text.split(whereSeparator: { ",，、;；|\n\r\r\n\t".contains($0) }) where !part.trimmed.isEmpty {
            guard let code = try one.parse(part.trimmed).text else { continue }
            codes.append(code)
        }
        return inOrder(codes)
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .list(let items):
            var codes: [String] = []
            for item in items {
                guard let code = try one.accept(item).text else { throw .wrongType("文字", item) }
                codes.append(code)
            }
            return inOrder(codes)
        default: throw .wrongType("列表", plain)
        }
    }

    public func check(_ value: Value) -> Fault? {
        switch value {
        case .null: nil
        case .list(let codes): codes.lazy.compactMap(one.check).first
        default: Fault("应为列表", code: "wrong_type")
        }
    }

    public func show(_ value: Value, in language: Language) -> String {
        value.list?.map { one.show($0, in: language) }.joined(separator: language("、", ", ")) ?? ""
    }

    public func edit(_ value: Value) -> String { value.list?.compactMap(\.text).joined(separator: ",") ?? "" }

    private func inOrder(_ codes: [String]) -> Value {
        let places = Set(codes.compactMap(one.place)).sorted()
        return places.isEmpty ? .null : .list(places.map { .text(options[$0].code) })
    }
}
