import Gate
import Hummingbird
import Markup
import Records

/// What was deleted: back with one click, gone for good with a typed word.
struct BinPages {
    let site: Site
    /// What must be typed before something is gone for good.
    static let word = Words("彻底删除", "erase")

    func add(to router: Router<WebContext>) {
        router.get("settings/bin", use: list)
        router.post("settings/bin/{entity}/restore", use: restore)
        router.post("settings/bin/{entity}/purge", use: purge)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("recycle", request, context) { page in .shell(try BinList(page).shell) }
    }

    @Sendable func restore(_ request: Request, _ context: WebContext) async throws -> Response {
        let (actor, name, ids) = try await chosen(request, context)
        let operation = try await site.gate.write(as: actor) { tx in
            let schema = try tx.schema(named: name)
            for id in ids { try tx.restore(schema, id: id) }
            return tx.operation
        }
        return .done("/settings/bin?entity=\(name)", context.language("已恢复 \(ids.count) 条", "\(ids.count) restored"), undo: operation)
    }

    @Sendable func purge(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("recycle", context), name = try context.entity()
        let ids = try BinPages.ids(form, context)
        guard let typed = form["confirm"]?.trimmed, [BinPages.word.chinese, BinPages.word.english].contains(typed) else {
            throw Problems([
                Problem(
                    "confirm", code: "required",
                    context.language(
                        "请输入「\(BinPages.word.chinese)」以确认；彻底删除后不能恢复", "Type “\(BinPages.word.english)” to confirm: this cannot be undone"))
            ])
        }
        try await site.gate.write(as: actor) { tx in
            let schema = try tx.schema(named: name)
            for id in ids { try tx.purge(schema, id: id) }
        }
        return .done("/settings/bin?entity=\(name)", context.language("已彻底删除 \(ids.count) 条", "\(ids.count) deleted for good"))
    }

    private func chosen(_ request: Request, _ context: WebContext) async throws -> (Actor, String, [Int64]) {
        let form = try await FormBody(request, context)
        return (try site.governor("recycle", context), try context.entity(), try BinPages.ids(form, context))
    }

    private static func ids(_ form: FormBody, _ context: WebContext) throws -> [Int64] {
        let ids = (form["one"].flatMap(Int64.init).map { [$0] } ?? form.all("id").compactMap(Int64.init))
        guard !ids.isEmpty else { throw Problems([Problem("id", code: "required", context.language("请先勾选记录", "Select records first"))]) }
        guard ids.count <= 500 else {
            throw Problems([Problem("id", code: "too_many", context.language("一次最多 500 条", "At most 500 at once"))])
        }
        return Array(Set(ids)).sorted()
    }
}

struct BinList {
    let page: Page
    /// Entities with something in the bin, and how much.
    let full: [(schema: Schema, count: Int)]
    let schema: Schema?
    let rows: [Row]
    private let next: Query.Cursor?
    let people: [Int64: String]

    init(_ page: Page) throws {
        self.page = page
        full = try page.catalog.schemas.compactMap { schema in
            guard schema.deletedAtSlot != nil, schema.traits.isPublic, page.view.may("read", schema), page.view.may("delete", schema) else {
                return nil
            }
            let count = try page.view.count(ListRequest(schema, sort: [], life: .deleted), cap: 999)
            return count == 0 ? nil : (schema, count)
        }
        let wanted = page.items["entity"]
        schema = full.first { $0.schema.name == wanted }?.schema ?? (wanted == nil ? full.first?.schema : nil)
        guard let schema else {
            (rows, next, people) = ([], nil, [:])
            return
        }
        let cursor = page.items["cursor"].flatMap(Query.Cursor.init(text:))
        let found = try page.view.page(
            ListRequest(schema, sort: [Query.Sort("deleted_at", descending: true)], limit: 50, cursor: cursor, life: .deleted))
        (rows, next) = (found.rows, found.next)
        people = try page.view.titles(page.catalog.schema(User.self), ids: rows.compactMap { $0["updated_by"].int })
    }

    var shell: Shell {
        page.settings(
            "/settings/bin", page.t("回收站", "Recycle bin"), page.t("删除的记录先到这里，可以恢复。", "Deleted records come here first and can be restored.")
        ) {
            if full.isEmpty {
                section(.class("card")) {
                    page.nothing("trash-2", page.t("回收站是空的", "The bin is empty"), page.t("删除的记录会出现在这里。", "What is deleted appears here."))
                }
            } else {
                nav(.class("tabs"), .aria("label", page.t("对象", "Entities"))) {
                    for item in full {
                        a(.href("/settings/bin?entity=\(item.schema.name)"), .aria("current", item.schema === schema ? "true" : nil)) {
                            item.schema.label(in: page.language)
                            span(.class("c")) { item.count > 999 ? "999+" : String(item.count) }
                        }
                    }
                }
                if let schema { table(schema) }
            }
        }
    }

    private func table(_ schema: Schema) -> Element {
        form(.class("card wide"), .method("post"), .action("/settings/bin/\(schema.name)/restore"), .data("select")) {
            page.csrfField
            // Enter in the confirmation must not press the first row's button.
            button(.class("sr-only"), .disabled(true), .tabindex(-1), .aria("hidden", "true")) {}
            div(.class("tblwrap list")) {
                Markup.table(.class("tbl")) {
                    thead {
                        tr {
                            th(.scope("col"), .class("c-ck")) {
                                input(
                                    .type("checkbox"), .class("ck"), .aria("label", page.t("选择本页全部", "Select page")), .data("select-page"))
                            };
                            for title in [
                                schema.label(in: page.language), page.t("删除时间", "Deleted"), page.t("删除人", "By"), page.t("操作", "Actions"),
                            ] { th(.scope("col")) { title } }
                        }
                    }
                    tbody { for row in rows { line(row) } }
                }
            }
            div(.class("card-f row wrap")) {
                button(.class("btn btn-p")) {
                    page.site.icon("undo-2", "sm"); page.t("恢复所选", "Restore selected")
                }
                span(.class("grow")) {}
                input(
                    .class("in in-sm"), .name("confirm"),
                    .placeholder(page.t("输入「\(BinPages.word.chinese)」", "Type “\(BinPages.word.english)”")),
                    .aria("label", page.t("输入「\(BinPages.word.chinese)」以确认", "Type “\(BinPages.word.english)” to confirm")),
                    .autocomplete("off"))
                button(.class("btn btn-danger"), .formaction("/settings/bin/\(schema.name)/purge")) { page.t("彻底删除所选", "Delete for good") }
                if let next {
                    a(.class("btn btn-sm"), .rel("next"), .href(page.here(page.items.setting("cursor", next.text)))) {
                        page.t("下一页", "Next")
                    }
                }
            }
        }
    }

    private func line(_ row: Row) -> Element {
        tr {
            td(.class("c-ck")) {
                input(
                    .type("checkbox"), .class("ck"), .name("id"), .value(String(row.id)),
                    .aria("label", page.t("选择 \(row.title)", "Select \(row.title)")))
            }
            td(.class("c-name")) { b { row.title } }
            td(.class("c-r2")) { if let at = row.deletedAt { page.moment(at) } }
            td { row["updated_by"].int.flatMap { people[$0] } ?? "—" }
            td(.class("c-r1")) { button(.class("btn btn-sm"), .name("one"), .value(String(row.id))) { page.t("恢复", "Restore") } }
        }
    }
}
