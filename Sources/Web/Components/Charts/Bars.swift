import Gate
import Markup
import Records

/// Lying bars, one for each key: their names have room, however many there are.
struct Bars {
    let chart: Chart

    var body: Node {
        let rows = chart.rows, isStacked = chart.kind == .stacked && rows.count > 1, keys = chart.answer.keys
        let values = rows.map { $0.values.map { $0.real ?? 0 } }
        let ends = isStacked ? keys.indices.map { key in values.reduce(0) { $0 + max($1[key], 0) } } : values.flatMap(\.self)
        let low = min(values.flatMap(\.self).min() ?? 0, 0), high = max(ends.max() ?? 0, low < 0 ? 0 : 1)
        func x(_ value: Double) -> Double { (value - low) / max(high - low, 1) }
        let lanes = isStacked ? 1 : rows.count, thick = lanes > 1 ? 12.0 : 18, room = thick * Double(lanes) + 14
        var marks: [Node] = []
        for (place, key) in keys.enumerated() {
            let top = Double(place) * room + 7
            marks.append(Bars.name(key, at: top + thick * Double(lanes) / 2 + 4))
            var base = 0.0
            for (index, row) in rows.enumerated() {
                let value = values[index][place], from = isStacked ? base : 0, to = isStacked ? base + max(value, 0) : value,
                    y = top + (isStacked ? 0 : thick * Double(index))
                base = to
                marks.append(
                    chart.mark(
                        row.urls[place], chart.words(key, row, row.values[place]),
                        Element(
                            "rect",
                            [
                                .class("bar d-c\(Chart.hue(index))"), .named("x", Chart.percent(x(min(from, to)))),
                                .named("y", Chart.fixed(y)), .named("width", Chart.percent((x(to) - x(from)).magnitude)),
                                .named("height", Chart.fixed(thick - (lanes > 1 ? 2 : 0))),
                                .named("rx", isStacked ? "0" : "3"),
                            ]
                        ) {}))
                if !isStacked {
                    marks.append(Bars.value(chart.page.short(row.values[place], row.measured), at: x(max(to, 0)), y + thick / 2 + 4))
                }
            }
            if isStacked, let measured = chart.answer.measures.first {
                marks.append(Bars.value(chart.page.short(key.totals.first ?? .null, measured), at: x(base), top + thick / 2 + 4))
            }
        }
        return Group {
            chart.legend(rows)
            Bars.drawing(chart, height: Double(keys.count) * room + 6, .list(marks))
        }.node
    }

    static func drawing(_ chart: Chart, height: Double, _ marks: Node) -> Element {
        div(.class("chart chart-lying")) {
            Element("svg", [.class("plot"), .named("height", Chart.fixed(height)), .role("group"), .aria("label", chart.sentence)]) {
                marks
            }
        }
    }

    /// What a lane stands for, cut to the room there is; the whole on hover.
    static func name(_ key: Answer.Key, at y: Double) -> Node {
        var width = 0, text = ""
        for character in key.short {
            width += character.isASCII ? 1 : 2
            guard width <= 14 else {
                text.append("…")
                break
            }
            text.append(character)
        }
        return Element("text", [.class("axis"), .named("x", "-10"), .named("y", Chart.fixed(y)), .named("text-anchor", "end")]) {
            Element("title", []) { key.label }; text
        }.node
    }

    static func value(_ text: String, at x: Double, _ y: Double) -> Node {
        Element("text", [.class("val"), .named("x", Chart.percent(x)), .named("dx", "8"), .named("y", Chart.fixed(y))]) { text }.node
    }
}

/// How many of each step reached the next: bars on a track, with what part of the step before they are.
struct Funnel {
    let chart: Chart

    var body: Node {
        guard let row = chart.rows.first else { return .empty }
        let keys = chart.answer.keys, values = row.values.map { max($0.real ?? 0, 0) }, most = max(values.max() ?? 0, 1)
        let marks = keys.enumerated().map { place, key -> Node in
            let top = Double(place) * 46 + 6, before = place > 0 ? values[place - 1] : 0
            let share =
                before > 0
                ? chart.page.t(
                    "\(Chart.tenth(values[place] / before * 100))% 转化", "\(Chart.tenth(values[place] / before * 100))% of the step before")
                : ""
            return Group {
                Bars.name(key, at: top + 21)
                Element(
                    "rect",
                    [
                        .class("track"), .named("x", "0"), .named("y", Chart.fixed(top)), .named("width", "100%"), .named("height", "34"),
                        .named("rx", "4"),
                    ]
                ) {}
                chart.mark(
                    row.urls[place], chart.words(key, row, row.values[place]),
                    Element(
                        "rect",
                        [
                            .class("bar step s\(min(place, 6))"), .named("x", "0"), .named("y", Chart.fixed(top)),
                            .named("width", Chart.percent(values[place] / most)), .named("height", "34"), .named("rx", "4"),
                        ]
                    ) {})
                // Inside a long bar there is no room behind it.
                Element(
                    "text",
                    [
                        .class("val", values[place] / most > 0.6 ? "in" : nil), .named("x", Chart.percent(values[place] / most)),
                        .named("dx", values[place] / most > 0.6 ? "-8" : "8"), .named("y", Chart.fixed(top + 22)),
                        .named("text-anchor", values[place] / most > 0.6 ? "end" : "start"),
                    ]
                ) {
                    chart.page.short(row.values[place], row.measured) + (share.isEmpty ? "" : "  " + share)
                }
            }.node
        }
        return Bars.drawing(chart, height: Double(keys.count) * 46 + 4, .list(marks)).node
    }
}

/// The greatest causes first, and what part of all they make together: bars with a line of their running share.
struct Pareto {
    let chart: Chart

