import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("Logging in and out")
struct LogInTests {
    @Test("a wrong password is refused without saying what was wrong, the right one opens the door")
    func wrongAndRight() async throws {
        try await Office.open { _, browser in
            #expect(try await browser.get("/").location == "/login")
            let wrong = try await browser.logIn("liwei", "not-his-password")
            #expect(wrong.status == 422 && wrong.has("登录名或密码错误"))
            #expect(try await browser.logIn("nobody", "not-his-password").has("登录名或密码错误"))
            #expect(browser.cookies[SessionCookie.plainName] == nil)
            let right = try await browser.logIn("liwei")
            #expect(right.status == 303 && right.location == "/")
            let cookie = try #require(right.headers[values: .setCookie].first { $0.hasPrefix(SessionCookie.plainName) })
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
            #expect(try await browser.get("/").has("李伟"))
        }
    }

    @Test("logging out ends the session on the server, too")
    func logOut() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            let cookies = browser.cookies
            #expect(try await browser.post("/logout").location == "/login")
            browser.cookies = cookies
            #expect(try await browser.get("/").location == "/login")
        }
    }

    @Test(
        "after logging in the way leads back, but never to another site",
        arguments: [
            ("/customers?q=a", "/customers?q=a"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"),
            ("javascript:alert(1)", "/"), ("/logout", "/"),
        ])
    func next(wanted: String, led: String) async throws {
        try await Office.open { _, browser in
            let answer = try await browser.post("/login", ["username": "liwei", "password": Office.password, "next": wanted])
            #expect(answer.location == led)
        }
    }

    @Test("another site cannot log somebody in")
    func crossSite() async throws {
        try await Office.open { _, browser in
            let answer = try await browser.post(
                "/login", ["username": "liwei", "password": Office.password], headers: [.secFetchSite: "cross-site"])
            #expect(answer.status == 403)
            #expect(browser.cookies[SessionCookie.plainName] == nil)
        }
    }

    @Test("a form without the anti-forgery token changes nothing")
    func forged() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await office.user("liwei")
            #expect(try await browser.post("/settings/users/\(id)/disable", token: "wrong").status == 403)
            #expect(try await browser.post("/settings/users/\(id)/disable", token: "").status == 403)
            #expect(try await office.accounts.chart().members[id]?.isActive == true)
            #expect(try await browser.post("/settings/users/\(id)/disable").status == 303)
            #expect(try await office.accounts.chart().members[id]?.isActive == false)
        }
    }

    @Test("after too many failures the page says how long to wait")
    func throttled() async throws {
        try await Office.open { _, browser in
            for _ in 0..<5 { try await browser.logIn("liwei", "not-his-password") }
            let answer = try await browser.logIn("liwei")
            #expect(answer.status == 429 && answer.has("分钟后再试"))
            #expect(Int(answer.headers[.retryAfter] ?? "") ?? 0 > 0)
        }
    }

    @Test("the set-up link makes the company and its administrator once")
    func setUp() async throws {
        try await Office.empty { office, browser in
            #expect(try await browser.get("/login").has("系统尚未初始化"))
            #expect(try await browser.get("/setup?token=guess").status == 403)
            let token = try await office.accounts.makeSetUpToken()
            #expect(try await browser.get("/setup?token=\(token)").status == 200)
            let different = try await browser.post(
                "/setup",
                [
                    "token": token, "company": "恒远汽车", "name": "林岚", "username": "linlan", "password": Office.password,
                    "password_again": "else",
                ])
            #expect(different.status == 422 && different.has("不一致") && different.has("恒远汽车"))
            let weak = try await browser.post(
                "/setup",
                ["token": token, "company": "恒远汽车", "name": "林岚", "username": "linlan", "password": "123", "password_again": "123"])
            #expect(weak.status == 422 && !weak.has("value=\"123\""))
            let empty = try await browser.post("/setup", ["token": token, "password": "123", "password_again": "123"])
            let named = empty.text.matches(of: /href="#f-([a-z_]+)"/).map { String($0.1) }
            #expect(named == ["company", "name", "username", "password"], "in the form's order")
            #expect(empty.has("请填写管理员姓名"))
            let done = try await browser.post(
                "/setup",
                [
                    "token": token, "company": "恒远汽车", "name": "林岚", "username": "linlan", "password": Office.password,
                    "password_again": Office.password,
                ])
            #expect(done.location == "/setup/guide")
            #expect(try await browser.get("/settings/company").has("恒远汽车"))
            #expect(try await browser.other.get("/setup?token=\(token)").location == "/login")
        }
    }

    @Test("errors are pages with a number to quote, and small pieces for htmx")
    func errors() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            let page = try await browser.get("/settings/users")
            #expect(page.status == 403 && page.has("没有权限") && page.has("请求编号") && page.has("<html"))
            let piece = try await browser.get("/settings/users", [.htmxRequest: "true"])
            #expect(piece.status == 403 && !piece.has("<html") && piece.has("alert-bad"))
            #expect(piece.headers[.htmxTrigger]?.allSatisfy(\.isASCII) == true)
            #expect(try await browser.get("/no-such-page").status == 404)
            #expect(try await browser.other.get("/settings", [.htmxRequest: "true"]).headers[.htmxRedirect] == "/login")
        }
    }
}
