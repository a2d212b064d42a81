/// How one kind of value is stored, parsed, checked, shown, edited and masked. One kind, one file in `Kinds/`.
///
/// A kind is a value: `TextKind(limit: 200)`, `ChoiceKind(options: …)`. Administrators' own fields are made from the same kinds by name.
public protocol FieldKind: Sendable {
    /// The stable name: `text`, `mobile`, `money` … as it stands in the API's schema and in administrators' own fields.
    var name: String { get }

    /// The column that holds it.
    var column: ColumnType { get }

    /// Reads what a person typed or a spreadsheet's cell holds. Blanks around it are already gone and it is not empty.
    /// - Throws: a ``Fault`` that says what is wrong and how to mend it.
    func parse(_ text: String) throws(Fault) -> Value

    /// Reads what a program sent. The default accepts text (through ``parse(_:)``) and null.
    func accept(_ plain: Plain) throws(Fault) -> Value

    /// Checks a value wherever it came from; nil when it is fine. Warnings are told only here (``parse(_:)`` and ``accept(_:)`` throw what
    /// cannot be kept at all), so it is asked after them, too. The default checks nothing.
    func check(_ value: Value) -> Fault?

    /// How a person reads it; empty for no value.
    func show(_ value: Value, in language: Language) -> String

    /// How a program reads it.
    func plain(_ value: Value) -> Plain

    /// How it is typed in again: what ``parse(_:)`` reads back to the same value.
    func edit(_ value: Value) -> String

    /// Which input the form uses.
    var editor: Editor { get }

    /// How somebody sees it who may know that it is there, but not what it is. The default hides all.
    func mask(_ value: Value) -> String

    /// The comparisons that make sense, in the order a filter offers them.
    var operators: [Operator] { get }

    /// What the search index holds of it.
    var searching: Searching { get }

    /// The JSON type in OpenAPI: a schema's members, as `["type": "string", "format": "date"]`.
    var openAPI: [String: Plain] { get }
}

/// A column's type, the same on both databases. Text compares by code point.
public enum ColumnType: String, Sendable {
    case integer, real, text
    /// No column: a table of its own (many-to-many link, child lines) or nothing at all.
    case none
}

/// What is wrong with a value, before it is known in which field it stood.
public struct Fault: Error, Sendable, Hashable {
    public var code: String
    /// A Chinese sentence without the field's name: "应为 11 位手机号码，例如 13900000000".
    public var message: String

    public init(_ message: String, code: String = "invalid") {
        self.code = code
        self.message = message
    }

    /// A warning keeps the value when the user insists (统一社会信用代码, bank card numbers).
    public var isWarning = false
    public static func warning(_ message: String) -> Fault {
        var fault = Fault(message, code: "suspicious")
        fault.isWarning = true
        return fault
    }
}

/// Which control a form shows.
public enum Editor: Sendable, Equatable {
    case line(inputMode: InputMode = .text)
    case area
    case day, instant, yesNo
    case choice([ChoiceOption])
    case choices([ChoiceOption])
    /// A picker over another entity's records.
    case link(entity: String)
    case links(entity: String)
    case region(level: Int)
    case attachment
    /// Shown, never typed.
    case none

    public enum InputMode: String, Sendable { case text, numeric, decimal, tel, email, url }
}

/// How the search index treats a field.
public enum Searching: Sendable {
    /// Not at all, even when the field is `.searchable`.
    case none
    /// Chinese by character, Latin by word, pinyin and initials: names, titles.
    case name
    /// Chinese by character, Latin by word: remarks, contents.
    case prose
    /// A code or number: from its beginning, and by its tail (手机号后四位).
    case number
}

/// One option of a choice.
public struct ChoiceOption: Sendable, Hashable {
    public var code: String
    public var label: String
    public var english: String?
    public var tone: Tone
    /// What else spreadsheets and older programs call it; read, never shown.
    public var aliases: [String] = []
    public init(_ code: String, _ label: String, _ tone: Tone = .neutral, english: String? = nil) {
        self.code = code
        self.label = label
        self.tone = tone
        self.english = english
    }
}

/// A colour that means something; the design system maps it.
public enum Tone: String, Sendable, CaseIterable {
    case neutral, accent, ok, warn, bad, sky, violet, teal, rose
}

extension FieldKind {
    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .text(let text):
            let trimmed = text.trimmed
            return trimmed.isEmpty ? .null : try parse(trimmed)
        default: throw Fault("应为文字，收到的是\(plain.typeName)", code: "wrong_type")
        }
    }

    public func check(_ value: Value) -> Fault? { nil }
    public func mask(_ value: Value) -> String { value.isNull ? "" : "****" }
    public var searching: Searching { .none }
    public func edit(_ value: Value) -> String { show(value, in: .chinese) }

    public func show(_ value: Value, in language: Language) -> String {
        switch value {
        case .null: ""
        case .int(let number): String(number)
        case .real(let number): String(number)
        case .text(let text): text
        case .list(let values): values.map { show($0, in: language) }.joined(separator: language("、", ", "))
        }
    }

    public func plain(_ value: Value) -> Plain {
        switch value {
        case .null: .null
        case .int(let number): .int(number)
        case .real(let number): .real(number)
        case .text(let text): .text(text)
        case .list(let values): .list(values.map(plain))
        }
    }
}
