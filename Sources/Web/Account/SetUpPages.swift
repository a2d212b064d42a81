import Gate
import Hummingbird
import Markup
import Records

/// The first day: `/setup?token=…` names the company and makes the first administrator.
struct SetUpPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("setup", use: show)
        router.post("setup", use: setUp)
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        guard try await site.accounts.isFresh() else { return .redirect(to: "/login") }
        let token = try QueryItems(parsing: request.uri.query)["token"] ?? "", language = site.language(request, context)
        guard try await site.accounts.isSetUpToken(token) else { return .html(expired(language), status: .forbidden) }
        return .html(page(token, FormState(), language))
    }

    @Sendable func setUp(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(atTheDoor: request), language = site.language(request, context)
        let token = form["token"] ?? "", password = form["password"] ?? "", username = form["username"] ?? ""
        do {
            guard password == form["password_again"] else {
                throw Problems([Problem("password_again", code: "different", language("两次输入的密码不一致，请重新输入", "The two passwords differ"))])
            }
            try await site.accounts.setUp(
                token: token, company: form["company"] ?? "", username: username, name: form["name"] ?? "", password: password,
                address: context.address)
        } catch let wrong as Problems {
            return .html(
                page(token, FormState(typed: form.typed, problems: SetUpPages.inOrder(wrong.all, language)), language),
                status: .unprocessableContent)
        }
        let attempt = LogIn(username, password, address: context.address, agent: request.headers[.userAgent], via: .browser)
        guard case .ok(let grant) = try await site.accounts.logIn(attempt) else { return .redirect(to: "/login") }
        return site.welcome(grant, to: "/setup/guide")
    }

    /// As the form has its lines, and by their names there.
    private static func inOrder(_ problems: [Problem], _ language: Language) -> [Problem] {
        let lines = ["company", "name", "username", "password", "password_again"]
        let named = problems.map { problem in
            problem.field == "name" && problem.code == "required"
                ? Problem("name", code: "required", language("请填写管理员姓名", "Please fill in the administrator's name")) : problem
        }
        return lines.flatMap { line in named.filter { $0.field == line } } + named.filter { !lines.contains($0.field ?? "") }
    }

    private func page(_ token: String, _ state: FormState, _ language: Language) -> HTMLDocument {
        let parts = FormParts(site: site, language: language, state: state)
        return site.doorPage(language("初始化", "Set up"), language) {
            h1 { language("开始使用", "Get started") }
            form(.class("col"), .method("post"), .action("/setup"), .data("form"), .novalidate(true)) {
                input(.type("hidden"), .name("token"), .value(token))
                parts.faults
                parts.line("company", language("公司名称", "Company"), required: true, autocomplete: "organization", autofocus: true)
                parts.line("name", language("管理员姓名", "Administrator's name"), required: true, autocomplete: "name")
                parts.line(
                    "username", language("登录名", "User name"), hint: language("字母、数字或汉字，例如 liwei", "Letters and digits, e.g. liwei"),
                    required: true, autocomplete: "username")
                parts.line(
                    "password", language("密码", "Password"), type: "password", hint: PasswordHint.text(language), required: true,
                    autocomplete: "new-password", maxlength: 1000)
                parts.line(
                    "password_again", language("再输入一次密码", "Password again"), type: "password", required: true, autocomplete: "new-password",
                    maxlength: 1000)
                button(.class("btn btn-p btn-lg")) { language("创建并登录", "Create and log in") }
            }
        }
    }

    private func expired(_ language: Language) -> HTMLDocument {
        site.doorPage(language("初始化", "Set up"), language) {
            h1 { language("链接无效或已过期", "This link is not valid") }
            p {
                language(
                    "初始化链接有效一天，只能使用一次。请重新启动服务，日志中会给出新的链接。",
                    "A set-up link works once and for one day. Restart the server to get a new one in its log.")
            }
        }
    }
}

enum PasswordHint {
    static func text(_ language: Language) -> String {
        language(
            "至少 10 个字符，可以用一句好记的话；不要用手机号、生日或常见密码",
            "At least 10 characters; a sentence is fine. No phone numbers, birthdays or common passwords.")
    }
}
