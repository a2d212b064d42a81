import Gate
import Hummingbird
import Markup
import Records

/// Saving, renaming, sharing, ordering and removing the views of a list.
struct ViewPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("{entity}/views", use: manage)
        router.post("{entity}/views", use: save)
        router.post("{entity}/views/order", use: order)
        router.post("{entity}/views/{id}", use: change)
        router.post("{entity}/views/{id}/state", use: saveState)
        router.post("{entity}/views/{id}/copy", use: copy)
        router.post("{entity}/views/{id}/delete", use: remove)
    }

    @Sendable func manage(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.page(request, context) { page in
            .shell(try ViewParts(page: page, schema: page.view.schema(named: name)).shell)
        }
    }

    @Sendable func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context)
        do {
            let id = try await site.gate.write(as: try context.actor()) { tx in
                try tx.saveView(
                    form["name"] ?? "", of: try tx.schema(named: name), state: form["state"] ?? "", audience: form.audience ?? .me,
                    isDefault: form["is_default"] == "true", isPinned: form["is_pinned"] != "false")
            }
            return .done("/\(name)?view=\(id)", context.language("视图已保存", "View saved"))
        } catch let wrong as Problems { return try await refused(request, context, name, wrong, form) }
    }

    @Sendable func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        do {
            try await site.gate.write(as: try context.actor()) { tx in
                try tx.changeView(
                    id, of: try tx.schema(named: name), name: form["name"], audience: form.audience,
                    isDefault: form["is_default"].map { $0 == "true" },
                    isPinned: form["is_pinned"].map { $0 == "true" })
            }
            return .done("/\(name)/views", context.language("视图已修改", "View changed"))
        } catch let wrong as Problems { return try await refused(request, context, name, wrong, form) }
    }

    @Sendable func saveState(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), form = try await FormBody(request, context)
        try await site.gate.write(as: try context.actor()) { tx in
            try tx.changeView(id, of: try tx.schema(named: name), state: form["state"] ?? "")
        }
        return .done("/\(name)?view=\(id)", context.language("视图已保存", "View saved"))
    }

    @Sendable func copy(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        _ = try await FormBody(request, context)
        try await site.gate.write(as: try context.actor()) { tx in _ = try tx.duplicateView(id, of: try tx.schema(named: name)) }
        return .done("/\(name)/views", context.language("已复制", "Copied"))
    }

    @Sendable func remove(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        _ = try await FormBody(request, context)
        try await site.gate.write(as: try context.actor()) { tx in try tx.removeView(id, of: try tx.schema(named: name)) }
        return .done("/\(name)/views", context.language("视图已删除", "View deleted"))
    }

    @Sendable func order(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), form = try await FormBody(request, context)
        try await site.gate.write(as: try context.actor()) { tx in
            try tx.orderViews(form.all("order").compactMap(Int64.init), of: try tx.schema(named: name))
        }
        return .done("/\(name)/views", context.language("顺序已保存", "Order saved"))
    }

    private func refused(
        _ request: Request, _ context: WebContext, _ name: String, _ wrong: Problems, _ form: FormBody
    ) async throws -> Response {
        var response = try await site.page(request, context) { page in
            .shell(
                try ViewParts(page: page, schema: page.view.schema(named: name), state: FormState(typed: form.typed, problems: wrong.all))
                    .shell)
        }
        response.status = .unprocessableContent
        return response
    }
}

extension FormBody {
    fileprivate var audience: ViewAudience? { self["audience"].flatMap(ViewAudience.init(rawValue:)) }
}

/// The page on which somebody keeps order among the views of a list.
struct ViewParts {
    let page: Page
    let schema: Schema
    var state = FormState()

    private var base: String { "/\(schema.name)/views" }
    private var audiences: [ViewAudience] { ViewAudience.allCases.filter { $0 <= page.view.widestAudience(of: schema) } }

    var shell: Shell {
        get throws {
            let label = schema.label(in: page.language), saved = try page.view.savedViews(of: schema)
            let mine = saved.filter { $0.user.id == page.actor.userID }, others = saved.filter { $0.user.id != page.actor.userID }
            let owners = try page.view.titles(page.catalog.schema(User.self), ids: others.map(\.user.id))
            return Shell(
                page.t("\(label)视图", "Views of \(label)"), active: schema.name, crumbs: [(label, "/\(schema.name)")],
                back: "/\(schema.name)"
            ) {
                div(.class("pagehead")) { h1 { page.t("\(label)视图", "Views of \(label)") } }
                div(.class("pad col")) {
                    page.faults(state.problems)
                    if let asked = page.items["state"] ?? state.typed["state"]?.last {
                        section(.class("card")) { newForm(state: asked, inDialog: false) }
                    }
                    section(.class("card")) {
                        div(.class("card-h")) {
                            h2 { page.t("我的视图", "My views") };
                            span(.class("s")) { page.t("拖动或按 Alt+↑↓ 排序", "Drag or press Alt+↑↓ to order") }
                        }
                        if mine.isEmpty {
                            p(.class("card-b muted")) {
                                page.t(
                                    "还没有保存的视图。在列表中设好筛选、排序和列，再点页签后的“＋”。",
                                    "None yet. Set filters, order and columns in the list, then press “+”.")
                            }
                        }
                        div(.data("sortable")) { for view in mine { line(view) } }
                        if mine.count > 1 {
                            div(.class("card-f row")) {
                                span(.class("grow")) {};
                                button(.class("btn btn-sm"), .named("form", "vorder")) { page.t("保存顺序", "Save order") }
                            }
                        }
                    }
                    if !others.isEmpty {
                        section(.class("card")) {
                            div(.class("card-h")) { h2 { page.t("共享给我的视图", "Shared with me") } }
                            for view in others { shared(view, owners[view.user.id] ?? "") }
                        }
                    }
                    form(.id("vorder"), .method("post"), .action("\(base)/order")) { page.csrfField }
                }
            }
        }
    }

