import Foundation
import Gate
import Records
import TestSupport
import Testing

@testable import Gate
@testable import Web

@Suite("One's own settings")
struct MeTests {
    @Test("a new password needs the old one, ends the other sessions and keeps this one")
    func password() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            let other = browser.other
            try await other.logIn("liwei")
            let new = "tian-gao-ren-niao-fei"
            let wrong = try await browser.post("/me/password", ["current_password": "guess", "password": new, "password_again": new])
            #expect(wrong.status == 422 && wrong.has("密码不正确") && !wrong.has(new))
            let short = try await browser.post(
                "/me/password", ["current_password": Office.password, "password": "short", "password_again": "short"])
            #expect(short.status == 422 && short.has("至少"))
            let before = browser.cookies[SessionCookie.plainName]
            #expect(
                try await browser.post(
                    "/me/password", ["current_password": Office.password, "password": new, "password_again": new, "end_others": "true"]
                ).status == 303)
            #expect(browser.cookies[SessionCookie.plainName] != before)
            #expect(try await browser.get("/me").status == 200)
            #expect(try await other.get("/me").location?.hasPrefix("/login") == true)
            #expect(try await other.logIn("liwei").status == 422)
            #expect(try await other.logIn("liwei", new).status == 303)
        }
    }

    @Test("who got a first password must change it before anything else")
    func mustChange() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let role = try await office.role("sales_consultant")
            let made = try await browser.post("/settings/users", ["name": "王芳", "username": "wangfang", "roles": String(role)])
            #expect(made.status == 200)
            let password = try #require(made.text.firstMatch(of: /id="shown-once" value="([^"]+)"/)?.1)
            let hers = browser.other
            #expect(try await hers.logIn("wangfang", String(password)).location == "/me/password")
            #expect(try await hers.get("/customers").location == "/me/password?next=%2Fcustomers")
            let new = "tian-gao-ren-niao-fei"
            #expect(
                try await hers.post("/me/password", ["current_password": String(password), "password": new, "password_again": new]).status
                    == 303)
            #expect(try await hers.get("/customers").status == 200)
        }
    }

    @Test("the second step is set up with a code and then asked for at the door")
    func twoSteps() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            let begun = try await browser.post("/me/totp/begin")
            let key = try #require(begun.value("secret")), secret = try #require(Base32.bytes(of: key))
            #expect(begun.has("<svg") && begun.value("uri")?.hasPrefix("otpauth://totp/") == true)
            let step = TOTP.step(at: Clock.standing.now()), valid = [step - 1, step, step + 1].map { TOTP.code(secret, step: $0) }
            let guess = try #require(["000000", "123456", "654321", "999999"].first { !valid.contains($0) })
            let wrong = try await browser.post("/me/totp/confirm", ["code": guess, "secret": key, "uri": "x"])
            #expect(wrong.status == 422 && wrong.has(key))
            let shown = try await browser.post("/me/totp/confirm", ["code": TOTP.code(secret, step: step), "secret": key, "uri": "x"])
            let codes = shown.text.matches(of: /<code>([A-Z2-7]{5}-[A-Z2-7]{5})<\/code>/).map { String($0.1) }
            #expect(codes.count == 10)
            #expect(try await browser.get("/me/totp").has("已启用"))

            let other = browser.other
            let asked = try await other.logIn("liwei")
            #expect(asked.status == 200 && asked.has("验证码") && !asked.has(Office.password))
            let pending = try #require(asked.value("pending"))
            let refused = try await other.post("/login", ["pending": pending, "code": guess])
            #expect(refused.status == 422 && refused.has("验证码不正确"))
            #expect(try await other.post("/login", ["pending": pending, "code": codes[0]]).location == "/")
            #expect(try await other.get("/me/totp").has("还剩 9 个"))
        }
    }

    @Test("language and theme follow the preferences")
    func preferences() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            #expect(try await browser.get("/me").has("个人设置"))
            _ = try await browser.post(
                "/me/preferences", ["language": "en", "theme": "dark", "density": "compact", "notify": "", "notify": "due"])
            let page = try await browser.get("/me/preferences")
            #expect(page.has("Preferences") && page.has("data-theme=\"dark\"") && page.has("lang=\"en\""))
            _ = try await browser.post("/me/preferences", ["language": "xx", "theme": "pink"])
            #expect(try await browser.get("/me/preferences").has("data-theme=\"dark\""))
        }
    }

    @Test("a token is shown once, works with its scope only, and stops when revoked")
    func tokens() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            let made = try await browser.post("/me/tokens", ["name": "官网", "scope": "read", "days": "30"])
            let key = try #require(made.text.firstMatch(of: /value="(zk_[^"]+)"/)?.1)
            let program = browser.other
            #expect(try await program.get("/api/v1/customers", [.authorization: "Bearer \(key)"]).status == 200)
            let list = try await browser.get("/me/tokens")
            #expect(list.has("官网") && !list.has(String(key)))
            let id = try #require(list.text.firstMatch(of: /\/me\/tokens\/(\d+)\/revoke/)?.1)
            #expect(try await browser.post("/me/tokens/\(id)/revoke").status == 303)
            #expect(try await program.get("/api/v1/customers", [.authorization: "Bearer \(key)"]).status == 401)
        }
    }

    @Test("after ten minutes dangerous steps ask for the password again")
    func proof() async throws {
        let watch = Watch()
        try await Office.open(clock: Clock { watch.now }) { _, browser in
            try await browser.logIn("liwei")
            #expect(try await browser.get("/me/tokens/new").status == 200)
            watch.pass(601)
            #expect(try await browser.get("/me/tokens/new").location == "/me/prove?next=%2Fme%2Ftokens%2Fnew")
            #expect(
                try await browser.post("/me", ["name": "李伟", "mobile": "", "email": "x@example.com"]).location?.hasPrefix("/me/prove")
                    == true)
            #expect(try await browser.post("/me/prove", ["password": "guess", "next": "/me"]).status == 422)
            #expect(
                try await browser.post("/me/prove", ["password": Office.password, "next": "/me/tokens/new"]).location == "/me/tokens/new")
            #expect(try await browser.get("/me/tokens/new").status == 200)
        }
    }

    @Test("everybody keeps the own name and telephone, and nothing else")
    func profile() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("liwei")
            let wrong = try await browser.post("/me", ["name": "李伟", "mobile": "123", "email": ""])
            #expect(wrong.status == 422 && wrong.has("value=\"123\""))
            let role = try await office.role("admin")
            #expect(
                try await browser.post(
                    "/me",
                    ["name": "李大伟", "mobile": "139 0000 0000", "email": "lw@example.com", "roles": String(role), "status": "disabled"]
                ).status == 303)
            #expect(try await browser.get("/me").has("李大伟"))
            let id = try await office.user("liwei")
            #expect(try await office.accounts.chart().members[id]?.roles != [role])
            #expect(try await office.accounts.chart().members[id]?.isActive == true)
        }
    }

    @Test("a device that is ended must log in again")
    func devices() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            let other = browser.other
            try await other.logIn("liwei")
            #expect(try await browser.get("/me/sessions").has("本次登录"))
            #expect(try await browser.post("/me/sessions/end").status == 303)
            #expect(try await other.get("/me").location?.hasPrefix("/login") == true)
            #expect(try await browser.get("/me").status == 200)
        }
    }
}
