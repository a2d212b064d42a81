import Records

/// A question whose answer is numbers: of which records, told apart by what, measured how, drawn how. The statistics of a list, a tile of a
/// dashboard and a report each hold one, in the words of a list's address:
///
/// `filter[status]=won&by=owner_id&and=closed_on:month&measure=count,sum:amount_cents&chart=stacked&span=closed_on:quarter`
public struct Question: Sendable {
    public var entity: String
    /// Which records: see ``ListQuery``.
    public var records: QueryItems
    /// By what they are told apart: at most two.
    public var dimensions: [Summary.Group]
    /// What is counted or added up: at least one.
    public var measures: [Summary.Measure]
    /// Nil leaves it to whoever draws.
    public var chart: ChartKind?
    /// Only the records of the present stretch of time, beside those of the one before.
    public var span: Span?
    /// A smaller number is the better one: complaints, what came late.
    public var isLessBetter = false
    /// What the stretch of ``span`` stands beside.
    public var comparison = Comparison.previous

    public enum Comparison: String, Sendable { case previous, year }

    public init(
        of entity: String, records: QueryItems = QueryItems(), by dimensions: [Summary.Group] = [], measures: [Summary.Measure] = [.count],
        chart: ChartKind? = nil, span: Span? = nil
    ) {
        self.entity = entity
        self.records = records
        self.dimensions = dimensions
        self.measures = measures
        self.chart = chart
        self.span = span
    }

    /// The names in an address that are the question's own; the others say which records.
    public static let words: Set<String> = [
        "by", "and", "measure", "chart", "span", "compare", "layout", "from", "view", "at", "cursor", "limit", "open", "all", "totals",
        "group", "columns", "tile", "better", "report", "part",
    ]
    public static let mostMeasures = 4

    /// - Throws: ``Refusal/unreadable(_:)`` for what is not a question.
    public init(_ items: QueryItems, of entity: String) throws {
        self.init(of: entity, records: items.removing(Question.words.contains))
        dimensions = try ["by", "and"].compactMap { items[$0] }.filter { !$0.isEmpty && $0 != "none" }.map(Summary.Group.init(text:))
        if dimensions.count == 2, dimensions[0] == dimensions[1] { dimensions.removeLast() }
        var named: [String] = []
        for text in items.all("measure").flatMap({ $0.split(separator: ",").map(String.init) }) where !named.contains(text) {
            named.append(text)
        }
        if !named.isEmpty { measures = try named.map { try Summary.Measure(text: $0) } }
        guard (1...Question.mostMeasures).contains(measures.count) else {
            throw Refusal.unreadable("measure 应为 1 到 \(Question.mostMeasures) 个指标，以逗号分隔")
        }
        if let text = items["chart"], !text.isEmpty {
            guard let kind = ChartKind(rawValue: text) else {
                throw Refusal.unreadable("chart 应为 \(ChartKind.allCases.map(\.rawValue).joined(separator: "、")) 之一")
            }
            chart = kind
        }
        if let text = items["span"], !text.isEmpty { span = try Span(text: text) }
        isLessBetter = items["better"] == "less"
        if let text = items["compare"], !text.isEmpty {
            guard let known = Comparison(rawValue: text) else { throw Refusal.unreadable("compare 应为 previous（上期）或 year（去年同期）") }
            comparison = known
        }
    }

    /// The whole question as an address says it.
    public var items: QueryItems {
        var items = records
        for (name, group) in zip(["by", "and"], dimensions) { items.pairs.append((name, group.text)) }
        if measures != [.count] { items.pairs.append(("measure", measures.map(\.text).joined(separator: ","))) }
        if let chart { items.pairs.append(("chart", chart.rawValue)) }
        if let span { items.pairs.append(("span", span.text)) }
        if span != nil, comparison != .previous { items.pairs.append(("compare", comparison.rawValue)) }
        if isLessBetter { items.pairs.append(("better", "less")) }
        return items
    }

    /// The same question of other records too: a colleague's, a whole department's.
    public func asked(of more: [(name: String, value: String)], stretch: Day.Stretch? = nil) -> Question {
        var copy = self
        copy.records.pairs += more
        if let stretch, let span { copy.span = Span(span.field, stretch) }
        return copy
    }

