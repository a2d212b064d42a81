import Formats
import Gate
import Hummingbird
import Markup
import Records

extension FormBody {
    /// A form that is posted before there is a session: it has no token to check, so the browser itself must say that it came from a page
    /// of ours.
    init(atTheDoor request: Request, limit: Int = 64 << 10) async throws {
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { throw HTTPAnswer.forged }
        if let origin = request.headers[.origin], let host = request.head.authority, !origin.hasSuffix("://" + host) {
            throw HTTPAnswer.forged
        }
        do {
            pairs = try FormText.parse(try await request.bytes(limit: limit)).pairs
        } catch is FormatError {
            throw HTTPAnswer.badRequest("表单内容无法读取")
        }
    }
}

/// A place of our own to go on to after a step; anything else a link might smuggle in leads home.
enum LocalPath {
    static func checked(_ path: String?) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 2000 else { return "/" }
        let isPlain = path.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "\\" }
        return isPlain && !["/login", "/logout", "/setup"].contains(where: path.hasPrefix) ? path : "/"
    }
}

extension Site {
    /// The language of somebody who is not logged in yet follows the browser's.
    func language(_ request: Request, _ context: WebContext) -> Language {
        if context.login != nil { return context.language }
        return request.headers[.acceptLanguage]?.lowercased().hasPrefix("en") == true ? .english : .chinese
    }

    /// A page without the shell, in the middle of the screen: log-in, set-up, errors.
    func doorPage(_ title: String, _ language: Language, theme: String = "auto", @HTMLBuilder content: () -> Node) -> HTMLDocument {
        HTMLDocument(
            title: "\(title) · \(language("知客", "Zhike"))", language: language == .chinese ? "zh-CN" : "en", theme: theme,
            bodyAttributes: [.class("plain")]
        ) {
            head()
        } body: {
            Markup.main(.class("login")) {
                div(.class("login-card")) {
                    div(.class("login-brand")) {
                        span(.class("ws-mark")) { icon("orbit", "lg") }
                        b { language("知客 Zhike", "Zhike") }
                        small { language("知道每一位客户", "Know every customer") }
                    }
                    content()
                }
            }
            div(.class("toasts"), .id("toasts"), .role("status"), .aria("live", "polite")) {}
        }
    }

    /// The answer that makes the browser carry a new session.
    func welcome(_ grant: Grant, to url: String) -> Response { Response.redirect(to: url).carrying(grant, site: self) }
}

extension Response {
    /// The same answer with a session's cookie.
    func carrying(_ grant: Grant, site: Site) -> Response {
        var response = self
        let seconds = (grant.expiresAt.milliseconds - site.gate.clock.now().milliseconds) / 1000
        response.headers[values: .setCookie].append(SessionCookie.set(grant.token, seconds: max(1, Int(seconds)), secure: site.isSecure))
        return response
    }
}
