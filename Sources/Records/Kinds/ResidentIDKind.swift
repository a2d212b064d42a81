import Foundation

/// A resident's ID card number (GB 11643): 18 places with a birthday and a check character.
public struct ResidentIDKind: FieldKind {
    /// Nobody is born after it.
    private let today: @Sendable () -> Day
    public init(today: @escaping @Sendable () -> Day = { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).day }) {
        self.today = today
    }

    public var name: String { "resident_id" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { [.eq, .ne, .empty, .notEmpty] }
    public var searching: Searching { .none }
    public var openAPI: [String: Plain] {
        ["type": "string", "pattern": "^[0-9]{6}(18|19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]$"]
    }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 80 else { throw Fault("身份证号应为 18 位") }
        let number = text.halfWidth.without(" -\u{A0}").uppercased()
        guard number.utf8.count != 15 else { throw Fault("15 位旧身份证号已停用，请填写 18 位号码") }
        guard number.utf8.count == 18, String(number.dropLast()).isDigits, number.utf8.last.map({ $0.isDigit || $0 == 88 }) == true else {
            throw Fault("身份证号应为 18 位，最后一位可以是 X")
        }
        guard let birthday = ResidentID(number).birthday, birthday.year >= 1800, birthday <= today() else {
            throw Fault("身份证号第 7–14 位不是有效的出生日期")
        }
        guard ResidentID.hasValidCheckDigit(number) else { throw Fault("身份证号的校验位（最后一位）不符，请逐位核对", code: "check_digit") }
        return .text(number)
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }
    /// 110****002X
    public func mask(_ value: Value) -> String { value.masked(first: 3, last: 4, of: 18) }
}

/// A resident's ID card number: `Field<ResidentID?>("id_no", "身份证号", .sealed)`.
public struct ResidentID: TextValue {
    public var text: String
    public init(_ text: String) { self.text = text }
    public static var kind: any FieldKind { ResidentIDKind() }

    /// The birthday in places 7 to 14.
    public var birthday: Day? {
        guard let digits else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1.digit } }
        return Day(year: number(6..<10), month: number(10..<12), day: number(12..<14))
    }

    /// The 17th place is odd for men.
    public var isMale: Bool? { digits.map { $0[16].digit % 2 == 1 } }

    /// The first 17 digits, when they are digits.
    private var digits: [UInt8]? {
        let marks = Array(text.utf8)
        return marks.count == 18 && marks.dropLast().allSatisfy(\.isDigit) ? Array(marks.dropLast()) : nil
    }

    /// Whether the last of 18 places is what the others make it.
    public static func hasValidCheckDigit(_ number: String) -> Bool {
        let marks = Array(number.utf8)
        guard marks.count == 18, marks.dropLast().allSatisfy(\.isDigit) else { return false }
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(marks, weights).reduce(0) { $0 + $1.0.digit * $1.1 }
        return marks[17] == Array("10X98765432".utf8)[sum % 11]
    }
}
