import Records

/// One way in which a filter's form asks: a comparison, or a stretch of the calendar that moves with today.
public enum FilterWay: String, Sendable, CaseIterable {
    case contains, `is`, not, starts, yes, no
    case today, yesterday, tomorrow
    case week, lastWeek = "last_week", nextWeek = "next_week"
    case month, lastMonth = "last_month", nextMonth = "next_month"
    case quarter, lastQuarter = "last_quarter", year, lastYear = "last_year"
    case lastDays = "last_days", nextDays = "next_days"
    case range
    case empty, notEmpty = "not_empty"

    /// From which day on, and before which, as an address says it: it stays relative in a saved view.
    public var window: (from: String, before: String)? {
        switch self {
        case .today: ("today", "today+1")
        case .yesterday: ("today-1", "today")
        case .tomorrow: ("today+1", "today+2")
        case .week: ("week", "week+1")
        case .lastWeek: ("week-1", "week")
        case .nextWeek: ("week+1", "week+2")
        case .month: ("month", "month+1")
        case .lastMonth: ("month-1", "month")
        case .nextMonth: ("month+1", "month+2")
        case .quarter: ("quarter", "quarter+1")
        case .lastQuarter: ("quarter-1", "quarter")
        case .year: ("year", "year+1")
        case .lastYear: ("year-1", "year")
        default: nil
        }
    }

    /// What the form calls it.
    public func label(in language: Language) -> String {
        switch self {
        case .contains: language("包含", "contains")
        case .is: language("是", "is")
        case .not: language("不是", "is not")
        case .starts: language("开头是", "starts with")
        case .yes: language("是", "yes")
        case .no: language("否", "no")
        case .today: language("今天", "today")
        case .yesterday: language("昨天", "yesterday")
        case .tomorrow: language("明天", "tomorrow")
        case .week: language("本周", "this week")
        case .lastWeek: language("上周", "last week")
        case .nextWeek: language("下周", "next week")
        case .month: language("本月", "this month")
        case .lastMonth: language("上月", "last month")
        case .nextMonth: language("下月", "next month")
        case .quarter: language("本季度", "this quarter")
        case .lastQuarter: language("上季度", "last quarter")
        case .year: language("今年", "this year")
        case .lastYear: language("去年", "last year")
        case .lastDays: language("最近 N 天", "last N days")
        case .nextDays: language("未来 N 天", "next N days")
        case .range: language("区间", "from … to …")
        case .empty: language("为空", "is empty")
        case .notEmpty: language("不为空", "is not empty")
        }
    }

    /// Whether a field's comparisons are enough for it.
    func suits(_ field: FieldSpec) -> Bool {
        let known = Set(field.comparisons)
        switch self {
        case .contains: return known.contains(.contains)
        case .starts: return known.contains(.starts)
        case .is, .yes, .no: return known.contains(.eq)
        case .not: return known.contains(.ne)
        case .empty: return known.contains(.empty)
        case .notEmpty: return known.contains(.notEmpty)
        case .range where field.kind.filterControl == .range: return known.isSuperset(of: [.gte, .lte])
        default: return known.isSuperset(of: [.gte, .lt])
        }
    }
}

extension FilterControl {
    /// The ways that go with the control, the usual first.
    var ways: [FilterWay] {
        switch self {
        case .options, .records, .region: [.is, .not, .empty, .notEmpty]
        case .yesNo: [.yes, .no, .empty]
        case .range: [.range, .is, .not, .empty, .notEmpty]
        case .presence: [.notEmpty, .empty]
        case .words: [.contains, .is, .not, .starts, .empty, .notEmpty]
        case .days:
            FilterWay.allCases.filter { $0.window != nil } + [.lastDays, .nextDays, .range, .empty, .notEmpty]
        }
    }
}
