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
        if question.dimensions.isEmpty, query.items["by"] == nil, let first = view.dimensions(of: query.schema).first {
            question.dimensions = [Summary.Group(first.name, first.isTime ? .month : .value)]
        }
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
                    if chart.hasPicture {
                        button(.type("button"), .class("btn btn-g btn-sm"), .data("png", title), .hidden()) {
                            page.site.icon("image", "sm"); "PNG"
                        }
                    }
                    a(.class("btn btn-g btn-sm"), .href("/dashboard/add" + adding.suffix)) {
                        page.site.icon("layout-dashboard", "sm"); page.t("存为磁贴", "Save as tile")
                    }
                    a(.class("btn btn-g btn-sm"), .href("/reports/add" + reporting.suffix)) {
                        page.site.icon("bookmark", "sm"); page.t("存为报表", "Save as report")
                    }
                    a(.class("btn btn-g btn-sm"), .href("/\(query.schema.name)/stats.xlsx" + items.suffix), .download()) {
                        page.site.icon("download", "sm"); "XLSX"
                    }
                    a(.class("btn btn-g btn-sm"), .href("/\(query.schema.name)/stats.csv" + items.suffix), .download()) {
                        page.site.icon("download", "sm"); "CSV"
                    }
                }
                div(.class("card-b")) { chart.body }
                if answer.isCut { div(.class("card-b")) { Chart.cutNotice(page) } }
            }
            if chart.kind != .table, !question.dimensions.isEmpty {
                section(.class("card")) {
                    div(.class("card-h")) {
                        h2 { page.t("数据表", "Data table") }; span(.class("s")) { page.t("点数字查看对应的记录", "A number opens its records") }
                    }
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
    private var adding: QueryItems {
        QueryItems(
            [("entity", query.schema.name), ("q", items.setting("chart", chart.kind.rawValue).text)]
                + (query.items["tile"].map { [("tile", $0)] } ?? []))
    }

    /// The question as a part of a report, in the place of the one it came from.
    private var reporting: QueryItems {
        QueryItems(
            [("entity", query.schema.name), ("q", items.setting("chart", chart.kind.rawValue).text)]
                + ["report", "part"].compactMap { name in query.items[name].map { (name, $0) } })
    }

    private var bar: Element {
        form(.class("stats-bar"), .method("get"), .action("/\(query.schema.name)"), .data("auto")) {
            for pair in query.items.pairs
            where !["by", "and", "measure", "chart", "span", "compare", "cursor", "at", "all"].contains(pair.name) {
                input(.type("hidden"), .name(pair.name), .value(pair.value))
            }
            QuestionFields(page: page, schema: query.schema, question: question, chart: chart.kind).body
            button(.class("btn btn-sm"), .data("auto-submit")) { page.t("统计", "Show") }
        }
    }
}

extension Chart {
    /// Whether there is a drawing that can be saved as a picture.
    var hasPicture: Bool { ![.number, .rows, .table, .heat].contains(kind) && !answer.keys.isEmpty }

    static func cutNotice(_ page: Page) -> Element {
        div(.class("notice")) {
            page.site.icon("info", "sm");
            page.t(
                "分组过多，只显示最近或最大的部分；缩小筛选范围可看到其余。", "Too many groups: only the latest or largest are shown. Narrow the filter for the others.")
        }
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
        let fields = page.view.dimensions(of: schema), linked = page.view.linkedDimensions(of: schema)
        return Group {
            choice("by", page.t("按", "By"), question.dimensions.first, fields, linked, none: page.t("不分组", "Nothing"))
            choice("and", page.t("再按", "And by"), question.dimensions.dropFirst().first, fields, linked, none: "—")
            for place in 0..<min(question.measures.count + 1, 3) { measure(place) }
            compared
            Markup.label {
                span { page.t("图形", "Chart") }
                select(.class("in in-sm"), .name("chart")) {
                    for kind in ChartKind.allCases where kind.suits(dimensions: question.dimensions.count) {
                        option(.value(kind.rawValue), .selected(kind == chart)) { kind.label(page.language) }
                    }
                }
            }
        }.node
    }

    private func measure(_ place: Int) -> Element {
        let present = place < question.measures.count ? question.measures[place] : nil, groups = page.view.measureGroups(of: schema)
        return Markup.label {
            span { place == 0 ? page.t("统计", "Measure") : page.t("再统计", "And") }
            select(.class("in in-sm"), .name("measure")) {
                if place > 0 { option(.value(""), .selected(present == nil)) { "—" } }
                if let present, !groups.contains(where: { $0.measures.contains { $0.text == present.text } }) {
                    option(.value(present.text), .selected(true)) { words(present) }
                }
                for group in groups {
                    optgroup(.label(group.label(page.language))) {
                        for measure in group.measures {
                            option(.value(measure.text), .selected(measure.text == present?.text)) { words(measure) }
                        }
                    }
                }
            }
        }
    }

    /// The present stretch of time beside the one before, or beside the same of the year before.
    @HTMLBuilder private var compared: Node {
        Markup.label {
            span { page.t("本期", "Period") }
            select(.class("in in-sm"), .name("span")) {
                option(.value(""), .selected(question.span == nil)) { page.t("不比较", "No comparison") }
                for field in page.view.dimensions(of: schema) where field.isTime {
                    optgroup(.label(field.label(in: page.language))) {
                        for (stretch, words) in [
                            (Day.Stretch.week, Words("本周", "this week")), (.month, Words("本月", "this month")),
                            (.quarter, Words("本季", "this quarter")), (.year, Words("今年", "this year")),
                        ] {
                            option(
                                .value("\(field.name):\(stretch.rawValue)"), .selected(question.span == Question.Span(field.name, stretch))
                            ) { field.label(in: page.language) + page.t(" \(words.chinese)", " \(words.english)") }
                        }
                    }
                }
            }
        }
        if question.span != nil {
            Markup.label {
                span { page.t("对比", "Against") }
                select(.class("in in-sm"), .name("compare")) {
                    option(.value("previous"), .selected(question.comparison == .previous)) { page.t("上期同期（环比）", "The one before") }
                    option(.value("year"), .selected(question.comparison == .year)) { page.t("去年同期（同比）", "The year before") }
                }
            }
        }
    }

    private func words(_ measure: Summary.Measure) -> String {
        page.view.attempt { try page.view.label(of: measure, in: schema) } ?? measure.text
    }

    private func choice(
        _ name: String, _ label: String, _ group: Summary.Group?, _ fields: [FieldSpec], _ linked: [(link: FieldSpec, fields: [FieldSpec])],
        none: String
    ) -> Element {
        let present = group?.text ?? "none"
        let known =
            fields.map(\.name) + linked.flatMap { one in one.fields.map { "\(one.link.name).\($0.name)" } }
            + fields.filter(\.isTime).flatMap { field in QuestionFields.grains.map { "\(field.name):\($0.0)" } }
        return Markup.label {
            span { label }
            select(.class("in in-sm"), .name(name)) {
                option(.value("none"), .selected(present == "none")) { none }
                // Bands of numbers and the like, which only an address says.
                if let group, !known.contains(present) {
                    option(.value(present), .selected(true)) { page.view.attempt { try page.view.label(of: group, in: schema) } ?? present }
                }
                for field in fields where !field.isTime {
                    option(.value(field.name), .selected(present == field.name)) { field.label(in: page.language) }
                }
                for field in fields where field.isTime {
                    optgroup(.label(field.label(in: page.language))) {
                        for (grain, words) in QuestionFields.grains {
                            option(
                                .value("\(field.name):\(grain)"),
                                .selected(present == "\(field.name):\(grain)" || present == field.name && grain == "month")
                            ) {
                                field.label(in: page.language) + page.t("（\(words.chinese)）", " (\(words.english))")
                            }
                        }
                    }
                }
                for (link, others) in linked {
                    optgroup(.label(page.t("\(link.label)的", "Of \(link.label(in: .english).lowercased())"))) {
                        for field in others {
                            option(.value("\(link.name).\(field.name)"), .selected(present == "\(link.name).\(field.name)")) {
                                field.label(in: page.language)
                            }
                        }
                    }
                }
            }
        }
    }

    static let grains: [(String, Words)] = [
        ("day", Words("按日", "daily")), ("week", Words("按周", "weekly")), ("month", Words("按月", "monthly")),
        ("quarter", Words("按季", "quarterly")), ("year", Words("按年", "yearly")),
    ]
}
