import Gate
import Markup
import Records

/// An answer as a picture, drawn by the server: it needs no script, fits every width, and each of its marks leads to the records behind it.
struct Chart {
    let page: Page
    let answer: Answer
    let kind: ChartKind

    /// - Parameter kind: what was asked for; what suits the answer when it cannot be drawn so.
    init(_ page: Page, _ answer: Answer, kind: ChartKind? = nil) {
        self.page = page
        self.answer = answer
        let dimensions = answer.question.dimensions.count
        self.kind = kind.flatMap { $0.suits(dimensions: dimensions) ? $0 : nil } ?? Chart.fitting(answer)
    }

    private static func fitting(_ answer: Answer) -> ChartKind {
        switch answer.question.dimensions.count {
        case 0: .number
        case 1: answer.isTimed ? .line : .bar
        default: .stacked
        }
    }

    var body: Node {
        guard kind == .number || kind == .rows && answer.totals.first?.int != 0 || !answer.keys.isEmpty else { return empty.node }
        return switch kind {
        case .number: KeyFigure(page: page, answer: answer).body
        case .rows: page.view.attempt { try TopRows(page: page, answer: answer).body } ?? .empty
        case .table: AnswerTable(page: page, answer: answer).body.node
        case .donut: Donut(chart: self).body
        case .funnel: Funnel(chart: self).body
        case .pareto: Pareto(chart: self).body
        case .heat: HeatMap(chart: self).body.node
        case .line: Curves(chart: self).body
        case .bar, .stacked: answer.isTimed ? Columns(chart: self).body : Bars(chart: self).body
        }
    }

    private var empty: Element {
        div(.class("empty")) {
            span(.class("ico")) { page.site.icon("chart-column-big", "lg") }
            b { page.t("没有可以统计的记录", "Nothing to count") }
            span { page.t("换一个时期或筛选条件再看。", "Try another period or filter.") }
        }
    }

    // MARK: What the drawings share

    /// One line of marks: a value for each key.
    struct Row {
        var label: String
        var measured: Answer.Measured
        var values: [Value]
        var urls: [String?]
    }

    /// The second dimension's values, or the measures beside one another.
    var rows: [Row] {
        if !answer.series.isEmpty, let measured = answer.measures.first {
            return answer.series.map { series in
                Row(
                    label: series.label, measured: measured, values: answer.keys.map { answer.values($0, series).first ?? .null },
                    urls: answer.keys.map { answer.address($0, series, of: measured) })
            }
        }
        // Numbers of different units have no axis in common: those unlike the first stand in the table.
        return answer.measures.enumerated().filter {
            $1.isMoney == answer.measures[0].isMoney && ($1.field == nil) == (answer.measures[0].field == nil)
                && $1.unit == answer.measures[0].unit
        }.map { place, measured in
            Row(
                label: measured.label, measured: measured, values: answer.keys.map { $0.totals[place] },
                urls: answer.keys.map { answer.address($0, of: measured) })
        }
    }

    /// The chart's whole meaning in one sentence.
    var sentence: String {
        guard let measured = answer.measures.first, let total = answer.totals.first else { return "" }
        let greatest = answer.keys.max { ($0.totals.first?.real ?? 0) < ($1.totals.first?.real ?? 0) }
        let most =
            greatest.map {
                page.t(
                    "；最多的是\($0.label)，\(measured.show($0.totals.first ?? .null, in: .chinese))",
                    "; most: \($0.label), \(measured.show($0.totals.first ?? .null, in: .english))")
            } ?? ""
        return page.t(
            "\(answer.schema.label)\(measured.label)共 \(measured.show(total, in: .chinese))",
            "\(answer.schema.label(in: .english)), \(measured.label.lowercased()): \(measured.show(total, in: .english))") + most
    }

    func legend(_ rows: [Row]) -> Node {
        guard rows.count > 1 else { return .empty }
        return div(.class("legend")) { for (place, row) in rows.enumerated() { span(.class("st d-c\(Chart.hue(place))")) { row.label } } }
            .node
    }

    /// A mark with its words on hover, leading to its records. The table behind the chart has the same links for the keyboard.
    func mark(_ url: String?, _ words: String, _ shape: Element) -> Node {
        let named = Group {
            Element("title", []) { words }; shape
        }
        guard let url else { return Element("g", []) { named }.node }
        return Element("a", [.href(url), .tabindex(-1)]) { named }.node
    }

    func words(_ key: Answer.Key, _ row: Row, _ value: Value) -> String {
        let shown = row.measured.show(value, in: page.language)
        return rows.count > 1 ? "\(key.label) · \(row.label)：\(shown)" : "\(key.label)：\(shown)"
    }

    /// 1 to 7.
    static func hue(_ place: Int) -> Int { place % 7 + 1 }

    /// Up to four round steps that cover the values.
    static func steps(_ low: Double, _ high: Double) -> (low: Double, high: Double, step: Double) {
        let low = min(low, 0), high = max(high, low < 0 ? 0 : 1), rough = (high - low) / 4
        var unit = 1.0
        while unit * 10 <= rough { unit *= 10 }
        while unit > rough, unit > 1 { unit /= 10 }
        let step = [1.0, 2, 2.5, 5, 10].map { $0 * unit }.first { $0 >= rough && ($0 == $0.rounded() || unit > 1) } ?? 10 * unit
        return ((low / step).rounded(.down) * step, max((high / step).rounded(.up) * step, step), step)
    }
}

extension Page {
    /// `186 万`, `3.2 亿`, `12`: beside an axis, in a figure.
    func short(_ value: Value, _ measured: Answer.Measured, sign: Bool = true) -> String {
        if measured.isMoney, let cents = value.real {
            let text = shortMoney(Int64(Int(nearest: cents)))
            return sign ? text : text.replacing("¥ ", with: "")
        }
        guard measured.field == nil && measured.unit == .count || measured.field?.kind.figure == .count, let number = value.real else {
            return measured.show(value, in: language)
        }
        if language == .chinese, number.magnitude >= 100_000 { return "\(Chart.tenth(number / 10_000)) 万" }
        if language == .english, number.magnitude >= 100_000 { return "\(Chart.tenth(number / 1000))k" }
        return measured.field == nil ? CountText.grouped(Int64(Int(nearest: number))) : Chart.tenth(number)
    }
}

extension Chart {
    static func tenth(_ number: Double) -> String {
        let tenths = (number * 10).rounded() / 10
        return tenths == tenths.rounded() && tenths.magnitude < 1e15 ? CountText.grouped(Int64(tenths)) : String(tenths)
    }

    /// A length as a share of the drawing's width.
    static func percent(_ share: Double) -> String { fixed(share * 100) + "%" }

    static func fixed(_ number: Double) -> String {
        guard number.isFinite else { return "0" }
        return String((number * 100).rounded() / 100)
    }
}
