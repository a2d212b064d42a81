import Gate
import Hummingbird
import Markup
import Records

/// Where one is logged in.
struct DevicePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("me/sessions", use: list)
        router.post("me/sessions/{id}/end", use: end)
        router.post("me/sessions/end", use: endOthers)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let login = try context.visitor()
        let sessions = try await site.accounts.sessions(of: login.userID, as: login.actor)
        return try await site.mePage(request, context) { page, login in
            .shell(
                MeFrame(page: page).shell(
                    "/me/sessions", page.t("登录设备", "Devices"),
                    page.t("不认识的设备请立即退出，并修改密码。", "End what you do not recognise, then change your password.")
                ) {
                    section(.class("card")) {
                        div(.class("card-h")) {
                            h2 { page.t("已登录", "Logged in") }
                            span(.class("s")) { String(sessions.count) }
                            span(.class("grow")) {}
                            if sessions.count > 1 {
                                form(
                                    .method("post"), .action("/me/sessions/end"),
                                    .data("confirm", page.t("其他设备需要重新登录。", "Other devices will have to log in again."))
                                ) {
                                    page.csrfField
                                    button(.class("btn btn-sm")) { page.t("退出其他设备", "End all others") }
                                }
                            }
                        }
                        SessionRows(page: page, sessions: sessions, present: login.sessionID, base: "/me/sessions").body
                    }
                })
        }
    }

    @Sendable func end(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let login = try context.visitor(), id = try context.recordID()
        try await site.accounts.endSession(id, as: login.actor)
        return .done("/me/sessions", context.language("已退出该设备", "Device logged out"))
    }

    @Sendable func endOthers(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let login = try context.visitor()
        let count = try await site.accounts.endSessions(of: login.userID, except: login.sessionID, as: login.actor)
        return .done("/me/sessions", context.language("已退出 \(max(0, count)) 个其他登录", "\(max(0, count)) other sessions ended"))
    }
}

/// Sessions as rows; an administrator sees a user's with the same eyes.
struct SessionRows {
    let page: Page
    let sessions: [Accounts.SessionInfo]
    /// The one this page is shown in.
    let present: Int64?
    let base: String

    var body: Node {
        .list(
            sessions.map { session in
                div(.class("setrow")) {
                    div {
                        b { SessionRows.device(session.agent, page.language) }
                        if session.id == present { " "; span(.class("tag tag-ok")) { page.t("本次登录", "This one") } }
                        p {
                            [
                                session.address, page.t("登录于 ", "since ") + session.startedAt.shown,
                                page.t("最近活动 ", "seen ") + page.relative(session.seenAt),
                            ].compactMap(\.self).joined(separator: " · ")
                        }
                    }
                    if session.id != present {
                        form(.method("post"), .action("\(base)/\(session.id)/end")) {
                            page.csrfField; button(.class("btn btn-sm")) { page.t("退出", "End") }
                        }
                    }
                }.node
            })
    }

    /// `Chrome · Windows` out of a browser's long name for itself.
    static func device(_ agent: String?, _ language: Language) -> String {
        guard let agent, !agent.isEmpty else { return language("未知设备", "Unknown device") }
        let browsers = [
            ("MicroMessenger", "微信"), ("wxwork", "企业微信"), ("DingTalk", "钉钉"), ("Lark", "飞书"), ("Edg", "Edge"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"),
        ]
        let systems = [
            ("iPhone", "iPhone"), ("iPad", "iPad"), ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS", "macOS"), ("Linux", "Linux"),
        ]
        let found = [browsers, systems].compactMap { names in names.first { agent.contains($0.0) }?.1 }
        return found.isEmpty ? String(agent.prefix(60)) : found.joined(separator: " · ")
    }
}
