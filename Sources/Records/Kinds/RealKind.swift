/// A number with a floating point, for measures and scores that are estimates anyway. Money and rates are exact: ``MoneyKind``,
/// ``DecimalKind``.
public struct RealKind: FieldKind {
    public init() {}

    /// So large that no estimate reaches it, and so small that the sum of all fits.
    static let range = -1e15...1e15

    public var name: String { "real" }
    public var column: ColumnType { .real }
    public var editor: Editor { .line(inputMode: .decimal) }
    public var operators: [Operator] { .forNumbers }
    public var openAPI: [String: Plain] {
        ["type": "number", "format": "double", "minimum": .real(Self.range.lowerBound), "maximum": .real(Self.range.upperBound)]
    }
    public var sheetForm: SheetForm { .real }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard let decimal = DecimalText(text), let number = decimal.double else { throw Fault("应为数字，例如 12.5") }
        return try inRange(number)
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .int(let number): return try inRange(Double(number))
        case .real(let number): return try inRange(number)
        default: throw .wrongType("数字", plain)
        }
    }

    public func check(_ value: Value) -> Fault? {
        guard !value.isNull else { return nil }
        guard let number = value.real else { return Fault("应为数字", code: "wrong_type") }
        return Self.range.contains(number) ? nil : .outside("-10^15", "10^15")
    }

    private func inRange(_ number: Double) throws(Fault) -> Value {
        if let fault = check(.real(number)) { throw fault }
        return .real(number)
    }

    public func show(_ value: Value, in language: Language) -> String {
        guard let number = value.real else { return "" }
        return Int64(exactly: number).map { String($0) } ?? String(number)
    }
}

extension DecimalText {
    /// The nearest floating-point number.
    var double: Double? {
        let text = String(decoding: digits.map { $0 + 48 }, as: UTF8.self)
        guard let number = Double("\(isNegative ? "-" : "")\(text)e\(point - digits.count)"), number.isFinite else { return nil }
        return number
    }
}
