import Gate
import Hummingbird
import Markup
import Records

/// One field of one record, changed where it stands: in a list's cell, beside its label on the record's page, or, without scripts, on a
/// page of its own.
struct CellPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/{id}/fields/{field}", use: ask)
        router.post("{entity}/{id}/fields/{field}", use: save)
    }

    /// The same of one record: what its state has settled is not changed.
    static func isEditable(_ field: FieldSpec, _ row: Row, _ view: View) -> Bool {
        isEditable(field, row.schema, view) && view.right(field, in: row) == .edit
    }

    /// Whether a field is one that is changed by itself: states move by their steps, lines and files have forms of their own.
    static func isEditable(_ field: FieldSpec, _ schema: Schema, _ view: View) -> Bool {
        guard view.right(schema, field) == .edit, !SystemNames.hidden.contains(field.name), field.name != schema.flow?.field,
            !field.isLines, !field.kind.isDocument
        else { return false }
        if field.name == "owner_id" || field.name == "department_id", schema.isOwned { return view.may("assign", schema) }
        return switch field.kind.editor {
        case .none, .attachment: false
        default: true
        }
    }

    @Sendable func ask(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), field = try context.parameters.require("field")
        return try await site.page(request, context) { page in
            let part = try CellPart(page, name, id, field)
            return page.isFragment ? .fragment(part.form(isInline: true)) : .shell(part.shell)
        }
    }

    @Sendable func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), fieldName = try context.parameters.require("field")
        let form = try await FormBody(request, context), isInline = request.headers[.htmxRequest] == "true"
        do {
            let operation = try await site.gate.write(as: try context.actor()) { tx in
                let schema = try tx.schema(named: name), row = try tx.record(schema, id: id)
                guard let field = schema[fieldName], CellPages.isEditable(field, schema, tx) else {
                    throw CellPart.notHere(schema[fieldName])
                }
                // Somebody who changed another field meanwhile is not in the way.
                let version = form["_was"] == CellPart.present(field, row) ? row.version : form["_version"].flatMap(Int64.init)
                tx.isTyped = true
                tx.ignoresWarnings = form["_confirm"] == "true"
                try tx.update(schema, id: id, [field.name: try form.plain(field, form.all(field.name), tx)], ifVersion: version)
                return tx.operation
            }
            guard isInline else { return .done("/\(name)/\(id)", context.language("已保存", "Saved"), undo: operation) }
            var response = try await site.page(request, context) { page in .fragment(try CellPart(page, name, id, fieldName).shown) }
            response.headers[.undo] = "/undo/\(operation)"
            return response
        } catch let wrong as Problems {
            return try await again(
                request, context, name, id, fieldName, FormState(typed: form.typed, problems: wrong.all), .unprocessableContent)
        } catch Refusal.changedMeanwhile {
            return try await again(request, context, name, id, fieldName, FormState(typed: form.typed), .conflict)
        }
    }

    private func again(
        _ request: Request, _ context: WebContext, _ name: String, _ id: Int64, _ field: String, _ state: FormState,
        _ status: HTTPResponse.Status
    ) async throws -> Response {
        var response = try await site.page(request, context) { page in
            let part = try CellPart(page, name, id, field, state, isConflict: status == .conflict)
            return page.isFragment ? .fragment(part.form(isInline: true)) : .shell(part.shell)
        }
        response.status = status
        return response
    }
}

/// The editor of one field, and what stands in its place once it is saved.
struct CellPart {
    let page: Page
    let row: Row
    let field: FieldSpec
    private var state: FormState
    private let titles: Titles
    /// Somebody else saved another value meanwhile.
    private let isConflict: Bool

