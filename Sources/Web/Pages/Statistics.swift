import Gate
import Markup
import Records

/// A list as numbers (统计): a chart over the table it is drawn from, for the records that the list's conditions find.
struct Statistics: ListLayout {
    let page: Page
    let query: ListQuery
    let question: Question
    let answer: Answer
    private let chart: Chart

    var hasFrame: Bool { false }

    init(_ page: Page, _ query: ListQuery) throws {
        self.page = page
        self.query = query
        question = try Statistics.question(query, page.view)
        answer = try page.view.answer(question)
        chart = Chart(page, answer, kind: question.chart)
    }

    /// What the address asks; when it names no dimension, by what tells the records apart best.
    static func question(_ query: ListQuery, _ view: View) throws -> Question {
        var question = try Question(query.items, of: query.schema.name)
        if question.dimensions.isEmpty, query.items["by"] == nil, let first = view.dimensions(of: query.schema).first { question.dimensions = [Summary.Group(first.name, first.isTime ? .month : .value)] }
        return question
    }

    var controls: Node { .empty }

    var body: Node {
        div(.class("statistics scroll")) {
            script(.src(page.site.assets.url("js/charts.js")), .type("module"))
            bar
            section(.class("card"), .data("chart-box")) {
                div(.class("card-h")) {
                    h2 { title }
                    span(.class("s")) { page.t("共 ", "Total ") + sum }
                    span(.class("grow")) {}
                    if chart.hasPicture { button(.type("button"), .class("btn btn-g btn-sm"), .data("png", title), .hidden()) { page.site.icon("image", "sm"); "PNG" } }
                    a(.class("btn btn-g btn-sm"), .href("/dashboard/add" + adding.suffix)) { page.site.icon("layout-dashboard", "sm"); page.t("存为磁贴", "Save as tile") }
                    a(.class("btn btn-g btn-sm"), .href("/\(query.schema.name)/stats.csv" + items.suffix), .download()) { page.site.icon("download", "sm"); "CSV" }
                }
                div(.class("card-b")) { chart.body }
                if answer.isCut { div(.class("card-b")) { Chart.cutNotice(page) } }
            }
            if chart.kind != .table, !question.dimensions.isEmpty {
                section(.class("card")) {
                    div(.class("card-h")) { h2 { page.t("数据表", "Data table") }; span(.class("s")) { page.t("点数字查看对应的记录", "A number opens its records") } }
                    AnswerTable(page: page, answer: answer).body
                }
            }
        }.node
    }

    private var sum: String {
        guard let measured = answer.measures.first, let total = answer.totals.first else { return "" }
        return page.short(total, measured)
    }

    var title: String { answer.question.title(answer, page.language) }

    /// The list's own address with the question spelt out.
    private var items: QueryItems { question.items }

    /// The question as a tile of a dashboard, in the place of the one it came from.
    private var adding: QueryItems { QueryItems([("entity", query.schema.name), ("q", items.setting("chart", chart.kind.rawValue).text)] + (query.items["tile"].map { [("tile", $0)] } ?? [])) }

    private var bar: Element {
        form(.class("stats-bar"), .method("get"), .action("/\(query.schema.name)"), .data("auto")) {
            for pair in query.items.pairs where !["by", "and", "measure", "chart", "cursor", "at", "all"].contains(pair.name) { input(.type("hidden"), .name(pair.name), .value(pair.value)) }
            QuestionFields(page: page, schema: query.schema, question: question, chart: chart.kind).body
            button(.class("btn btn-sm"), .data("auto-submit")) { page.t("统计", "Show") }
        }
    }
}

extension Chart {
    /// Whether there is a drawing that can be saved as a picture.
    var hasPicture: Bool { ![.number, .rows, .table, .heat].contains(kind) && !answer.keys.isEmpty }

    static func cutNotice(_ page: Page) -> Element {
        div(.class("notice")) { page.site.icon("info", "sm"); page.t("分组过多，只显示最近或最大的部分；缩小筛选范围可看到其余。", "Too many groups: only the latest or largest are shown. Narrow the filter for the others.") }
    }
}

extension Question {
    /// `按负责人统计金额合计`.
    func title(_ answer: Answer, _ language: Language) -> String {
        let names = answer.labels, measures = answer.measures.map(\.label).joined(separator: language("、", ", "))
        guard !names.isEmpty else { return answer.schema.label(in: language) + language("", ": ") + measures }
        return language("按\(names.joined(separator: "和"))的\(measures)", "\(measures) by \(names.joined(separator: " and ").lowercased())")
    }
}

/// The choices that make a question: what apart, what measured, how drawn.
struct QuestionFields {
    let page: Page
    let schema: Schema
    let question: Question
    let chart: ChartKind

    var body: Node {
        let fields = page.view.dimensions(of: schema)
        return Group {
            choice("by", page.t("按", "By"), question.dimensions.first.map(\.text) ?? "none", fields, none: page.t("不分组", "Nothing"))
            choice("and", page.t("再按", "And by"), question.dimensions.dropFirst().first.map(\.text) ?? "none", fields, none: "—")
            Markup.label {
                span { page.t("统计", "Measure") }
                select(.class("in in-sm"), .name("measure")) {
                    let present = question.measures.map(\.text).joined(separator: ",")
                    for measure in page.view.measures(of: schema) { option(.value(measure.text), .selected(measure.text == present)) { words(measure) } }
                    if question.measures.count > 1 { option(.value(present), .selected(true)) { question.measures.map(words).joined(separator: page.t("、", ", ")) } }
                }
            }
            Markup.label {
                span { page.t("图形", "Chart") }
                select(.class("in in-sm"), .name("chart")) {
                    for kind in ChartKind.allCases where kind.suits(dimensions: question.dimensions.count) { option(.value(kind.rawValue), .selected(kind == chart)) { kind.label(page.language) } }
                }
            }
        }.node
    }

    private func words(_ measure: Summary.Measure) -> String {
        let label = measure.field.flatMap { schema[$0] }?.label(in: page.language) ?? ""
        switch measure {
        case .count: return page.t("数量", "Count")
        case .sum: return page.t("\(label)合计", "Total \(label.lowercased())")
        case .average: return page.t("平均\(label)", "Average \(label.lowercased())")
        case .min: return page.t("最小\(label)", "Least \(label.lowercased())")
        case .max: return page.t("最大\(label)", "Greatest \(label.lowercased())")
        case .distinct, .share, .balance, .days, .hours: return (try? page.view.label(of: measure, in: schema)) ?? measure.text
        }
    }

    private func choice(_ name: String, _ label: String, _ present: String, _ fields: [FieldSpec], none: String) -> Element {
        Markup.label {
            span { label }
            select(.class("in in-sm"), .name(name)) {
                option(.value("none"), .selected(present == "none")) { none }
                for field in fields where !field.isTime { option(.value(field.name), .selected(present == field.name)) { field.label(in: page.language) } }
                for field in fields where field.isTime {
                    optgroup(.label(field.label(in: page.language))) {
                        for (grain, words) in QuestionFields.grains {
                            option(.value("\(field.name):\(grain)"), .selected(present == "\(field.name):\(grain)" || present == field.name && grain == "month")) {
                                field.label(in: page.language) + page.t("（\(words.chinese)）", " (\(words.english))")
                            }
                        }
                    }
                }
            }
        }
    }

    static let grains: [(String, Words)] = [
        ("day", Words("按日", "daily")), ("week", Words("按周", "weekly")), ("month", Words("按月", "monthly")), ("quarter", Words("按季", "quarterly")), ("year", Words("按年", "yearly")),
    ]
}