    private func line(_ view: Record<SavedView>) -> Element {
        let id = view.row.id
        return div(.class("setrow wrap"), .draggable(true), .tabindex(0), .role("group"), .aria("label", view.title)) {
            input(.type("hidden"), .name("order"), .value(String(id)), .named("form", "vorder"))
            form(.class("row wrap grow"), .method("post"), .action("\(base)/\(id)")) {
                page.csrfField
                page.site.icon("grip-vertical", "sm")
                input(
                    .class("in in-sm"), .name("name"), .value(view.title), .required(true), .maxlength(40),
                    .aria("label", page.t("名称", "Name")))
                audienceField(view.audience)
                toggle("is_pinned", page.t("置顶为页签", "Tab"), view.isPinned ?? true)
                toggle("is_default", page.t("默认打开", "Default"), view.isDefault)
                button(.class("btn btn-sm")) { page.t("保存", "Save") }
            }
            a(.class("btn btn-g btn-sm"), .href("/\(schema.name)?view=\(id)")) { page.t("打开", "Open") }
            act("\(base)/\(id)/copy", "copy", page.t("复制 \(view.title)", "Copy \(view.title)"))
            act("\(base)/\(id)/delete", "trash-2", page.t("删除 \(view.title)", "Delete \(view.title)"))
        }
    }

    private func shared(_ view: Record<SavedView>, _ owner: String) -> Element {
        div(.class("setrow")) {
            div {
                b { view.title }; p { "\(owner) · \(view.audience.label(page.language))" }
            }
            a(.class("btn btn-g btn-sm"), .href("/\(schema.name)?view=\(view.row.id)")) { page.t("打开", "Open") }
            act("\(base)/\(view.row.id)/copy", "copy", page.t("复制 \(view.title)", "Copy \(view.title)"))
            if page.actor.rights.isAdmin {
                act("\(base)/\(view.row.id)/delete", "trash-2", page.t("删除 \(view.title)", "Delete \(view.title)"))
            }
        }
    }

    private func act(_ url: String, _ icon: String, _ label: String) -> Element {
        form(.method("post"), .action(url)) {
            page.csrfField; button(.class("btn btn-g btn-sm btn-i"), .aria("label", label)) { page.site.icon(icon, "sm") }
        }
    }

    private func toggle(_ name: String, _ label: String, _ isOn: Bool) -> Node {
        Group {
            input(.type("hidden"), .name(name), .value("false"))
            Markup.label(.class("check")) {
                input(.type("checkbox"), .class("ck"), .name(name), .value("true"), .checked(isOn)); label
            }
        }.node
    }

    private func audienceField(_ present: ViewAudience) -> Element {
        select(.class("in in-sm"), .name("audience"), .aria("label", page.t("可见范围", "Visible to"))) {
            for audience in ViewAudience.allCases where audiences.contains(audience) || audience == present {
                option(.value(audience.rawValue), .selected(audience == present)) { audience.label(page.language) }
            }
        }
    }

    /// What a new view is called, who sees it, and whether it opens first.
    func newForm(state asked: String, inDialog: Bool) -> Element {
        form(.method("post"), .action(base), .data("form")) {
            page.csrfField
            input(.type("hidden"), .name("state"), .value(asked), .data("view-state"))
            header(.class(inDialog ? nil : "card-h")) { h2(.id("saveview-t")) { page.t("保存视图", "Save view") } }
            div(.class(inDialog ? "dlg-b col" : "card-b col")) {
                div(.class("field")) {
                    Markup.label(.for("view-name")) {
                        page.t("名称", "Name"); span(.class("req"), .aria("hidden", "true")) { "*" }
                    }
                    input(.class("in"), .id("view-name"), .name("name"), .value(state.typed["name"]?.last), .required(true), .maxlength(40))
                }
                if audiences.count > 1 {
                    div(.class("field")) {
                        Markup.label(.for("view-audience")) { page.t("可见范围", "Visible to") }
                        select(.class("in"), .id("view-audience"), .name("audience")) {
                            for audience in audiences { option(.value(audience.rawValue)) { audience.label(page.language) } }
                        }
                    }
                }
                toggle("is_pinned", page.t("置顶为页签", "Show as a tab"), true)
                toggle("is_default", page.t("设为我的默认视图", "Open by default"), false)
            }
            footer(.class(inDialog ? nil : "card-f row")) {
                if inDialog {
                    button(.type("button"), .class("btn"), .data("close")) { page.t("取消", "Cancel") }
                } else {
                    a(.class("btn"), .href("/\(schema.name)")) { page.t("取消", "Cancel") }
                }
                button(.class("btn btn-p")) { page.t("保存", "Save") }
            }
        }
    }
}