    var body: Node {
        guard let row = chart.rows.first else { return .empty }
        let keys = chart.answer.keys, values = row.values.map { max($0.real ?? 0, 0) }, whole = max(values.reduce(0, +), 1),
            most = max(values.max() ?? 0, 1)
        let room = 32.0, shares = Answer.running(values).map { $0 / whole }
        let bars = keys.enumerated().map { place, key -> Node in
            let top = Double(place) * room + 7
            return Group {
                Bars.name(key, at: top + 13)
                chart.mark(
                    row.urls[place], chart.words(key, row, row.values[place]),
                    Element(
                        "rect",
                        [
                            .class("bar d-c1"), .named("x", "0"), .named("y", Chart.fixed(top)),
                            .named("width", Chart.percent(values[place] / most * 0.72)), .named("height", "18"), .named("rx", "3"),
                        ]
                    ) {})
                Bars.value(chart.page.short(row.values[place], row.measured), at: values[place] / most * 0.72, top + 13)
            }.node
        }
        let height = Double(keys.count) * room + 6
        let points = shares.enumerated().map { "\(Chart.fixed($1 * 100)),\(Chart.fixed(Double($0) * room + 16))" }.joined(separator: " ")
        let line = Element(
            "svg",
            [
                .named("width", "100%"), .named("height", Chart.fixed(height)), .named("viewBox", "0 0 100 \(Chart.fixed(height))"),
                .named("preserveAspectRatio", "none"), .named("overflow", "visible"),
            ]
        ) {
            Element("polyline", [.class("line d-c3"), .named("points", points)]) {}
        }
        let dots = shares.enumerated().map { place, share -> Node in
            Group {
                Element(
                    "circle",
                    [
                        .class("dot d-c3 on"), .named("cx", Chart.percent(share)), .named("cy", Chart.fixed(Double(place) * room + 16)),
                        .named("r", "3"),
                    ]
                ) {
                    Element("title", []) { chart.page.t("累计 \(Chart.tenth(share * 100))%", "\(Chart.tenth(share * 100))% so far") }
                }
            }.node
        }
        return Group {
            div(.class("legend")) {
                span(.class("st d-c1")) { row.label }; span(.class("st d-c3")) { chart.page.t("累计占比", "Running share") }
            }
            Bars.drawing(
                chart, height: height,
                Group {
                    Node.list(bars); line; Node.list(dots)
                }.node)
        }.node
    }
}

/// Parts of a whole as a ring, each named beside it with its share.
struct Donut {
    let chart: Chart

    var body: Node {
        guard let row = chart.rows.first, let measured = chart.answer.measures.first else { return .empty }
        let values = row.values.map { max($0.real ?? 0, 0) }, whole = values.reduce(0, +)
        var begin = 0.0, arcs: [Node] = []
        for (place, key) in chart.answer.keys.enumerated() where values[place] > 0 {
            let share = values[place] / whole * 100
            arcs.append(
                chart.mark(
                    row.urls[place], chart.words(key, row, row.values[place]),
                    Element(
                        "circle",
                        [
                            .class("arc d-c\(hue(place))"), .named("cx", "100"), .named("cy", "100"), .named("r", "76"),
                            .named("pathLength", "100"), .named("transform", "rotate(-90 100 100)"),
                            .named("stroke-dasharray", "\(Chart.fixed(max(share - 0.4, 0.2))) 100"),
                            // bounded: floating-point.
                            .named("stroke-dashoffset", Chart.fixed(-begin)),
                        ]
                    ) {}))
            begin += share
        }
        return div(.class("chart chart-round")) {
            Element(
                "svg",
                [
                    .class("plot ring"), .named("width", "200"), .named("height", "200"), .named("viewBox", "0 0 200 200"), .role("group"),
                    .aria("label", chart.sentence),
                ]
            ) {
                Node.list(arcs)
                Element("text", [.class("sum"), .named("x", "100"), .named("y", "106"), .named("text-anchor", "middle")]) {
                    chart.page.short(chart.answer.totals.first ?? .null, measured)
                }
            }
            ul(.class("parts")) {
                for (place, key) in chart.answer.keys.enumerated() where values[place] > 0 {
                    li {
                        span(.class("st d-c\(hue(place))")) { key.label }
                        b(.class("num")) { chart.page.short(row.values[place], measured) }
                        span(.class("num muted")) { "\(Chart.tenth(values[place] / whole * 100))%" }
                    }
                }
            }
        }.node
    }

    /// The seventh colour is for all that follow.
    private func hue(_ place: Int) -> Int { min(place, 6) + 1 }
}

/// How much where two dimensions cross, by depth of colour; a table by itself.
struct HeatMap {
    let chart: Chart

    var body: Element {
        let answer = chart.answer, page = chart.page
        let most = max(answer.keys.flatMap { key in answer.series.map { answer.values(key, $0).first?.real ?? 0 } }.max() ?? 0, 1)
        return div(.class("chart-heat"), .role("region"), .tabindex(0), .aria("label", chart.sentence)) {
            table(.class("heat num")) {
                thead {
                    tr {
                        td {}; for series in answer.series { th(.scope("col")) { series.short } }
                    }
                }
                tbody {
                    for key in answer.keys {
                        tr {
                            th(.scope("row")) { key.short }
                            for series in answer.series {
                                let value = answer.values(key, series).first ?? .null,
                                    depth = Int(nearest: (max(value.real ?? 0, 0) / most * 8).rounded(.up)).held(in: 0...8)
                                td(.class("d\(depth)")) {
                                    if let measured = answer.measures.first {
                                        AnswerTable.number(
                                            page.short(value, measured), answer.address(key, series, of: measured),
                                            isNothing: (value.real ?? 0) == 0)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
