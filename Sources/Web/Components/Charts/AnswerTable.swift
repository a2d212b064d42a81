import Gate
import Markup
import Records

/// The numbers behind a chart; each leads to exactly its records.
struct AnswerTable {
    let page: Page
    let answer: Answer
    /// What is shown, where a page has several tables.
    var title: String?

    var body: Element {
        div(
            .class("tblwrap"), .tabindex(0), .role("region"),
            .aria("label", title.map { page.t("\($0)的数据表", "Data of \($0)") } ?? page.t("数据表", "Data table"))
        ) {
            table(.class("tbl answer")) {
                thead {
                    tr {
                        th(.scope("col")) { heading }
                        if answer.series.isEmpty {
                            for measured in answer.measures { th(.scope("col"), .class("r")) { measured.label } }
                            if hasBefore {
                                th(.scope("col"), .class("r")) {
                                    answer.question.comparison == .year ? page.t("去年同期", "Last year") : page.t("上期同期", "Before")
                                }
                                th(.scope("col"), .class("r")) { page.t("变化", "Change") }
                            }
                            for (words, _) in changes { th(.scope("col"), .class("r")) { words } }
                            if shares != nil {
                                th(.scope("col"), .class("r")) { page.t("占比", "Share") }
                                th(.scope("col"), .class("r")) { page.t("累计占比", "Running share") }
                            }
                        } else {
                            for series in answer.series { th(.scope("col"), .class("r")) { series.label } }
                            th(.scope("col"), .class("r")) { page.t("合计", "Total") }
                        }
                    }
                }
                tbody { for (place, key) in answer.keys.enumerated() { line(key, place) } }
                if !answer.totals.isEmpty { tfoot { totals } }
            }
        }
    }

    /// Parts of a whole say what part they are.
    private var shares: [(own: Double, running: Double)]? {
        answer.question.chart == .pareto || answer.question.chart == .donut ? answer.shares : nil
    }

    private var hasBefore: Bool { answer.keys.contains { $0.before != nil } }

    /// Over time: against the stretch before (环比), and against the same of the year before (同比) when the table reaches so far.
    private var changes: [(String, Int)] {
        guard answer.isTimed, answer.series.isEmpty, answer.keys.count > 1, answer.measures.first?.measure.addsUp ?? false else {
            return []
        }
        let year = answer.yearsSteps.flatMap { answer.keys.count > $0 ? $0 : nil }
        return [(page.t("环比", "On the one before"), 1)] + (year.map { [(page.t("同比", "On the year before"), $0)] } ?? [])
    }

    private func change(_ before: Value, _ now: Value) -> Element {
        let old = before.real ?? 0
        // bounded: floating-point.
        return td(.class("r num muted")) { old > 0 ? percent(((now.real ?? 0) - old) / old * 100) : "" }
    }

    private func percent(_ change: Double) -> String { (change > 0 ? "+" : "") + Chart.tenth(change) + "%" }

    private var heading: String {
        answer.labels.joined(separator: " × ")
    }

    private func line(_ key: Answer.Key, _ place: Int) -> Element {
        tr {
            th(.scope("row")) { key.label }
            if answer.series.isEmpty {
                for (measured, value) in zip(answer.measures, key.totals) { cell(value, measured, answer.address(key, of: measured)) }
                if hasBefore, let measured = answer.measures.first {
                    if let before = key.before?.first {
                        cell(before, measured, answer.addressBefore(key, of: measured))
                        change(before, key.totals.first ?? .null)
                    } else {
                        td {}
                        td {}
                    }
                }
                for (_, steps) in changes { td(.class("r num muted")) { answer.change(at: place, back: steps).map(percent) ?? "" } }
                if let share = shares?[place] {
                    td(.class("r num muted")) { "\(Chart.tenth(share.own))%" }
                    td(.class("r num muted")) { "\(Chart.tenth(share.running))%" }
                }
            } else if let measured = answer.measures.first {
                for series in answer.series {
                    cell(answer.values(key, series).first ?? .null, measured, answer.address(key, series, of: measured))
                }
                cell(key.totals.first ?? .null, measured, answer.address(key, of: measured))
            }
        }
    }

    private var totals: Element {
        tr {
            th(.scope("row")) { page.t("合计", "Total") }
            if answer.series.isEmpty {
                for (measured, value) in zip(answer.measures, answer.totals) { cell(value, measured, answer.address(of: measured)) }
                if hasBefore, let measured = answer.measures.first, let before = answer.before?.first {
                    cell(before, measured, answer.addressBefore(of: measured))
                    change(before, answer.totals.first ?? .null)
                }
                for _ in changes { td {} }
                if shares != nil {
                    td(.class("r num muted")) { "100%" }
                    td {}
                }
            } else if let measured = answer.measures.first {
                for series in answer.series { cell(series.totals.first ?? .null, measured, answer.address(series, of: measured)) }
                cell(answer.totals.first ?? .null, measured, answer.address(of: measured))
            }
        }
    }

    private func cell(_ value: Value, _ measured: Answer.Measured, _ url: String?) -> Element {
        td(.class("r num")) {
            AnswerTable.number(measured.show(value, in: page.language), url, isNothing: (value.real ?? 0) == 0 && !value.isNull)
        }
    }

    /// Nothing has no records to lead to.
    static func number(_ text: String, _ url: String?, isNothing: Bool) -> Node {
        guard let url, !isNothing, text != "—" else { return span(.class("muted")) { text }.node }
        return a(.class("lnk"), .href(url)) { text }.node
    }
}

/// One number, with how it stands against the stretch of time before.
struct KeyFigure {
    let page: Page
    let answer: Answer

    var body: Node {
        guard let measured = answer.measures.first, let value = answer.totals.first else { return .empty }
        return div(.class("figure")) {
            a(.class("v num"), .href(answer.address(of: measured) ?? "/\(answer.schema.name)")) { page.short(value, measured) }
            if let before = answer.before?.first { against(before, value, measured) }
            for (other, value) in zip(answer.measures, answer.totals).dropFirst() {
                div(.class("m num")) { "\(other.label) \(page.short(value, other))" }
            }
        }.node
    }

    private func against(_ before: Value, _ now: Value, _ measured: Answer.Measured) -> Element {
        // bounded: floating-point.
        let old = before.real ?? 0, change = (now.real ?? 0) - old
        return div(.class("m num")) {
            if old > 0 {
                span(.class("delta", change == 0 ? nil : (change > 0) == answer.question.isLessBetter ? "down" : "up")) {
                    page.site.icon(change > 0 ? "trending-up" : change < 0 ? "trending-down" : "minus", "sm")
                    "\(Chart.tenth(abs(change) / old * 100))%"
                }
            }
            a(.class("muted"), .href(answer.addressBefore(of: measured) ?? "/\(answer.schema.name)")) {
                page.t("\(stretch)同期 \(page.short(before, measured))", "\(stretch): \(page.short(before, measured))")
            }
        }
    }

    private var stretch: String {
        if answer.question.comparison == .year { return page.t("去年", "Last year to date") }
        return switch answer.question.span?.stretch {
        case .week: page.t("上周", "Last week to date")
        case .month: page.t("上月", "Last month to date")
        case .quarter: page.t("上季", "Last quarter to date")
        case .year, nil: page.t("去年", "Last year to date")
        }
    }
}
