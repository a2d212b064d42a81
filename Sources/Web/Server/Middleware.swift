import Gate
import Hummingbird
import Logging
import Records

/// Every answer carries the request's number; every error becomes an answer; only our own faults are logged with their cause.
struct AnswerErrors: RouterMiddleware {
    typealias Context = WebContext
    /// Shows an error as a page.
    let page: @Sendable (Failure, Request, WebContext) async -> Response

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = Failure(error)
            if failure.isInternal {
                context.logger.error(
                    "request failed",
                    metadata: [
                        "request": "\(context.requestID)", "method": "\(request.method)", "path": "\(request.uri.path.prefix(200))",
                        "error": "\(String(reflecting: error).prefix(2000))",
                    ])
            }
            response =
                request.uri.path.hasPrefix("/api/")
                ? failure.problemDetails(requestID: context.requestID) : await page(failure, request, context)
        }
        response.headers[.requestID] = context.requestID
        return response
    }
}

/// The strict headers of every answer (quality.md 1.4, items 48–54).
struct SecureHeaders: RouterMiddleware {
    typealias Context = WebContext
    let isBehindTLS: Bool

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.contentSecurityPolicy] =
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
            + "frame-ancestors 'none'; form-action 'self'"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.crossOriginOpener] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(self), geolocation=(self), microphone=()"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if isBehindTLS { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        return response
    }
}

/// Methods that show what passed on the way, or make a tunnel of the server.
struct RefuseTracing: RouterMiddleware {
    typealias Context = WebContext

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        guard request.method != .trace, request.method != .connect else {
            throw HTTPAnswer.methodNotAllowed([.get, .head, .post, .patch, .delete, .options])
        }
        return try await next(request, context)
    }
}

/// Finds out who comes: a session cookie or a bearer token. A browser that changes something must show the anti-forgery token and come from
/// us.
struct Authenticate: RouterMiddleware {
    typealias Context = WebContext
    let accounts: Accounts
    let trustsProxy: Bool
    let localSecret: String?

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        var context = context
        if trustsProxy, let forwarded = request.headers[.forwardedFor]?.split(separator: ",").last { context.address = forwarded.trimmed }
        if let bearer = request.headers[.authorization], bearer.hasPrefix("Bearer ") {
            let token = String(bearer.dropFirst(7))
            if let localSecret, FormBody.equal(token, localSecret) {
                context.local = .system(via: "cli")
            } else {
                context.login = try await accounts.authenticate(token, address: context.address)
            }
        } else if let cookie = SessionCookie.token(in: request) {
            context.login = try await accounts.authenticate(cookie, address: context.address)
            context.isBrowser = context.login != nil
        }
        if context.isBrowser, Authenticate.changes(request.method) {
            if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { throw HTTPAnswer.forged }
            // A page's form brings the token in its body, where the page looks at it; a program that uses the cookie brings it in a header.
            if request.uri.path.hasPrefix("/api/"), let login = context.login {
                guard let token = request.headers[.csrfToken], FormBody.equal(token, login.csrf) else { throw HTTPAnswer.forged }
            }
        }
        return try await next(request, context)
    }

    static func changes(_ method: HTTPRequest.Method) -> Bool { ![.get, .head, .options].contains(method) }
}

/// The session's cookie: `__Host-` when the browser speaks TLS to us or our proxy.
enum SessionCookie {
    static let plainName = "zhike_session"
    static let secureName = "__Host-zhike_session"

    static func token(in request: Request) -> String? { request.cookies[secureName]?.value ?? request.cookies[plainName]?.value }

    static func set(_ token: String, seconds: Int, secure: Bool) -> String {
        let name = secure ? secureName : plainName
        return "\(name)=\(token); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)" + (secure ? "; Secure" : "")
    }

    static func clear(secure: Bool) -> String { set("", seconds: 0, secure: secure) }
}
