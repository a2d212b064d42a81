import Records

/// What a filter's form holds of one field: between the controls and the conditions of an address.
public struct FilterAsk: Sendable, Equatable {
    public var way: FilterWay
    /// Codes, ids, words like `me`; a text; of a division those from the province down, empty where none is chosen.
    public var values: [String]
    /// As they are typed, empty for an open end.
    public var from: String
    public var to: String
    public var days: String

    public init(_ way: FilterWay, values: [String] = [], from: String = "", to: String = "", days: String = "") {
        self.way = way
        self.values = values
        self.from = from
        self.to = to
        self.days = days
    }

    /// How many days back or ahead a filter may look.
    public static let reach: ClosedRange<Int> = 1...3650
}

/// One `filter[path][op]=text` of an address.
public struct FilterCondition: Sendable, Equatable {
    public var path: String
    public var op: Operator
    public var text: String

    public init(_ path: String, _ op: Operator, _ text: String) {
        self.path = path
        self.op = op
        self.text = text
    }
}

extension ListQuery {
    /// The conditions that a filled-in form stands for; dates that move stay words.
    ///
    /// - Throws: ``Problem`` with the control's field and how to mend it.
    public func conditions(_ ask: FilterAsk, on subject: FilterSubject, _ view: View) throws -> [FilterCondition] {
        let reading = FilterReading(query: self, ask: ask, subject: subject, view: view)
        guard subject.ways.contains(ask.way) else { throw reading.problem("请选择条件") }
        return try reading.conditions
    }

    /// What the form shows of a clause again; nil for what it has no control for.
    ///
    /// - Parameter beside: the clauses in the same place, among which a city's province is.
    public func ask(_ clause: FilterClause, beside: [FilterClause]) -> FilterAsk? {
        guard let ask = clause.ask(beside: beside), clause.subject.ways.contains(ask.way) else { return nil }
        return ask
    }
}

private struct FilterReading {
    let query: ListQuery
    let ask: FilterAsk
    let subject: FilterSubject
    let view: View

    var field: FieldSpec { subject.field }
    var path: String { subject.path }

    func problem(_ why: String) -> Problem { Problem(subject.field.name, "「\(subject.label(in: .chinese))」\(why)") }

    var conditions: [FilterCondition] {
        get throws {
            switch ask.way {
            case .empty, .notEmpty: return [FilterCondition(path, ask.way == .empty ? .empty : .notEmpty, "true")]
            case .yes, .no: return [FilterCondition(path, .eq, ask.way == .yes ? "true" : "false")]
            case .lastDays: return window(try days == 1 ? "today" : "today-\(try days - 1)", "today+1")
            case .nextDays: return window("today", "today+\(try days + 1)")
            case .range: return try subject.control == .days ? calendar : figures
            case .contains, .starts: return [FilterCondition(path, ask.way == .contains ? .contains : .starts, try words)]
            case .is, .not: return try membership
            default: return ask.way.window.map { window($0.from, $0.before) } ?? []
            }
        }
    }

    private func window(_ from: String, _ before: String) -> [FilterCondition] {
        [FilterCondition(path, .gte, from), FilterCondition(path, .lt, before)]
    }

    private var days: Int {
        get throws {
            guard let days = Int(ask.days.halfWidth.trimmed), FilterAsk.reach.contains(days) else {
                throw problem("的天数应为 \(FilterAsk.reach.lowerBound) 到 \(FilterAsk.reach.upperBound) 的整数，例如 30")
            }
            return days
        }
    }

    private var words: String {
        get throws {
            let text = (ask.values.first ?? "").trimmed
            guard !text.isEmpty else { throw problem("要找什么？请填写文字，或选“为空”") }
            guard text.count <= 200 else { throw problem("最多填写 200 字") }
            return text
        }
    }

    /// From the beginning of one day to the end of another, either left open.
    private var calendar: [FilterCondition] {
        get throws {
            let from = try day(ask.from), to = try day(ask.to)
            guard from != nil || to != nil else { throw problem("请至少填写一个日期") }
            if let from, let to, from > to { throw problem("的开始日期晚于结束日期，请对调") }
            var found: [FilterCondition] = []
            if let from { found.append(FilterCondition(path, .gte, from.iso)) }
            if let to { found.append(FilterCondition(path, .lt, min(to + 1, Day.enterable.upperBound).iso)) }
            return found
        }
    }

