import Gate
import Hummingbird
import Markup
import Records

/// Dashboards: pages of saved questions (`/dashboard`); as records they are `/dashboards`.
struct DashboardPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("dashboard", use: first)
        router.post("dashboard", use: create)
        router.get("dashboard/add", use: addForm)
        router.post("dashboard/add", use: add)
        router.get("dashboard/{key}", use: show)
        router.post("dashboard/{key}/copy", use: copy)
        router.post("dashboard/{key}", use: arrange)
    }

    /// The first of one's own, or of what came for one's role.
    @Sendable func first(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            guard let first = try page.view.dashboards().first else { return .shell(DashboardParts.none(page)) }
            return .redirect("/dashboard/\(first.key)")
        }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let key = try context.parameters.require("key")
        return try await site.page(request, context) { page in
            let sheet = try page.view.dashboard(key), parts = DashboardParts(page: page, sheet: sheet, all: try page.view.dashboards())
            return .shell(page.items["edit"] != nil && sheet.canChange ? parts.editor(FormState()) : try parts.shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context)
        let id = try await site.gate.write(as: try context.actor()) { tx in
            try tx.addDashboard(form["name"]?.trimmed.isEmpty == false ? form["name"] ?? "" : tx.actor.language("我的仪表盘", "My dashboard"))
        }
        return .done("/dashboard/\(id)?edit=1", context.language("已新建仪表盘", "Dashboard created"))
    }

    @Sendable func copy(_ request: Request, _ context: WebContext) async throws -> Response {
        let key = try context.parameters.require("key")
        _ = try await FormBody(request, context)
        let id = try await site.gate.write(as: try context.actor()) { tx in
            try tx.addDashboard(String("\(try tx.dashboard(key).title.prefix(50))\(tx.actor.language("（我的）", " (mine)"))"), like: key)
        }
        return .done("/dashboard/\(id)?edit=1", context.language("已复制，可以修改", "Copied; it is yours to change"))
    }

    /// Saves name, order, sizes and titles; a tile that is ticked for it is taken away.
    @Sendable func arrange(_ request: Request, _ context: WebContext) async throws -> Response {
        let key = try context.parameters.require("key"), form = try await FormBody(request, context)
        guard let id = Int64(key) else { throw Refusal.notFound }
        do {
            let operation = try await site.gate.write(as: try context.actor()) { tx in
                let known = Dictionary(try tx.dashboard(key).tiles.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                let tiles = form.all("order").compactMap(Int64.init).filter { form["remove.\($0)"] == nil }.compactMap {
                    tile -> DashboardSheet.Tile? in
                    guard var one = known[tile] else { return nil }
                    one.title = form["title.\(tile)"]?.trimmed ?? one.title
                    one.width = form["width.\(tile)"].flatMap { Int($0) } ?? one.width
                    one.isTall = form["tall.\(tile)"] != nil
                    return one
                }
                try tx.arrange(tiles, on: id, name: form["name"])
                return tx.operation
            }
            return .done("/dashboard/\(id)", context.language("仪表盘已保存", "Dashboard saved"), undo: operation)
        } catch let wrong as Problems {
            var response = try await site.page(request, context) { page in
                .shell(
                    DashboardParts(page: page, sheet: try page.view.dashboard(key), all: try page.view.dashboards()).editor(
                        FormState(typed: form.typed, problems: wrong.all)))
            }
            response.status = .unprocessableContent
            return response
        }
    }

    @Sendable func addForm(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.page(request, context) { page in
            .shell(try TileForm(page, entity: page.items["entity"] ?? "", question: page.items["q"] ?? "", FormState()).shell)
        }
    }

    @Sendable func add(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), entity = form["entity"] ?? "", question = form["question"] ?? ""
        do {
            let id = try await site.gate.write(as: try context.actor()) { tx in
                let id = try form["dashboard"].flatMap(Int64.init) ?? tx.addDashboard(tx.actor.language("我的仪表盘", "My dashboard"))
                let present = try tx.dashboard(String(id)).tiles.first { String($0.id) == form["tile"] }
                try tx.addTile(
                    DashboardSheet.Tile(
                        id: present?.id ?? 0, title: form["title"]?.trimmed ?? "", entity: entity, question: question,
                        width: form["width"].flatMap { Int($0) } ?? 6, isTall: present?.isTall ?? false), to: id)
                return id
            }
            return .done("/dashboard/\(id)", context.language("磁贴已保存", "Tile saved"))
        } catch let wrong as Problems {
            var response = try await site.page(request, context) { page in
                .shell(try TileForm(page, entity: entity, question: question, FormState(typed: form.typed, problems: wrong.all)).shell)
            }
            response.status = .unprocessableContent
            return response
        }
    }
}

/// Where a question of a list's statistics is put, and how wide.
struct TileForm {
    private let page: Page
    private let schema: Schema
    private let question: Question
    private let state: FormState
    private let mine: [DashboardSheet]

    init(_ page: Page, entity: String, question text: String, _ state: FormState) throws {
        self.page = page
        self.state = state
        schema = try page.view.schema(named: entity)
        question = try Question(QueryItems(parsing: text), of: entity)
        mine = try page.view.dashboards().filter(\.canChange)
    }

    private func typed(_ name: String) -> String? { state.typed[name]?.last }

    var shell: Shell {
        get throws {
            // What cannot be asked has no picture; the form says why.
            let answer = page.view.attempt { try page.view.answer(question) }
            let heading = page.t("存为磁贴", "Save as tile")
            return Shell(heading, active: "dashboard", crumbs: [(page.t("仪表盘", "Dashboards"), "/dashboard")]) {
                div(.class("pagehead")) { h1 { heading } }
                form(.class("pad col narrow"), .method("post"), .action("/dashboard/add")) {
                    page.csrfField
                    page.faults(state.problems)
                    input(.type("hidden"), .name("entity"), .value(schema.name))
                    input(.type("hidden"), .name("question"), .value(question.items.text))
                    if let tile = page.items["tile"] ?? typed("tile") { input(.type("hidden"), .name("tile"), .value(tile)) }
                    section(.class("card")) {
                        div(.class("card-b col")) {
                            div(.class("field")) {
                                Markup.label(.for("t-title")) { page.t("标题", "Title") }
                                input(
                                    .class("in"), .id("t-title"), .name("title"),
                                    .value(typed("title") ?? answer.map { question.title($0, page.language) } ?? ""), .required(true),
                                    .maxlength(60))
                            }
                            div(.class("field")) {
                                Markup.label(.for("t-dash")) { page.t("放到", "On") }
                                select(.class("in"), .id("t-dash"), .name("dashboard")) {
                                    for sheet in mine {
                                        option(.value(sheet.key), .selected(sheet.key == typed("dashboard"))) { sheet.title }
                                    }
                                    option(.value("")) { page.t("新的仪表盘", "A new dashboard") }
                                }
                            }
                            div(.class("field")) {
                                Markup.label(.for("t-width")) { page.t("宽度", "Width") }
                                DashboardParts.widths(page, name: "width", id: "t-width", present: question.dimensions.isEmpty ? 3 : 6)
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
    }
}
