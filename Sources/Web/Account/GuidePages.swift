import Gate
import Hummingbird
import Markup
import Records

/// The first days, step by step: `/setup/guide` leads to where it stopped. Every step can be passed over, and come back to.
struct GuidePages {
    let site: Site
    let trades: [Trade]

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
        try await page(request, context) { page in .redirect(try GuidePart(page, trades).next ?? "/") }
    }

    @Sendable private func end(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        try await site.gate.write(as: try context.actor()) { try $0.endSetUp() }
        return .done("/", context.language("以后可以在“设置”里继续", "Everything is also in the settings"))
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
            .shell(try GuidePart(page, trades).shell(step, GuideForm(page: page, chart: chart, trades: trades, state: state, made: made)))
        }
        if !state.problems.isEmpty { response.status = .unprocessableContent }
        return response
    }

    private func save(_ step: SetUpGuide.Step, _ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try context.actor()
        try GuidePages.demand(actor)
        do {
            switch step {
            case .trade: return try await onward(from: step, try await choose(form, actor, context), request, context)
            case .places: return try await onward(from: step, try await addPlaces(form, actor, context), request, context)
            case .parameters: return try await onward(from: step, try await set(form, actor, context), request, context)
            case .records: return try await onward(from: step, nil, request, context)
            case .people:
                let made = try await hire(form, actor)
                guard !made.isEmpty else { return try await onward(from: step, nil, request, context) }
                try await site.gate.write(as: actor) { try $0.finish(step) }
                return try await show(step, FormState(), made: made, request, context)
            }
        } catch let wrong as Problems {
            return try await show(step, FormState(typed: form.typed, problems: wrong.all), request, context)
        }
    }

    /// To the next step that is open, or home after the last.
    private func onward(from step: SetUpGuide.Step, _ text: String?, _ request: Request, _ context: WebContext) async throws -> Response {
        try await site.gate.write(as: try context.actor()) { try $0.finish(step) }
        let next = try await page(request, context) { page in .redirect(try GuidePart(page, trades).next ?? "/") }
        let url = next.headers[.location] ?? "/"
        if url == "/" {
            try await site.gate.write(as: try context.actor()) { try $0.endSetUp() }
            return .done("/", context.language("设置完成，可以开始工作了", "Set up. You can begin to work"))
        }
        return text.map { .done(url, $0) } ?? next
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

    // MARK: What a step does

    private func choose(_ form: FormBody, _ actor: Actor, _ context: WebContext) async throws -> String? {
        guard let trade = trades.first(where: { $0.code == form["trade"] }) else {
            throw Problems([Problem("trade", code: "required", context.language("请选择一项，或跳过这一步", "Choose one, or skip this step"))])
        }
        var switched: [Pack] = []
        for name in trade.packs where site.gate.catalog.packs.contains(where: { $0.name == name && $0.isOptional }) {
            switched += try await site.gate.switchPack(name, on: true, as: actor)
        }
        return switched.isEmpty ? nil : PackWords(language: context.language).switched(switched, on: true)
    }

    private func addPlaces(_ form: FormBody, _ actor: Actor, _ context: WebContext) async throws -> String? {
        let lines = GuideForm.filled("name", form)
        guard !lines.isEmpty else { return nil }
        try await site.gate.write(as: actor) { tx in
            let schema = tx.catalog.schema(Department.self), root = try OrganisationPages.root(tx).id
            var names = Set(try tx.page(ListRequest(schema, limit: 500)).rows.map(\.title))
            _ = try tx.each(lines.map { (number: $0, line: $0) }) { number in
                let name = (form["name_\(number)"] ?? "").trimmed
                guard names.insert(name).inserted else { throw Problems([Problem("name", code: "duplicate", "已有名为「\(name)」的部门或门店")]) }
                return try tx.create(
                    schema, ["name": .text(name), "kind": .text(form["kind_\(number)"] ?? "department"), "parent_id": .int(root)])
            }
        }
        return context.language("已添加 \(lines.count) 个部门或门店", "\(lines.count) added")
    }

    private func hire(_ form: FormBody, _ actor: Actor) async throws -> [Accounts.NewUser] {
        let lines = GuideForm.filled("name", form).map { number -> (number: Int, fields: [String: Plain]) in
            let name = form["name_\(number)"] ?? "", typed = form["username_\(number)"]?.trimmed ?? ""
            var fields: [String: Plain] = ["name": .text(name), "username": .text(typed), "roles": .list([])]
            if let role = form["role_\(number)"].flatMap(Int64.init) { fields["roles"] = [.int(role)] }
            fields["department_id"] = form["department_\(number)"].flatMap(Int64.init).map(Plain.int) ?? .null
            return (number, fields)
        }
        return lines.isEmpty ? [] : try await site.accounts.createUsers(lines, as: actor)
    }

    private func set(_ form: FormBody, _ actor: Actor, _ context: WebContext) async throws -> String? {
        let asked = GuideForm.parameters(site.gate.catalog)
        try await site.gate.write(as: actor) { tx in
            var problems: [Problem] = []
            for parameter in asked {
                guard let text = form[GuideForm.field(parameter)] else { continue }
                let present = try tx.value(of: parameter)
                if let typed = try? parameter.kind.parse(text.trimmed), typed == present { continue }
                do { try tx.set(parameter, to: text, reason: "首次设置") } catch let wrong as Problems {
                    problems += wrong.all.map { Problem(GuideForm.field(parameter), code: $0.code, $0.message) }
                }
            }
            guard problems.isEmpty else { throw Problems(problems) }
        }
        return context.language("参数已保存", "Saved")
    }
}
