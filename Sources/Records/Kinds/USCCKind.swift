/// A unified social credit code 统一社会信用代码: 18 places, the last of which checks the others. Some genuine codes fail the check, so that is a
/// warning.
public struct USCCKind: FieldKind {
    public init() {}

    public var name: String { "uscc" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { .forCodes }
    public var searching: Searching { .number }
    public var openAPI: [String: Plain] { ["type": "string", "pattern": "^[0-9A-HJ-NPQRTUWXY]{18}$"] }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 80 else { throw Self.wrongLength(text.utf8.count) }
        let code = text.halfWidth.without(" -\u{A0}").uppercased()
        guard code.utf8.allSatisfy({ $0.isDigit || $0.isUpper }) else { throw Fault("统一社会信用代码只含大写字母和数字") }
        guard code.utf8.count == 18 else { throw Self.wrongLength(code.utf8.count) }
        guard code.utf8.allSatisfy({ USCC.alphabet.contains($0) }) else { throw Fault("统一社会信用代码中没有字母 I、O、S、V、Z，请检查是否为数字") }
        return .text(code)
    }

    public func check(_ value: Value) -> Fault? {
        if let fault = checkForm(value) { return fault }
        guard let code = value.text, !USCC.hasValidCheckDigit(code) else { return nil }
        return .warning("统一社会信用代码的校验位（第 18 位）不符，请核对营业执照")
    }

    private static func wrongLength(_ count: Int) -> Fault { Fault("统一社会信用代码应为 18 位，现在是 \(count) 位") }
}

/// A unified social credit code: `Field<USCC?>("uscc", "统一社会信用代码")`.
public struct USCC: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { USCCKind() }

    static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

    /// Both check characters: the code's (GB 32100) and the organisation's within it (GB 11714).
    public static func hasValidCheckDigit(_ code: String) -> Bool {
        let marks = Array(code.utf8)
        guard marks.count == 18 else { return false }
        var sum = 0, weight = 1
        for mark in marks.dropLast() {
            guard let value = alphabet.firstIndex(of: mark) else { return false }
            sum += value * weight
            weight = weight * 3 % 31
        }
        return marks[17] == alphabet[(31 - sum % 31) % 31] && hasValidOrganisation(Array(marks[8..<17]))
    }

    private static func hasValidOrganisation(_ marks: [UInt8]) -> Bool {
        var sum = 0
        for (mark, weight) in zip(marks, [3, 7, 9, 10, 5, 8, 4, 2]) {
            // bounded: a mark is a byte.
            sum += (mark.isDigit ? mark.digit : Int(mark) - 55) * weight
        }
        let check = 11 - sum % 11
        return marks[8] == (check == 10 ? 88 : check == 11 ? 48 : UInt8(48 + check))
    }
}
