import Gate
import Hummingbird
import Markup
import Records

/// The search page, the palette's answers and the pickers' matches.
struct SearchPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("search", use: search)
        router.get("palette", use: palette)
        router.get("pick/{entity}", use: pick)
    }

    @Sendable func search(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            let text = (page.items["q"] ?? "").trimmed
            let groups = try SearchPages.groups(String(text.prefix(200)), page, limit: 20)
            return .shell(
                Shell(page.t("搜索", "Search"), active: "search") {
                    div(.class("pagehead")) { h1 { page.t("搜索", "Search") } }
                    form(.class("toolbar toolbar-wide"), .role("search"), .method("get"), .action("/search")) {
                        Markup.label(.class("find")) {
                            site.icon("search", "sm")
                            input(
                                .type("search"), .name("q"), .value(text),
                                .placeholder(page.t("名称、拼音、首字母、电话后四位", "Name, pinyin, number tail")),
                                .aria("label", page.t("搜索", "Search")), .autofocus(true))
                        }
                        button(.class("btn btn-p btn-sm")) { page.t("搜索", "Search") }
                    }
                    if !text.isEmpty, groups.isEmpty {
                        div(.class("empty")) {
                            span(.class("ico")) { site.icon("search-x", "lg") }
                            b { page.t("没有找到“\(text)”", "Nothing found for “\(text)”") }
                            span { page.t("试试拼音首字母（如 lzy）或电话后四位。", "Try pinyin initials or the end of a number.") }
                        }
                    }
                    div(.class("pad col")) { for group in groups { results(group, page) } }
                })
        }
    }

    /// What was found, business records before set-up data; that only for who may set it up: others meet it as choices in forms.
    private static func groups(_ text: String, _ page: Page, limit: Int) throws -> [(schema: Schema, rows: [Row])] {
        let found = try GlobalSearch.groups(text, page.view, limit: limit)
        let shared = found.filter { group in
            let schema = group.schema
            return !schema.isOwned && (schema.traits.menu != nil || page.view.may("create", schema) || page.view.may("update", schema))
        }
        return found.filter(\.schema.isOwned) + shared
    }

    private func results(_ group: (schema: Schema, rows: [Row]), _ page: Page) -> Element {
        section(.class("card")) {
            div(.class("card-h")) {
                h2 { group.schema.label(in: page.language) }; span(.class("s")) { String(group.rows.count) }
            }
            div(.class("card-b")) {
                ul(.class("col")) {
                    for row in group.rows {
                        li(.class("row")) {
                            site.avatar(row.title, id: row.id, size: "av-md")
                            a(.class("lnk"), .href("/\(group.schema.name)/\(row.id)")) { row.title }
                            span(.class("muted")) { SearchPages.subtitle(row, page) }
                        }
                    }
                }
            }
        }
    }

    @Sendable func palette(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            let text = String((page.items["q"] ?? "").trimmed.prefix(100))
            let groups = text.isEmpty ? [] : try SearchPages.groups(text, page, limit: 6)
            let recent = text.isEmpty ? try page.view.recent(limit: 8) : []
            let rows = recent + groups.flatMap(\.rows)
            let owners = try page.view.titles(page.catalog.schema(User.self), ids: rows.compactMap(\.ownerID))
            return .fragment(
                Group {
                    if !recent.isEmpty {
                        heading(page.t("最近查看", "Recent"))
                        for row in recent { record(row, owners, page) }
                    }
                    for group in groups {
                        heading(group.schema.label(in: page.language))
                        for row in group.rows { record(row, owners, page) }
                    }
                    commands(text, page)
                    if !text.isEmpty, groups.isEmpty { div(.class("gh"), .role("presentation")) { page.t("没有匹配的记录", "No records") } }
                })
        }
    }

    private func heading(_ text: String) -> Element { div(.class("gh"), .role("presentation")) { text } }

    private func record(_ row: Row, _ owners: [Int64: String], _ page: Page) -> Element {
        let owner =
            row.schema["owner_id"].map { page.view.right(row.schema, $0) >= .read } ?? false ? row.ownerID.flatMap { owners[$0] } : nil
        return a(.class("op"), .role("option"), .href("/\(row.schema.name)/\(row.id)")) {
            span(.class("av lg", "h\(Site.hue(row.id))"), .aria("hidden", "true")) { String(row.title.prefix(1)) }
            span(.class("t")) { row.title }
            span(.class("sub")) { [SearchPages.subtitle(row, page), owner ?? ""].filter { !$0.isEmpty }.joined(separator: " · ") }
            span(.class("e")) { span(.class("tag")) { row.schema.label(in: page.language) } }
        }
    }

    /// What can be done where the reader stands, then the pages there are; with words typed those that match, pinyin and initials too.
    private func commands(_ text: String, _ page: Page) -> Node {
        let wanted = text.lowercased()
        func suits(_ command: PaletteCommand) -> Bool {
            wanted.isEmpty || command.label.lowercased().contains(wanted) || page.view.sounds(text, like: command.label)
        }
        let commands = PaletteCommands(page: page, at: page.items["at"] ?? "")
        let here = commands.here.filter(suits).prefix(8), pages = commands.pages.filter(suits).prefix(8)
        return Group {
            if !here.isEmpty { heading(page.t("可以做的", "Actions here")) }
            for command in here { option(command) }
            if !pages.isEmpty { heading(page.t("前往", "Go to")) }
            for command in pages { option(command) }
        }.node
    }

    private func option(_ command: PaletteCommand) -> Element {
        let content = Group {
            site.icon(command.icon)
            span(.class("t")) { command.label }
            if let key = command.key { span(.class("e")) { kbd { key } } }
        }
        switch command.does {
        case .open(let url): return a(.class("op"), .role("option"), .href(url)) { content }
        case .dialog(let id, let url): return a(.class("op"), .role("option"), .href(url), .data("dialog", id)) { content }
        case .post(let url): return Element("button", [.type("button"), .class("op"), .role("option"), .data("post", url)]) { content }
        }
    }

    @Sendable func pick(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            guard let schema = page.catalog[name], page.view.may("read", schema), page.catalog.standsAlone(schema) else {
                throw Refusal.notFound
            }
            let text = String((page.items["q"] ?? "").trimmed.prefix(100))
            let rows =
                text.isEmpty
                ? try page.view.page(ListRequest(schema, limit: 10)).rows
                : SearchPages.ranked(try page.view.search(schema, text, limit: 40), text).prefix(10).map(\.self)
            let idle = schema.name == Role.name ? IdleRoles(page.catalog) : nil
            return .fragment(
                Group {
                    for row in rows where !(idle?.contains(Record<Role>(row)) ?? false) {
                        div(.class("op"), .role("option"), .data("id", String(row.id)), .data("text", row.title)) {
                            span(.class("av lg", "h\(Site.hue(row.id))"), .aria("hidden", "true")) { String(row.title.prefix(1)) }
                            span(.class("t")) { row.title }
                            span(.class("sub")) { SearchPages.subtitle(row, page) }
                        }
                    }
                    if rows.isEmpty { div(.class("op"), .role("option"), .aria("disabled", "true")) { page.t("没有匹配", "No match") } }
                    if !text.isEmpty, schema.traits.isCreatable, page.view.may("create", schema), schema.traits.nature == .owned {
                        div(.class("op op-new"), .role("option"), .data("quick", QuickForm.picking(schema, named: text))) {
                            site.icon("plus"); page.t("新建 “\(text)”", "New “\(text)”")
                        }
                    }
                })
        }
    }

    /// Whole names first, then those that begin with what was typed; the rest as they were found.
    static func ranked(_ rows: [Row], _ text: String) -> [Row] {
        let wanted = text.lowercased()
        func rank(_ row: Row) -> Int {
            let title = row.title.lowercased()
            return title == wanted ? 0 : title.hasPrefix(wanted) ? 1 : 2
        }
        return rows.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    /// What tells two records of one name apart.
    static func subtitle(_ row: Row, _ page: Page) -> String {
        let names = ["code", "mobile", "city", "username", "no", "phone"]
        return names.compactMap { name -> String? in
            guard let field = row.schema[name], field !== row.schema.title, page.view.right(row.schema, field) >= .masked,
                !row[field].isNull
            else { return nil }
            if case .text(let text) = row[field], page.view.right(row.schema, field) == .masked { return text }
            let text = field.kind.show(row[field], in: page.language)
            return text.isEmpty ? nil : text
        }.prefix(2).joined(separator: " · ")
    }
}
