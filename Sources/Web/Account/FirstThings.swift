import Gate
import Hummingbird

/// Who must change a first password or set up the second step does that before anything else: every other page leads there.
struct FirstThings: RouterMiddleware {
    typealias Context = WebContext

    func handle(_ request: Request, context: WebContext, next: (Request, WebContext) async throws -> Response) async throws -> Response {
        guard context.isBrowser, let login = context.login, let step = FirstThings.step(login), !FirstThings.isAllowed(request.uri.path)
        else {
            return try await next(request, context)
        }
        if request.headers[.htmxRequest] == "true" { return Response(status: .forbidden, headers: [.htmxRedirect: step]) }
        return request.method == .get ? .redirect(to: step + QueryItems([("next", request.uri.path)]).suffix) : .redirect(to: step)
    }

    static func step(_ login: Authenticated) -> String? {
        login.mustChangePassword ? "/me/password" : login.mustEnrolTOTP ? "/me/totp" : nil
    }

    /// The API answers by itself: such a visitor has no rights yet.
    private static func isAllowed(_ path: String) -> Bool {
        ["/me/password", "/me/totp", "/me/prove", "/assets/", "/logout", "/login", "/api/", "/manifest.webmanifest", "/healthz"].contains {
            path.hasPrefix($0)
        }
    }
}
