import Gate
import Hummingbird
import Markup
import NIOCore
import Records

/// What all pages share.
struct Site: Sendable {
    let gate: Gate
    let accounts: Accounts
    let assets: AssetStore
    /// Cookies only over TLS.
    let isSecure: Bool
    /// What set-up asks a company about itself.
    var trades: [Trade] = []
    let visits = Visits()

    /// Reads as the one who is logged in and answers with a page; without log-in the way leads to the log-in page and back.
    func page(_ request: Request, _ context: WebContext, _ body: @escaping @Sendable (Page) throws -> PageAnswer) async throws -> Response {
        guard let login = context.login else { return toLogin(request) }
        let items = try QueryItems(parsing: request.uri.query)
        let isFragment = request.headers[.htmxRequest] == "true"
        let path = request.uri.path, flash = Flash(request), referer = request.headers[.referer].flatMap(EntityPages.localPath)
        let response = try await gate.read(as: login.actor) { view in
            let page = Page(
                site: self, view: view, actor: login.actor, language: login.actor.language, path: path, items: items, csrf: login.csrf,
                theme: login.preferences["theme"]?.text ?? "auto", density: login.preferences["density"]?.text ?? "normal",
                referer: referer, isFragment: isFragment, flash: flash
            )
            return respond(try body(page), page)
        }
        // Where it leads says what happened.
        guard flash != nil, !isFragment, response.status.kind != .redirection else { return response }
        var shown = response
        shown.headers[values: .setCookie].append(Flash.clear)
        return shown
    }

    private func respond(_ answer: PageAnswer, _ page: Page) -> Response {
        switch answer {
        case .shell(let shell): .html(document(shell, page))
        case .fragment(let html): .html(html)
        case .status(let status, let html): .html(html, status: status)
        case .redirect(let url): .redirect(to: url)
        case .file(let response): response
        }
    }

    func toLogin(_ request: Request) -> Response {
        // Whoever sent a form goes back to the page it stands on, where what was typed comes back.
        let back =
            request.method == .get && request.headers[.htmxRequest] != "true"
            ? request.uri.path + (request.uri.query.map { "?" + $0 } ?? "")
            : LocalPath.checked(request.headers[.referer].flatMap(EntityPages.localPath))
        let url = "/login" + (back == "/" ? "" : QueryItems([("next", back)]).suffix)
        if request.headers[.htmxRequest] == "true" { return Response(status: .unauthorized, headers: [.htmxRedirect: url]) }
        return .redirect(to: url)
    }
}

extension Response {
    static func html(_ html: some HTML, status: HTTPResponse.Status = .ok) -> Response {
        .bytes(html.bytes(reserving: 32_768), "text/html; charset=utf-8", status: status)
    }

    static func html(_ html: any HTML, status: HTTPResponse.Status = .ok) -> Response {
        .bytes(html.bytes(reserving: 32_768), "text/html; charset=utf-8", status: status)
    }

    /// After a change: back to a page, which says what happened and offers to undo it.
    static func done(_ url: String, _ text: String, undo operation: Int64? = nil) -> Response {
        var response = Response.redirect(to: url)
        response.headers[values: .setCookie].append(Flash(text: text, undo: operation).cookie)
        return response
    }
}
