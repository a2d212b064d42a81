/// A mobile number of mainland China, stored as its 11 digits.
public struct MobileKind: FieldKind {
    public init() {}

    public var name: String { "mobile" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line(inputMode: .tel) }
    public var operators: [Operator] { .forCodes }
    public var searching: Searching { .number }
    public var openAPI: [String: Plain] { ["type": "string", "pattern": #"^1[3-9][0-9]{9}$"#] }
    public var contact: ContactForm? { .phone }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .text }
    public func sheetHint(unit: Words?) -> String? { "11 位手机号码" }

    /// Reads `138 0013 8000`, `+86 138-0013-8000`, `0086…`, full-width digits.
    public func parse(_ text: String) throws(Fault) -> Value {
        guard let number = Mobile.normalise(text) else { throw Fault("应为 11 位手机号码，例如 13900000000") }
        return .text(number)
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }

    /// `138 0013 8000`
    public func show(_ value: Value, in language: Language) -> String {
        guard let text = value.text else { return "" }
        let digits = text.utf8
        guard digits.count == 11 else { return text }
        let (second, third) = (digits.index(digits.startIndex, offsetBy: 3), digits.index(digits.startIndex, offsetBy: 7))
        return "\(text[..<second]) \(text[second..<third]) \(text[third...])"
    }

    public func edit(_ value: Value) -> String { value.text ?? "" }
    /// `138****8000`
    public func mask(_ value: Value) -> String { value.masked(first: 3, last: 4, of: 11) }
}

/// A mobile number: `Field<Mobile>("mobile", "手机号码")`.
public struct Mobile: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { MobileKind() }

    /// The 11 digits; nil when there is no mobile number in `text`.
    public static func normalise(_ text: String) -> String? {
        guard text.utf8.count <= 80 else { return nil }
        var digits = Substring(text.halfWidth.without(" -‐‑–—()\u{A0}\u{202C}\u{202D}"))
        for prefix in ["+86", "0086"] where digits.hasPrefix(prefix) { digits = digits.dropFirst(prefix.count) }
        if digits.utf8.count == 13, digits.hasPrefix("86") { digits = digits.dropFirst(2) }
        let bytes = Array(digits.utf8)
        guard bytes.count == 11, bytes.allSatisfy(\.isDigit), bytes[0].digit == 1, bytes[1].digit >= 3 else { return nil }
        return String(digits)
    }
}

extension String {
    /// Without any of these characters.
    func without(_ marks: String) -> String {
        let marks = marks.unicodeScalars
        return String(String.UnicodeScalarView(unicodeScalars.filter { !marks.contains($0) }))
    }
}

extension Value {
    /// The first and last few characters around `****`; all hidden when the text is not `length` long (or any length above the shown part
    /// when nil).
    func masked(first: Int, last: Int, of length: Int? = nil) -> String {
        guard let text else { return isNull ? "" : "****" }
        guard length.map({ $0 == text.count }) ?? (text.count > first + last + 1) else { return "****" }
        return "\(text.prefix(first))****\(text.suffix(last))"
    }
}
