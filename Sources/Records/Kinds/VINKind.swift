/// A vehicle identification number (GB 16735): 17 letters and digits, the ninth of which checks the others.
public struct VINKind: FieldKind {
    /// Whether a wrong check digit is refused, or only pointed out: imported cars and those before 2004 need not have one.
    public var blocksWrongCheckDigit: Bool
    public init(blocksWrongCheckDigit: Bool = true) { self.blocksWrongCheckDigit = blocksWrongCheckDigit }

    public var name: String { "vin" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { .forCodes }
    public var searching: Searching { .number }
    public var openAPI: [String: Plain] { ["type": "string", "pattern": "^[A-HJ-NPR-Z0-9]{8}[0-9X][A-HJ-NPR-Z0-9]{8}$"] }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 80 else { throw Self.wrongLength(text.utf8.count) }
        let vin = text.halfWidth.without(" -\u{A0}").uppercased()
        guard vin.utf8.allSatisfy({ $0.isDigit || $0.isUpper }) else { throw Fault("车架号只含大写字母和数字") }
        guard vin.utf8.count == 17 else { throw Self.wrongLength(vin.utf8.count) }
        guard !vin.utf8.contains(where: { "IOQ".utf8.contains($0) }) else { throw Fault("车架号中没有字母 I、O、Q，请检查是否为数字 1 或 0") }
        guard !blocksWrongCheckDigit || VIN.hasValidCheckDigit(vin) else { throw Self.wrongCheckDigit }
        return .text(vin)
    }

    public func check(_ value: Value) -> Fault? {
        if let fault = checkForm(value) { return fault }
        guard let vin = value.text, !VIN.hasValidCheckDigit(vin) else { return nil }
        return .warning("车架号的校验位（第 9 位）不符，请核对；进口车或 2004 年前的车可以忽略")
    }

    /// LXZ****000002
    public func mask(_ value: Value) -> String { value.masked(first: 3, last: 6, of: 17) }

    private static let wrongCheckDigit = Fault("车架号的校验位（第 9 位）不符，请逐位核对", code: "check_digit")
    private static func wrongLength(_ count: Int) -> Fault { Fault("车架号应为 17 位，现在是 \(count) 位") }
}

/// A vehicle identification number: `Field<VIN>("vin", "车架号")`.
public struct VIN: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { VINKind() }

    /// The tenth place tells the model year, in a cycle of thirty years: the latest one not after `newest`.
    public func modelYear(notAfter newest: Int) -> Int? {
        let letters = Array("ABCDEFGHJKLMNPRSTVWXY123456789".utf8)
        let marks = Array(text.utf8)
        guard marks.count == 17, let place = letters.firstIndex(of: marks[9]), (1980...9999).contains(newest) else { return nil }
        let year = 1980 + place
        return year > newest ? nil : year + (newest - year) / 30 * 30
    }

    /// Whether the ninth of 17 places is what the others make it. Letters count by GB 16735's table.
    public static func hasValidCheckDigit(_ vin: String) -> Bool {
        let marks = Array(vin.utf8)
        guard marks.count == 17 else { return false }
        var sum = 0
        for (mark, weight) in zip(marks, weights) {
            guard let value = value(of: mark) else { return false }
            sum += value * weight
        }
        return marks[8] == (sum % 11 == 10 ? 88 : UInt8(48 + sum % 11))
    }

    private static let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]

    private static func value(of mark: UInt8) -> Int? {
        switch mark {
        case _ where mark.isDigit: mark.digit
        // bounded: a mark is a byte.
        case 65...72: Int(mark) - 64
        // bounded: a mark is a byte.
        case 74...78: Int(mark) - 73
        case 80: 7
        case 82: 9
        // bounded: a mark is a byte.
        case 83...90: Int(mark) - 81
        default: nil
        }
    }
}
