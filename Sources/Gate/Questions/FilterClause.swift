import Records

/// A condition of a list's address, or the two that say from when to when, as people read them: “下次联系 本周内”, “金额 10 万以上”.
public struct FilterClause {
    /// One, or the lower bound before the upper.
    public let filters: [ListQuery.Filter]
    public let subject: FilterSubject

    public var place: ListQuery.Place { filters[0].place }

    /// In three parts: what it speaks of, the comparison where one stands between, the value.
    public struct Sentence: Sendable, Equatable {
        public var field: String
        public var op: String
        public var value: String

        public var text: String { [field, op, value].filter { !$0.isEmpty }.joined(separator: " ") }
    }
}

extension ListQuery {
    /// What holds together in one place, bound to bound; alternatives of a group stand alone.
    public func clauses(_ filters: [Filter], _ view: View) throws -> [FilterClause] {
        var taken: Set<Int> = [], found: [FilterClause] = []
        for (position, filter) in filters.enumerated() where taken.insert(position).inserted {
            let subject = try subject(filter.path, view)
            var pair = [filter]
            if filter.isBound, case .any = filter.place {
            } else if filter.isBound {
                let other = filters.indices.first {
                    !taken.contains($0) && filters[$0].path == filter.path && filters[$0].place == filter.place
                        && filters[$0].isBound && filters[$0].isLower != filter.isLower
                }
                if let other {
                    taken.insert(other)
                    pair = filter.isLower ? [filter, filters[other]] : [filters[other], filter]
                }
            }
            found.append(FilterClause(filters: pair, subject: subject))
        }
        return found
    }
}

extension ListQuery.Filter {
    /// The comparison that is made: `empty=false` asks for what is not empty.
    var asked: Operator { if case .compare(_, let made, _) = condition, op == .empty || op == .notEmpty { made } else { op } }
    var values: [Value] { if case .compare(_, _, let values) = condition { values } else { [] } }
    fileprivate var isLower: Bool { op == .gte || op == .gt }
    fileprivate var isBound: Bool { isLower || op == .lte || op == .lt }
}

extension View {
    /// - Complexity: looks up the names of linked records, a question for each clause that has some.
    public func sentence(_ clause: FilterClause) -> FilterClause.Sentence {
        FilterWriter(view: self, clause: clause, language: actor.language).sentence
    }
}

private struct FilterWriter {
    let view: View
    let clause: FilterClause
    let language: Language

    var field: FieldSpec { clause.subject.field }
    var filter: ListQuery.Filter { clause.filters[0] }
    func t(_ chinese: String, _ english: String) -> String { language(chinese, english) }

    var sentence: FilterClause.Sentence {
        let (op, value) = clause.filters.count > 1 ? ("", between) : one
        return .init(field: clause.subject.label(in: language), op: op, value: value)
    }

    private var one: (op: String, value: String) {
        switch filter.asked {
        case .empty: ("", FilterWay.empty.label(in: language))
        case .notEmpty: ("", FilterWay.notEmpty.label(in: language))
        case .contains: (FilterWay.contains.label(in: language), listed)
        case .starts: (FilterWay.starts.label(in: language), listed)
        // 是 and 否 are their own verb.
        case .eq where isYesNo: ("", listed)
        case .eq, .in: (FilterWay.is.label(in: language), listed)
        case .ne, .notIn: (FilterWay.not.label(in: language), listed)
        case .between: ("", "\(bound(parts.first, 0)) \(t("至", "to")) \(bound(parts.last, 1))")
        case .gte: ("", field.isTime ? t("\(only) 起", "from \(only)") : close(only, "以上", "or more"))
        case .lte: ("", field.isTime ? t("截至 \(only)", "until \(only)") : close(only, "以下", "or less"))
        case .gt: ("", field.isTime ? t("晚于 \(only)", "after \(only)") : t("高于 \(only)", "above \(only)"))
        case .lt: ("", field.isTime ? t("早于 \(only)", "before \(only)") : t("低于 \(only)", "below \(only)"))
        }
    }

    private var isYesNo: Bool { if case .yesNo = field.kind.editor { true } else { false } }
    private var only: String { bound(filter.text, 0) }
    private var parts: [String] { filter.text.split(separator: ",").map { String($0).trimmed } }

    /// From one bound to the other: a stretch of the calendar by its name.
    private var between: String {
        let low = clause.filters[0], high = clause.filters[1]
        guard let time = field.kind.time else {
            let from = show(low), to = show(high)
            return low.op == .gte && high.op == .lte
                ? "\(from) \(t("至", "to")) \(to)" : "\(low.op == .gte ? "≥" : ">") \(from)、\(high.op == .lte ? "≤" : "<") \(to)"
        }
        if let stretch = clause.stretch { return words(stretch) }
        let to =
            high.op == .lt && Day.relative(high.text, to: view.now.day) == nil
            ? high.values.first?.int.flatMap { lastDay(before: $0, time) } ?? show(high) : show(high)
        if low.op == .gte, high.op == .lte || to != show(high) { return "\(show(low)) \(t("至", "to")) \(to)" }
        return t("\(show(low)) 起、早于 \(show(high))", "from \(show(low)), before \(show(high))")
    }

    private func show(_ filter: ListQuery.Filter) -> String { bound(filter.text, of: filter, 0) }

    /// The day before midnight; nil within a day.
    private func lastDay(before number: Int64, _ time: TimeForm) -> String? {
        let day = time.day(of: number)
        return time.start(of: day) == .int(number) ? (day - 1).iso : nil
    }