    private func day(_ text: String) throws -> Day? {
        guard !text.trimmed.isEmpty else { return nil }
        do throws(Fault) {
            return Day(stored: try DayKind().parse(text.trimmed))
        } catch { throw problem("的日期无法读取：\(error.message)") }
    }

    private var figures: [FilterCondition] {
        get throws {
            let from = try figure(ask.from), to = try figure(ask.to)
            switch (from, to) {
            case (nil, nil): throw problem("请至少填写一个数")
            case (let from?, nil): return [FilterCondition(path, .gte, written(from))]
            case (nil, let to?): return [FilterCondition(path, .lte, written(to))]
            case (let from?, let to?):
                guard !from.exceeds(to) else { throw problem("的下限大于上限，请对调") }
                guard field.comparisons.contains(.between) else {
                    return [FilterCondition(path, .gte, written(from)), FilterCondition(path, .lte, written(to))]
                }
                return [FilterCondition(path, .between, "\(written(from)),\(written(to))")]
            }
        }
    }

    private func figure(_ text: String) throws -> Value? {
        guard !text.trimmed.isEmpty else { return nil }
        do throws(Fault) {
            return try field.kind.parse(text.trimmed)
        } catch { throw problem("的数无法读取：\(error.message)") }
    }

    /// As the address's own reader takes it for the same value: 分 for an amount.
    private func written(_ value: Value) -> String {
        let plain: String? =
            switch field.kind.plain(value) {
            case .int(let number): String(number)
            case .real(let number): String(number)
            case .text(let text): text
            default: nil
            }
        let edited = field.kind.edit(value)
        return [plain, edited].compactMap(\.self).first { text in
            !text.contains(",") && view.attempt { try query.operands(text, field, view) } == [value]
        } ?? edited
    }

    private var membership: [FilterCondition] {
        get throws {
            let isNot = ask.way == .not
            func among(_ texts: [String]) -> [FilterCondition] {
                texts.count == 1
                    ? [FilterCondition(path, isNot ? .ne : .eq, texts[0])]
                    : [FilterCondition(path, isNot ? .notIn : .in, texts.joined(separator: ","))]
            }
            switch subject.control {
            case .options(let options):
                let known = Set(options.map(\.code)), chosen = ask.values.filter { !$0.isEmpty }
                guard !chosen.isEmpty else { throw problem("请至少选择一项") }
                guard chosen.allSatisfy(known.contains) else { throw problem("没有所选的选项，请重新选择") }
                return among(chosen)
            case .records(let entity): return among(try records(entity))
            case .region: return try divisions(isNot)
            case .range:
                guard let value = try figure(ask.values.first ?? "") else { throw problem("请填写一个数") }
                return among([written(value)])
            default: return among([try words])
            }
        }
    }

    /// Ids and words as they are; a name that was typed is looked up, as it is where a page has no script.
    private func records(_ entity: String) throws -> [String] {
        guard let target = view.catalog[entity] else { return [] }
        var found: [String] = []
        for text in ask.values.map(\.trimmed) where !text.isEmpty {
            if Int64(text) != nil || FilterPerson.of(entity).contains(where: { $0.rawValue == text }) {
                found.append(text)
            } else {
                let ids = try view.identify(target, text)
                guard !ids.isEmpty else { throw problem("没有找到「\(text.prefix(60))」，请写全名，或从列表中选择") }
                found += ids.map { String($0) }
            }
        }
        guard !found.isEmpty else { throw problem("请至少选择一项") }
        return found
    }

    /// Each division that was chosen; none of a kind only says that it is not the lowest.
    private func divisions(_ isNot: Bool) throws -> [FilterCondition] {
        var found: [FilterCondition] = []
        for member in subject.family where ask.values.indices.contains(member.level - 1) {
            let text = ask.values[member.level - 1].trimmed
            guard !text.isEmpty else { continue }
            do throws(Fault) {
                let name = try member.field.kind.parse(text).text ?? text
                found.append(FilterCondition(member.path, isNot ? .ne : .eq, name))
            } catch { throw problem("无法读取：\(error.message)") }
        }
        guard let lowest = found.last else { throw problem("请至少选择省份") }
        return isNot ? [lowest] : found
    }
}

