import Gate
import Hummingbird
import Markup
import Records

/// Makes reports of one's own: from a list's statistics, or as a copy of another.
extension ReportPages {
    /// What is to be counted: its statistics are the builder.
    @Sendable func begin(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            guard let entity = page.items["entity"] else { return .redirect("/reports") }
            return .redirect("/\(try page.view.schema(named: entity).name)?layout=stats")
        }
    }

    @Sendable func copy(_ request: Request, _ context: WebContext) async throws -> Response {
        let key = try context.parameters.require("key")
        _ = try await FormBody(request, context)
        let id = try await site.gate.write(as: try context.actor()) { tx in
            try tx.addReport(
                "\(try tx.report(key).report.label(tx.actor.language).prefix(50))\(tx.actor.language("（我的）", " (mine)"))", like: key)
        }
        return .done("/reports/\(id)", context.language("已复制，可以修改", "Copied; it is yours to change"))
    }

    @Sendable func addForm(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            .shell(try PartForm(page, entity: page.items["entity"] ?? "", question: page.items["q"] ?? "", FormState()).shell)
        }
    }

    @Sendable func addPart(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), entity = form["entity"] ?? "", question = form["question"] ?? ""
        do {
            let id = try await site.gate.write(as: try context.actor()) { tx in
                let title = form["title"]?.trimmed ?? ""
                let id =
                    try form["report"].flatMap(Int64.init)
                    ?? tx.addReport(form["name"]?.trimmed.isEmpty == false ? form["name"]?.trimmed ?? title : title)
                try tx.addPart(
                    title, of: entity, question, time: form["time"].flatMap { $0.isEmpty ? nil : $0 }, to: id,
                    inPlaceOf: form["part"].flatMap(Int64.init))
                return id
            }
            return .done("/reports/\(id)", context.language("报表已保存", "Report saved"))
        } catch let wrong as Problems {
            return try await refused(request, context, entity, question, FormState(typed: form.typed, problems: wrong.all))
        } catch let wrong as Problem {
            return try await refused(request, context, entity, question, FormState(typed: form.typed, problems: [wrong]))
        }
    }

    private func refused(
        _ request: Request, _ context: WebContext, _ entity: String, _ question: String, _ state: FormState
    ) async throws -> Response {
        var response = try await site.page(request, context) { page in
            .shell(try PartForm(page, entity: entity, question: question, state).shell)
        }
        response.status = .unprocessableContent
        return response
    }
}

/// Into which report a question goes, what it is called there, and which of its days follows the report's period.
struct PartForm {
    private let page: Page
    private let schema: Schema
    private let question: Question
    private let state: FormState
    private let mine: [ReportSheet]

    init(_ page: Page, entity: String, question text: String, _ state: FormState) throws {
        self.page = page
        self.state = state
        schema = try page.view.schema(named: entity)
        question = try Question(QueryItems(parsing: text), of: entity)
        mine = try page.view.savedReports().filter(\.canChange)
        if let key = page.items["report"], let part = page.items["part"].flatMap(Int64.init),
            let sheet = page.view.attempt({ try page.view.report(key) }),
            let place = sheet.partIDs.firstIndex(of: part)
        {
            known = ["title": sheet.report.parts[place].title(page.language), "time": sheet.report.parts[place].time ?? ""]
        }
    }

    /// What the part was called that this replaces.
    private var known: [String: String] = [:]

    private func typed(_ name: String) -> String? { state.typed[name]?.last ?? page.items[name] ?? known[name] }

    var shell: Shell {
        let answer = page.view.attempt { try page.view.answer(question) }, heading = page.t("存为报表", "Save as report")
        return Shell(heading, active: "reports", crumbs: [(page.t("报表", "Reports"), "/reports")]) {
            div(.class("pagehead")) { h1 { heading } }
            form(.class("pad col narrow"), .method("post"), .action("/reports/add")) {
                page.csrfField
                page.faults(state.problems)
                input(.type("hidden"), .name("entity"), .value(schema.name))
                input(.type("hidden"), .name("question"), .value(question.items.text))
                if let part = typed("part") { input(.type("hidden"), .name("part"), .value(part)) }
                section(.class("card")) {
                    div(.class("card-b col")) {
                        field("r-title", page.t("标题", "Title")) {
                            input(
                                .class("in"), .id("r-title"), .name("title"),
                                .value(typed("title") ?? answer.map { String(question.title($0, page.language).prefix(60)) } ?? ""),
                                .required(true), .maxlength(60))
                        }
                        field("r-report", page.t("放到", "In")) {
                            select(.class("in"), .id("r-report"), .name("report")) {
                                option(.value("")) { page.t("新的报表", "A new report") }
                                for sheet in mine {
                                    option(.value(sheet.key), .selected(sheet.key == typed("report"))) { sheet.report.label(page.language) }
                                }
                            }
                        }
                        field("r-name", page.t("新报表的名称", "Name of the new report")) {
                            input(
                                .class("in"), .id("r-name"), .name("name"), .value(typed("name") ?? ""), .maxlength(60),
                                .placeholder(page.t("留空与标题相同", "The title when empty")))
                        }
                        field("r-time", page.t("时期按哪个日期", "Which date the period is of")) {
                            select(.class("in"), .id("r-time"), .name("time")) {
                                option(.value("")) { page.t("不随时期变", "None: as it stands today") }
                                for field in page.view.dimensions(of: schema) where field.isTime {
                                    option(.value(field.name), .selected(field.name == typed("time"))) { field.label(in: page.language) }
                                }
                            }
                        }
                    }
                }
                if let answer { section(.class("card")) { div(.class("card-b")) { Chart(page, answer, kind: question.chart).body } } }
                div(.class("actionbar")) {
                    span(.class("grow")) {}; button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
        }
    }

    private func field(_ id: String, _ label: String, @HTMLBuilder _ control: () -> Node) -> Element {
        let control = control()
        return div(.class("field")) {
            Markup.label(.for(id)) { label }; control
        }
    }
}
