import Gate
import Hummingbird
import Markup
import Records

/// The first days, step by step: `/setup/guide` leads to where it stopped. Every step can be put off, and come back to.
struct GuidePages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("setup/guide", use: go)
        router.post("setup/guide/end", use: end)
        for step in SetUpGuide.Step.allCases {
            let path = RouterPath("setup/\(step.rawValue)")
            router.get(path) { request, context in try await show(step, FormState(), request, context) }
            router.post(path) { request, context in try await save(step, request, context) }
            router.post(RouterPath("setup/\(step.rawValue)/skip")) { request, context in try await skip(step, request, context) }
        }
    }

    @Sendable private func go(_ request: Request, _ context: WebContext) async throws -> Response {
        try await page(request, context) { page in .redirect(try GuidePart(page).start) }
    }

    @Sendable private func end(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        try await site.gate.write(as: try context.actor()) { try $0.endSetUp() }
        return .done("/", context.language("以后可以从 设置 ▸ 初始设置 继续", "It stays under Settings ▸ Set-up"))
    }

    private func skip(_ step: SetUpGuide.Step, _ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        return try await onward(from: step, nil, request, context)
    }

    private func show(
        _ step: SetUpGuide.Step, _ state: FormState, made: [Accounts.NewUser] = [], _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let chart = try await site.accounts.chart()
        var response = try await page(request, context) { page in
            let part = try GuidePart(page)
            return .shell(try part.shell(step, GuideForm(page: page, chart: chart, chosen: part.chosen, state: state, made: made)))
        }
        if !state.problems.isEmpty { response.status = .unprocessableContent }
        return response
    }

    private func save(_ step: SetUpGuide.Step, _ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try context.actor()
        try GuidePages.demand(actor)
        guard form[GuideForm.more] == nil else { return try await show(step, FormState(typed: form.typed), request, context) }
        let work = GuideWork(site: site, form: form, actor: actor)
        do {
            var said: String?
            switch step {
            case .trade: said = try await work.choose()
            case .places: said = try await work.addPlaces()
            case .parameters: said = try await work.set()
            case .records: break
            case .people:
                let made = try await work.hire()
                if !made.isEmpty {
                    try await site.gate.write(as: actor) { try $0.finish(step) }
                    return try await show(step, FormState(), made: made, request, context)
                }
            }
            try await site.gate.write(as: actor) { try $0.finish(step, trade: form["trade"]) }
            return try await onward(from: step, said, request, context)
        } catch let wrong as Problems {
            return try await show(step, FormState(typed: form.typed, problems: wrong.all), request, context)
        }
    }

    /// To the next step that is open; after the last home, with a word of what is left or what comes now.
    private func onward(from step: SetUpGuide.Step, _ text: String?, _ request: Request, _ context: WebContext) async throws -> Response {
        let onward = try await page(request, context) { page in
            let guide = try GuidePart(page)
            if let next = guide.next(after: step) { return .file(text.map { Response.done(next, $0) } ?? Response.redirect(to: next)) }
            return .file(.done("/", guide.farewell))
        }
        if onward.headers[.location] == "/" {
            try await site.gate.write(as: try context.actor()) { tx in
                if let guide = try tx.setUpGuide(), GuidePart.steps(site, tx.catalog).allSatisfy(guide.done.contains) { try tx.endSetUp() }
            }
        }
        return onward
    }

    private func page(
        _ request: Request, _ context: WebContext, _ body: @escaping @Sendable (Page) throws -> PageAnswer
    ) async throws -> Response {
        if let login = context.login { try GuidePages.demand(login.actor) }
        return try await site.page(request, context, body)
    }

    private static func demand(_ actor: Actor) throws {
        guard actor.rights.isAdmin else {
            throw Refusal.forbidden(actor.language("只有系统管理员可以进行初始设置。", "Only an administrator sets the system up."))
        }
    }
}
