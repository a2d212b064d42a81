/// A Chinese number plate: 浙A12345, 沪AD12345 (new energy), 粤Z1234港, 使014578.
public struct PlateKind: FieldKind {
    public init() {}

    public var name: String { "plate" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { .forCodes }
    public var searching: Searching { .number }
    public var openAPI: [String: Plain] {
        [
            "type": "string",
            "pattern": .text(
                "^(?:[\(Plate.provinces)][A-HJ-NP-Z](?:[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[\(Plate.suffixes)"
                    + "]|[DABCEFGHJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[DABCEFGHJK])|使[0-9]{6})$"
            ),
        ]
    }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard let plate = Plate.normalise(text) else { throw Fault("应为车牌号，例如 浙A12345 或 浙AD12345；未上牌请留空") }
        return .text(plate)
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }
    /// 浙A****45
    public func mask(_ value: Value) -> String { value.masked(first: 2, last: 2) }
}

/// A number plate: `Field<Plate?>("plate", "车牌号")`.
public struct Plate: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { PlateKind() }

    /// Whether it is a green plate.
    public var isNewEnergy: Bool { text.count == 8 && !text.hasPrefix("使") }

    static let provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
    static let suffixes = "挂学警港澳领"

    /// Upper case without dots and blanks; nil when it is no plate.
    public static func normalise(_ text: String) -> String? {
        guard text.utf8.count <= 60 else { return nil }
        let plain = text.halfWidth.without(" ·•・‧∙.-—\u{A0}").uppercased()
        let marks = Array(plain.unicodeScalars)
        guard let first = marks.first else { return nil }
        if first == "使" { return marks.count == 7 && marks.dropFirst().allSatisfy(isDigit) ? plain : nil }
        guard provinces.unicodeScalars.contains(first), marks.count >= 7, isLetter(marks[1]) else { return nil }
        return isSerial(marks.dropFirst(2)) ? plain : nil
    }

    private static func isSerial(_ serial: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = serial.first, let last = serial.last else { return false }
        let middle = serial.dropLast()
        switch serial.count {
        case 5: return middle.allSatisfy(isMark) && (isMark(last) || suffixes.unicodeScalars.contains(last))
        // New energy: small cars carry the letter in front, large ones at the end.
        case 6:
            return (isEnergy(first) && serial.dropFirst().first.map(isMark) == true && serial.dropFirst(2).allSatisfy(isDigit))
                || (middle.allSatisfy(isDigit) && isEnergy(last))
        default: return false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) && scalar != "I" && scalar != "O" }
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { isDigit(scalar) || isLetter(scalar) }
    private static func isEnergy(_ scalar: Unicode.Scalar) -> Bool { ("A"..."K").contains(scalar) && scalar != "I" }
}
