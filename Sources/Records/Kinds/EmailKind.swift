/// An e-mail address; its domain is stored in lower case.
public struct EmailKind: FieldKind {
    public init() {}

    public var name: String { "email" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line(inputMode: .email) }
    public var operators: [Operator] { .forText }
    public var searching: Searching { .number }
    public var openAPI: [String: Plain] { ["type": "string", "format": "email", "maxLength": 254, "pattern": .text(Self.pattern)] }
    public var contact: ContactForm? { .mail }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .text }

    private static let pattern =
        #"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"#
        + #"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$"#

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 1000 else { throw .tooLong(254) }
        var address = text.halfWidth.trimmed
        if address.hasPrefix("mailto:") { address.removeFirst("mailto:".count) }
        guard address.utf8.count <= 254 else { throw .tooLong(254) }
        guard let at = address.firstIndex(of: "@"), Email.isLocal(address[..<at]), Email.isDomain(address[address.index(after: at)...])
        else {
            throw Fault("应为电子邮箱地址，例如 zhang@example.com")
        }
        return .text(address[..<at] + address[at...].lowercased())
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }

    /// `z****@example.com`
    public func mask(_ value: Value) -> String {
        guard let text = value.text, let at = text.firstIndex(of: "@") else { return value.isNull ? "" : "****" }
        return "\(text.prefix(1))****\(text[at...])"
    }
}

/// An e-mail address: `Field<Email?>("email", "电子邮箱")`.
public struct Email: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { EmailKind() }

    static func isLocal(_ text: Substring) -> Bool {
        guard (1...64).contains(text.utf8.count), text.utf8.first != 0x2E, text.utf8.last != 0x2E else { return false }
        var previous: UInt8 = 0
        for byte in text.utf8 {
            guard byte.isDigit || byte.isLetter || (byte == 0x2E ? previous != 0x2E : "!#$%&'*+/=?^_`{|}~-".utf8.contains(byte)) else {
                return false
            }
            previous = byte
        }
        return true
    }

    /// Two labels or more; the last is no number.
    static func isDomain(_ text: Substring) -> Bool {
        let labels = text.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, last.count >= 2, last.first?.isLetter == true else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
                && label.allSatisfy { $0.isDigit || $0.isLetter || $0 == 0x2D }
        }
    }
}
