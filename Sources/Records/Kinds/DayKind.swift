/// A calendar day. Programs send and get `YYYY-MM-DD`; people may write it in any of the usual ways.
public struct DayKind: FieldKind {
    public var range: ClosedRange<Day>
    public init(range: ClosedRange<Day> = Day.enterable) { self.range = range }

    public var name: String { "day" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .day }
    public var operators: [Operator] { .forTimes }
    public var openAPI: [String: Plain] { ["type": "string", "format": "date"] }
    public var time: TimeForm? { .day }
    public var sheetForm: SheetForm { .day }
    public func sheetHint(unit: Words?) -> String? { "日期，如 2026-11-23" }

    public func parse(_ text: String) throws(Fault) -> Value {
        let date = try DateText(text)
        guard (date.time ?? 0) == 0 else { throw Fault("只要日期，不要时间，例如 2026-11-23") }
        return try inRange(date.day)
    }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .text(let text):
            guard isPlainDay(text.utf8) else { throw Fault("日期应写成 YYYY-MM-DD，例如 2026-11-23") }
            return try inRange(try DateText(text).day)
        default: throw .wrongType("文字（YYYY-MM-DD）", plain)
        }
    }

    public func check(_ value: Value) -> Fault? {
        guard !value.isNull else { return nil }
        guard let number = value.int else { return Fault("应为日期", code: "wrong_type") }
        guard let day = Day(known: number), range.contains(day) else { return .outside(range.lowerBound.iso, range.upperBound.iso) }
        return nil
    }

    public func show(_ value: Value, in language: Language) -> String { value.int.flatMap(Day.init(known:))?.iso ?? "" }
    public func plain(_ value: Value) -> Plain { value.int.flatMap(Day.init(known:)).map { .text($0.iso) } ?? .null }

    private func inRange(_ day: Day) throws(Fault) -> Value {
        if let fault = check(day.stored) { throw fault }
        return day.stored
    }
}

/// `dddd-dd-dd` and nothing else.
func isPlainDay(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.count == 10 && bytes.enumerated().allSatisfy { $0 == 4 || $0 == 7 ? $1 == 0x2D : $1.isDigit }
}

extension Day {
    /// Nil for a number no calendar has: the years 1 to 9999.
    init?(known number: Int64) {
        guard let number = Int(exactly: number), Day.numbers.contains(number) else { return nil }
        self.init(number: number)
    }
}
