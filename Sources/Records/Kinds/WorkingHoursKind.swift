/// From when to when somebody works on a day, in one or several stretches: `09:00-12:00,13:30-18:00`.
public struct WorkingHoursKind: FieldKind {
    public init() {}

    public var name: String { "working_hours" }
    public var column: ColumnType { .text }
    public var editor: Editor { .line() }
    public var operators: [Operator] { [.eq, .empty, .notEmpty] }
    public var openAPI: [String: Plain] {
        ["type": "string", "pattern": #"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9](,[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]){0,5}$"#]
    }

    public func parse(_ text: String) throws(Fault) -> Value {
        guard text.utf8.count <= 200, let stretches = Self.read(text.halfWidth) else { throw Self.unreadable }
        guard !stretches.isEmpty, stretches.count <= 6 else { throw Self.unreadable }
        for (earlier, later) in zip(stretches, stretches.dropFirst()) where later.lowerBound < earlier.upperBound {
            throw Fault("时段应从早到晚排列且不重叠，例如 09:00-12:00,13:30-18:00", code: "out_of_range")
        }
        return .text(stretches.map { "\(Self.write($0.lowerBound))-\(Self.write($0.upperBound))" }.joined(separator: ","))
    }

    public func check(_ value: Value) -> Fault? { checkForm(value) }

    /// Minutes of the day; nil when the text says something else.
    public static func read(_ text: String) -> [Range<Int>]? {
        var stretches: [Range<Int>] = []
        for part in text.split(whereSeparator: { ",、;".contains($0) }) where !part.trimmed.isEmpty {
            let ends = part.split(whereSeparator: { "-–—~至到".contains($0) }).map { minute($0.trimmed) }
            guard ends.count == 2, let from = ends[0], let until = ends[1], from < until else { return nil }
            // bounded: from lies before until.
            stretches.append(from..<until)
        }
        return stretches
    }

    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.utf8.count) && $0.utf8.allSatisfy(\.isDigit) }),
            parts[1].utf8.count == 2,
            let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }

    private static func write(_ minute: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return "\(two(minute / 60)):\(two(minute % 60))"
    }

    private static let unreadable = Fault("应为工作时段，例如 09:00-12:00,13:30-18:00")
}
