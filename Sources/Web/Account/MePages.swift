import Gate
import Hummingbird
import Markup
import Records

/// One's own profile, and typing the password again before something dangerous.
struct MePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("me", use: profile)
        router.post("me", use: saveProfile)
        router.get("me/prove", use: askProof)
        router.post("me/prove", use: prove)
    }

    @Sendable func profile(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.mePage(request, context) { page, _ in .shell(try MePages.profile(page, FormState())) }
    }

    @Sendable func saveProfile(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), login = try context.visitor()
        if let step = try site.proof(context, then: "/me") { return step }
        do {
            try await site.accounts.updateProfile(login, name: form["name"] ?? "", mobile: form["mobile"] ?? "", email: form["email"] ?? "")
        } catch let wrong as Problems {
            return try await site.mePage(request, context, status: .unprocessableContent) { page, _ in
                .shell(try MePages.profile(page, FormState(typed: form.typed, problems: wrong.all)))
            }
        }
        return .done("/me", context.language("资料已保存", "Profile saved"))
    }

    private static func profile(_ page: Page, _ state: FormState) throws -> Shell {
        guard let row = try page.view.userRow(page.actor.userID) else { throw Refusal.notFound }
        let user = Record<User>(row), parts = page.parts(state)
        let department = try user.department.map { try page.view.titles(page.catalog.schema(Department.self), ids: [$0.id])[$0.id] ?? "" }
        return MeFrame(page: page).shell("/me", page.t("资料", "Profile"), page.t("同事看到的姓名和联系方式。", "Your name and how colleagues reach you."))
        {
            form(.class("card"), .method("post"), .action("/me"), .data("form"), .novalidate(true)) {
                page.csrfField
                div(.class("card-h")) { h2 { page.t("基本资料", "Basics") } }
                parts.cardFaults
                div(.class("fields")) {
                    parts.line("name", page.t("姓名", "Name"), user.title, required: true, autocomplete: "name")
                    parts.line("mobile", page.t("手机号码", "Mobile"), user.mobile, type: "tel", autocomplete: "tel", mode: "tel")
                    parts.line("email", page.t("邮箱", "E-mail"), user.email, type: "email", autocomplete: "email", mode: "email")
                    div(.class("field")) {
                        span(.class("lb")) { page.t("登录名", "User name") }; span(.class("static")) { user.username }
                    }
                    div(.class("field")) {
                        span(.class("lb")) { page.t("所属部门", "Department") }; span(.class("static")) { department ?? "—" }
                    }
                }
                div(.class("card-f row")) {
                    span(.class("muted small grow")) {
                        page.t("登录名、部门和角色由管理员维护。", "Your administrator keeps user name, department and roles.")
                    }; button(.class("btn btn-p")) { page.t("保存", "Save") }
                }
            }
        }
    }

    // MARK: The password again

    @Sendable func askProof(_ request: Request, _ context: WebContext) async throws -> Response {
        let login = try context.visitor(), next = LocalPath.checked(try QueryItems(parsing: request.uri.query)["next"])
        return .html(proofPage(login, next, context, FormState()))
    }

    @Sendable func prove(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), login = try context.visitor(), next = LocalPath.checked(form["next"])
        do {
            let grant = try await site.accounts.reauthenticate(login, password: form["password"] ?? "")
            return site.welcome(grant, to: next)
        } catch let wrong as Problems {
            return .html(proofPage(login, next, context, FormState(problems: wrong.all)), status: .unprocessableContent)
        }
    }

    private func proofPage(_ login: Authenticated, _ next: String, _ context: WebContext, _ state: FormState) -> HTMLDocument {
        let language = context.language, parts = FormParts(site: site, language: language, state: state)
        return site.doorPage(language("确认身份", "Confirm it is you"), language, theme: login.preferences["theme"]?.text ?? "auto") {
            h1 { language("确认是您本人", "Confirm it is you") }
            form(.class("col"), .method("post"), .action("/me/prove"), .data("form")) {
                input(.type("hidden"), .name("_csrf"), .value(login.csrf))
                input(.type("hidden"), .name("next"), .value(next))
                p(.class("muted")) {
                    language(
                        "接下来的操作涉及账号安全，请再输入一次密码。十分钟内不会再问。", "The next step touches your account's security. Please type your password again."
                    )
                }
                parts.line(
                    "password", language("密码", "Password"), type: "password", required: true, autocomplete: "current-password",
                    maxlength: 1000, autofocus: true)
                button(.class("btn btn-p btn-lg")) { language("继续", "Continue") }
            }
            p(.class("login-foot")) { a(.class("lnk"), .href("/me")) { language("取消", "Cancel") } }
        }
    }
}
