import Gate
import Hummingbird
import Markup
import Records

/// The second step at log-in: an authenticator app, and recovery codes for the day it is gone.
struct TwoStepPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("me/totp", use: show)
        router.post("me/totp/begin", use: begin)
        router.post("me/totp/confirm", use: confirm)
        router.post("me/totp/disable", use: disable)
        router.post("me/totp/codes", use: renewCodes)
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let left = try await site.accounts.recoveryCodesLeft(try context.visitor().userID)
        return try await site.mePage(request, context) { page, login in
            .shell(TwoStepPart(page: page, login: login).overview(codesLeft: left, FormState()))
        }
    }

    @Sendable func begin(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        if let step = try site.proof(context, then: "/me/totp") { return step }
        let enrolment = try await site.accounts.beginTOTP(try context.visitor())
        return try await site.mePage(request, context) { page, login in
            .shell(TwoStepPart(page: page, login: login).enrolment(secret: enrolment.secret, uri: enrolment.uri, FormState()))
        }
    }

    @Sendable func confirm(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context)
        if let step = try site.proof(context, then: "/me/totp") { return step }
        do {
            let (grant, codes) = try await site.accounts.confirmTOTP(try context.visitor(), code: form["code"] ?? "")
            return try await shown(codes, request, context, grant)
        } catch let wrong as Problems {
            return try await site.mePage(request, context, status: .unprocessableContent) { page, login in
                .shell(
                    TwoStepPart(page: page, login: login).enrolment(
                        secret: form["secret"] ?? "", uri: form["uri"] ?? "", FormState(problems: wrong.all)))
            }
        }
    }

    @Sendable func disable(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), login = try context.visitor()
        if let step = try site.proof(context, then: "/me/totp") { return step }
        do {
            let grant = try await site.accounts.disableTOTP(login, code: form["code"] ?? "")
            return Response.done("/me/totp", context.language("两步验证已关闭", "Two-step verification is off")).carrying(grant, site: site)
        } catch let wrong as Problems {
            return try await again(wrong, request, context)
        }
    }

    @Sendable func renewCodes(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), login = try context.visitor()
        if let step = try site.proof(context, then: "/me/totp") { return step }
        do {
            return try await shown(try await site.accounts.renewRecoveryCodes(login, code: form["code"] ?? ""), request, context, nil)
        } catch let wrong as Problems {
            return try await again(wrong, request, context)
        }
    }

    private func again(_ wrong: Problems, _ request: Request, _ context: WebContext) async throws -> Response {
        let left = try await site.accounts.recoveryCodesLeft(try context.visitor().userID)
        return try await site.mePage(request, context, status: .unprocessableContent) { page, login in
            .shell(TwoStepPart(page: page, login: login).overview(codesLeft: left, FormState(problems: wrong.all)))
        }
    }

    private func shown(_ codes: [String], _ request: Request, _ context: WebContext, _ grant: Grant?) async throws -> Response {
        var context = context
        // The page's forms carry the new session's token.
        if let grant { context.login?.csrf = grant.csrf }
        let response = try await site.mePage(request, context) { page, login in .shell(TwoStepPart(page: page, login: login).codes(codes)) }
        return grant.map { response.carrying($0, site: site) } ?? response
    }
}

/// What the pages of the second step show.
struct TwoStepPart {
    let page: Page
    let login: Authenticated

    private func frame(@HTMLBuilder _ content: () -> Node) -> Shell {
        MeFrame(page: page).shell(
            "/me/totp", page.t("两步验证", "Two-step verification"),
            page.t(
                "登录时除了密码，还要输入手机上的验证码。密码被偷也进不来。", "A code from your phone besides the password, so that a stolen password is not enough."),
            content: content
        )
    }