extension Value {
    fileprivate func exceeds(_ other: Value) -> Bool {
        switch (self, other) {
        case (.int(let one), .int(let two)): one > two
        case (.real(let one), .real(let two)): one > two
        default: false
        }
    }
}

extension FilterClause {
    fileprivate func ask(beside: [FilterClause]) -> FilterAsk? {
        if let stretch { return FilterAsk(stretch.way, days: stretch.days > 0 ? String(stretch.days) : "") }
        let field = subject.field, control = subject.control
        switch (filters[0].asked, control) {
        case (.empty, _): return FilterAsk(.empty)
        case (.notEmpty, _): return FilterAsk(.notEmpty)
        case (_, .days): return calendar
        case (.gte, .range), (.lte, .range), (.between, .range): return figures
        case (.eq, .yesNo): return filters[0].values.first.map { FilterAsk($0 == 1 ? .yes : .no) }
        case (.eq, _), (.in, _), (.ne, _), (.notIn, _):
            let way = [.eq, .in].contains(filters[0].asked) ? FilterWay.is : .not, values = filters[0].values
            switch control {
            case .options: return FilterAsk(way, values: values.compactMap(\.text))
            case .records(let entity):
                let texts = filters[0].text.split(separator: ",").map { String($0).trimmed }
                let areKnown = texts.allSatisfy { text in
                    Int64(text) != nil || FilterPerson.of(entity).contains { $0.rawValue == text }
                }
                return FilterAsk(way, values: areKnown ? texts : values.compactMap(\.int).map { String($0) })
            case .region where values.count == 1: return FilterAsk(way, values: division(way, beside))
            case .range where values.count == 1: return FilterAsk(way, values: [field.kind.edit(values[0])])
            case .words where values.count == 1: return FilterAsk(way, values: [filters[0].text])
            default: return nil
            }
        case (.contains, .words): return FilterAsk(.contains, values: [filters[0].text])
        case (.contains, .options): return FilterAsk(.is, values: filters[0].values.compactMap(\.text))
        case (.starts, .words): return FilterAsk(.starts, values: [filters[0].text])
        default: return nil
        }
    }

    /// From day to day; nothing for a bound that moves or lies within a day.
    private var calendar: FilterAsk? {
        guard let time = subject.field.kind.time else { return nil }
        var ask = FilterAsk(.range)
        for filter in filters {
            guard let number = filter.values.first?.int, Day.relative(filter.text.trimmed, to: time.day(of: number)) == nil,
                time.start(of: time.day(of: number)) == .int(number)
            else { return nil }
            let day = time.day(of: number)
            switch filter.op {
            case .gte: ask.from = day.iso
            case .lt: ask.to = (day - 1).iso
            case .lte where time == .day: ask.to = day.iso
            case .eq where time == .day: (ask.from, ask.to) = (day.iso, day.iso)
            case .between where time == .day && filter.values.count == 2 && !filter.text.contains(where: \.isLetter):
                ask.from = day.iso
                ask.to = filter.values[1].int.map { time.day(of: $0).iso } ?? ""
            default: return nil
            }
        }
        return ask
    }

    private var figures: FilterAsk? {
        var ask = FilterAsk(.range)
        for filter in filters {
            let texts = filter.values.map(subject.field.kind.edit)
            switch (filter.op, texts.count) {
            case (.gte, 1): ask.from = texts[0]
            case (.lte, 1): ask.to = texts[0]
            case (.between, 2): (ask.from, ask.to) = (texts[0], texts[1])
            default: return nil
            }
        }
        return ask
    }

    private func division(_ way: FilterWay, _ beside: [FilterClause]) -> [String] {
        var names = Array(repeating: "", count: subject.level)
        for member in subject.family where names.indices.contains(member.level - 1) {
            let said =
                member.path == subject.path
                ? self : way == .is ? beside.first { $0.subject.path == member.path && $0.filters[0].asked == .eq } : nil
            names[member.level - 1] = said?.filters[0].values.first?.text ?? ""
        }
        return names
    }
}
