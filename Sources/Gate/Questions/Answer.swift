import Records

/// What a ``Question`` came to: numbers by one or two dimensions, each with the address of exactly its records.
public struct Answer: Sendable {
    public let question: Question
    public let schema: Schema
    public let measures: [Measured]
    /// The values of the first dimension, in the order in which they are shown; none without a dimension.
    public internal(set) var keys: [Key] = []
    /// The values of the second.
    public internal(set) var series: [Key] = []
    /// Of all records together, a value for each measure.
    public internal(set) var totals: [Value] = []
    /// Of the stretch of time before, as far as the present one has come.
    public internal(set) var before: [Value]?
    /// What the dimensions are called.
    public internal(set) var labels: [String] = []
    /// Whether the first dimension is time.
    public internal(set) var isTimed = false
    /// There were more parts than could be told apart.
    public internal(set) var isCut = false
    var cells: [Cell: [Value]] = [:]
    /// The bounds of the question's span as filters: of the present stretch, and of the one before.
    var present: [(name: String, value: String)] = []
    var past: [(name: String, value: String)] = []

    struct Cell: Hashable {
        var key, series: Value
    }

    /// One value of a dimension: what it is called, and by which conditions its records are found.
    public struct Key: Sendable {
        public var value: Value
        public var label: String
        /// The same where there is little room: `11月`.
        public var short: String
        public var tone: Tone?
        /// Nil when no condition says it.
        public var filters: [(name: String, value: String)]?
        public var totals: [Value]
        /// Of the stretch of time before.
        public var before: [Value]?
        /// All that found no room of their own.
        public var isRest = false
    }

    public enum Unit: Sendable { case count, percent, points, days, hours }

    /// One measure, and how its values read.
    public struct Measured: Sendable {
        public let measure: Summary.Measure
        public let label: String
        /// Nil when the number is no value of a field, but in ``unit``.
        public let field: FieldSpec?
        public var unit = Unit.count

        public var isMoney: Bool { field?.isMoney ?? false }

        /// As a person reads it; “—” for none.
        public func show(_ value: Value, in language: Language) -> String {
            guard let field, !value.isNull else { return text(value, in: language) ?? "—" }
            return (isMoney ? "¥ " : "") + field.kind.show(whole(value), in: language)
        }

        /// As a sheet holds it: a plain number.
        public func edit(_ value: Value) -> String {
            guard !value.isNull else { return "" }
            return field.map { $0.kind.edit(whole(value)) } ?? value.int.map(String.init) ?? value.real.map(Answer.tenths) ?? ""
        }

        private func text(_ value: Value, in language: Language) -> String? {
            guard unit != .count else { return value.int.map { CountText.grouped($0) } }
            guard let number = value.real.map(Answer.tenths) else { return nil }
            return switch unit {
            case .percent: number + "%"
            case .days: language("\(number) 天", "\(number) days")
            case .hours: language("\(number) 小时", "\(number) h")
            case .points, .count: number
            }
        }

        private func whole(_ value: Value) -> Value {
            guard case .real(let number) = value, let field, field.kind.column == .integer else { return value }
            return .int(Int64(Int(nearest: number)))
        }
    }

    public func values(_ key: Key, _ series: Key? = nil) -> [Value] {
        guard let series else { return key.totals }
        return cells[Cell(key: key.identity, series: series.identity)] ?? measures.map { $0.measure.addsUp ? 0 : .null }
    }

    /// The address of exactly the records behind a number; nil when no condition says which they are.
    public func address(_ key: Key? = nil, _ series: Key? = nil, of measured: Measured? = nil) -> String? {
        var items = question.records
        items.pairs += present + (measured?.measure.filters ?? [])
        for key in [key, series] {
            guard let key else { continue }
            guard let filters = key.filters else { return nil }
            items.pairs += filters
        }
        return "/\(schema.name)" + (items.pairs.isEmpty ? "?all=1" : items.suffix)
    }

    /// The records behind ``before``.
    public func addressBefore(_ key: Key? = nil, of measured: Measured? = nil) -> String? {
        var items = question.records
        items.pairs += past + (measured?.measure.filters ?? [])
        guard let key else { return "/\(schema.name)" + items.suffix }
        guard let filters = key.filters else { return nil }
        items.pairs += filters
        return "/\(schema.name)" + items.suffix
    }

    /// By what part of the number so many keys earlier the first measure has changed, in percent: the month before, the same month of the
    /// year before.
    public func change(at place: Int, back steps: Int) -> Double? {
        guard isTimed, place >= steps, keys[place].filters != nil, !keys[place].value.isNull,
            let old = keys[place - steps].totals.first?.real, old > 0, let now = keys[place].totals.first?.real
        else { return nil }
        return (now - old) / old * 100
    }

    /// How many keys make a year.
    public var yearsSteps: Int? {
        guard isTimed else { return nil }
        return switch question.dimensions.first?.grain {
        case .month, .value: 12
        case .quarter: 4
        default: nil
        }
    }
}

extension Answer.Key {
    /// What tells it from the others: the rest is no value.
    var identity: Value { isRest ? Answer.restMark : value }
}

extension Answer {
    /// With at most one decimal.
    static func tenths(_ number: Double) -> String {
        guard number.isFinite, number.magnitude < 1e15 else { return "" }
        let tenths = Int64(Int(nearest: number * 10))
        return (tenths < 0 ? "-" : "") + String(tenths.magnitude / 10) + (tenths % 10 == 0 ? "" : ".\(tenths.magnitude % 10)")
    }

    static let restMark = Value.list([])
}

/// Whole numbers in groups of three digits.
public enum CountText {
    public static func grouped(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (number < 0 ? "-" : "") + text
    }
}
