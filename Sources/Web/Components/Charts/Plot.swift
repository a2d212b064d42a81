import Gate
import Markup
import Records

/// The ground of a drawing over time: the heights' lines with their numbers, the times below.
struct Plot {
    let chart: Chart
    let low: Double, high: Double, step: Double
    static let height = 232.0

    init(_ chart: Chart, _ low: Double, _ high: Double) {
        self.chart = chart
        (self.low, self.high, step) = Chart.steps(low, high)
    }

    func y(_ value: Double) -> Double { Plot.height - (value - low) / (high - low) * Plot.height }

    /// The middle of a key's room, as a share of the width.
    func x(_ place: Int) -> Double { (Double(place) + 0.5) / Double(max(chart.answer.keys.count, 1)) }

    func drawing(_ marks: Node) -> Element {
        div(.class("chart")) {
            Element("svg", [.class("plot"), .named("height", "264"), .role("group"), .aria("label", chart.sentence)]) {
                grid
                marks
                times
            }
        }
    }

    private var grid: Node {
        guard let measured = chart.answer.measures.first else { return .empty }
        let count = Int(nearest: (high - low) / step).held(in: 1...8)
        return .list(
            (0...count).map { place in
                let value = low + Double(place) * step, at = Chart.fixed(y(value))
                return Group {
                    Element(
                        "line",
                        [
                            .class(value.magnitude < step / 1000 ? "zero" : "grid"), .named("x1", "0"), .named("x2", "100%"),
                            .named("y1", at),
                            .named("y2", at),
                        ]
                    ) {}
                    Element("text", [.class("axis"), .named("x", "-8"), .named("y", at), .named("dy", "4"), .named("text-anchor", "end")]) {
                        chart.page.short(.real(value), measured, sign: false)
                    }
                }.node
            })
    }

    /// As many as have room; half of them on a phone.
    private var times: Node {
        let keys = chart.answer.keys, every = max(1, (keys.count + 11) / 12)
        return .list(
            keys.enumerated().filter { ($0.offset - (keys.count - 1)) % every == 0 }.map { place, key in
                let isExtra = (keys.count - 1 - place) / every % 2 == 1 && keys.count > 5
                return Element(
                    "text",
                    [
                        .class("axis", isExtra ? "extra" : nil), .named("x", Chart.percent(x(place))), .named("y", "254"),
                        .named("text-anchor", "middle"),
                    ]
                ) { key.short }.node
            })
    }
}

/// Upright bars over time, beside or upon one another.
struct Columns {
    let chart: Chart

    var body: Node {
        let rows = chart.rows, isStacked = chart.kind == .stacked && rows.count > 1
        let values = rows.map { $0.values.map { $0.real ?? 0 } }
        let tops = isStacked ? chart.answer.keys.indices.map { key in values.reduce(0) { $0 + max($1[key], 0) } } : values.flatMap(\.self)
        let plot = Plot(chart, values.flatMap(\.self).min() ?? 0, tops.max() ?? 0)
        let room = 1 / Double(max(chart.answer.keys.count, 1)), whole = min(room * 0.64, 0.08),
            width = isStacked ? whole : whole / Double(max(rows.count, 1))
        var marks: [Node] = []
        for (place, key) in chart.answer.keys.enumerated() {
            var base = 0.0
            for (index, row) in rows.enumerated() {
                let value = values[index][place], from = isStacked ? base : 0, to = isStacked ? base + max(value, 0) : value
                base = to
                let x = plot.x(place) - whole / 2 + (isStacked ? 0 : width * Double(index)), top = plot.y(max(from, to)),
                    bottom = plot.y(min(from, to))
                marks.append(
                    chart.mark(
                        row.urls[place], chart.words(key, row, row.values[place]),
                        Element(
                            "rect",
                            [
                                .class("bar d-c\(Chart.hue(index))"), .named("x", Chart.percent(x)), .named("y", Chart.fixed(top)),
                                .named("width", Chart.percent(width)), .named("height", Chart.fixed(max(bottom - top, 0))),
                                .named("rx", isStacked ? "0" : "2"),
                            ]
                        ) {}))
            }
        }
        return Group {
            chart.legend(rows); plot.drawing(.list(marks))
        }.node
    }
}

/// Lines over time; a single one has its ground tinted.
struct Curves {
    let chart: Chart

    var body: Node {
        let rows = chart.rows, values = rows.map { $0.values.map { $0.real ?? 0 } }
        let plot = Plot(chart, values.flatMap(\.self).min() ?? 0, values.flatMap(\.self).max() ?? 0)
        func points(_ row: [Double]) -> [String] {
            row.enumerated().map { "\(Chart.fixed(plot.x($0.offset) * 100)),\(Chart.fixed(plot.y($0.element)))" }
        }
        let lines = Element(
            "svg",
            [
                .named("width", "100%"), .named("height", Chart.fixed(Plot.height)),
                .named("viewBox", "0 0 100 \(Chart.fixed(Plot.height))"), .named("preserveAspectRatio", "none"),
                .named("overflow", "visible"),
            ]
        ) {
            if values.count == 1, let row = values.first {
                let ends = (Chart.fixed(plot.x(0) * 100), Chart.fixed(plot.x(row.count - 1) * 100)),
                    ground = Chart.fixed(plot.y(max(plot.low, 0)))
                Element(
                    "polygon",
                    [
                        .class("area d-c1"),
                        .named("points", (["\(ends.0),\(ground)"] + points(row) + ["\(ends.1),\(ground)"]).joined(separator: " ")),
                    ]
                ) {}
            }
            for (place, row) in values.enumerated() {
                Element("polyline", [.class("line d-c\(Chart.hue(place))"), .named("points", points(row).joined(separator: " "))]) {}
            }
        }
        var dots: [Node] = []
        for (index, row) in rows.enumerated() {
            for (place, key) in chart.answer.keys.enumerated() where !row.values[place].isNull {
                let at: [Attribute] = [.named("cx", Chart.percent(plot.x(place))), .named("cy", Chart.fixed(plot.y(values[index][place])))]
                dots.append(
                    chart.mark(
                        row.urls[place], chart.words(key, row, row.values[place]),
                        Element(
                            "circle",
                            [.class("dot d-c\(Chart.hue(index))", chart.answer.keys.count == 1 ? "on" : nil), .named("r", "4")] + at
                        ) {}))
            }
        }
        return Group {
            chart.legend(rows);
            plot.drawing(
                Group {
                    lines; Node.list(dots)
                }.node)
        }.node
    }
}
