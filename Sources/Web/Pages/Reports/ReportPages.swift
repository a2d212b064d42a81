import Gate
import Hummingbird
import Markup
import Records

/// The catalogue of reports and each of them as a page.
struct ReportPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("reports", use: catalogue)
        router.get("reports/new", use: begin)
        router.get("reports/add", use: addForm)
        router.post("reports/add", use: addPart)
        router.get("reports/{key}", use: show)
        router.post("reports/{key}/copy", use: copy)
    }

    @Sendable func catalogue(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            .shell(ReportCatalogue(page: page, reports: try page.view.savedReports().map(\.report) + page.view.readyReports()).shell)
        }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let key = try context.parameters.require("key")
        return try await site.page(request, context) { page in .shell(ReportParts(page: page, sheet: try page.view.report(key)).shell) }
    }
}

/// All reports somebody may open, by area.
struct ReportCatalogue {
    let page: Page
    let reports: [ReportDefault]

    private var countable: [Schema] {
        page.catalog.schemas.filter { page.catalog.standsAlone($0) && $0.isOwned && page.view.may("read", $0) }
    }

    private var areas: [ReportDefault.Area] {
        var areas: [ReportDefault.Area] = []
        for report in reports where !areas.contains(report.area) { areas.append(report.area) }
        return areas
    }

