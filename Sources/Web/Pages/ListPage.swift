import Gate
import Hummingbird
import Markup
import Records

/// The list of an entity: saved views, filters, a sortable table, selection, pages. Every state is in the address.
struct ListPage {
    let page: Page
    let schema: Schema
    let query: ListQuery
    let columns: [FieldSpec]
    let rows: [Row]
    let titles: Titles
    let found: Listing
    let filters: [ListQuery.Filter]
    let saved: [Record<SavedView>]

    private var base: String { "/\(schema.name)" }
    private var label: String { schema.label(in: page.language) }

    init(_ page: Page, _ schema: Schema) throws {
        self.page = page
        self.schema = schema
        saved = try page.view.savedViews(of: schema)
        var items = page.items
        // The view that the actor made the default opens when nothing else is asked for.
        if items.pairs.isEmpty, let start = saved.first(where: { $0.isDefault && $0.user.id == page.actor.userID }) {
            items = QueryItems([("view", String(start.row.id))])
        }
        query = try ListQuery(items, schema, page.view)
        var request = try query.request(page.view)
        request.countCap = 10_000
        columns = ListPage.columns(schema, query.items["columns"], page.view)
        request.withLinks = columns.contains { $0.kind is LinksKind }
        filters = try query.filters(page.view)
        found = try page.view.page(request)
        rows = found.rows
        titles = try Titles(of: rows, fields: columns, page.view)
    }

    /// The chosen columns, or those the entity declares for its lists; the title always comes first.
    static func columns(_ schema: Schema, _ chosen: String?, _ view: View) -> [FieldSpec] {
        let fields = chosen.map { $0.split(separator: ",").compactMap { schema[String($0)] } } ?? schema.fields.filter(\.traits.isInList)
        let seen = fields.filter { view.right(schema, $0) != .hidden && $0 !== schema.title && !($0.kind is LinesKind) }
        return [schema.title] + (chosen == nil ? mostImportant(seen, schema) : Array(seen.prefix(20)))
    }

