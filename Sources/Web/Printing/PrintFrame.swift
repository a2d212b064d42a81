import Gate
import Markup
import Records

/// Sheets on the screen as they come out of the printer, with what chooses between them above.
struct PrintFrame {
    /// The choice that prints the fields of the page instead of a form.
    static let fields = "fields"

    let page: Page
    let forms: [PaperForm]
    let form: PaperForm?

    private func document(_ title: String, @HTMLBuilder content: () -> Node) -> HTMLDocument {
        let body = content()
        return HTMLDocument(
            title: title, language: page.language == .chinese ? "zh-CN" : "en", theme: "light", bodyAttributes: [.class("plain papers")]
        ) {
            page.site.head()
        } body: {
            bar()
            main { body }
        }
    }

    private func bar() -> Element {
        let back = page.path.hasSuffix("/print") ? String(page.path.dropLast(6)) : "/",
            items = page.items.removing { $0 == "form" || $0 == "format" }
        return nav(.class("paperbar no-print"), .aria("label", page.t("打印", "Print"))) {
            a(.class("btn btn-g"), .href(back)) {
                page.site.icon("arrow-left"); page.t("返回", "Back")
            }
            if !forms.isEmpty {
                div(.class("seg"), .aria("label", page.t("版式", "Layout"))) {
                    for choice in forms {
                        a(.href(page.here(items.setting("form", choice.name))), .aria("current", choice.name == form?.name ? "true" : nil))
                        { choice.label(page.language) }
                    }
                    a(.href(page.here(items.setting("form", PrintFrame.fields))), .aria("current", form == nil ? "true" : nil)) {
                        page.t("全部字段", "All fields")
                    }
                }
            }
            span(.class("grow")) {}
            if let form {
                a(.class("btn"), .href(page.here(items.setting("form", form.name).setting("format", "xlsx"))), .download()) {
                    page.site.icon("download"); "Excel"
                }
            }
            button(.type("button"), .class("btn btn-p"), .data("print")) {
                page.site.icon("printer"); page.t("打印或存为 PDF", "Print or save as PDF")
            }
        }
    }

    private func foot(_ version: Int64? = nil) -> Element {
        div(.class("sheet-foot")) {
            span { page.t("打印：", "Printed by ") + page.actor.name + " · " + page.view.now.shown }
            if let version { span { page.t("版本 ", "Version ") + String(version) } }
        }
    }

    // MARK: - Forms

    func papers(_ papers: [Paper]) -> HTMLDocument {
        document(papers.first?.title ?? form?.label(page.language) ?? page.t("打印", "Print")) {
            if papers.isEmpty { div(.class("empty")) { b { page.t("没有可打印的记录", "Nothing to print") } } }
            for paper in papers { sheet(paper) }
        }
    }

    private func sheet(_ paper: Paper) -> Element {
        section(.class("sheet", paper.isLandscape ? "wide" : nil), .tabindex(0), .aria("label", paper.title)) {
            p(.class("sheet-company")) { paper.company }
            h1 { paper.title }
            if !paper.head.isEmpty {
                div(.class("sheet-head")) {
                    for box in paper.head {
                        span {
                            box.label + page.t("：", ": "); b { box.text }
                        }
                    }
                }
            }
            for block in paper.blocks { self.block(block) }
            foot(paper.version)
        }
    }

    private func block(_ block: Paper.Block) -> Element {
        switch block {
        case .grid(let rows):
            let width = rows.map(\.count).max() ?? 1
            return table(.class("boxes")) {
                tbody {
                    for row in rows {
                        tr {
                            for (place, box) in row.enumerated() {
                                // The last box of a short row takes what is left.
                                let span = place == row.count - 1 ? (width - row.count) * 2 + 1 : 1
                                th(.scope("row")) { box.label }
                                td(.colspan(span)) { box.text }
                            }
                        }
                    }
                }
            }
        case .table(let content):
            return table(.class("ruled")) {
                thead { tr { for column in content.columns { th(.scope("col"), .class(column.isNumber ? "r" : nil)) { column.label } } } }
                tbody { for row in content.rows { line(row, content.columns) } }
                if let totals = content.totals { tfoot { line(totals, content.columns) } }
            }
        case .text(let box):
            return div(.class("sheet-text")) {
                h2 { box.label }; p { box.text }
            }
        case .signatures(let who): return div(.class("sign")) { for name in who { span { name + page.t("（签章）", " (signature)") } } }
        }
    }

    private func line(_ cells: [String], _ columns: [Paper.Column]) -> Element {
        tr { for (cell, column) in zip(cells, columns) { td(.class(column.isNumber ? "r num" : nil)) { cell } } }
    }

    // MARK: - Fields as they stand on the page

    func record(_ row: Row, _ titles: Titles) -> HTMLDocument {
        document(row.title) {
            section(.class("sheet"), .tabindex(0), .aria("label", row.title)) {
                p(.class("sheet-company")) { page.view.companyName() }
                h1 { row.title }
                for part in RecordForm.sections(of: row.schema, page.view, creating: false) {
                    h2 { part.label(page.language) }
                    dl(.class("kv")) {
                        for field in part.fields {
                            dt { field.label(in: page.language) }; dd { page.display(field, row, titles, inList: true) }
                        }
                    }
                }
                for field in row.schema.fields { LinesPart(page: page, row: row, field: field).body }
                foot(row.version)
            }
        }
    }

    func list(_ schema: Schema, _ rows: [Row], _ columns: [FieldSpec], _ titles: Titles) -> HTMLDocument {
        let title = page.t("\(schema.label)列表（\(rows.count) 条）", "\(schema.label(in: .english)) (\(rows.count))")
        return document(title) {
            section(.class("sheet", columns.count > 6 ? "wide" : nil), .tabindex(0), .aria("label", title)) {
                p(.class("sheet-company")) { page.view.companyName() }
                h1 { title }
                table(.class("ruled")) {
                    thead {
                        tr {
                            for field in columns {
                                th(.scope("col"), .class(field.isFigure ? "r" : nil)) { field.label(in: page.language) }
                            }
                        }
                    }
                    tbody {
                        for row in rows {
                            tr {
                                for field in columns {
                                    td(.class(field.isFigure ? "r num" : nil)) { page.display(field, row, titles, inList: true) }
                                }
                            }
                        }
                    }
                }
                foot()
            }
        }
    }
}