    var shell: Shell {
        Shell(page.t("报表", "Reports"), active: "reports") {
            div(.class("pagehead")) {
                h1 { page.t("报表", "Reports") }
                span(.class("grow")) {}
                a(.class("btn btn-g"), .href("/report_issues")) {
                    page.site.icon("file-text"); page.t("报告", "Written reports")
                }
                a(.class("btn btn-g"), .href("/report_schedules")) {
                    page.site.icon("calendar-clock"); page.t("定时报表", "Schedules")
                }
                form(.method("get"), .action("/reports/new"), .class("row-s")) {
                    select(.class("in in-sm"), .name("entity"), .aria("label", page.t("统计什么", "What to count"))) {
                        for schema in countable { option(.value(schema.name)) { schema.label(in: page.language) } }
                    }
                    button(.class("btn btn-p")) {
                        page.site.icon("plus"); page.t("新建报表", "New report")
                    }
                }
            }
            if reports.isEmpty {
                div(.class("empty empty-page")) {
                    span(.class("ico")) { page.site.icon("chart-column-big", "lg") }
                    b { page.t("还没有可以查看的报表", "No report for you yet") }
                    span { page.t("报表按您能查看的记录给出，请联系管理员。", "Reports follow what you may see; ask an administrator.") }
                }
            } else {
                div(.class("catalogue")) {
                    for area in areas {
                        section(.aria("labelledby", "area-\(area.code)")) {
                            h2(.id("area-\(area.code)")) {
                                page.site.icon(area.icon); area.label(page.language)
                            }
                            ul {
                                for report in reports where report.area == area {
                                    li {
                                        a(.href("/reports/\(report.code)")) {
                                            b { report.label(page.language) }; span { report.about(page.language) }
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
}

/// One report: its figures with their formulas, then a chart over its table for each question.
struct ReportParts {
    let page: Page
    let sheet: ReportSheet
    private var report: ReportDefault { sheet.report }

    private var period: ReportPeriod { page.items["period"].flatMap(ReportPeriod.init(rawValue:)) ?? .twelveMonths }
    private var whose: Whose { page.items["who"].flatMap(Whose.init(rawValue:)) ?? .all }

    var shell: Shell {
        Shell(report.label(page.language), active: "reports", crumbs: [(page.t("报表", "Reports"), "/reports")]) {
            script(.src(page.site.assets.url("js/charts.js")), .type("module"))
            div(.class("pagehead")) {
                h1 { report.label(page.language) }
                span(.class("grow")) {}
                if report.parts.contains(where: { page.catalog[$0.entity]?.isOwned ?? false }) {
                    choices(page.t("谁的", "Whose"), "who", whose.rawValue, people)
                }
                if report.parts.contains(where: { $0.time != nil }) { periods }
                button(.class("btn btn-i"), .popovertarget("reportmenu"), .aria("label", page.t("更多操作", "More"))) {
                    page.site.icon("ellipsis")
                }
                menu
            }
            div(.class("report")) {
                p(.class("about")) { report.about(page.language) }
                if !report.figures.isEmpty {
                    div(.class("figures")) { for figure in report.figures { FigureCard(page: page, figure: figure, whose: whose).body } }
                }
                if report.parts.isEmpty {
                    p(.class("about")) {
                        page.t(
                            "还没有图表：在任何列表的“统计”里排好图，点“存为报表”放到这里。",
                            "Nothing here yet: arrange a chart in any list's statistics and save it to this report.")
                    }
                }
                for (place, part) in report.parts.enumerated() { self.part(part, place) }
            }
        }
    }

    private var people: [(String, String)] {
        [("all", page.t("全部", "All")), ("me", page.t("我的", "Mine"))]
            + (page.actor.subordinates.isEmpty ? [] : [("team", page.t("下属", "Team"))])
    }

    private func choices(_ label: String, _ name: String, _ present: String, _ all: [(String, String)]) -> Element {
        span(.class("seg"), .role("group"), .aria("label", label)) {
            for (value, words) in all {
                a(.href(page.here(page.items.setting(name, value))), .aria("current", value == present ? "true" : nil)) { words }
            }
        }
    }

    private var periods: Element {
        form(.method("get"), .action("/reports/\(report.code)"), .data("auto"), .class("row-s")) {
            for pair in page.items.pairs where pair.name != "period" { input(.type("hidden"), .name(pair.name), .value(pair.value)) }
            select(.class("in in-sm"), .name("period"), .aria("label", page.t("时期", "Period"))) {
                for known in ReportPeriod.allCases {
                    option(.value(known.rawValue), .selected(known == period)) { known.label(page.language) }
                }
            }
            button(.class("btn btn-sm"), .data("auto-submit")) { page.t("查看", "Show") }
        }
    }

    private var menu: Element {
        div(.popover("auto"), .id("reportmenu"), .class("menu")) {
            if sheet.canChange {
                a(.href("/saved_reports/\(sheet.key)/edit")) {
                    page.site.icon("pencil"); page.t("名称、顺序与角色", "Name, order and roles")
                }
                a(.href("/saved_reports/\(sheet.key)/share")) {
                    page.site.icon("share-2"); page.t("共享", "Share")
                }
            }
            form(.method("post"), .action("/reports/\(sheet.key)/issue")) {
                page.csrfField
                input(.type("hidden"), .name("period"), .value(period.rawValue))
                input(.type("hidden"), .name("who"), .value(whose.rawValue))
                button {
                    page.site.icon("file-text"); page.t("生成报告（固定今天的数）", "Write a report of today’s figures")
                }
            }
            a(
                .href(
                    "/report_schedules/new"
                        + QueryItems([
                            ("report", sheet.key), ("name", report.label(page.language)), ("period", period.rawValue), ("full", "1"),
                        ]).suffix)
            ) {
                page.site.icon("calendar-clock"); page.t("定时发送", "Send regularly")
            }
            form(.method("post"), .action("/reports/\(sheet.key)/copy")) {
                page.csrfField;
                button {
                    page.site.icon("copy"); page.t("复制一份来修改", "Copy and change")
                }
            }
            if sheet.isOwn {
                form(.method("post"), .action("/saved_reports/\(sheet.key)/delete")) {
                    page.csrfField;
                    button {
                        page.site.icon("trash-2"); page.t("删除", "Delete")
                    }
                }
            }
        }
    }

    /// A part of one's own report is changed in its place.
    private func place(_ index: Int, _ part: ReportDefault.Part) -> QueryItems? {
        guard sheet.canChange, sheet.partIDs.indices.contains(index), let items = try? QueryItems(parsing: part.question) else {
            return nil
        }
        return QueryItems(items.pairs + [("report", sheet.key), ("part", String(sheet.partIDs[index]))])
    }

    private func part(_ part: ReportDefault.Part, _ index: Int) -> Element {
        let title = part.title(page.language)
        do {
            let schema = try page.view.schema(named: part.entity), question = try part.question(schema, period, whose)
            return AnswerCard(page: page, title: title, answer: try page.view.answer(question), change: place(index, part)).body
        } catch {
            return section(.class("card"), .aria("label", title)) {
                div(.class("card-h")) { h2 { title } }
                div(.class("empty")) {
                    span(.class("ico")) { page.site.icon("lock", "lg") }; span { Reason.words(error, page) }
                }
            }
        }
    }
}

/// A question answered: its chart, the table behind it, and ways on.
struct AnswerCard {
    let page: Page
    let title: String
    let answer: Answer
    /// What the builder begins with, when it is not this very question.
    var change: QueryItems?

    private var items: String { answer.question.items.suffix }
    private var base: String { "/\(answer.schema.name)" }

    var body: Element {
        let chart = Chart(page, answer, kind: answer.question.chart)
        return section(.class("card"), .data("chart-box"), .aria("label", title)) {
            div(.class("card-h")) {
                h2 { title }
                span(.class("s only-d")) { answer.schema.label(in: page.language) }
                span(.class("grow")) {}
                if chart.hasPicture {
                    button(.type("button"), .class("btn btn-g btn-sm"), .data("png", title), .hidden()) {
                        page.site.icon("image", "sm"); "PNG"
                    }
                }
                a(.class("btn btn-g btn-sm"), .href("\(base)/stats.xlsx" + items), .download()) {
                    page.site.icon("download", "sm"); "XLSX"
                }
                a(.class("btn btn-g btn-sm"), .href("\(base)/stats.csv" + items), .download()) {
                    page.site.icon("download", "sm"); "CSV"
                }
                a(
                    .class("btn btn-g btn-sm"),
                    .href(base + (change ?? answer.question.items.setting("chart", chart.kind.rawValue)).setting("layout", "stats").suffix)
                ) {
                    page.site.icon("sliders-horizontal", "sm"); page.t("修改", "Change")
                }
            }
            div(.class(chart.kind == .rows ? "card-rows" : "card-b")) { chart.body }
            if answer.isCut { div(.class("card-b")) { Chart.cutNotice(page) } }
            if chart.kind != .table, !answer.keys.isEmpty { AnswerTable(page: page, answer: answer, title: title).body }
        }
    }
}

/// A number measured against another, with the formula and the way to the records of both.
struct FigureCard {
    let page: Page
    let figure: Figure
    let whose: Whose

    var body: Element {
        section(.class("card kpi"), .aria("label", figure.label(page.language))) {
            div(.class("l")) { figure.label(page.language) }
            if let answer = page.view.attempt({ try page.view.answer(figure, whose) }) {
                div(.class("v num")) { answer.text(page.language) }
                div(.class("m num")) {
                    term(figure.over, answer.over); "÷"; term(figure.under, answer.under);
                    if figure.times != 1 { "× \(Chart.tenth(figure.times))" }
                }
            } else {
                div(.class("v num")) { "—" }
            }
        }
    }

    private func term(_ term: Figure.Term, _ answer: Answer) -> Element {
        let measured = answer.measures.first
        return a(.class("lnk"), .href(answer.address(of: measured) ?? "/\(answer.schema.name)"), .title(term.label(page.language))) {
            term.label(page.language) + " " + (measured.map { page.short(answer.totals.first ?? .null, $0) } ?? "")
        }
    }
}
