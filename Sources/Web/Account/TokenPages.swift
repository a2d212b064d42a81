import Gate
import Hummingbird
import Markup
import Records

/// Keys for one's own programs.
struct TokenPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("me/tokens", use: list)
        router.get("me/tokens/new", use: new)
        router.post("me/tokens", use: create)
        router.post("me/tokens/{id}/revoke", use: revoke)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let login = try context.visitor()
        let keys = try await site.accounts.keys(of: login.userID, as: login.actor)
        return try await site.mePage(request, context) { page, _ in .shell(TokenPages.list(page, keys, made: nil)) }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        if let step = try site.proof(context, then: "/me/tokens/new") { return step }
        return try await site.mePage(request, context) { page, _ in .shell(TokenPages.form(page, FormState())) }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), login = try context.visitor()
        if let step = try site.proof(context, then: "/me/tokens/new") { return step }
        let entities = (form["entities"] ?? "").split(whereSeparator: { ",， \n\r".contains($0) }).map(String.init)
        let scopes = form["scope"] == "some" ? entities : [form["scope"] ?? ""]
        do {
            let made = try await site.accounts.makeKey(
                login, name: form["name"] ?? "", scopes: scopes, days: form["days"] == "never" ? nil : Int(form["days"] ?? "") ?? 0)
            let keys = try await site.accounts.keys(of: login.userID, as: login.actor)
            return try await site.mePage(request, context) { page, _ in .shell(TokenPages.list(page, keys, made: made.key)) }
        } catch let wrong as Problems {
            return try await site.mePage(request, context, status: .unprocessableContent) { page, _ in
                .shell(TokenPages.form(page, FormState(typed: form.typed, problems: wrong.all)))
            }
        }
    }

    @Sendable func revoke(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        try await site.accounts.revokeKey(try context.recordID(), as: try context.visitor().actor)
        return .done("/me/tokens", context.language("令牌已吊销", "Token revoked"))
    }

    private static func list(_ page: Page, _ keys: [Accounts.KeyInfo], made: String?) -> Shell {
        MeFrame(page: page).shell(
            "/me/tokens", page.t("API 令牌", "API tokens"), page.t("给程序用的钥匙，权限不超过您自己。", "Keys for programs; they may never do more than you.")
        ) {
            if let made { ShownOnce(page: page, label: page.t("新令牌", "New token"), secret: made).body }
            section(.class("card")) {
                div(.class("card-h")) {
                    h2 { page.t("有效的令牌", "Live tokens") }
                    span(.class("s")) { String(keys.count) }
                    span(.class("grow")) {}
                    a(.class("btn btn-sm btn-p"), .href("/me/tokens/new")) {
                        page.site.icon("plus", "sm"); page.t("新建令牌", "New token")
                    }
                }
                if keys.isEmpty {
                    div(.class("empty")) {
                        span(.class("ico")) { page.site.icon("key-round", "lg") }; b { page.t("还没有令牌", "No tokens") };
                        span { page.t("对接其他系统时新建一个。", "Make one to connect another system.") }
                    }
                }
                for key in keys {
                    div(.class("setrow")) {
                        div {
                            b { key.name }
                            " "
                            code { key.hint + "…" }
                            p { facts(key, page).joined(separator: " · ") }
                        }
                        Markup.form(
                            .method("post"), .action("/me/tokens/\(key.id)/revoke"),
                            .data("confirm", page.t("使用它的程序会立即停止工作。", "Programs that use it stop at once."))
                        ) {
                            page.csrfField
                            button(.class("btn btn-sm btn-danger")) { page.t("吊销", "Revoke") }
                        }
                    }
                }
            }
        }
    }

    private static func facts(_ key: Accounts.KeyInfo, _ page: Page) -> [String] {
        [
            key.scopes.joined(separator: ", "), page.t("创建于 ", "made ") + key.createdAt.shown,
            key.expiresAt.map { page.t("到期 ", "expires ") + $0.shown } ?? page.t("长期有效", "never expires"),
            key.usedAt.map { page.t("最近使用 ", "used ") + page.relative($0) } ?? page.t("未使用", "never used"),
        ]
    }

    private static func form(_ page: Page, _ state: FormState) -> Shell {
        let parts = page.parts(state)
        return MeFrame(page: page).shell("/me/tokens", page.t("新建令牌", "New token"), page.t("令牌只显示一次，请妥善保管。", "It is shown only once.")) {
            Markup.form(.class("card"), .method("post"), .action("/me/tokens"), .data("form"), .novalidate(true)) {
                page.csrfField
                div(.class("card-h")) { h2 { page.t("新令牌", "New token") } }
                parts.cardFaults
                div(.class("fields")) {
                    parts.line(
                        "name", page.t("名称", "Name"), hint: page.t("给哪个程序用，例如“官网留资”", "Which program it is for"), required: true,
                        maxlength: 100, autofocus: true)
                    parts.select(
                        "days", page.t("有效期", "Valid for"),
                        [
                            ("30", page.t("30 天", "30 days")), ("90", page.t("90 天", "90 days")), ("365", page.t("一年", "One year")),
                            ("never", page.t("长期", "No end")),
                        ], "90")
                    parts.radios(
                        "scope", page.t("范围", "Scope"),
                        [
                            ("read", page.t("只读", "Read")), ("write", page.t("读写", "Read and write")),
                            ("some", page.t("指定对象", "Some entities")), ("admin", page.t("与我相同", "Everything I may")),
                        ], "read")
                    parts.line(
                        "entities", page.t("指定的对象", "Entities"),
                        hint: page.t("选“指定对象”时填写，例如 customers:read, orders:write", "For “some entities”: customers:read, orders:write"),
                        wide: true)
                    parts.fault("scopes")
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/me/tokens")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { page.t("创建", "Create") }
                }
            }
        }
    }
}

/// A secret that is on the screen this once.
struct ShownOnce {
    let page: Page
    let label: String
    let secret: String
    var note: String?

    var body: Element {
        div(.class("alert alert-ok"), .role("alert")) {
            page.site.icon("key-round")
            div(.class("col")) {
                b { label }
                p { note ?? page.t("请现在复制保存，离开本页后不再显示。", "Copy it now; it will not be shown again.") }
                input(
                    .class("in num"), .id("shown-once"), .value(secret), .readonly(true), .aria("label", label), .autocomplete("off"),
                    .data("copy", secret))
            }
        }
    }
}
