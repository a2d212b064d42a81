import Gate
import Hummingbird
import Markup
import Records

/// `/answer/{token}`: questions for one person, a page at a time and without scripts; `/ask/{code}`: a poster's way there;
/// `/{entities}/{id}/answer`: a colleague writes down what somebody says or has written on paper.
struct AnswerPages {
    let site: Site

    /// No questionnaire has as many pages.
    private static let mostPages = 1000

    func add(to router: Router<WebContext>) {
        router.get("answer/{token}", use: show)
        router.post("answer/{token}", use: take)
        router.get("ask/{code}", use: poster)
        router.post("ask/{code}", use: begin)
        router.get("{entity}/{id}/answer", use: form)
        router.post("{entity}/{id}/answer", use: write)
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let open = try await site.gate.sheet(token: try context.parameters.require("token")), language = site.language(request, context)
        return .html(
            page(open, try QueryItems(parsing: request.uri.query).number("p", in: 1...AnswerPages.mostPages), FormState(), language))
    }

    @Sendable func take(_ request: Request, _ context: WebContext) async throws -> Response {
        let token = try context.parameters.require("token"), body = try await FormBody(atTheDoor: request),
            language = site.language(request, context)
        let number = try QueryItems(body.pairs).number("page", in: 0...AnswerPages.mostPages) ?? 0
        do {
            let open = try await site.gate.answer(
                token: token, SheetPart.sent(body), page: number, from: context.address, isOwnDevice: context.login != nil)
            return open.closed == nil ? .redirect(to: "/answer/\(token)?p=\(number + 2)") : .redirect(to: "/answer/\(token)")
        } catch let wrong as Problems {
            let open = try await site.gate.sheet(token: token)
            return .html(page(open, number + 1, FormState(typed: body.typed, problems: wrong.all), language), status: .unprocessableContent)
        }
    }

    @Sendable func poster(_ request: Request, _ context: WebContext) async throws -> Response {
        let code = try context.parameters.require("code"), sheet = try await site.gate.poster(code),
            language = site.language(request, context)
        return .html(
            publicPage(sheet.title, language) {
                h1 { sheet.title }
                if let intro = sheet.intro { p(.class("lead")) { intro } }
                Markup.form(.method("post"), .action("/ask/\(code)")) { button(.class("btn btn-p btn-lg")) { language("开始作答", "Begin") } }
            })
    }

    @Sendable func begin(_ request: Request, _ context: WebContext) async throws -> Response {
        let code = try context.parameters.require("code")
        _ = try await FormBody(atTheDoor: request)
        return .redirect(to: "/answer/\(try await site.gate.begin(code, from: context.address))")
    }

    private func page(_ open: OpenSheet, _ wanted: Int?, _ state: FormState, _ language: Language) -> HTMLDocument {
        let sheet = open.sheet, pages = sheet.pages(open.answers)
        if let closed = open.closed {
            return publicPage(sheet.title, language) {
                h1 { language("谢谢", "Thank you") }
                p(.class("lead")) { open.row["status"].text == "submitted" ? sheet.thanks ?? closed : closed }
            }
        }
        // The first page that still lacks an answer, unless another is asked for; none ahead of it.
        let first = pages.firstIndex { !sheet.missing(open.answers, of: $0).isEmpty } ?? max(pages.count - 1, 0)
        let number = min(
            // bounded: no page beyond the greatest is read.
            max((wanted ?? first + 1) - 1, 0), max(wanted == nil ? first : min(first, pages.count - 1), 0), max(pages.count - 1, 0))
        let here = pages.indices.contains(number) ? pages[number] : []
        let part = SheetPart(site: site, language: language, sheet: sheet, answers: open.answers, state: state)
        let action = "/answer/\(open.row[open.inquiry.token ?? ""].text ?? "")"
        return publicPage(sheet.title, language) {
            h1 { sheet.title }
            if number == 0, let intro = sheet.intro { p(.class("lead")) { intro } }
            if pages.count > 1 {
                Markup.progress(
                    .class("asks-bar"), .value(String(number)), .max(String(pages.count)), .aria("label", language("进度", "Progress"))
                ) {}
            }
            Markup.form(.method("post"), .action(action), .novalidate(true)) {
                FormParts(site: site, language: language, state: state).faults
                input(.type("hidden"), .name("page"), .value(String(number)))
                part.questions(here)
                div(.class("asks-acts")) {
                    if number > 0 { a(.class("btn"), .href("\(action)?p=\(number)")) { language("上一页", "Back") } }
                    span(.class("grow")) {}
                    button(.class("btn btn-p")) { number + 1 < pages.count ? language("下一页", "Next") : language("提交", "Send") }
                }
            }
        }
    }

    /// A page for people without an account: nothing of the program around it.
    private func publicPage(_ title: String, _ language: Language, @HTMLBuilder content: () -> Node) -> HTMLDocument {
        HTMLDocument(title: title, language: language == .chinese ? "zh-CN" : "en", theme: "auto", bodyAttributes: [.class("plain")]) {
            site.head()
            meta(.name("robots"), .content("noindex"))
        } body: {
            Markup.main(.class("public")) {
                span(.class("ws-mark")) { site.icon("message-square-text", "lg") }
                div(.class("card")) { content() }
            }
        }
    }

    // MARK: Colleagues

    @Sendable func form(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID()
        return try await site.page(request, context) { page in .shell(try shell(page, name, id, FormState())) }
    }

    @Sendable func write(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity(), id = try context.recordID(), body = try await FormBody(request, context)
        do {
            try await site.gate.write(as: try context.actor()) { tx in
                try tx.answer(try tx.schema(named: name), id: id, SheetPart.sent(body), isLast: body["then"] != "keep")
            }
            return .done("/\(name)/\(id)", context.language("已保存作答", "Answers saved"))
        } catch let wrong as Problems {
            var response = try await site.page(request, context) { page in
                .shell(try shell(page, name, id, FormState(typed: body.typed, problems: wrong.all)))
            }
            response.status = .unprocessableContent
            return response
        }
    }

    private func shell(_ page: Page, _ name: String, _ id: Int64, _ state: FormState) throws -> Shell {
        let row = try page.view.record(try page.view.schema(named: name), id: id)
        guard page.view.may("update", row), let open = try page.view.sheet(of: row) else { throw Refusal.notFound }
        if let closed = open.closed { throw Refusal.conflict(closed) }
        let base = "/\(name)/\(id)",
            part = SheetPart(site: site, language: page.language, sheet: open.sheet, answers: open.answers, state: state)
        return Shell(
            open.sheet.title, active: name, crumbs: [(row.schema.label(in: page.language), "/\(name)"), (row.title, base)], back: base
        ) {
            Markup.form(.class("form"), .method("post"), .action("\(base)/answer"), .data("form"), .novalidate(true)) {
                page.csrfField
                FormParts(site: site, language: page.language, state: state).faults
                section(.class("card")) {
                    div(.class("card-h")) { h1 { open.sheet.title } }
                    div(.class("card-b")) { part.questions(open.sheet.questions, isWhole: true) }
                }
                div(.class("asks-acts")) {
                    button(.class("btn btn-p"), .name("then"), .value("submit")) { page.t("提交答卷", "Hand in") }
                    button(.class("btn"), .name("then"), .value("keep")) { page.t("暂存", "Keep for later") }
                    a(.class("btn btn-g"), .href(base)) { page.t("取消", "Cancel") }
                }
            }
        }
    }
}