    func overview(codesLeft: Int, _ state: FormState) -> Shell {
        let parts = page.parts(state)
        return frame {
            if login.mustEnrolTOTP { parts.alert("warn", page.t("您的角色要求两步验证，请先启用", "Your role requires it; please set it up first")) }
            parts.faults
            section(.class("card")) {
                div(.class("setrow")) {
                    div {
                        b { page.t("身份验证器", "Authenticator app") }
                        p {
                            page.t(
                                "微信小程序“腾讯身份验证器”、Microsoft Authenticator、Google Authenticator 等",
                                "Microsoft Authenticator, Google Authenticator and others")
                        }
                    }
                    if login.hasTOTP {
                        span(.class("st st-ok")) { page.t("已启用", "On") }
                    } else {
                        span(.class("st")) { page.t("未启用", "Off") }
                    }
                    form(.method("post"), .action("/me/totp/begin")) {
                        page.csrfField
                        button(.class("btn", login.hasTOTP ? nil : "btn-p")) {
                            login.hasTOTP ? page.t("更换手机", "Change phone") : page.t("启用", "Set up")
                        }
                    }
                }
                if login.hasTOTP {
                    codeRow(
                        page.t("恢复码", "Recovery codes"),
                        page.t("还剩 \(codesLeft) 个。重新生成后旧的作废。", "\(codesLeft) left. New ones replace the old."), "/me/totp/codes",
                        page.t("重新生成", "Renew"), "btn")
                    codeRow(
                        page.t("关闭两步验证", "Turn off"), page.t("账号只剩密码保护。", "Only the password will protect your account."),
                        "/me/totp/disable", page.t("关闭", "Turn off"), "btn btn-danger")
                }
            }
        }
    }

    private func codeRow(_ title: String, _ why: String, _ url: String, _ label: String, _ style: String) -> Element {
        Markup.form(.class("setrow"), .method("post"), .action(url)) {
            div {
                b { title }; p { why }
            }
            page.csrfField
            input(
                .class("in in-sm num"), .name("code"), .aria("label", page.t("验证码", "Code")), .placeholder(page.t("验证码", "Code")),
                .autocomplete("one-time-code"), .required(true), .maxlength(20))
            button(.class(style)) { label }
        }
    }

    func enrolment(secret: String, uri: String, _ state: FormState) -> Shell {
        let parts = page.parts(state)
        return frame {
            form(.class("card"), .method("post"), .action("/me/totp/confirm"), .data("form"), .novalidate(true)) {
                page.csrfField
                input(.type("hidden"), .name("secret"), .value(secret))
                input(.type("hidden"), .name("uri"), .value(uri))
                div(.class("card-h")) { h2 { page.t("在身份验证器中添加账号", "Add the account to your app") } }
                div(.class("card-b col")) {
                    parts.faults
                    p { page.t("1. 用验证器扫描二维码，或手工输入密钥。", "1. Scan the code with your app, or type the key by hand.") }
                    if let code = QRCode(uri) { code.image(label: page.t("两步验证二维码", "QR code for the authenticator app")) }
                    p {
                        span(.class("muted")) { page.t("密钥 ", "Key ") }; Markup.code(.class("num strong")) { secret }
                    }
                    input(
                        .class("in"), .value(uri), .readonly(true), .aria("label", page.t("验证器链接", "Authenticator link")),
                        .autocomplete("off"))
                    p { page.t("2. 输入验证器显示的 6 位数字。", "2. Type the six digits it shows.") }
                }
                div(.class("fields")) {
                    parts.line(
                        "code", page.t("验证码", "Code"), required: true, autocomplete: "one-time-code", mode: "numeric", maxlength: 10,
                        autofocus: true)
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn"), .href("/me/totp")) { page.t("取消", "Cancel") };
                    button(.class("btn btn-p")) { page.t("启用", "Turn on") }
                }
            }
        }
    }

    func codes(_ codes: [String]) -> Shell {
        frame {
            section(.class("card")) {
                div(.class("card-h")) { h2 { page.t("恢复码", "Recovery codes") } }
                div(.class("card-b col")) {
                    page.parts().alert("warn", page.t("请现在保存，只显示这一次", "Save them now: they are shown only once")) {
                        p { page.t("手机丢失时，每个恢复码可以代替验证码登录一次。打印或抄下来，放在安全的地方。", "Each lets you in once when your phone is gone.") }
                    }
                    ul(.class("cards num")) { for one in codes { li { code { one } } } }
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; a(.class("btn btn-p"), .href("/me")) { page.t("已保存", "I have saved them") }
                }
            }
        }
    }
}
