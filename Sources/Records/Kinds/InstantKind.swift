/// A moment. Programs send and get RFC 3339 (`2026-11-23T05:27:40Z`); people write and read the company's time.
public struct InstantKind: FieldKind {
    public init() {}

    public var name: String { "instant" }
    public var column: ColumnType { .integer }
    public var editor: Editor { .instant }
    public var operators: [Operator] { .forTimes }
    public var openAPI: [String: Plain] { ["type": "string", "format": "date-time"] }
    public var time: TimeForm? { .instant }
    public var plainForm: PlainForm { .instant }
    public func sheetHint(unit: Words?) -> String? { "时间，如 2026-11-23 13:27" }

    public func parse(_ text: String) throws(Fault) -> Value { try inRange(try DateText(text).instant) }

    public func accept(_ plain: Plain) throws(Fault) -> Value {
        switch plain {
        case .null: return .null
        case .text(let text):
            guard Self.isRFC3339(Array(text.utf8)) else { throw Fault("时间应写成 RFC 3339，例如 2026-11-23T13:27:40+08:00") }
            return try inRange(try DateText(text).instant)
        default: throw .wrongType("文字（RFC 3339）", plain)
        }
    }

    /// `dddd-dd-ddTdd:dd:dd[.d…](Z|±dd:dd)`; whether the numbers make sense is ``DateText``'s to say.
    private static func isRFC3339(_ bytes: [UInt8]) -> Bool {
        guard (20...60).contains(bytes.count), isPlainDay(bytes.prefix(10)), bytes[10] == 0x54 || bytes[10] == 0x74 || bytes[10] == 0x20
        else { return false }
        let clock = bytes[11..<19]
        guard clock.enumerated().allSatisfy({ $0 == 2 || $0 == 5 ? $1 == 0x3A : $1.isDigit }) else { return false }
        var rest = bytes[19...]
        if rest.first == 0x2E {
            rest = rest.dropFirst()
            guard rest.first?.isDigit == true else { return false }
            rest = rest.drop(while: \.isDigit)
        }
        if rest.count == 1 { return rest.first == 0x5A || rest.first == 0x7A }
        guard rest.count == 6, rest.first == 0x2B || rest.first == 0x2D else { return false }
        return rest.dropFirst().enumerated().allSatisfy { $0 == 2 ? $1 == 0x3A : $1.isDigit }
    }

    public func check(_ value: Value) -> Fault? {
        guard !value.isNull else { return nil }
        guard let number = value.int else { return Fault("应为时间", code: "wrong_type") }
        guard Instant.known.contains(number), Instant.enterable.contains(Instant(milliseconds: number)) else {
            return .outside(Instant.enterable.lowerBound.shown, Instant.enterable.upperBound.shown)
        }
        return nil
    }

    /// `2026-11-23 13:27` in the company's zone.
    public func show(_ value: Value, in language: Language) -> String { instant(value)?.shown ?? "" }

    /// As shown, with seconds where there are any.
    public func edit(_ value: Value) -> String {
        guard let instant = instant(value) else { return "" }
        guard instant.milliseconds % 60_000 != 0 else { return instant.shown }
        // The zone's offset is whole minutes, so the seconds are UTC's: `…T05:27:40.123Z`.
        return instant.shown + instant.rfc3339.dropFirst(16).dropLast()
    }

    public func plain(_ value: Value) -> Plain { instant(value).map { .text($0.rfc3339) } ?? .null }

    private func instant(_ value: Value) -> Instant? {
        value.int.flatMap { Instant.known.contains($0) ? Instant(milliseconds: $0) : nil }
    }

    private func inRange(_ instant: Instant) throws(Fault) -> Value {
        if let fault = check(instant.stored) { throw fault }
        return instant.stored
    }
}
