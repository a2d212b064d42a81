/// A rate between 0 and 100 % with two decimals, stored and sent as basis points (1/100 %): 12.5 % is 1250.
public struct PercentKind: FieldKind {
    /// In basis points.
    public var range: ClosedRange<Int64>
    public init(range: ClosedRange<Int64> = 0...10_000) { self.range = range }

    public var name: String { "percent" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .line(inputMode: .decimal) }
    public var operators: [Operator] { .forNumbers }
    public var openAPI: [String: Plain] {
        var schema = integerSchema(range)
        schema["description"] = "基点（万分之一）：1250 即 12.5%"
        return schema
    }
    public var figure: FigureForm? { .rate }

    /// Reads `12.5`, `12.5%`, `１２．５％`.
    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 80 else { throw Self.unreadable }
        var text = text.halfWidth.trimmed
        if text.hasSuffix("%") { text.removeLast() }
        guard let number = DecimalText(text) else { throw Self.unreadable }
        switch number.scaled(2) {
        case .exact(let points): return try inRange(points)
        case .tooPrecise: throw Fault("百分比最多两位小数")
        case .tooLarge: throw .tooLarge
        }
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value { try inRange(plain.whole("以基点为单位的整数")) }
    public func check(_ value: Value) -> Fault? {
        value.isNull ? nil : checkInteger(value, range) { Self.write($0) + "%" }
    }

    /// `12.5%`
    public func show(_ value: Value, in language: Language) -> String { value.int.map { Self.write($0) + "%" } ?? "" }
    public func edit(_ value: Value) -> String { value.int.map(Self.write) ?? "" }

    private static func write(_ points: Int64) -> String { DecimalText.write(points, scale: 2, grouped: false, trimsZeros: true) }
    private static let unreadable = Fault("应为百分比，例如 12.5")

    private func inRange(_ points: Int64?) throws(Fault) -> Value {
        guard let points else { return .null }
        if let fault = check(.int(points)) { throw fault }
        return .int(points)
    }
}

/// A rate in basis points: `Field<Percent?>("discount_bp", "折扣率")`.
public struct Percent: Sendable, Hashable, Comparable, FieldValue {
    public var basisPoints: Int64
    public init(basisPoints: Int64) { self.basisPoints = basisPoints }

    public static func < (a: Percent, b: Percent) -> Bool { a.basisPoints < b.basisPoints }
    public static var kind: any FieldKind { PercentKind() }
    public init(stored: Value) { basisPoints = stored.int ?? 0 }
    public var stored: Value { .int(basisPoints) }
}
