/// An amount: typed in 元, stored in 分. Programs send and get whole 分; a field's own name ends in `_cents`.
public struct MoneyKind: FieldKind {
    /// Red documents and corrections may be negative.
    public var allowsNegative: Bool
    public init(allowsNegative: Bool = false) { self.allowsNegative = allowsNegative }

    public var name: String { "money" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .line(inputMode: .decimal) }
    public var operators: [Operator] { .forNumbers }
    public var openAPI: [String: Plain] {
        var schema = integerSchema(range)
        schema["description"] = "金额，单位：分"
        return schema
    }
    public var figure: FigureForm? { .money }
    public var sheetForm: SheetForm { .money }
    public func sheetHint(unit: Words?) -> String? { "金额，单位元，最多两位小数" }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard let number = DecimalText(text) else { throw Fault("应为金额，例如 1,234.50") }
        switch number.scaled(2) {
        case .exact(let cents): return try inRange(cents)
        case .tooPrecise: throw Fault("金额最多两位小数")
        case .tooLarge: throw .tooLarge
        }
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value { try inRange(plain.whole("以分为单位的整数")) }
    public func check(_ value: Value) -> Fault? {
        value.isNull ? nil : fault(value)
    }

    /// `1,234.50`
    public func show(_ value: Value, in language: Language) -> String {
        value.int.map { DecimalText.write($0, scale: 2, grouped: true) } ?? ""
    }

    /// As people say an amount, exactly: 10 万, 1.25 亿, 1,234.5 元; ¥1,234.5 in English.
    public static func spoken(_ cents: Int64, in language: Language) -> String {
        func write(_ number: Int64) -> String { DecimalText.write(number, scale: 2, grouped: true, trimsZeros: true) }
        guard language == .chinese else { return "¥" + write(cents) }
        // 分 in a hundredth of the unit: what has no more than two decimals of it is said in it.
        for (hundredth, unit) in [(100_000_000 as Int64, "亿"), (10_000, "万")]
        where cents.magnitude >= hundredth.magnitude * 100 && cents % hundredth == 0 { return "\(write(cents / hundredth)) \(unit)" }
        return write(cents) + " 元"
    }

    /// `1234.50`
    public func edit(_ value: Value) -> String { value.int.map { DecimalText.write($0, scale: 2, grouped: false) } ?? "" }

    /// Up to a trillion 元, so that sums over many records still fit.
    // bounded: both ends are written here.
    private var range: ClosedRange<Int64> { (allowsNegative ? -100_000_000_000_000 : 0)...100_000_000_000_000 }

    private func inRange(_ cents: Int64?) throws(Fault) -> Value {
        guard let cents else { return .null }
        if let fault = fault(.int(cents)) { throw fault }
        return .int(cents)
    }

    private func fault(_ value: Value) -> Fault? {
        if !allowsNegative, let cents = value.int, cents < 0 { return Fault("金额不能为负数", code: "out_of_range") }
        return checkInteger(value, range) { DecimalText.write($0, scale: 2, grouped: true) }
    }
}