    /// The present week, month, quarter or year by one day of the records.
    public struct Span: Sendable, Hashable {
        public var field: String
        public var stretch: Day.Stretch
        public init(_ field: String, _ stretch: Day.Stretch) {
            self.field = field
            self.stretch = stretch
        }

        public init(text: String) throws {
            let words = text.split(separator: ":").map(String.init)
            guard words.count == 2, let stretch = Day.Stretch(rawValue: words[1]) else {
                throw Refusal.unreadable("span 应为「日期字段:week、month、quarter 或 year」，例如 created_at:month")
            }
            self.init(words[0], stretch)
        }

        public var text: String { "\(field):\(stretch.rawValue)" }

        /// From a day to the day before another: the stretch as it is now, and as much of the one before.
        func bounds(_ today: Day, _ comparison: Comparison = .previous) -> (present: (from: Day, to: Day), before: (from: Day, to: Day)) {
            let start = stretch.start(of: today)
            guard comparison == .previous else {
                return ((start, stretch.start(of: today, moved: 1)), (start.adding(months: -12), today.adding(months: -12) + 1))
            }
            let before = stretch.start(of: today, moved: -1)
            return ((start, stretch.start(of: today, moved: 1)), (before, min(before + (today - start) + 1, start)))
        }
    }
}

/// How an answer is drawn.
public enum ChartKind: String, Sendable, CaseIterable {
    case bar, stacked, line, donut, funnel, pareto, heat, number, rows, table

    public var label: Words {
        switch self {
        case .bar: Words("条形图", "Bars")
        case .stacked: Words("堆积图", "Stacked")
        case .line: Words("折线图", "Line")
        case .donut: Words("环形图", "Donut")
        case .funnel: Words("漏斗图", "Funnel")
        case .pareto: Words("帕累托图", "Pareto")
        case .heat: Words("热力图", "Heat map")
        case .number: Words("数字", "Number")
        case .rows: Words("名单", "Records")
        case .table: Words("表格", "Table")
        }
    }

    /// Whether it can show so many dimensions.
    public func suits(dimensions: Int) -> Bool {
        switch self {
        case .bar, .line: dimensions > 0
        case .stacked, .heat: dimensions == 2
        case .donut, .funnel, .pareto: dimensions == 1
        case .number, .rows: dimensions == 0
        case .table: true
        }
    }
}

extension Summary.Group {
    private static let grains: [String: Summary.Grain] = ["day": .day, "week": .week, "month": .month, "quarter": .quarter, "year": .year]
    /// The grains of days and moments that people choose from.
    public static let timeGrains = ["day", "week", "month", "quarter", "year"]

    /// Reads `stage_id` and `created_at:week`.
    public init(text: String) throws {
        let words = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard words.count <= 2, let path = words.first.map({ $0.split(separator: ".", omittingEmptySubsequences: false).map(String.init) }),
            (1...2).contains(path.count), !path.contains("")
        else {
            throw Refusal.unreadable("无法按 \(text) 分组")
        }
        var grain = Summary.Grain.value
        if words.count == 2 {
            guard let known = Self.grains[words[1]] ?? Self.steps(words[1]) else {
                throw Refusal.unreadable("\(text)：时间粒度应为 \(Self.timeGrains.joined(separator: "、")) 之一；数字分段写成 40,60,80，时间远近写成 ago7,30,90")
            }
            grain = known
        }
        self.init(path.last ?? "", grain, link: path.count == 2 ? path[0] : nil)
    }

    /// `40,60,80` and `ago7,30,90`.
    private static func steps(_ text: String) -> Summary.Grain? {
        let isAgo = text.hasPrefix("ago"), parts = text.dropFirst(isAgo ? 3 : 0).split(separator: ",", omittingEmptySubsequences: false),
            numbers = parts.compactMap { Int64($0) }
        guard numbers.count == parts.count, (1...12).contains(numbers.count), zip(numbers, numbers.dropFirst()).allSatisfy(<) else {
            return nil
        }
        guard isAgo else { return .bounds(numbers) }
        return numbers.allSatisfy { (0...36_500).contains($0) } ? .ages(numbers.reversed().map { Int($0) }) : nil
    }