    init(_ page: Page, _ entity: String, _ id: Int64, _ field: String, _ state: FormState = FormState(), isConflict: Bool = false) throws {
        self.page = page
        self.state = state
        self.isConflict = isConflict
        row = try page.view.record(try page.view.schema(named: entity), id: id)
        guard let found = row.schema[field], CellPages.isEditable(found, row.schema, page.view) else {
            throw CellPart.notHere(row.schema[field])
        }
        if let reason = page.view.settled(found, of: row) { throw Refusal.conflict(reason) }
        guard page.view.may("update", row) else { throw Refusal.forbidden("您没有修改「\(row.title)」的权限，请联系其负责人。") }
        self.field = found
        self.state.scope = "c\(id)"
        var titles = try Titles(of: [row], fields: [found], page.view)
        if let target = found.target, let other = page.catalog[target], let ids = state.typed[found.name]?.compactMap(Int64.init),
            !ids.isEmpty
        {
            titles.add(try page.view.titles(other, ids: ids), of: target)
        }
        self.titles = titles
    }

    static func notHere(_ field: FieldSpec?) -> Refusal { .forbidden("「\(field?.label ?? "这个字段")」不能在这里修改。") }

    /// The stored value as an editor shows it, to tell whether somebody else changed it.
    static func present(_ field: FieldSpec, _ row: Row) -> String {
        row[field].list.map { $0.map { LinksKind.id(of: $0).map { String($0) } ?? $0.text ?? "" }.joined(separator: ",") }
            ?? (row[field].isNull ? "" : field.kind.edit(row[field]))
    }

    private var url: String { "/\(row.schema.name)/\(row.id)/fields/\(field.name)" }

    func form(isInline: Bool) -> Element {
        Markup.form(
            .class("cell-edit", isInline ? nil : "col"), .method("post"), .action(url + page.items.suffix), .data("cell", field.name)
        ) {
            page.csrfField
            input(.type("hidden"), .name("_version"), .value(String(row.version)))
            input(.type("hidden"), .name("_was"), .value(CellPart.present(field, row)))
            if isConflict { conflict() }
            page.editor(field, row, state, titles)
            for problem in state.problems where problem.field != field.name { span(.class("err"), .role("alert")) { problem.message } }
            if state.problems.contains(where: { $0.code == "likely_duplicate" || $0.code == "suspicious" }) {
                label(.class("check")) {
                    input(.type("checkbox"), .class("ck"), .name("_confirm"), .value("true"));
                    page.t("我已核对，仍要保存", "I have checked; save anyway")
                }
            }
            div(.class("cell-acts")) {
                button(.class("btn btn-p btn-sm")) { isConflict ? page.t("用我的", "Use mine") : page.t("保存", "Save") }
                a(.class("btn btn-sm"), .href("/\(row.schema.name)/\(row.id)"), .data("cell-cancel")) {
                    isConflict ? page.t("保留对方的", "Keep theirs") : page.t("取消", "Cancel")
                }
            }
        }
    }

    /// Both values, side by side.
    private func conflict() -> Element {
        div(.class("cell-conflict"), .role("alert")) {
            page.t("在您编辑期间，其他人改成了 ", "Meanwhile somebody changed it to ")
            b { page.display(field, row, titles, inList: true) }
            page.t("，您填写的是：", "; you typed:")
        }
    }

    var shell: Shell {
        let heading = page.t("修改\(field.label)", "Change \(field.label(in: .english).lowercased())")
        return Shell(
            heading, active: row.schema.name, crumbs: [(row.title, "/\(row.schema.name)/\(row.id)")], back: "/\(row.schema.name)/\(row.id)"
        ) {
            div(.class("narrow pad col")) {
                div(.class("pagehead")) { h1 { heading } }
                form(isInline: false)
            }
        }
    }

    /// The value as it stands now, in a list or on the record's page.
    var shown: Node {
        if page.items["in"] == "list" { return page.display(field, row, titles, inList: true) }
        return page.fact(field, row, titles)
    }
}

extension Page {
    /// A fact of a record's page: the value, and the way to change it where that is allowed.
    func fact(_ field: FieldSpec, _ row: Row, _ titles: Titles) -> Node {
        let label = field.label(in: language)
        return Group {
            display(field, row, titles)
            if CellPages.isEditable(field, row, view), view.may("update", row) {
                a(
                    .class("edit-at"), .href("/\(row.schema.name)/\(row.id)/fields/\(field.name)"), .data("cell-at"),
                    .aria("label", t("编辑\(label)", "Edit \(label.lowercased())"))
                ) { site.icon("pencil", "sm") }
            }
        }.node
    }
}
