import Gate
import Hummingbird
import Markup
import Records

/// The frame around one's own settings: their list beside, the chosen one in the middle.
struct MeFrame {
    let page: Page

    private var entries: [(url: String, icon: String, label: String)] {
        [
            ("/me", "user-round", page.t("资料", "Profile")), ("/me/password", "lock", page.t("密码", "Password")),
            ("/me/totp", "shield-check", page.t("两步验证", "Two-step verification")), ("/me/sessions", "monitor", page.t("登录设备", "Devices")),
            ("/me/preferences", "sliders-horizontal", page.t("偏好", "Preferences")),
            ("/me/calendar", "calendar-days", page.t("日历订阅", "Calendar")),
            ("/me/tokens", "key-round", page.t("API 令牌", "API tokens")),
        ]
    }

    func shell(_ url: String, _ title: String, _ why: String, @HTMLBuilder content: () -> Node) -> Shell {
        let inside = content()
        return Shell(title, active: "me", crumbs: [(page.t("个人设置", "My settings"), "/me")], back: "/more") {
            div(.class("set")) {
                nav(.class("set-nav"), .aria("label", page.t("个人设置", "My settings"))) {
                    for entry in entries {
                        a(.class("nav-a"), .href(entry.url), .aria("current", entry.url == url ? "page" : nil)) {
                            page.site.icon(entry.icon); span { entry.label }
                        }
                    }
                }
                div(.class("set-main")) {
                    nav(.class("tabs only-m"), .aria("label", page.t("个人设置", "My settings"))) {
                        for entry in entries { a(.href(entry.url), .aria("current", entry.url == url ? "true" : nil)) { entry.label } }
                    }
                    header(.class("set-head")) {
                        h1 { title }; p { why }
                    }
                    inside
                }
            }
        }
    }
}

extension Site {
    /// A page of one's own settings. Nobody sees another's while previewing.
    func mePage(
        _ request: Request, _ context: WebContext, status: HTTPResponse.Status = .ok,
        _ body: @escaping @Sendable (Page, Authenticated) throws -> PageAnswer
    ) async throws -> Response {
        guard let login = context.login else { return toLogin(request) }
        guard login.actor.previewedBy == nil else { return .html(leavePreview(login), status: .forbidden) }
        var response = try await page(request, context) { page in try body(page, login) }
        if status != .ok { response.status = status }
        return response
    }

    /// Nobody changes another's settings through their eyes: the way out.
    private func leavePreview(_ login: Authenticated) -> HTMLDocument {
        let language = login.actor.language
        return doorPage(language("正在预览", "Preview"), language) {
            h1 { language("正在以「\(login.actor.name)」的身份预览", "You see the system as \(login.actor.name)") }
            p(.class("muted")) { language("个人设置不能替别人打开。退出预览后回到您自己的账号。", "Leave the preview to come back to your own account.") }
            form(.class("col"), .method("post"), .action("/settings/preview/end")) {
                input(.type("hidden"), .name("_csrf"), .value(login.csrf))
                button(.class("btn btn-p btn-lg")) { language("退出预览", "Leave preview") }
            }
        }
    }

    /// The way to typing the password again, when that was more than ten minutes ago; nil when it is fresh.
    func proof(_ context: WebContext, then next: String) throws -> Response? {
        guard let login = context.login else { throw HTTPAnswer.notLoggedIn }
        return login.hasProved(at: gate.clock.now()) ? nil : .redirect(to: "/me/prove" + QueryItems([("next", next)]).suffix)
    }
}

extension WebContext {
    /// The one who is logged in, or a 401.
    func visitor() throws -> Authenticated {
        guard let login else { throw HTTPAnswer.notLoggedIn }
        return login
    }
}
