/// A bank account or card number: 8 to 30 digits. A card's (16 to 19) should pass the Luhn check; one that does not is pointed out.
public struct BankAccountKind: FieldKind {
    public init() {}

    public var name: String { "bank_account" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line(inputMode: .numeric) }
    public var operators: [Operator] { [.eq, .ne, .empty, .notEmpty] }
    public var openAPI: [String: Plain] { ["type": "string", "pattern": "^[0-9]{8,30}$"] }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 120 else { throw Self.unreadable }
        let number = text.halfWidth.without(" -\u{A0}")
        guard (8...30).contains(number.utf8.count), number.isDigits else { throw Self.unreadable }
        return .text(number)
    }

    public func check(_ value: Value) -> Fault? {
        if let fault = checkForm(value) { return fault }
        guard let number = value.text, (16...19).contains(number.utf8.count), !BankAccount.passesLuhn(number) else { return nil }
        return .warning("银行卡号的校验位不符，请核对；对公账号可以忽略")
    }

    /// In groups of four: `6222 0200 0000 0000 000`.
    public func show(_ value: Value, in language: Language) -> String {
        var bytes: [UInt8] = []
        for (place, byte) in (value.text ?? "").utf8.enumerated() {
            if place > 0, place % 4 == 0 { bytes.append(0x20) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    public func edit(_ value: Value) -> String { value.text ?? "" }
    /// `****0000`
    public func mask(_ value: Value) -> String { value.masked(first: 0, last: 4) }

    private static let unreadable = Fault("应为 8 到 30 位数字的银行账号")
}

/// A bank account number: `Field<BankAccount?>("account_no", "银行账号", .sealed)`.
public struct BankAccount: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { BankAccountKind() }

    /// The check that card numbers all over the world pass.
    public static func passesLuhn(_ number: String) -> Bool {
        guard number.isDigits else { return false }
        var sum = 0
        for (place, byte) in number.utf8.reversed().enumerated() {
            let doubled = place % 2 == 1 ? byte.digit * 2 : byte.digit
            sum += doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }
}
