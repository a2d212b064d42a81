/// A Chinese postcode: six digits.
public struct PostcodeKind: FieldKind {
    public init() {}

    public var name: String { "postcode" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line(inputMode: .numeric) }
    public var operators: [Operator] { .forCodes }
    public var openAPI: [String: Plain] { ["type": "string", "pattern": "^[0-9]{6}$"] }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 80 else { throw Self.unreadable }
        let code = text.halfWidth.without(" \u{A0}")
        guard code.utf8.count == 6, code.isDigits else { throw Self.unreadable }
        return .text(code)
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }
    private static let unreadable = Fault("应为 6 位数字的邮政编码，例如 310000")
}

/// A postcode: `Field<Postcode?>("postcode", "邮编")`.
public struct Postcode: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { PostcodeKind() }
}
