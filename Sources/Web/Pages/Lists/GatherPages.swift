import Gate
import Hummingbird
import Markup
import Records

/// Keeps what a list shows as a saved question in another record: a filtered list of contacts becomes a dynamic contact group (C10).
struct GatherPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/gather", use: ask)
        router.post("{entity}/gather", use: save)
    }

    /// The entities that keep questions about this one and that the actor may make.
    static func gatherers(of schema: Schema, _ view: View) -> [(schema: Schema, field: FieldSpec)] {
        view.catalog.schemas.compactMap { other in
            guard other.traits.isPublic, view.may("create", other),
                let field = other.fields.first(where: { $0.kind.asks == schema.name && view.right(other, $0) == .edit })
            else { return nil }
            return (other, field)
        }
    }

    @Sendable func ask(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            let schema = try page.view.schema(named: name)
            guard let (other, field) = GatherPages.gatherers(of: schema, page.view).first else { throw Refusal.notFound }
            let count = try page.view.count(ListQuery(page.items, schema, page.view).request(page.view), cap: 10_000)
            let present = try page.view.page(ListRequest(other, where: .field(field.name, .notEmpty), limit: 100)).rows.filter {
                page.view.may("update", $0)
            }
            let label = other.label(in: page.language), heading = page.t("存为\(label)", "Save as \(label.lowercased())")
            return .shell(
                Shell(heading, active: name, crumbs: [(schema.label(in: page.language), "/\(name)")], back: "/\(name)" + page.items.suffix)
                {
                    form(.class("form narrow"), .method("post"), .action("/\(name)/gather"), .data("form")) {
                        page.csrfField
                        input(.type("hidden"), .name("query"), .value(page.items.text))
                        div(.class("pagehead")) {
                            h1 { heading }; span(.class("count num")) { page.t("现有 \(ListPage.grouped(count)) 条", "\(count) now") }
                        }
                        section(.class("card")) {
                            div(.class("fields")) {
                                p(.class("wide muted")) {
                                    page.t(
                                        "保存的是筛选条件：以后新增的\(schema.label)只要符合条件，会自动进入。",
                                        "The question is kept, not the records: whoever meets it later belongs to it.")
                                }
                                div(.class("field")) {
                                    Markup.label(.for("g-into")) { page.t("保存到", "Save to") }
                                    select(.class("in"), .id("g-into"), .name("into")) {
                                        option(.value("")) { page.t("新的\(label)", "A new one") }
                                        for row in present { option(.value(String(row.id))) { row.title } }
                                    }
                                }
                                div(.class("field")) {
                                    Markup.label(.for("g-name")) { other.title.label(in: page.language) }
                                    input(.class("in"), .id("g-name"), .name("name"), .maxlength(50), .autocomplete("off"))
                                    span(.class("hint")) { page.t("更新已有的可不填", "Not needed for an existing one") }
                                }
                            }
                        }
                        div(.class("actionbar")) {
                            a(.class("btn"), .href("/\(name)" + page.items.suffix)) { page.t("取消", "Cancel") }
                            span(.class("grow")) {}
                            button(.class("btn btn-p")) { page.t("保存", "Save") }
                        }
                    }
                })
        }
    }

    @Sendable func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context)
        let (path, operation) = try await site.gate.write(as: try context.actor()) { tx in
            let schema = try tx.schema(named: name)
            guard let (other, field) = GatherPages.gatherers(of: schema, tx).first else { throw Refusal.notFound }
            let list = try ListQuery(try QueryItems(parsing: form["query"]), schema, tx).request(tx)
            var condition = list.filter
            if let text = list.search?.trimmed, !text.isEmpty { condition = condition && .search(text) }
            var input: [String: Plain] = [field.name: .text(condition.plain.jsonText)]
            if let title = form["name"]?.trimmed, !title.isEmpty { input[other.title.name] = .text(title) }
            // The field is only asked for in this state.
            if let only = field.traits.onlyWhen, let code = only.codes.first { input[only.field] = .text(code) }
            let row =
                if let id = form["into"].flatMap(Int64.init) { try tx.update(other, id: id, input) } else { try tx.create(other, input) }
            return ("/\(other.name)/\(row.id)", tx.operation)
        }
        return .done(path, "已保存", undo: operation)
    }
}