    public var grainName: String? {
        switch grain {
        case .bounds(let bounds): bounds.map(String.init).joined(separator: ",")
        case .ages(let days): "ago" + days.reversed().map(String.init).joined(separator: ",")
        default: Self.grains.first { $0.value == grain }?.key
        }
    }
    // bounded: words.
    public var text: String { (link.map { $0 + "." } ?? "") + field + (grainName.map { ":" + $0 } ?? "") }
}

extension Summary.Measure {
    /// Reads `count`, `sum:amount_cents`, `avg:…`, `min:…`, `max:…`, `distinct:customer_id`, `rate:status:won`, `rate:order_count:gte:2`,
    /// `nps:nps`,
    /// `days:created_at:closed_on`, `hours:…`.
    public init(text: String) throws {
        let words = text.split(separator: ":").map(String.init)
        switch (words.first, words.count) {
        case ("count", 1): self = .count
        case ("sum", 2): self = .sum(words[1])
        case ("avg", 2): self = .average(words[1])
        case ("min", 2): self = .min(words[1])
        case ("max", 2): self = .max(words[1])
        case ("distinct", 2): self = .distinct(words[1])
        case ("nps", 2): self = .balance(words[1], low: 6, high: 9)
        case ("days", 3): self = .days(from: words[1], to: words[2])
        case ("hours", 3): self = .hours(from: words[1], to: words[2])
        case ("rate", 3): self = .share(words[1], .eq, [.text(words[2])])
        case ("rate", 4):
            guard let op = Operator(rawValue: words[2]), [.eq, .ne, .gt, .gte, .lt, .lte, .empty, .notEmpty].contains(op) else {
                throw Refusal.unreadable("rate 的比较方式应为 eq、ne、gt、gte、lt、lte、empty 或 not_empty，收到的是 \(words[2])")
            }
            self = .share(words[1], op, [.text(words[3])])
        default:
            throw Refusal.unreadable(
                "measure 应为 count、sum:字段、avg:字段、min:字段、max:字段、distinct:字段、rate:字段:值、nps:字段、days:起:止 或 hours:起:止，收到的是 \(text)")
        }
    }

    public var text: String {
        switch self {
        case .count: "count"
        case .sum(let name): "sum:\(name)"
        case .average(let name): "avg:\(name)"
        case .min(let name): "min:\(name)"
        case .max(let name): "max:\(name)"
        case .distinct(let name): "distinct:\(name)"
        case .share(let name, let op, let values):
            "rate:\(name)" + (op == .eq ? "" : ":\(op.rawValue)") + ":"
                + (values.first.map { $0.text ?? $0.int.map(String.init) ?? "" } ?? "")
        case .balance(let name, _, _): "nps:\(name)"
        case .days(let from, let to): "days:\(from):\(to)"
        case .hours(let from, let to): "hours:\(from):\(to)"
        }
    }

    /// Nothing is nought of it, not unknown.
    var isCounted: Bool { if case .distinct = self { true } else { addsUp } }

    /// The records of a share among those it is a share of; what a balance counts.
    var filters: [(name: String, value: String)] {
        switch self {
        case .share(let name, let op, let values):
            [
                (
                    "filter[\(name)]" + (op == .eq ? "" : "[\(op.rawValue)]"),
                    values.first.map { $0.text ?? $0.int.map(String.init) ?? "" } ?? ""
                )
            ]
        case .balance(let name, _, _), .distinct(let name): [("filter[\(name)][not_empty]", "true")]
        case .days(let from, let to), .hours(let from, let to):
            [("filter[\(from)][not_empty]", "true"), ("filter[\(to)][not_empty]", "true")]
        default: []
        }
    }

    /// Whether the numbers of parts add up to the number of the whole.
    public var addsUp: Bool {
        switch self {
        case .count, .sum: true
        case .average, .min, .max, .distinct, .share, .balance, .days, .hours: false
        }
    }
}
