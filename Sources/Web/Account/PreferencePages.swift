import Gate
import Hummingbird
import Markup
import Records

/// Language, looks, and what one wants to be told of.
struct PreferencePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("me/preferences", use: show)
        router.post("me/preferences", use: save)
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.mePage(request, context) { page, login in .shell(PreferencePages.page(page, login)) }
    }

    @Sendable func save(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), login = try context.visitor()
        var changes: [String: Plain] = [:]
        func take(_ name: String, _ allowed: [String]) {
            if let value = form[name], allowed.contains(value) { changes[name] = .text(value) }
        }
        take("language", Language.allCases.map(\.rawValue))
        take("theme", ["auto", "light", "dark"])
        take("density", ["compact", "normal", "roomy"])
        if form["notify"] != nil {
            let known = NotificationSubject.chosen.map(\.subject.rawValue)
            changes["notify"] = .list(form.all("notify").filter(known.contains).map(Plain.text))
        }
        try await site.accounts.setPreferences(changes, of: login)
        let language = changes["language"]?.text.flatMap(Language.init(rawValue:)) ?? context.language
        return .done("/me/preferences", language("偏好已保存", "Preferences saved"))
    }

    private static func page(_ page: Page, _ login: Authenticated) -> Shell {
        let parts = page.parts(), all = NotificationSubject.chosen.map { (value: $0.subject.rawValue, label: $0.label(page.language)) }
        let chosen = login.preferences["notify"]?.list.map { Set($0.compactMap(\.text)) } ?? Set(all.map(\.value))
        return MeFrame(page: page).shell(
            "/me/preferences", page.t("偏好", "Preferences"), page.t("只影响您自己看到的界面。", "Only what you yourself see.")
        ) {
            form(.class("card"), .method("post"), .action("/me/preferences"), .data("form")) {
                page.csrfField
                div(.class("card-h")) { h2 { page.t("显示", "Display") } }
                div(.class("fields")) {
                    parts.radios("language", page.t("语言", "Language"), [("zh", "中文"), ("en", "English")], login.actor.language.rawValue)
                    parts.radios(
                        "theme", page.t("外观", "Theme"),
                        [("auto", page.t("跟随系统", "System")), ("light", page.t("浅色", "Light")), ("dark", page.t("深色", "Dark"))],
                        login.preferences["theme"]?.text ?? "auto")
                    parts.radios(
                        "density", page.t("列表密度", "Density of lists"),
                        [("compact", page.t("紧凑", "Compact")), ("normal", page.t("标准", "Normal")), ("roomy", page.t("宽松", "Roomy"))],
                        login.preferences["density"]?.text ?? "normal")
                    parts.pick("notify", page.t("通知我", "Notify me of"), all, chosen)
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
        }
    }
}
