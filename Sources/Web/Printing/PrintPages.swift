import Formats
import Gate
import Hummingbird
import Markup
import Records

/// Records and lists on paper: the company's forms where an entity has them, and everything else as its fields stand on the page.
struct PrintPages {
    let site: Site
    /// The most sheets, or lines of a list, that one page prints.
    static let most = 500

    func add(to router: Router<WebContext>) {
        router.get("{entity}/{id}/print", use: record)
        router.get("{entity}/print", use: list)
    }

    @Sendable func record(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await printed(request, context, name, id) { page in
            let row = try page.view.record(try page.view.schema(named: name), id: id),
                forms = page.view.papers(of: row.schema).filter { !$0.isTable }
            let asked = page.items["form"], form = asked == PrintFrame.fields ? nil : forms.first { $0.name == asked } ?? forms.first
            let frame = PrintFrame(page: page, forms: forms, form: form)
            guard let form else { return .fragment(frame.record(row, try Titles(of: [row], fields: row.schema.fields, page.view))) }
            return try answer(frame, try page.view.papers(form, of: try page.view.linked([row])))
        }
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await printed(request, context, name, nil) { page in
            let schema = try page.view.schema(named: name), forms = page.view.papers(of: schema)
            var request = try ListQuery(page.items, schema, page.view).request(page.view)
            request.limit = PrintPages.most
            let rows = try page.view.page(request).rows, form = forms.first { $0.name == page.items["form"] }
            let frame = PrintFrame(page: page, forms: forms, form: form)
            guard let form else {
                let columns = ListPage.columns(schema, page.items["columns"], page.view)
                return .fragment(frame.list(schema, rows, columns, try Titles(of: rows, fields: columns, page.view)))
            }
            if page.items["format"] == "xlsx", !page.view.may("export", schema) {
                throw Refusal.forbidden("您没有导出\(schema.label)的权限，请联系系统管理员。")
            }
            return try answer(frame, try page.view.papers(form, of: try page.view.linked(rows)))
        }
    }

    /// Sheets to look at and print, or the same as a workbook.
    private func answer(_ frame: PrintFrame, _ papers: [Paper]) throws -> PageAnswer {
        guard frame.page.items["format"] == "xlsx", let title = papers.first?.title else { return .fragment(frame.papers(papers)) }
        var response = Response.bytes(
            try PaperWorkbook(papers, frame.page.language).bytes(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        response.headers[.contentDisposition] = ContentDisposition.attachment("\(title).xlsx")
        return .file(response)
    }

    /// The page, with a line in the log that says who took what (§2.28).
    private func printed(
        _ request: Request, _ context: WebContext, _ entity: String, _ id: Int64?, _ body: @escaping @Sendable (Page) throws -> PageAnswer
    ) async throws -> Response {
        let response = try await site.page(request, context, body)
        guard let login = context.login, response.status == .ok else { return response }
        let items = try QueryItems(parsing: request.uri.query), form = items["form"] ?? "", format = items["format"] ?? ""
        try await site.gate.write(as: login.actor) { tx in
            try tx.record(
                "print", entity: entity, id: id, changes: nil, reason: [form, format].filter { !$0.isEmpty }.joined(separator: " "))
        }
        return response
    }
}
