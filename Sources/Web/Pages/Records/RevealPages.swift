import Gate
import Hummingbird
import Markup
import Records

extension EntityPages {
    /// Asks why somebody wants to see a masked value whole.
    @Sendable func revealForm(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), field = try context.parameters.require("field")
        return try await site.page(request, context) { page in
            let part = try RevealPart(page, name, id, field, FormState())
            return page.isFragment ? .fragment(part.form) : .shell(part.shell)
        }
    }

    /// Shows the value, once, in answer to the reason. It is neither in an address nor kept.
    @Sendable func reveal(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), field = try context.parameters.require("field"),
            form = try await FormBody(request, context)
        do {
            let value = try await site.gate.write(as: try context.actor()) { tx in
                try tx.reveal(try tx.schema(named: name), id: id, field: field, reason: form["reason"] ?? "")
            }
            return try await site.page(request, context) { page in .shell(try RevealPart(page, name, id, field, FormState()).shown(value)) }
        } catch let wrong as Problems {
            var response = try await site.page(request, context) { page in
                .shell(try RevealPart(page, name, id, field, FormState(typed: form.typed, problems: wrong.all)).shell)
            }
            response.status = .unprocessableContent
            return response
        }
    }
}

/// The form that asks for the reason, and the page that shows the value.
struct RevealPart {
    let page: Page
    let row: Row
    let field: FieldSpec
    let state: FormState

    init(_ page: Page, _ entity: String, _ id: Int64, _ field: String, _ state: FormState) throws {
        self.page = page
        self.state = state
        row = try page.view.record(try page.view.schema(named: entity), id: id)
        guard let found = row.schema[field], page.view.right(row.schema, found) != .hidden else { throw Refusal.notFound }
        self.field = found
    }

    static func url(_ row: Row, _ field: FieldSpec) -> String { "/\(row.schema.name)/\(row.id)/reveal/\(field.name)" }

    private var label: String { field.label(in: page.language) }
    private var back: String { "/\(row.schema.name)/\(row.id)" }

    private func heading(@HTMLBuilder content: () -> Node) -> Shell {
        let inside = content()
        return Shell(
            page.t("查看完整\(label)", "Show \(label.lowercased())"), active: row.schema.name,
            crumbs: [(row.schema.label(in: page.language), "/\(row.schema.name)"), (row.title, back)], back: back
        ) {
            div(.class("pagehead")) { h1 { page.t("查看「\(row.title)」的完整\(label)", "Show \(label.lowercased()) of “\(row.title)”") } }
            div(.class("narrow pad")) { inside }
        }
    }

    var shell: Shell { heading { section(.class("card")) { form } } }

    func shown(_ value: String) -> Shell {
        heading {
            section(.class("card")) {
                dl(.class("kv card-b")) {
                    dt { label }
                    dd { b(.class("num")) { value.isEmpty ? "—" : value } }
                }
                div(.class("card-f row")) {
                    span(.class("muted small grow")) { page.t("这次查看已记入操作日志。", "The audit log says that you have seen it.") };
                    a(.class("btn"), .href(back)) { page.t("返回", "Back") }
                }
            }
        }
    }

    var form: Element {
        let why = FieldSpec(
            "reason", "查看原因", TextKind(limit: 200), isRequired: true, .english("Reason"), .help("会记入操作日志", "Goes into the audit log"))
        return Markup.form(.method("post"), .action(RevealPart.url(row, field)), .data("form")) {
            page.csrfField
            header { h2 { page.t("查看完整\(label)", "Show \(label.lowercased())") } }
            div(.class("dlg-b col")) {
                page.faults(state.problems)
                page.editor(
                    why, Row(row.schema, []),
                    FormState(typed: state.typed, problems: state.problems, scope: page.isFragment ? "reveal" : "f"), Titles())
            }
            footer {
                a(.class("btn"), .href(back), .data("close")) { page.t("取消", "Cancel") }
                button(.class("btn btn-p")) {
                    page.site.icon("eye"); page.t("查看", "Show")
                }
            }
        }
    }
}
