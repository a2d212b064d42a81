import Gate
import Hummingbird
import Markup
import Records

/// In and out: `/login`, `/logout`.
struct LogInPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("login", use: show)
        router.post("login", use: logIn)
        router.post("logout", use: logOut)
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let next = LocalPath.checked(try QueryItems(parsing: request.uri.query)["next"])
        if context.login != nil { return .redirect(to: next) }
        let isFresh = try await site.accounts.isFresh()
        return .html(page(LogInForm(site: site, language: site.language(request, context), next: next, isFresh: isFresh)))
    }

    @Sendable func logIn(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(atTheDoor: request)
        var view = LogInForm(site: site, language: site.language(request, context), next: LocalPath.checked(form["next"]))
        let pending = form["pending"].flatMap { Pending(sealed: $0, site) }
        view.username = pending?.username ?? form["username"] ?? ""
        let password = pending?.password ?? form["password"] ?? "", code = form["code"]?.trimmed ?? ""
        guard form["pending"] == nil || pending != nil else {
            view.trouble = view.t("验证步骤已超时，请重新登录。", "That took too long. Please log in again.")
            return .html(page(view), status: .unprocessableContent)
        }
        let attempt = LogIn(
            view.username, password, code: code.isEmpty ? nil : code, address: context.address, agent: request.headers[.userAgent],
            via: .browser)
        switch try await site.accounts.logIn(attempt) {
        case .ok(let grant): return site.welcome(grant, to: next(grant, view.next))
        case .needsCode:
            view.pending = Pending(username: view.username, password: password, until: site.gate.clock.now().adding(seconds: 600)).sealed(
                site)
            return .html(page(view))
        case .refused:
            // With a code the password was right before: only the code is asked for again.
            if let pending { view.pending = pending.sealed(site) }
            view.trouble =
                pending == nil
                ? view.t(Accounts.refusedText, "Wrong user name or password. Please try again, or ask your administrator.")
                : view.t("验证码不正确或已用过，请等待下一个验证码再试。", "That code is wrong or used. Please wait for the next one.")
            return .html(page(view), status: .unprocessableContent)
        case .throttled(let seconds):
            let minutes = (seconds + 59) / 60
            view.trouble = view.t("登录失败次数过多，请 \(minutes) 分钟后再试。", "Too many failed attempts. Please try again in \(minutes) minutes.")
            var response = Response.html(page(view), status: .tooManyRequests)
            response.headers[.retryAfter] = String(seconds)
            return response
        }
    }

    @Sendable func logOut(_ request: Request, _ context: WebContext) async throws -> Response {
        if context.login != nil {
            _ = try await FormBody(request, context)
            if let token = SessionCookie.token(in: request) { try await site.accounts.logOut(token) }
        }
        var response = Response.redirect(to: "/login")
        response.headers[values: .setCookie].append(SessionCookie.clear(secure: site.isSecure))
        response.headers[.clearSiteData] = "\"cache\""
        return response
    }

    private func next(_ grant: Grant, _ next: String) -> String {
        let suffix = next == "/" ? "" : QueryItems([("next", next)]).suffix
        return grant.mustChangePassword ? "/me/password" + suffix : grant.mustEnrolTOTP ? "/me/totp" + suffix : next
    }

    private func page(_ form: LogInForm) -> HTMLDocument {
        site.doorPage(form.pending == nil ? form.t("登录", "Log in") : form.t("两步验证", "Two-step verification"), form.language) { form.body }
    }
}

/// User name and password on their way from the first step to the second, sealed with the installation's key for ten minutes.
private struct Pending {
    var username: String
    var password: String
    var until: Instant

    init(username: String, password: String, until: Instant) {
        self.username = username
        self.password = password
        self.until = until
    }

    init?(sealed: String, _ site: Site) {
        guard sealed.utf8.count < 20_000, sealed.hasPrefix("enc1:"), let text = site.gate.secrets.open(sealed, field: "login.pending"),
            let members = Plain(jsonText: text)?.object, let username = members["username"]?.text, let password = members["password"]?.text,
            let until = members["until"]?.int, site.gate.clock.now().milliseconds < until
        else { return nil }
        self.init(username: username, password: password, until: Instant(milliseconds: until))
    }

    func sealed(_ site: Site) -> String {
        let members: [String: Plain] = ["username": .text(username), "password": .text(password), "until": .int(until.milliseconds)]
        return site.gate.secrets.seal(Plain.object(members).jsonText, field: "login.pending")
    }
}

/// The log-in form in its two steps.
struct LogInForm {
    let site: Site
    let language: Language
    var next: String
    var username = ""
    var pending: String?
    var trouble: String?
    var isFresh = false

    func t(_ chinese: String, _ english: String) -> String { language(chinese, english) }

    var body: Node {
        let parts = FormParts(site: site, language: language)
        return Group {
            h1 { pending == nil ? t("登录", "Log in") : t("两步验证", "Two-step verification") }
            form(.class("col"), .method("post"), .action("/login"), .data("form")) {
                input(.type("hidden"), .name("next"), .value(next))
                if let trouble { parts.alert("bad", trouble) }
                if isFresh {
                    parts.alert("info", t("系统尚未初始化", "Not set up yet")) {
                        p {
                            t(
                                "请打开服务启动日志中的初始化链接，创建第一位管理员。",
                                "Open the set-up link from the server's start-up log to create the first administrator.")
                        }
                    }
                }
                if let pending { codeStep(pending, parts) } else { firstStep(parts) }
                button(.class("btn btn-p btn-lg")) { pending == nil ? t("登录", "Log in") : t("验证", "Verify") }
            }
            p(.class("login-foot muted")) {
                if pending == nil {
                    t("忘记密码请联系管理员", "Forgot your password? Ask your administrator.")
                } else {
                    a(.class("lnk"), .href("/login")) { t("换一个账号登录", "Use another account") }
                }
            }
        }.node
    }

    private func firstStep(_ parts: FormParts) -> Node {
        Group {
            parts.line("username", t("登录名", "User name"), username, required: true, autocomplete: "username", autofocus: username.isEmpty)
            parts.line(
                "password", t("密码", "Password"), type: "password", required: true, autocomplete: "current-password", maxlength: 1000,
                autofocus: !username.isEmpty)
        }.node
    }

    private func codeStep(_ pending: String, _ parts: FormParts) -> Node {
        Group {
            input(.type("hidden"), .name("pending"), .value(pending))
            parts.line(
                "code", t("验证码", "Code"),
                hint: t("身份验证器中的 6 位数字；手机不在身边时可填恢复码", "The six digits of your authenticator app, or a recovery code"),
                required: true, autocomplete: "one-time-code", maxlength: 20, autofocus: true
            )
        }.node
    }
}
