import Gate
import Hummingbird
import Markup
import Records

extension Page {
    /// A page of the settings: their list beside, the chosen one in the middle.
    func settings(
        _ url: String, _ title: String, _ why: String, crumbs: [(label: String, url: String?)] = [], acts: Node = .empty,
        @HTMLBuilder content: () -> Node
    ) -> Shell {
        let inside = content()
        return Shell(
            title, active: "settings", crumbs: [(t("设置", "Settings"), "/settings")] + crumbs, back: crumbs.last?.url ?? "/settings"
        ) {
            div(.class("set")) {
                settingsNav(url)
                div(.class("set-main")) {
                    header(.class("set-head row wrap")) {
                        div(.class("grow")) {
                            h1 { title }; p { why }
                        }
                        acts
                    }
                    inside
                }
            }
        }
    }

    func settingsNav(_ url: String) -> Element {
        nav(.class("set-nav"), .aria("label", t("设置", "Settings"))) {
            form(.role("search"), .method("get"), .action("/settings")) {
                label(.class("find")) {
                    site.icon("search", "sm")
                    input(
                        .type("search"), .name("q"), .placeholder(t("搜索设置", "Search settings")),
                        .aria("label", t("搜索设置", "Search settings")), .data("filter", ".set-nav a"))
                }
            }
            for group in SettingsMap(page: self).groups {
                div(.class("nav-h")) { group.label }
                for entry in group.entries {
                    a(.class("nav-a"), .href(entry.url), .aria("current", entry.url == url ? "page" : nil)) {
                        site.icon(entry.icon); span { entry.label }
                    }
                }
            }
        }
    }

    /// A small form that is only a button.
    func act(
        _ url: String, _ label: String, icon: String? = nil, style: String = "btn", confirm: String? = nil, confirmText: String? = nil,
        _ fields: [(String, String)] = []
    ) -> Element {
        form(.method("post"), .action(url), .data("confirm", confirm), .data("confirm-text", confirmText)) {
            csrfField
            for (name, value) in fields { input(.type("hidden"), .name(name), .value(value)) }
            button(.class(style)) {
                if let icon { site.icon(icon, "sm") }
                label
            }
        }
    }

    /// What an empty list says.
    func nothing(_ icon: String, _ heading: String, _ text: String, @HTMLBuilder acts: () -> Node = { .empty }) -> Element {
        div(.class("empty")) {
            span(.class("ico")) { site.icon(icon, "lg") }
            b { heading }
            span { text }
            span(.class("row")) { acts() }
        }
    }

    /// The way to the next page of a log.
    func older(_ next: Int64?) -> Node {
        guard let next else { return .empty }
        return div(.class("pager")) {
            span(.class("grow")) {}
            a(.class("btn btn-sm"), .rel("next"), .href(here(items.setting("before", String(next))))) {
                t("更早的记录", "Older"); site.icon("chevron-right", "sm")
            }
        }.node
    }
}

extension Site {
    /// A page for those with a right over the system; everybody else gets a 403 that says whom to ask.
    func governed(
        _ right: String, _ request: Request, _ context: WebContext, status: HTTPResponse.Status = .ok,
        _ body: @escaping @Sendable (Page) throws -> PageAnswer
    ) async throws -> Response {
        if let login = context.login { try Site.demand(right, login.actor) }
        var response = try await page(request, context, body)
        if status != .ok, response.status == .ok { response.status = status }
        return response
    }

    static func demand(_ right: String, _ actor: Actor) throws {
        guard SettingsMap.governs(actor, right) else {
            throw Refusal.forbidden(actor.language("您没有这项设置的权限，请联系系统管理员。", "You may not open this setting. Please ask your administrator."))
        }
    }

    /// The actor behind a posted form, when it has the right over the system.
    func governor(_ right: String, _ context: WebContext) throws -> Actor {
        let actor = try context.actor()
        try Site.demand(right, actor)
        return actor
    }
}
