import Gate
import Hummingbird
import Markup
import Records

/// A new password of one's own.
struct PasswordPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("me/password", use: show)
        router.post("me/password", use: change)
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.mePage(request, context) { page, login in .shell(PasswordPages.page(page, login, FormState())) }
    }

    @Sendable func change(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), login = try context.visitor()
        do {
            guard form["password"] == form["password_again"] else {
                throw Problems([
                    Problem("password_again", code: "different", context.language("两次输入的密码不一致，请重新输入", "The two passwords differ"))
                ])
            }
            let grant = try await site.accounts.changePassword(
                login, current: form["current_password"] ?? "", new: form["password"] ?? "", endingOthers: form["end_others"] != "false")
            let next = LocalPath.checked(form["next"])
            let url = login.mustEnrolTOTP ? "/me/totp" : next == "/" && !login.mustChangePassword ? "/me/password" : next
            return Response.done(url, context.language("密码已修改", "Password changed")).carrying(grant, site: site)
        } catch let wrong as Problems {
            return try await site.mePage(request, context, status: .unprocessableContent) { page, login in
                .shell(PasswordPages.page(page, login, FormState(typed: form.typed, problems: wrong.all)))
            }
        }
    }

    private static func page(_ page: Page, _ login: Authenticated, _ state: FormState) -> Shell {
        let parts = page.parts(state)
        return MeFrame(page: page).shell(
            "/me/password", page.t("密码", "Password"), page.t("一个只在这里使用的密码最安全。", "Use a password that you use nowhere else.")
        ) {
            if login.mustChangePassword {
                parts.alert("warn", page.t("请先设置自己的密码", "Please choose a password of your own")) {
                    p { page.t("现在的密码是管理员给的初始密码，修改后才能继续使用。", "The present one was given by an administrator.") }
                }
            }
            form(.class("card"), .method("post"), .action("/me/password"), .data("form"), .novalidate(true)) {
                page.csrfField
                input(.type("hidden"), .name("next"), .value(LocalPath.checked(state.typed["next"]?.last ?? page.items["next"])))
                // Password keepers want to know whose password it is.
                input(
                    .type("text"), .name("username"), .value(page.actor.name), .autocomplete("username"), .class("sr-only"), .tabindex(-1),
                    .aria("hidden", "true"))
                div(.class("card-h")) { h2 { page.t("修改密码", "Change password") } }
                parts.cardFaults
                div(.class("fields")) {
                    parts.line(
                        "current_password", page.t("当前密码", "Current password"), type: "password", required: true, wide: true,
                        autocomplete: "current-password", maxlength: 1000)
                    parts.line(
                        "password", page.t("新密码", "New password"), type: "password", hint: PasswordHint.text(page.language), required: true,
                        autocomplete: "new-password", maxlength: 1000)
                    parts.line(
                        "password_again", page.t("再输入一次", "Again"), type: "password", required: true, autocomplete: "new-password",
                        maxlength: 1000)
                    parts.toggle("end_others", page.t("同时退出其他设备上的登录", "Log out my other devices"), true, wide: true)
                }
                div(.class("card-f row")) {
                    span(.class("grow")) {}; button(.class("btn btn-p")) { page.t("修改密码", "Change password") }
                }
            }
        }
    }
}