    /// As many as a screen holds beside the title: the entity's highlights before its other columns, all in declared order, whose it is last.
    private static func mostImportant(_ fields: [FieldSpec], _ schema: Schema, count: Int = 7) -> [FieldSpec] {
        let own = fields.filter { $0.name != "owner_id" }, owner = fields.filter { $0.name == "owner_id" }
        let rank = Dictionary(schema.traits.highlights.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let kept = own.enumerated().sorted { (rank[$0.element.name] ?? 100 + $0.offset) < (rank[$1.element.name] ?? 100 + $1.offset) }.prefix(count - owner.count).map(\.element.name)
        return own.filter { kept.contains($0.name) } + owner
    }

    var shell: Shell {
        Shell(label, active: schema.name, isFixed: true) {
            head()
            tabs()
            toolbar()
            listing()
            pager()
        }
    }

    private func head() -> Element {
        div(.class("pagehead")) {
            h1 { label }
            span(.class("count num")) { countText }
            span(.class("grow")) {}
            if page.view.may("import", schema) {
                a(.class("btn only-d"), .href("\(base)/import")) { page.site.icon("upload"); page.t("导入", "Import") }
            }
            if page.view.may("export", schema) {
                button(.class("btn only-d"), .popovertarget("listmenu")) { page.site.icon("download"); page.t("导出", "Export"); page.site.icon("chevron-down", "sm") }
            }
            button(.class("btn btn-i", page.view.may("export", schema) ? "only-m" : nil), .popovertarget("listmenu"), .aria("label", page.t("更多操作", "More"))) { page.site.icon("ellipsis") }
            menu()
        }
    }

    /// On a phone everything that is done with a list; on a desk its downloads and the printer.
    private func menu() -> Element {
        let items = query.items.removing { ["cursor", "limit", "at"].contains($0) }
        return div(.popover("auto"), .id("listmenu"), .class("menu")) {
            if page.view.may("import", schema) { a(.class("only-m"), .href("\(base)/import")) { page.site.icon("upload"); page.t("导入", "Import") } }
            if page.view.may("export", schema) {
                for (format, name) in [("xlsx", "Excel"), ("csv", "CSV"), ("jsonl", "JSON Lines")] {
                    a(.href("\(base)/export" + items.setting("format", format).suffix), .download()) { page.site.icon("download"); page.t("导出 \(name)", "Export \(name)") }
                }
            }
            for other in GatherPages.gatherers(of: schema, page.view) {
                a(.href("\(base)/gather" + items.suffix)) { page.site.icon("filter"); page.t("存为\(other.schema.label)", "Save as \(other.schema.label(in: .english).lowercased())") }
            }
            if page.view.may("merge", schema), !schema.rules.duplicates.isEmpty { a(.href("\(base)/duplicates/review")) { page.site.icon("merge"); page.t("查重", "Duplicates") } }
            a(.href("\(base)/print" + query.items.suffix)) { page.site.icon("printer"); page.t("打印", "Print") }
        }
    }

    private var countText: String {
        guard let count = found.count else { return "" }
        return ListPage.grouped(count) + (found.isCapped ? "+" : "")
    }

    static func grouped(_ number: Int) -> String {
        var digits = Array(String(number)), place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return String(digits)
    }

    // MARK: Views

    /// The lists everybody starts from, made of what the entity has.
    private var presets: [(label: String, query: QueryItems)] {
        var presets: [(String, QueryItems)] = [(page.t("全部", "All"), QueryItems())]
        if schema.isOwned { presets.append((page.t("我负责的", "Mine"), QueryItems([("filter[owner_id]", "me")]))) }
        if schema.isOwned, !page.actor.subordinates.isEmpty { presets.append((page.t("我下属的", "My team's"), QueryItems([("filter[owner_id][in]", "my_subordinates")]))) }
        if schema["last_interaction_at"] != nil { presets.append((page.t("30 天未跟进", "No contact for 30 days"), QueryItems([("filter[last_interaction_at][lt]", "today-30")]))) }
        if schema.createdAtSlot != nil { presets.append((page.t("今天新建", "New today"), QueryItems([("filter[created_at][gte]", "today")]))) }
        return presets
    }

    private func tabs() -> Element {
        let present = page.items.removing { ["cursor", "at", "limit", "sort", "columns"].contains($0) }.text
        return nav(.class("tabs"), .aria("label", page.t("已保存的视图", "Saved views"))) {
            for preset in presets {
                a(.href(base + (preset.query.pairs.isEmpty ? "?all=1" : preset.query.suffix)), .aria("current", present == preset.query.text || (preset.query.pairs.isEmpty && present == "all=1") ? "true" : nil)) { preset.label; count(of: preset.query) }
            }
            for view in saved {
                a(.href("\(base)?view=\(view.row.id)"), .aria("current", page.items["view"] == String(view.row.id) ? "true" : nil)) { view.title; count(of: QueryItems([("view", String(view.row.id))])) }
            }
            button(.type("button"), .data("dialog", "saveview"), .aria("label", page.t("保存为新视图", "Save as new view"))) { page.site.icon("plus") }
            saveViewDialog()
        }
    }

    /// How many records a view shows; nothing beside a view that can no longer be read.
    private func count(of items: QueryItems) -> Node {
        guard let count = try? page.view.count(ListQuery(items, schema, page.view).request(page.view), cap: 999) else { return .empty }
        return span(.class("c")) { count > 999 ? "999+" : String(count) }.node
    }

    private func saveViewDialog() -> Element {
        dialog(.class("dlg"), .id("saveview"), .aria("labelledby", "saveview-t")) {
            form(.method("post"), .action("\(base)/views"), .data("form")) {
                page.csrfField
                input(.type("hidden"), .name("state"), .value(query.items.removing { ["cursor", "at", "view", "all"].contains($0) }.text))
                header { h2(.id("saveview-t")) { page.t("保存视图", "Save view") } }
                div(.class("dlg-b col")) {
                    div(.class("field")) {
                        Markup.label(.for("view-name")) { page.t("名称", "Name"); span(.class("req")) { "*" } }
                        input(.class("in"), .id("view-name"), .name("name"), .required(true), .maxlength(40))
                    }
                    Markup.label(.class("check")) { input(.type("checkbox"), .class("ck"), .name("is_shared"), .value("true")); page.t("与同事共享", "Share with colleagues") }
                    Markup.label(.class("check")) { input(.type("checkbox"), .class("ck"), .name("is_default"), .value("true")); page.t("设为我的默认视图", "Open by default") }
                }
                footer {
                    button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                    button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
        }
    }
}
