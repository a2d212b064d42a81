/// A whole number: mileage, counts, months.
public struct WholeNumberKind: FieldKind {
    public var range: ClosedRange<Int64>
    public init(range: ClosedRange<Int64> = Int64.exact) { self.range = range }

    /// Numbers that the program itself gives: operations, steps of a clock.
    public static let given = WholeNumberKind(range: .min ... .max)

    public var name: String { "whole_number" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .line(inputMode: .numeric) }
    public var operators: [Operator] { .forNumbers }
    public var openAPI: [String: Plain] { integerSchema(range) }
    public var figure: FigureForm? { .count }
    public var plainForm: PlainForm { .asStored }
    public var sheetForm: SheetForm { .whole }
    public func sheetHint(unit: Words?) -> String? { "整数\(unit.map { "，单位\($0.chinese)" } ?? "")" }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard let number = DecimalText(text) else { throw Fault("应为整数，例如 1200") }
        switch number.scaled(0) {
        case .exact(let whole): return try inRange(whole)
        case .tooPrecise: throw Fault("应为整数，不能有小数")
        case .tooLarge: throw .tooLarge
        }
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value { try inRange(plain.whole("整数")) }
    public func check(_ value: Value) -> Fault? { value.isNull ? nil : checkInteger(value, range) }

    public func show(_ value: Value, in language: Language) -> String {
        value.int.map { DecimalText.write($0, scale: 0, grouped: true) } ?? ""
    }

    public func edit(_ value: Value) -> String { value.int.map { String($0) } ?? "" }

    private func inRange(_ number: Int64?) throws(Fault) -> Value {
        guard let number else { return .null }
        if let fault = checkInteger(.int(number), range) { throw fault }
        return .int(number)
    }
}

extension Plain {
    /// A whole number as JSON can say it: `5` or `5.0`; nil for null.
    func whole(_ expected: String) throws(Fault) -> Int64? {
        switch self {
        case .null: return nil
        case .int(let number): return number
        case .real(let number):
            guard let whole = Int64(exactly: number) else { throw Fault("应为\(expected)，收到的是小数或过大的数", code: "wrong_type") }
            return whole
        default: throw .wrongType(expected, self)
        }
    }
}

extension Fault {
    static let tooLarge = Fault("数值太大，请检查是否多输了几位", code: "out_of_range")
    static func outside(_ low: String, _ high: String) -> Fault { Fault("应在 \(low) 到 \(high) 之间", code: "out_of_range") }
}

/// Whether a stored number is one and lies in `range`; `write` says how the bounds read.
func checkInteger(_ value: Value, _ range: ClosedRange<Int64>, write: (Int64) -> String = { String($0) }) -> Fault? {
    guard let number = value.int else { return Fault("应为整数", code: "wrong_type") }
    guard !range.contains(number) else { return nil }
    if range.upperBound == .max { return Fault("不能小于 \(write(range.lowerBound))", code: "out_of_range") }
    if range.lowerBound == .min { return Fault("不能大于 \(write(range.upperBound))", code: "out_of_range") }
    return .outside(write(range.lowerBound), write(range.upperBound))
}

func integerSchema(_ range: ClosedRange<Int64>) -> [String: Plain] {
    var schema: [String: Plain] = ["type": "integer", "format": "int64"]
    schema["minimum"] = .int(range.lowerBound)
    schema["maximum"] = .int(range.upperBound)
    return schema
}
