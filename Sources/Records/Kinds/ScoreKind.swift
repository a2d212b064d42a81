/// A whole score, 0 to 100 unless it says otherwise: completeness, satisfaction, credit.
public struct ScoreKind: FieldKind {
    public var range: ClosedRange<Int64>
    public init(range: ClosedRange<Int64> = 0...100) { self.range = range }

    private var number: WholeNumberKind { WholeNumberKind(range: range) }

    public var name: String { "score" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .line(inputMode: .numeric) }
    public var operators: [Operator] { .forNumbers }
    public var openAPI: [String: Plain] { integerSchema(range) }
    public var figure: FigureForm? { .score }
    public var scale: ClosedRange<Int64>? { range }
    public func parse(_ text: String) throws(Fault) -> Value {
        try number.parse(text.utf8.count < 80 && text.hasSuffix("分") ? String(text.dropLast()) : text)
    }
    public func accept(_ plain: Plain) throws(Fault) -> Value { try number.accept(plain) }
    public func check(_ value: Value) -> Fault? { number.check(value) }
    public func show(_ value: Value, in language: Language) -> String { value.int.map { String($0) } ?? "" }
}
