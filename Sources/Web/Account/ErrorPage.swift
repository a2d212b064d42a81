import Gate
import Hummingbird
import Markup
import Records

extension Site {
    /// What somebody sees when it did not work: why, what to do, and a number to quote. For htmx a small piece, for who is not logged in
    /// the way to the log-in page.
    @Sendable func errorPage(_ failure: Failure, _ request: Request, _ context: WebContext) async -> Response {
        if failure.status == .unauthorized { return toLogin(request) }
        let language = language(request, context)
        var response =
            request.headers[.htmxRequest] == "true"
            ? piece(failure, request, context, language) : await whole(failure, request, context, language)
        if let seconds = failure.retryAfter { response.headers[.retryAfter] = String(seconds) }
        return response
    }

    /// Inside the shell for whoever is at work; without it at the door, or where not even the shell can be shown.
    private func whole(_ failure: Failure, _ request: Request, _ context: WebContext, _ language: Language) async -> Response {
        let said = Group {
            div(.class("empty")) {
                span(.class("ico")) { icon(symbol(failure), "lg") }
                h1 { title(failure, language) }
                span { detail(failure, request, context, language) }
                if failure.problems.count > 1 { ul { for problem in failure.problems { li { problem.message } } } }
                span(.class("row")) {
                    if context.login?.actor.previewedBy != nil { endPreview(context, language) }
                    a(.class("btn"), .href(back(request))) { language("返回", "Back") }
                    a(.class("btn btn-p"), .href("/")) { language("工作台", "Home") }
                }
            }
            p(.class("login-foot muted")) { language("请求编号 ", "Request ") + context.requestID }
        }.node
        if context.isBrowser, !failure.isInternal, failure.status.kind != .serverError,
            var response = try? await page(request, context, { _ in .shell(Shell(title(failure, language)) { said }) }),
            response.status == .ok
        {
            response.status = failure.status
            return response
        }
        let theme = context.login?.preferences["theme"]?.text ?? "auto"
        return .html(doorPage(title(failure, language), language, theme: theme) { said }, status: failure.status)
    }

    /// Who looks through another's eyes must find the way out even where the other may not go.
    func endPreview(_ context: WebContext, _ language: Language) -> Element {
        form(.method("post"), .action("/settings/preview/end")) {
            input(.type("hidden"), .name("_csrf"), .value(context.login?.csrf))
            button(.class("btn")) { language("退出预览", "Leave preview") }
        }
    }

    private func piece(_ failure: Failure, _ request: Request, _ context: WebContext, _ language: Language) -> Response {
        let text = detail(failure, request, context, language)
        var response = Response.html(
            div(.class("alert alert-bad"), .role("alert")) {
                icon("circle-alert")
                div {
                    b { title(failure, language) }
                    p { text }
                    p(.class("small")) { language("请求编号 ", "Request ") + context.requestID }
                }
            }, status: failure.status)
        // htmx leaves the page as it is; the message comes as a toast.
        response.headers[.htmxTrigger] = "{\"toast\":{\"kind\":\"bad\",\"text\":\"\(text.asHeaderJSON)\"}}"
        return response
    }

    private func back(_ request: Request) -> String {
        guard let referer = request.headers[.referer], let path = EntityPages.localPath(referer) else { return "/" }
        let safe = LocalPath.checked(path)
        return safe == request.uri.path ? "/" : safe
    }

    private func symbol(_ failure: Failure) -> String {
        switch failure.status {
        case .forbidden: "lock"
        case .notFound: "search-x"
        case .tooManyRequests, .serviceUnavailable: "clock-alert"
        default: "circle-alert"
        }
    }

    private func title(_ failure: Failure, _ language: Language) -> String {
        guard language == .english else { return failure.status == .notFound ? "没有找到" : failure.title }
        switch failure.status {
        case .forbidden: return "Not allowed"
        case .notFound: return "Not found"
        case .conflict: return "Not possible now"
        case .preconditionFailed: return "Changed meanwhile"
        case .tooManyRequests: return "Too many requests"
        case .contentTooLarge: return "Too large"
        case .serviceUnavailable: return "Not available right now"
        case .unprocessableContent, .badRequest: return "Please check your input"
        default: return failure.isInternal ? "Something went wrong" : failure.status.reasonPhrase
        }
    }

    private func detail(_ failure: Failure, _ request: Request, _ context: WebContext, _ language: Language) -> String {
        guard failure.status == .notFound else { return failure.detail }
        let entity = request.uri.path.split(separator: "/").first.map(String.init) ?? ""
        if context.login != nil, let pack = gate.catalog.resting(entity) {
            return language(
                "「\(pack.label.chinese)」已停用：记录都保留着，由管理员在“设置 › 功能包”重新启用后原样回来。",
                "\(pack.label.english) is switched off: its records are kept, and come back when an administrator switches it on again.")
        }
        return language(
            "记录不存在、已被删除，或您无权查看。如需开通权限请联系系统管理员。",
            "It does not exist, was deleted, or is not yours to see. Ask your administrator for access.")
    }
}

extension String {
    /// The inside of a JSON string in ASCII only, as a header may carry it.
    var asHeaderJSON: String {
        utf16.map { unit in
            // bounded: below 0x7F.
            if unit >= 0x20, unit < 0x7F, unit != 0x22, unit != 0x5C { return String(UnicodeScalar(UInt8(unit))) }
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
