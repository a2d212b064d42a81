/// A telephone: landline with area code and extension, 400 and 800 numbers, short service numbers, mobiles, and foreign numbers with `+`.
public struct PhoneKind: FieldKind {
    public init() {}

    public var name: String { "phone" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line(inputMode: .tel) }
    public var operators: [Operator] { .forCodes }
    public var searching: Searching { .number }
    public var openAPI: [String: Plain] {
        [
            "type": "string", "maxLength": 24,
            "pattern":
                .text(
                    #"^(1[3-9][0-9]{9}|(0(10|2[0-9])-|0[3-9][0-9]{2}-)?[2-9][0-9]{6,7}(-[0-9]{1,6})?|"#
                        + #"[48]00-[0-9]{3}-[0-9]{4}|9[56][0-9]{3,4}|\+[1-9][0-9]{6,14})$"#),
        ]
    }
    public var contact: ContactForm? { .phone }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .text }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard let number = Phone.normalise(text) else { throw Fault("应为电话号码，例如 0571-88886666、400-800-8888 或 13900000000") }
        return .text(number)
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }

    public func show(_ value: Value, in language: Language) -> String {
        guard let text = value.text else { return "" }
        return text.utf8.first == 49 && text.utf8.count == 11 ? MobileKind().show(value, in: language) : text
    }

    public func edit(_ value: Value) -> String { value.text ?? "" }

    /// `138****8000`, `0571-****66`
    public func mask(_ value: Value) -> String {
        guard let text = value.text else { return value.isNull ? "" : "****" }
        return text.utf8.first == 49 ? value.masked(first: 3, last: 4, of: 11) : value.masked(first: text.utf8.first == 48 ? 4 : 2, last: 2)
    }
}

/// A telephone number: `Field<Phone?>("phone", "固定电话")`.
public struct Phone: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { PhoneKind() }

    /// `0571-88886666-802`, `400-800-8888`, `13900000000`, `+85223456789`; nil when it is no telephone number.
    public static func normalise(_ text: String) -> String? {
        guard text.utf8.count <= 80 else { return nil }
        if let mobile = Mobile.normalise(text) { return mobile }
        var text = text
        if !text.utf8.allSatisfy({ $0.isDigit || $0 == 0x2D || $0 == 0x2B }) {
            text = text.halfWidth
            for word in ["转", "ext.", "ext", "x", "#"] { text = text.replacing(word, with: "-", maxReplacements: 1) }
            for mark in "‐‑–—()" { text = text.replacing(String(mark), with: "-") }
            text = text.without(" \u{A0}")
        }
        var isDomestic = false
        for prefix in ["+86", "0086"] where text.hasPrefix(prefix) {
            text = String(text.dropFirst(prefix.count))
            isDomestic = true
        }
        if text.hasPrefix("+") { return foreign(text) }
        let groups = text.split(separator: "-").map(String.init)
        guard !groups.isEmpty, groups.allSatisfy(\.isDigits) else { return nil }
        let first = isDomestic && !groups[0].hasPrefix("0") && !groups[0].hasPrefix("4") ? "0" + groups[0] : groups[0]
        return domestic([first] + groups.dropFirst())
    }

    private static func foreign(_ text: String) -> String? {
        let digits = text.dropFirst().filter { $0 != "-" }
        guard (7...15).contains(digits.utf8.count), String(digits).isDigits, digits.first != "0" else { return nil }
        return "+" + digits
    }

    private static func domestic(_ groups: [String]) -> String? {
        let all = groups.joined()
        if all.hasPrefix("400") || all.hasPrefix("800"), all.utf8.count == 10 {
            return "\(all.prefix(3))-\(all.dropFirst(3).prefix(3))-\(all.suffix(4))"
        }
        if all.hasPrefix("95") || all.hasPrefix("96"), (5...6).contains(all.utf8.count), groups.count == 1 { return all }
        var groups = groups
        var area = ""
        if groups[0].hasPrefix("0") {
            let length = groups[0].hasPrefix("01") || groups[0].hasPrefix("02") ? 3 : 4
            guard groups[0].utf8.count >= length else { return nil }
            area = String(groups[0].prefix(length))
            let rest = String(groups[0].dropFirst(length))
            groups[0] = rest
            if rest.isEmpty { groups.removeFirst() }
        }
        // A number written in two halves: 8888-6666.
        if groups.count > 1, groups[0].utf8.count <= 4, (7...8).contains(groups[0].utf8.count + groups[1].utf8.count) {
            groups = [groups[0] + groups[1]] + groups.dropFirst(2)
        }
        guard let number = groups.first, (7...8).contains(number.utf8.count), number.utf8.first.map({ $0.digit >= 2 }) == true,
            groups.count <= 2,
            area.isEmpty || area.hasPrefix("010") || area.utf8.dropFirst().first.map({ $0.digit >= 2 }) == true
        else { return nil }
        let ext = groups.count == 2 ? groups[1] : nil
        guard (ext?.utf8.count ?? 1) <= 6 else { return nil }
        return (area.isEmpty ? "" : area + "-") + number + (ext.map { "-" + $0 } ?? "")
    }
}