    private func words(_ stretch: (way: FilterWay, days: Int)) -> String {
        switch stretch.way {
        case .lastDays: t("最近 \(stretch.days) 天", "last \(stretch.days) days")
        case .nextDays: t("未来 \(stretch.days) 天", "next \(stretch.days) days")
        case .week, .month, .quarter: stretch.way.label(in: language) + t("内", "")
        default: stretch.way.label(in: language)
        }
    }

    private func bound(_ text: String?, _ place: Int) -> String { bound(text ?? "", of: filter, place) }

    private func bound(_ text: String, of filter: ListQuery.Filter, _ place: Int) -> String {
        if field.isTime, let day = relative(text) { return day }
        guard filter.values.indices.contains(place) else { return text }
        return amount(filter.values[place])
    }

    /// `today-30` → 30 天前, `month` → 本月初.
    private func relative(_ text: String) -> String? {
        guard Day.relative(text, to: view.now.day) != nil else { return nil }
        let word = text.prefix { $0.isLetter }, steps = Int(text.dropFirst(word.count)) ?? 0
        if word == "today" {
            switch steps {
            case 0: return FilterWay.today.label(in: language)
            case 1: return FilterWay.tomorrow.label(in: language)
            case -1: return FilterWay.yesterday.label(in: language)
            default: return steps < 0 ? t("\(-steps) 天前", "\(-steps) days ago") : t("\(steps) 天后", "in \(steps) days")
            }
        }
        let (name, unit, english) =
            ["week": ("周", "周", "week"), "month": ("月", "个月", "month"), "quarter": ("季度", "个季度", "quarter")][String(word)]
            ?? ("年", "年", "year")
        let start = ["week": "周一", "month": "月初", "quarter": "季度初"][String(word)] ?? "年初"
        switch (steps, name) {
        case (0, "年"): return t("今年初", "this year's start")
        case (-1, "年"): return t("去年初", "last year's start")
        case (1, "年"): return t("明年初", "next year's start")
        case (0, _): return t("本\(start)", "this \(english)'s start")
        case (-1, _): return t("上\(start)", "last \(english)'s start")
        case (1, _): return t("下\(start)", "next \(english)'s start")
        default:
            return t(
                "\(abs(steps)) \(unit)\(steps < 0 ? "前" : "后")的\(start)",
                "start of the \(english) \(abs(steps)) \(steps < 0 ? "ago" : "ahead")")
        }
    }

    /// 谈判、赢单, or the first three of many.
    private var listed: String {
        let shown = field.target == nil ? filter.values.map(amount) : names
        guard !shown.isEmpty else { return filter.text }
        return shown.prefix(3).joined(separator: t("、", ", "))
            + (shown.count > 3 ? t(" 等 \(shown.count) 项", " and \(shown.count - 3) more") : "")
    }

    /// What linked records are called; who moves with the reader stays a word.
    private var names: [String] {
        let texts = filter.op == .eq || filter.op == .ne ? [filter.text.trimmed] : parts
        let ids = texts.flatMap { $0.split(separator: ",") }.compactMap { Int64($0.trimmed) }
        let known =
            field.target.flatMap { view.catalog[$0] }.flatMap { target in view.attempt { try view.titles(target, ids: ids) } } ?? [:]
        return texts.flatMap { $0.split(separator: ",").map { String($0).trimmed } }.map { text in
            FilterPerson(rawValue: text)?.label(in: language) ?? Int64(text).map { known[$0] ?? "#\($0)" } ?? text
        }
    }

    private func close(_ text: String, _ chinese: String, _ english: String) -> String {
        guard language == .chinese else { return "\(text) \(english)" }
        return text + (text.last.map { $0.isASCII && $0 != "%" } ?? true ? " " : "") + chinese  // bounded: words.
    }

    /// As people say it: 10 万, 12,345.60 元, 60 台.
    private func amount(_ value: Value) -> String {
        if field.isMoney, let cents = value.int { return MoneyKind.spoken(cents, in: language) }
        let text = field.kind.show(value, in: language)
        return field.kind.figure == nil ? text : field.traits.unit.map { "\(text) \($0(language))" } ?? text
    }
}

/// People a filter means by what they are to the reader.
public enum FilterPerson: String, Sendable, CaseIterable {
    case me, subordinates = "my_subordinates", department = "my_department"

    public func label(in language: Language) -> String {
        switch self {
        case .me: language("我", "me")
        case .subordinates: language("我的下属", "my team")
        case .department: language("我的部门", "my department")
        }
    }

    /// What a link to an entity can mean by it.
    public static func of(_ entity: String) -> [FilterPerson] {
        switch entity {
        case "users": allCases
        case "departments": [.department]
        default: []
        }
    }
}

extension FilterClause {
    /// The part of the calendar between the two bounds, when it has a name, and of how many days it is where that is asked.
    var stretch: (way: FilterWay, days: Int)? {
        guard filters.count == 2, filters[0].op == .gte else { return nil }
        let from = filters[0].text.trimmed, to = filters[1].text.trimmed
        if filters[1].op == .lt {
            if let way = FilterWay.allCases.first(where: { $0.window.map { $0 == (from, to) } ?? false }) { return (way, 0) }
            if to == "today+1", let back = days(from), back < 0 { return (.lastDays, 1 - back) }
            if from == "today", let ahead = days(to), ahead > 1 { return (.nextDays, ahead - 1) }
        } else if filters[1].op == .lte, subject.field.kind.time == .day {
            if to == "today", let back = days(from), back < 0 { return (.lastDays, 1 - back) }
            if from == "today", let ahead = days(to), ahead > 0 { return (.nextDays, ahead) }
        }
        return nil
    }

    /// `today-30` → -30.
    private func days(_ text: String) -> Int? {
        guard text.hasPrefix("today"), let steps = Int(text.dropFirst(5)), (-36_500...36_500).contains(steps) else { return nil }
        return steps
    }
}
