/// A number the program gives: `AutoNumberKind("CUS-{yyyyMMdd}-{####}")` makes `CUS-20261123-0001`, starting anew with each date.
public struct AutoNumberKind: FieldKind {
    public let pattern: String
    private let parts: [Part]

    private enum Part: Sendable, Hashable {
        case text(String)
        /// `yyyyMMdd`, `yyMM` …
        case date(String)
        case counter(width: Int)
    }

    /// - Parameter pattern: Text with exactly one `{###…}` and any number of dates made of `yyyy`, `yy`, `MM`, `dd`. A pattern
    ///   that cannot be read is the program's own mistake; administrators' patterns go through ``init(checking:)``.
    public init(_ pattern: String) {
        guard let kind = AutoNumberKind(checking: pattern) else {
            preconditionFailure("\(pattern) is no pattern for numbers: it needs one {####}")
        }
        self = kind
    }

    /// Nil when `pattern` cannot be read.
    public init?(checking pattern: String) {
        guard pattern.utf8.count <= 60, let parts = Self.read(pattern) else { return nil }
        self.pattern = pattern
        self.parts = parts
    }

    private static func read(_ pattern: String) -> [Part]? {
        var parts: [Part] = [], rest = Substring(pattern), counters = 0
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else { return nil }
            // bounded: the bracket closes behind the one that opens.
            let inside = rest[rest.index(after: open)..<close]
            if !inside.isEmpty, inside.allSatisfy({ $0 == "#" }), inside.count <= 12 {
                parts.append(.counter(width: inside.count))
                counters += 1
            } else {
                guard dateWords(inside) != nil else { return nil }
                parts.append(.date(String(inside)))
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        let isClean = parts.allSatisfy {
            if case .text(let text) = $0 { !text.contains("}") && (try? text.cleaned(limit: 60)) == text } else { true }
        }
        return counters == 1 && isClean ? parts : nil
    }

    /// `yyyyMMdd` as its words; nil for anything else.
    private static func dateWords(_ text: Substring) -> [String]? {
        var words: [String] = [], rest = text
        while !rest.isEmpty {
            guard let word = ["yyyy", "yy", "MM", "dd"].first(where: rest.hasPrefix) else { return nil }
            words.append(word)
            rest = rest.dropFirst(word.count)
        }
        return words.isEmpty ? nil : words
    }

    /// The sequence that counts on `day`: `CUS-20261123-#`. A new date is a new sequence.
    public func sequence(on day: Day) -> String { write(on: day) { _ in "#" } }

    /// The number: `format(next: 1, on: today)`. A count that outgrows its places simply gets longer.
    public func format(next number: Int64, on day: Day) -> String {
        write(on: day) { width in
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
    }

    private func write(on day: Day, counter: (Int) -> String) -> String {
        let (year, month, dayOfMonth) = day.parts
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number % 100) }
        return parts.map { part in
            switch part {
            case .text(let text): text
            case .counter(let width): counter(width)
            case .date(let text):
                (Self.dateWords(Substring(text)) ?? []).map { word in
                    switch word {
                    case "yyyy": two(year / 100) + two(year % 100)
                    case "yy": two(year % 100)
                    case "MM": two(month)
                    default: two(dayOfMonth)
                    }
                }.joined()
            }
        }.joined()
    }

    public var name: String { "auto_number" }
    public var column: ColumnType { .text }
    /// Typed only where a field says so; imports may bring numbers of an older system.
    public var editor: Editor { .line() }
    public var operators: [Operator] { .forCodes }
    public var searching: Searching { .number }
    public var openAPI: [String: Plain] { ["type": "string", "maxLength": 60, "pattern": .text(textPattern)] }
    public var numbering: AutoNumberKind? { self }
    public var sheetForm: SheetForm { .text }
    public func sheetHint(unit: Words?) -> String? { "编号" }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 1000 else { throw .tooLong(60) }
        let clean = try text.halfWidth.cleaned(limit: 60)
        return clean.isEmpty ? .null : .text(clean)
    }

    public func check(_ value: Value) -> Fault? { checkText(value, limit: 60) }
    public func mask(_ value: Value) -> String { value.masked(first: 0, last: 4) }
}
