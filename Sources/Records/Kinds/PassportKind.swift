/// A passport's number: a Chinese one is E, G, D, S or P and eight places; foreign ones have 5 to 20 letters and digits.
public struct PassportKind: FieldKind {
    public init() {}

    public var name: String { "passport" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { [.eq, .ne, .empty, .notEmpty] }
    public var openAPI: [String: Plain] { ["type": "string", "pattern": "^[A-Z0-9]{5,20}$"] }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 80 else { throw Self.unreadable }
        let number = text.halfWidth.without(" -\u{A0}").uppercased()
        guard (5...20).contains(number.utf8.count), number.utf8.allSatisfy({ $0.isDigit || $0.isUpper }) else { throw Self.unreadable }
        return .text(number)
    }

    public func check(_ value: Value) -> Fault? {
        if let fault = checkForm(value) { return fault }
        guard let number = value.text, !number.utf8.contains(where: \.isDigit) else { return nil }
        return .warning("护照号码通常含有数字，请核对")
    }

    /// E1****78
    public func mask(_ value: Value) -> String { value.masked(first: 2, last: 2) }
    private static let unreadable = Fault("应为护照号码：5 到 20 位字母和数字，例如 E12345678")
}

/// A passport's number: `Field<Passport?>("passport_no", "护照号", .sealed)`.
public struct Passport: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { PassportKind() }

    /// Whether it has the form of a passport of the People's Republic.
    public var isChinese: Bool {
        let marks = Array(text.utf8)
        return marks.count == 9 && "EGDSP".utf8.contains(marks[0]) && marks.allSatisfy { $0.isDigit || $0.isUpper }
    }
}
