import Records

extension FieldSpec {
    /// Days and moments, which are told apart by a stretch of time.
    public var isTime: Bool { kind is DayKind || kind is InstantKind }

    /// Whether records are told apart by it: what takes few values, and days.
    public var isDimension: Bool {
        guard !traits.isSealed, name != "id", name != "version" else { return false }
        switch kind {
        case is ChoiceKind, is LinkKind, is LinksKind, is YesNoKind, is RegionKind: return true
        case is DayKind, is InstantKind: return name != "deleted_at"
        case let text as TextKind: return !text.isLong && !traits.isTitle && !traits.isUnique && (traits.isInList || traits.isIndexed)
        default: return false
        }
    }

    /// Whether its sum says something: not a score's, a year's or a person's age.
    public var isSummed: Bool { isColumn && !traits.isSealed && (kind is MoneyKind || kind is DecimalKind || kind is WholeNumberKind && traits.unit != nil) }

    /// Whether its average says something.
    public var isAveraged: Bool { isColumn && !traits.isSealed && (isSummed || kind is WholeNumberKind || kind is ScoreKind || kind is PercentKind) }
}

extension View {
    /// By what the actor may tell an entity's records apart, the entity's own words first.
    public func dimensions(of schema: Schema) -> [FieldSpec] {
        func rank(_ field: FieldSpec) -> Int {
            if field.name == schema.flow?.field || field.name == schema.traits.board { return 0 }
            if ["created_by", "updated_by", "updated_at", "created_at"].contains(field.name) { return 3 }
            return field.traits.isInList ? 1 : 2
        }
        let fields = schema.fields.filter { $0.isDimension && right(schema, $0) >= .read }
        return fields.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    /// What the actor may count and add up.
    public func measures(of schema: Schema) -> [Summary.Measure] {
        let fields = schema.fields.filter { right(schema, $0) >= .read }
        return [.count] + fields.filter(\.isSummed).map { .sum($0.name) } + fields.filter(\.isAveraged).map { .average($0.name) }
    }

    func measured(_ measure: Summary.Measure, in schema: Schema) throws -> Answer.Measured {
        let language = actor.language
        guard let name = measure.field else { return Answer.Measured(measure: measure, label: language("数量", "Count"), field: nil) }
        let field = try readable(name, in: schema), label = field.label(in: language)
        let fits = if case .sum = measure { field.isSummed } else { field.isAveraged || field.isSummed }
        guard fits else { throw Refusal.unreadable("「\(field.label)」不是可以统计的数字") }
        switch measure {
        case .count: return Answer.Measured(measure: measure, label: language("数量", "Count"), field: nil)
        case .sum: return Answer.Measured(measure: measure, label: language("\(label)合计", "Total \(label.lowercased())"), field: field)
        case .average: return Answer.Measured(measure: measure, label: language("平均\(label)", "Average \(label.lowercased())"), field: field)
        case .min: return Answer.Measured(measure: measure, label: language("最小\(label)", "Least \(label.lowercased())"), field: field)
        case .max: return Answer.Measured(measure: measure, label: language("最大\(label)", "Greatest \(label.lowercased())"), field: field)
        }
    }

    /// A dimension as the question names it: `level` may stand for `level_id`, days are told apart by month when nothing else is said.
    func dimension(_ group: Summary.Group, in schema: Schema) throws -> (field: FieldSpec, group: Summary.Group) {
        let field = try readable(schema[group.field] == nil ? group.field + "_id" : group.field, in: schema)
        guard field.isDimension else { throw Refusal.unreadable("\(schema.label)不能按「\(field.label)」统计") }
        if field.isTime { return (field, Summary.Group(field.name, group.grain == .value ? .month : group.grain)) }
        guard group.grain == .value else { throw Refusal.unreadable("「\(field.label)」不是日期，没有时间粒度") }
        return (field, Summary.Group(field.name))
    }
}

/// The time that a key of a time grain stands for.
struct TimeKey {
    let from: Day
    /// The day after its last.
    let to: Day
    let label: String
    /// Below an axis.
    let short: String

    init?(_ value: Value, _ grain: Summary.Grain, _ language: Language) {
        switch grain {
        case .day, .week:
            guard let number = value.int else { return nil }
            from = Day(number: Int(truncatingIfNeeded: number))
            to = from + (grain == .day ? 1 : 7)
            let (year, month, day) = from.parts
            label = grain == .day ? from.iso : language("\(year)年\(month)月\(day)日起一周", "Week of \(from.iso)")
            short = String(from.iso.dropFirst(5))
        case .month:
            guard let text = value.text, let day = Day(iso: text + "-01") else { return nil }
            (from, to, label) = (day, day.adding(months: 1), language("\(day.year)年\(day.month)月", text))
            short = day.month == 1 ? String(day.year) : language("\(day.month)月", String(text.suffix(2)))
        case .quarter:
            guard let text = value.text, let year = Int(text.prefix(4)), let number = text.last?.wholeNumberValue, let day = Day(year: year, month: number * 3 - 2, day: 1) else { return nil }
            (from, to, label) = (day, day.adding(months: 3), language("\(year)年第\(number)季度", "\(year) Q\(number)"))
            short = number == 1 ? String(year) : "Q\(number)"
        case .year:
            guard let text = value.text, let year = Int(text), let day = Day(year: year, month: 1, day: 1) else { return nil }
            (from, to, label, short) = (day, day.adding(months: 12), language("\(year)年", text), text)
        case .value, .bounds: return nil
        }
    }

    /// The key of the time that begins on a day.
    static func value(_ day: Day, _ grain: Summary.Grain) -> Value {
        switch grain {
        case .month: .text(String(day.iso.prefix(7)))
        case .quarter: .text("\(day.iso.prefix(4))-Q\((day.month + 2) / 3)")
        case .year: .text(String(day.iso.prefix(4)))
        case .day, .week, .value, .bounds: .int(Int64(day.number))
        }
    }
}
