import Gate
import Hummingbird
import Markup
import Records

/// Entities of the company's own.
struct OwnEntityPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/entities/new", use: new)
        router.post("settings/entities", use: create)
        router.get("settings/entities/{entity}", use: edit)
        router.post("settings/entities/{entity}", use: update)
        router.post("settings/entities/{entity}/retire", use: retire)
        router.post("settings/entities/{entity}/revive", use: revive)
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("fields", request, context) { page in .shell(OwnEntityForm(page: page, row: nil, state: FormState()).shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("fields", context)
        do {
            let name = try await site.gate.addOwnEntity(OwnEntityPages.draft(form), as: actor)
            return .done(
                "/settings/fields/\(name)",
                context.language("对象已新建，请添加字段，并在角色中授权", "Entity created; add fields and give roles their rights"))
        } catch let wrong as Problems {
            return try await site.governed("fields", request, context, status: .unprocessableContent) { page in
                .shell(OwnEntityForm(page: page, row: nil, state: FormState(typed: form.typed, problems: wrong.all)).shell)
            }
        }
    }

    @Sendable func edit(_ request: Request, _ context: WebContext) async throws -> Response { try await one(request, context, FormState()) }

    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("fields", context), name = try context.entity()
        do {
            try await site.gate.changeOwnEntity(name, to: OwnEntityPages.draft(form), as: actor)
            return .done("/settings/fields/\(name)", context.language("对象已保存", "Entity saved"))
        } catch let wrong as Problems {
            return try await one(request, context, FormState(typed: form.typed, problems: wrong.all))
        }
    }

    @Sendable func retire(_ request: Request, _ context: WebContext) async throws -> Response {
        try await setRetired(true, request, context, context.language("对象已停用，数据保留", "Entity retired; its data stays"))
    }

    @Sendable func revive(_ request: Request, _ context: WebContext) async throws -> Response {
        try await setRetired(false, request, context, context.language("对象已重新启用", "Entity is back in use"))
    }

    private func setRetired(_ isRetired: Bool, _ request: Request, _ context: WebContext, _ text: String) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("fields", context)
        try await site.gate.retireOwnEntity(try context.entity(), isRetired: isRetired, as: actor)
        return .done("/settings/fields", text)
    }

    private func one(_ request: Request, _ context: WebContext, _ state: FormState) async throws -> Response {
        let name = try context.entity()
        return try await site.governed("fields", request, context, status: state.problems.isEmpty ? .ok : .unprocessableContent) { page in
            guard let row = try page.view.ownEntity(name) else { throw Refusal.notFound }
            return .shell(OwnEntityForm(page: page, row: row, state: state).shell)
        }
    }

    private static func draft(_ form: FormBody) -> OwnEntityDraft {
        var draft = OwnEntityDraft()
        draft.name = form["name"] ?? ""
        draft.label = form["label"] ?? ""
        draft.english = form["english"]
        draft.icon = form["icon"] ?? "boxes"
        draft.menu = form["menu"]
        draft.isOwned = form["is_owned"] != "false"
        return draft
    }
}

struct OwnEntityForm {
    let page: Page
    let row: Record<OwnEntity>?
    let state: FormState

    private static let icons = [
        "boxes", "briefcase-business", "car", "clipboard-list", "file-text", "folder", "gift", "handshake", "house", "id-card", "map-pin",
        "package", "plane", "receipt", "star", "store", "ticket", "trophy", "truck", "wrench",
    ]

    var shell: Shell {
        let parts = page.parts(state)
        let menus = Set(page.catalog.schemas.compactMap { $0.traits.menu?(page.language) }).sorted()
        return page.settings(
            "/settings/fields", row.map(\.label) ?? page.t("新建对象", "New entity"),
            page.t("自定义对象和内置对象一样有列表、表单、权限、导入导出和接口。", "It has lists, forms, rights, sheets and an API like any other."),
            crumbs: [(page.t("字段与对象", "Fields"), "/settings/fields")]
        ) {
            form(
                .class("card"), .method("post"), .action(row.map { "/settings/entities/\($0.title)" } ?? "/settings/entities"),
                .data("form"), .novalidate(true)
            ) {
                page.csrfField
                parts.cardFaults
                div(.class("fields")) {
                    parts.line("label", page.t("名称", "Label"), row?.label, required: true, maxlength: 20, autofocus: row == nil)
                    parts.line("english", page.t("英文名称", "English label"), row?.english, maxlength: 60)
                    if row == nil {
                        parts.line(
                            "name", page.t("标识", "Name"), hint: page.t("地址和接口用，留空则按拼音生成，建好后不变", "For addresses and the API; never changes"),
                            maxlength: 30)
                    }
                    parts.select("icon", page.t("图标", "Icon"), OwnEntityForm.icons.map { ($0, $0) }, row?.icon ?? "boxes")
                    parts.field("menu", page.t("菜单分组", "Menu group"), hint: page.t("留空则不在左侧菜单中显示", "Not in the menu when empty")) {
                        common in
                        Markup.Group {
                            Element(
                                void: "input",
                                common + [
                                    .class("in"), .value(parts.value("menu", row?.menu ?? (row == nil ? page.t("其他", "Other") : nil))),
                                    .list("menus"), .maxlength(20), .autocomplete("off"),
                                ])
                            datalist(.id("menus")) { for menu in menus { option(.value(menu)) {} } }
                        }.node
                    }
                    if row == nil {
                        parts.radios(
                            "is_owned", page.t("归属", "Ownership"),
                            [
                                ("true", page.t("有负责人，按人和部门授权", "Owned, rights by person and department")),
                                ("false", page.t("公共资料，大家共用", "Shared by everybody")),
                            ], "true")
                    }
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/settings/fields")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { row == nil ? page.t("新建", "Create") : page.t("保存", "Save") }
                }
            }
            if let row { danger(row) }
        }
    }

    private func danger(_ row: Record<OwnEntity>) -> Element {
        let base = "/settings/entities/\(row.title)"
        return section(.class("card danger-zone")) {
            div(.class("setrow")) {
                if row.isRetired == true {
                    div {
                        b { page.t("重新启用", "Use again") }; p { page.t("原有数据还在。", "Its records are still there.") }
                    }
                    page.act("\(base)/revive", page.t("启用", "Use again"))
                } else {
                    let found =
                        page.catalog[row.title].flatMap { own in
                            page.view.attempt { try page.view.count(ListRequest(own, limit: 1), cap: 10_000) }
                        }
                        ?? 0
                    let count = ListPage.grouped(min(found, 10_000)) + (found > 10_000 ? "+" : "")
                    div {
                        b { page.t("停用对象", "Retire") };
                        p {
                            page.t(
                                "您能看到 \(count) 条记录。停用后菜单、页面和接口中不再出现，数据保留。",
                                "You see \(count) records. It is gone from menu, pages and API; the data stays.")
                        }
                    }
                    page.act(
                        "\(base)/retire", page.t("停用", "Retire"), style: "btn btn-danger",
                        confirm: page.t(
                            "停用「\(row.label)」？菜单、页面和接口中不再出现，数据保留。",
                            "Retire “\(row.label)”? It is gone from menu, pages and API; the data stays."))
                }
            }
        }
    }
}
