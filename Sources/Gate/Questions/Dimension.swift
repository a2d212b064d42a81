import Records

extension FieldSpec {
    /// Days and moments, which are told apart by a stretch of time.
    public var isTime: Bool { kind.time != nil }

    /// Whether records are told apart by it: what takes few values, and days.
    public var isDimension: Bool {
        guard !traits.isSealed, name != "id", name != "version" else { return false }
        if isTime { return name != "deleted_at" }
        return switch kind.sharing {
        case .usual: true
        case .possible: !traits.isTitle && !traits.isUnique && (traits.isInList || traits.isIndexed)
        case .rare: false
        }
    }

    /// Whether its sum says something: not a score's, a year's or a person's age.
    public var isSummed: Bool {
        guard isColumn, !traits.isSealed, let figure = kind.figure else { return false }
        return switch figure {
        case .money, .amount: true
        case .count: traits.unit != nil
        case .rate, .score: false
        }
    }

    /// Whether its average says something.
    public var isAveraged: Bool { isColumn && !traits.isSealed && kind.figure != nil }
}

extension View {
    /// By what the actor may tell an entity's records apart, the entity's own words first.
    public func dimensions(of schema: Schema) -> [FieldSpec] {
        func rank(_ field: FieldSpec) -> Int {
            if field.name == schema.flow?.field || field.name == schema.traits.board { return 0 }
            if ["created_by", "updated_by", "updated_at", "created_at"].contains(field.name) { return 3 }
            return field.traits.isInList ? 1 : 2
        }
        let fields = schema.fieldsOnPages.filter { $0.isDimension && right(schema, $0) >= .read }
        return fields.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    /// What the actor may count and add up.
    public func measures(of schema: Schema) -> [Summary.Measure] { measureGroups(of: schema).prefix(3).flatMap(\.measures) }

    /// The same and everything rarer, by kind.
    public func measureGroups(of schema: Schema) -> [(label: Words, measures: [Summary.Measure])] {
        let fields = schema.fieldsOnPages.filter { right(schema, $0) >= .read && !$0.traits.isSealed }
        let listed = fields.filter { $0.traits.isInList || $0.name == schema.flow?.field }
        let shares = listed.flatMap { field -> [Summary.Measure] in
            if field.kind.isYesNo { return [.share(field.name, .eq, [.text("true")])] }
            guard let choices = field.kind.choices, choices.count <= 12 else { return [] }
            return choices.map { .share(field.name, .eq, [.text($0.code)]) }
        }
        let averaged = fields.filter(\.isAveraged)
        let groups: [(Words, [Summary.Measure])] = [
            (Words("计数", "Count"), [.count]), (Words("合计", "Total"), fields.filter(\.isSummed).map { .sum($0.name) }),
            (Words("平均", "Average"), averaged.map { .average($0.name) }),
            (Words("最大与最小", "Greatest and least"), averaged.flatMap { [.max($0.name), .min($0.name)] }),
            (Words("去重计数", "Distinct"), listed.filter { $0.isLink && $0.isColumn }.map { .distinct($0.name) }),
            (Words("占比", "Share"), shares),
        ]
        return groups.filter { !$0.1.isEmpty }.map { (label: $0.0, measures: $0.1) }
    }

    /// By what linked records may be told apart, link by link.
    public func linkedDimensions(of schema: Schema) -> [(link: FieldSpec, fields: [FieldSpec])] {
        schema.fields.compactMap { link in
            guard link.isLink, link.isColumn, right(schema, link) >= .read, let target = link.target.flatMap({ catalog[$0] }),
                target.isOwned, target.traits.isPublic, may("read", target)
            else { return nil }
            let fields = dimensions(of: target).filter {
                $0.isColumn && !$0.isTime && $0.traits.isInList && $0.kind.sharing == .usual
            }
            return fields.isEmpty ? nil : (link, fields)
        }
    }

    public func label(of group: Summary.Group, in schema: Schema) throws -> String { try axis(group, in: schema).label }

    public func label(of measure: Summary.Measure, in schema: Schema) throws -> String { try measured(measure, in: schema).label }

    func measured(_ measure: Summary.Measure, in schema: Schema) throws -> Answer.Measured {
        let language = actor.language
        guard let name = measure.field else { return Answer.Measured(measure: measure, label: language("数量", "Count"), field: nil) }
        let field = try readable(name, in: schema), label = field.label(in: language)
        func made(_ words: String, _ unit: Answer.Unit) -> Answer.Measured {
            Answer.Measured(measure: measure, label: words, field: nil, unit: unit)
        }
        switch measure {
        case .distinct:
            guard field.isColumn, !field.traits.isSealed else { throw Refusal.unreadable("「\(field.label)」不能计数") }
            return made(language("\(label)数", "Number of \(label.lowercased())"), .count)
        case .share(_, let op, let values):
            let filter = try self.condition(measure, in: schema)
            guard case .compare(_, _, let operands) = filter else { throw Refusal.unreadable("无法读取占比 \(measure.text)") }
            let shown = op == .empty || op == .notEmpty ? "" : operands.map { field.kind.show($0, in: language) }.joined(separator: "、")
            let sign =
                [
                    .gt: ">", .gte: "≥", .lt: "<", .lte: "≤", .ne: "≠", .empty: language("未填写", "empty"),
                    .notEmpty: language("已填写", "filled in"),
                ][op] ?? ""
            _ = values
            return made(
                language("\(op == .eq ? "" : label)\(sign)\(shown)占比", "\(op == .eq ? "" : label + " ")\(sign)\(shown) share"), .percent)
        case .balance:
            guard field.isAveraged else { throw Refusal.unreadable("「\(field.label)」不是评分") }
            return made("NPS", .points)
        case .days(_, let to), .hours(_, let to):
            let end = try readable(to, in: schema)
            guard field.isTime, end.isTime else { throw Refusal.unreadable("「\(field.label)」到「\(end.label)」不是两个日期") }
            let isDays = if case .days = measure { true } else { false }
            return made(
                language(
                    "\(label)到\(end.label)平均\(isDays ? "天数" : "小时")",
                    "Average \(isDays ? "days" : "hours") from \(label.lowercased()) to \(end.label(in: language).lowercased())"),
                isDays ? .days : .hours)
        default: break
        }
        let fits = if case .sum = measure { field.isSummed } else { field.isAveraged || field.isSummed }
        guard fits else { throw Refusal.unreadable("「\(field.label)」不是可以统计的数字") }
        switch measure {
        case .count: return Answer.Measured(measure: measure, label: language("数量", "Count"), field: nil)
        case .sum: return Answer.Measured(measure: measure, label: language("\(label)合计", "Total \(label.lowercased())"), field: field)
        case .average:
            return Answer.Measured(measure: measure, label: language("平均\(label)", "Average \(label.lowercased())"), field: field)
        case .min: return Answer.Measured(measure: measure, label: language("最小\(label)", "Least \(label.lowercased())"), field: field)
        default: return Answer.Measured(measure: measure, label: language("最大\(label)", "Greatest \(label.lowercased())"), field: field)
        }
    }

    /// What a share asks of each record, its value read as a filter's.
    func condition(_ measure: Summary.Measure, in schema: Schema) throws -> Condition {
        try ListQuery(QueryItems(measure.filters), schema, self).filters(self).first?.condition ?? .everything
    }

    /// The measure as the store is asked.
    func resolved(_ measure: Summary.Measure, in schema: Schema) throws -> Summary.Measure {
        guard case .share(let name, _, _) = measure, case .compare(_, let op, let values) = try condition(measure, in: schema) else {
            return measure
        }
        return .share(schema[name]?.name ?? name, op, values)
    }

    /// A dimension as the question names it: `level` may stand for `level_id`, `customer.level` goes through the link, days are told apart
    /// by month when nothing else is said.
    func axis(_ asked: Summary.Group, in schema: Schema) throws -> Axis {
        guard let name = asked.link else {
            let field = try readable(schema[asked.field] == nil ? asked.field + "_id" : asked.field, in: schema)
            return try axis(asked, field, path: field.name, label: field.label(in: actor.language), of: schema)
        }
        let (target, link) = try linked(name, in: schema)
        guard link.isColumn else { throw Refusal.unreadable("不能经「\(link.label)」统计") }
        let field = try readable(target[asked.field] == nil ? asked.field + "_id" : asked.field, in: target)
        guard field.isColumn else { throw Refusal.unreadable("不能经「\(link.label)」按「\(field.label)」统计") }
        var axis = try axis(
            asked, field, path: "\(link.name).\(field.name)",
            label: actor.language(
                "\(link.label)的\(field.label)", "\(link.label(in: .english))’s \(field.label(in: .english).lowercased())"), of: target)
        axis.group.link = link.name
        axis.seesAll = actor.reach(target, "read").withoutPool.isEverything
        return axis
    }

    private func axis(_ asked: Summary.Group, _ field: FieldSpec, path: String, label: String, of schema: Schema) throws -> Axis {
        var group = Summary.Group(field.name, asked.grain)
        switch asked.grain {
        case .bounds:
            guard field.isAveraged else { throw Refusal.unreadable("「\(field.label)」不是数字，不能分段") }
        case .ages(let days):
            guard let time = field.kind.time else { throw Refusal.unreadable("「\(field.label)」不是日期，不能按时间远近分组") }
            let days = days.map { now.day - $0 }
            group.grain = .bounds(days.compactMap { time.start(of: $0).int })
        default:
            guard field.isDimension else { throw Refusal.unreadable("\(schema.label)不能按「\(field.label)」统计") }
            if field.isTime, asked.grain == .value { group.grain = .month }
            guard field.isTime || asked.grain == .value else { throw Refusal.unreadable("「\(field.label)」不是日期，没有时间粒度") }
        }
        return Axis(asked: asked, group: group, field: field, path: path, label: label)
    }
}

/// A dimension of a question as it is asked of the store and read by people.
struct Axis {
    let asked: Summary.Group
    var group: Summary.Group
    let field: FieldSpec
    /// As a filter names it.
    let path: String
    let label: String
    /// Through a link some records may be out of reach; no filter tells those from the ones without a value.
    var seesAll = true

