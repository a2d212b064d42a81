/// How one kind of value is stored, parsed, checked, shown, edited, masked, grouped, summed and exported. One kind, one file in `Kinds/`.
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

    /// How a filter asks which values are looked for. The default follows from the rest.
    var filterControl: FilterControl { get }

    /// What the search index holds of it.
    var searching: Searching { get }

    /// The JSON type in OpenAPI: a schema's members, as `["type": "string", "format": "date"]`.
    var openAPI: [String: Plain] { get }

    // What pages, reports, sheets and the gate ask of a kind. Each has a default in the extension below: the answer of plain words.

    /// How its values lie on the time line; nil for what is no time.
    var time: TimeForm? { get }

    /// The named values one of which a record has: a board's columns, a report's bars. Nil where there are none.
    var choices: [ChoiceOption]? { get }

    /// The one of these with a code; nil when there is none (any more).
    func option(_ code: String) -> ChoiceOption?

    /// Whether it is answered with yes or no.
    var isYesNo: Bool { get }

    /// Where its values point.
    var reference: LinkForm? { get }

    /// The child records that a record shows and saves with itself.
    var lines: LinesKind? { get }

    /// What may be worked out of many of its values; nil for what is no number.
    var figure: FigureForm? { get }

    /// The whole numbers from which one is picked at a glance, as a customer does in a questionnaire.
    var scale: ClosedRange<Int64>? { get }

    /// How often records have the same value.
    var sharing: Sharing { get }

    /// Whether it says what a record is called when no field is marked as its title.
    var names: Bool { get }

    /// Whether it holds what people write at length: over the whole width of a form, with people mentioned in it, in no order.
    var isProse: Bool { get }

    /// Whether it holds a program's own JSON: on no form, sent as the document it is.
    var isDocument: Bool { get }

    /// The entity about whose records it holds a saved question.
    var asks: String? { get }

    /// How whoever is behind a value is reached.
    var contact: ContactForm? { get }

    /// The pattern by which the program numbers records where nobody has.
    var numbering: AutoNumberKind? { get }

    /// Whether a field of it may be marked as unique.
    var canBeUnique: Bool { get }

    /// Whether its column holds a list of codes, as ``ChoicesKind/encode(_:)`` writes it.
    var isCodeList: Bool { get }

    /// How a program reads its values.
    var plainForm: PlainForm { get }

    /// How a cell of a sheet holds its values.
    var sheetForm: SheetForm { get }

    /// What the head of an import's sheet says of it: “日期，如 2026-11-23”.
    func sheetHint(unit: Words?) -> String?
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

    public var time: TimeForm? { nil }
    public var choices: [ChoiceOption]? { nil }
    public func option(_ code: String) -> ChoiceOption? { choices?.first { $0.code == code } }
    public var isYesNo: Bool { false }
    public var reference: LinkForm? { nil }
    public var lines: LinesKind? { nil }
    public var figure: FigureForm? { nil }
    public var scale: ClosedRange<Int64>? { nil }
    public var sharing: Sharing { .rare }
    public var names: Bool { false }
    public var isProse: Bool { false }
    public var isDocument: Bool { false }
    public var asks: String? { nil }
    public var contact: ContactForm? { nil }
    public var numbering: AutoNumberKind? { nil }
    public var canBeUnique: Bool { column != .none }
    public var isCodeList: Bool { false }
    public var plainForm: PlainForm { .byKind }
    public var sheetForm: SheetForm { .typed }
    public func sheetHint(unit: Words?) -> String? { unit.map { "单位\($0.chinese)" } }
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
