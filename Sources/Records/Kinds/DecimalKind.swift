/// An exact number with a fixed count of decimals (litres, square metres, exchange rates), stored as a whole number of the last decimal's
/// units.
public struct DecimalKind: FieldKind {
    public let scale: Int
    /// In stored units.
    public var range: ClosedRange<Int64>

    /// - Parameter scale: How many decimals, 0 to 9.
    public init(scale: Int = 2, range: ClosedRange<Int64> = Int64.exact) {
        self.scale = min(max(scale, 0), 9)
        self.range = range
    }

    public var name: String { "decimal" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .line(inputMode: .decimal) }
    public var operators: [Operator] { .forNumbers }
    public var openAPI: [String: Plain] {
        var schema: [String: Plain] = ["type": "number"]
        schema["minimum"] = .real(units(range.lowerBound))
        schema["maximum"] = .real(units(range.upperBound))
        if scale > 0 { schema["multipleOf"] = .real(units(1)) }
        schema["description"] = .text("最多 \(scale) 位小数")
        return schema
    }
    public var figure: FigureForm? { .amount }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard let number = DecimalText(text) else { throw Fault("应为数字，例如 12.5") }
        switch number.scaled(scale) {
        case .exact(let units): return try inRange(units)
        case .tooPrecise: throw Fault("最多 \(scale) 位小数")
        case .tooLarge: throw .tooLarge
        }
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .int(let number): return try parse(String(number))
        case .real(let number):
            guard number.isFinite else { throw .tooLarge }
            return try parse(String(number))
        default: throw .wrongType("数字", plain)
        }
    }

    public func check(_ value: Value) -> Fault? {
        value.isNull ? nil : checkInteger(value, range) { DecimalText.write($0, scale: scale, grouped: true) }
    }

    public func show(_ value: Value, in language: Language) -> String {
        value.int.map { DecimalText.write($0, scale: scale, grouped: true) } ?? ""
    }

    public func edit(_ value: Value) -> String {
        value.int.map { DecimalText.write($0, scale: scale, grouped: false, trimsZeros: true) } ?? ""
    }

    public func plain(_ value: Value) -> Plain { value.int.map { scale == 0 ? .int($0) : .real(units($0)) } ?? .null }

    /// The division of two exact floating-point numbers is the nearest one to the decimal, so it prints as the decimal.
    private func units(_ number: Int64) -> Double {
        var divisor = 1.0
        for _ in 0..<scale { divisor *= 10 }
        return Double(number) / divisor
    }

    private func inRange(_ units: Int64) throws(Fault) -> Value {
        if let fault = check(.int(units)) { throw fault }
        return .int(units)
    }
}
