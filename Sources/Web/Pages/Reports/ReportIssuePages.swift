import Formats
import Gate
import Hummingbird
import Markup
import Records

/// Written reports: a report's figures on a day, to read, print and take away.
struct ReportIssuePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.post("reports/{key}/issue", use: write)
        router.get("reports/issues/{id}", use: show)
        router.get("reports/issues/{id}/print", use: printed)
    }

    /// Freezes the figures as the page shows them; what they mean is written next.
    @Sendable func write(_ request: Request, _ context: WebContext) async throws -> Response {
        let key = try context.parameters.require("key"), form = try await FormBody(request, context)
        let id = try await site.gate.write(as: try context.actor()) { tx in
            try tx.issue(
                key, form["period"].flatMap(ReportPeriod.init(rawValue:)) ?? .twelveMonths,
                form["who"].flatMap(Whose.init(rawValue:)) ?? .all)?.row.id
        }
        guard let id else { throw Refusal.notFound }
        return .done("/report_issues/\(id)/edit", context.language("报告已生成，请写解读与结论", "Figures written down; add what they mean"))
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID()
        return try await site.page(request, context) { page in .shell(IssuePart(page: page, issue: try page.view.reportIssue(id)).shell) }
    }

    /// On paper, or as a workbook.
    @Sendable func printed(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID()
        return try await site.page(request, context) { page in
            let paper = page.view.paper(of: try page.view.reportIssue(id))
            guard page.items["format"] == "xlsx" else { return .fragment(PrintFrame(page: page, forms: [], form: nil).papers([paper])) }
            var response = Response.bytes(
                try PaperWorkbook([paper], page.language).bytes(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            response.headers[.contentDisposition] = ContentDisposition.attachment("\(paper.title).xlsx")
            return .file(response)
        }
    }
}

/// A written report on the screen.
struct IssuePart {
    let page: Page
    let issue: Record<ReportIssue>

    private var frozen: FrozenReport { FrozenReport(jsonText: issue.frozen) ?? FrozenReport() }

    var shell: Shell {
        Shell(
            issue.title, active: "reports",
            crumbs: [(page.t("报表", "Reports"), "/reports"), (page.t("报告", "Written reports"), "/report_issues")]
        ) {
            div(.class("pagehead")) {
                h1 { issue.title }
                span(.class("grow")) {}
                a(.class("btn"), .href("/reports/\(issue.report)")) {
                    page.site.icon("chart-column-big"); page.t("现在的报表", "The report today")
                }
                a(.class("btn"), .href("/reports/issues/\(issue.row.id)/print")) {
                    page.site.icon("printer"); page.t("打印", "Print")
                }
                a(.class("btn"), .href("/reports/issues/\(issue.row.id)/print?format=xlsx"), .download()) {
                    page.site.icon("download"); "XLSX"
                }
                a(.class("btn btn-p"), .href("/report_issues/\(issue.row.id)")) {
                    page.site.icon("pencil"); page.t("解读、结论与任务", "Text, conclusions and tasks")
                }
            }
            div(.class("report")) {
                p(.class("about")) {
                    page.t(
                        "数据截至 \(issue.on.iso)，\(issue.period ?? "")；之后的变化不再影响这里的数。",
                        "As of \(issue.on.iso), \(issue.period ?? ""): later changes do not touch these figures.")
                }
                if let text = issue.summary { prose(page.t("解读", "What it means"), text) }
                if !frozen.figures.isEmpty {
                    div(.class("figures")) {
                        for figure in frozen.figures {
                            section(.class("card kpi")) {
                                div(.class("l")) { figure.label }; div(.class("v num")) { figure.value };
                                div(.class("m num")) { figure.formula }
                            }
                        }
                    }
                }
                for sheet in frozen.tables { self.sheet(sheet) }
                if let text = issue.conclusion { prose(page.t("结论与建议", "Conclusions"), text) }
            }
        }
    }

    private func prose(_ title: String, _ text: String) -> Element {
        section(.class("card")) {
            div(.class("card-h")) { h2 { title } }
            div(.class("card-b")) { for line in text.split(separator: "\n") { p { String(line) } } }
        }
    }

    private func sheet(_ sheet: FrozenReport.Table) -> Element {
        section(.class("card"), .aria("label", sheet.title)) {
            div(.class("card-h")) { h2 { sheet.title } }
            div(.class("tblwrap"), .tabindex(0), .role("region"), .aria("label", page.t("\(sheet.title)的数据", "Data of \(sheet.title)"))) {
                table(.class("tbl answer")) {
                    thead {
                        tr {
                            for (place, cell) in (sheet.rows.first ?? []).enumerated() {
                                th(.scope("col"), .class(place > 0 ? "r" : nil)) { cell }
                            }
                        }
                    }
                    tbody {
                        for row in sheet.rows.dropFirst() {
                            tr {
                                for (place, cell) in row.enumerated() {
                                    if place == 0 { th(.scope("row")) { cell } } else { td(.class("r num")) { cell } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