    /// Days, weeks, months: not how long ago.
    var isTime: Bool { if case .bounds = group.grain { false } else { field.isTime } }

    /// The conditions by which a list finds the records with this value; nil when no condition says it.
    func filters(_ value: Value) -> [(name: String, value: String)]? {
        if value.isNull {
            guard let link = group.link else { return [("filter[\(path)][empty]", "true")] }
            // Nobody is linked, or who is has no value.
            let group = "filter[any][\(field.name.prefix(20))]"
            return seesAll ? [("\(group)[\(link)][empty]", "true"), ("\(group)[\(path)][empty]", "true")] : nil
        }
        if case .bounds(let bounds) = group.grain {
            guard let place = value.int.map({ Int(clamping: $0) }), (0...bounds.count).contains(place) else { return nil }
            // bounded: place lies among the bounds.
            let from = place > 0 ? [("filter[\(path)][gte]", text(bounds[place - 1]))] : [],
                to = place < bounds.count ? [("filter[\(path)][lt]", text(bounds[place]))] : []
            return from + to
        }
        return field.filters(value, path: path)
    }

    private func text(_ bound: Int64) -> String {
        field.kind.time.map { $0.day(of: bound).iso } ?? String(bound)
    }

    /// `40–60`, `30–90 天前`.
    func label(_ value: Value, _ language: Language) -> String? {
        guard case .bounds(let bounds) = group.grain, let place = value.int.map({ Int(clamping: $0) }), (0...bounds.count).contains(place)
        else { return nil }
        if case .ages(let days) = asked.grain {
            if place == 0 { return language("\(days[0])天以上", "Over \(days[0]) days") }
            return place == days.count
                ? language("\(days[place - 1])天以内", "Within \(days[place - 1]) days")
                : language("\(days[place])–\(days[place - 1])天", "\(days[place])–\(days[place - 1]) days")
        }
        func shown(_ bound: Int64) -> String { field.kind.show(.int(bound), in: language) }
        if place == 0 { return language("\(shown(bounds[0]))以下", "Below \(shown(bounds[0]))") }
        return place == bounds.count
            ? language("\(shown(bounds[place - 1]))及以上", "\(shown(bounds[place - 1])) and more")
            : "\(shown(bounds[place - 1]))–\(shown(bounds[place]))"
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
            guard let text = value.text, let year = Int(text.prefix(4)), let number = text.last?.wholeNumberValue,
                // bounded: the value of one letter.
                let day = Day(year: year, month: number * 3 - 2, day: 1)
            else { return nil }
            (from, to, label) = (day, day.adding(months: 3), language("\(year)年第\(number)季度", "\(year) Q\(number)"))
            short = number == 1 ? String(year) : "Q\(number)"
        case .year:
            guard let text = value.text, let year = Int(text), let day = Day(year: year, month: 1, day: 1) else { return nil }
            (from, to, label, short) = (day, day.adding(months: 12), language("\(year)年", text), text)
        case .value, .bounds, .ages: return nil
        }
    }

    /// The key of the time that begins on a day.
    static func value(_ day: Day, _ grain: Summary.Grain) -> Value {
        switch grain {
        case .month: .text(String(day.iso.prefix(7)))
        case .quarter: .text("\(day.iso.prefix(4))-Q\((day.month + 2) / 3)")
        case .year: .text(String(day.iso.prefix(4)))
        case .day, .week, .value, .bounds, .ages: .int(Int64(day.number))
        }
    }
}
