import Gate
import Hummingbird
import Markup
import Records

/// What happens by itself: the rules an administrator writes without code.
struct AutomationPages {
    let site: Site
    private static let base = "/settings/automation"

    func add(to router: Router<WebContext>) {
        router.get("settings/automation", use: list)
        router.get("settings/automation/new", use: new)
        router.post("settings/automation", use: create)
        router.get("settings/automation/{id}", use: show)
        router.post("settings/automation/{id}", use: update)
        router.get("settings/automation/{id}/trial", use: trial)
        router.post("settings/automation/{id}/delete", use: delete)
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        try await governed(request, context) { page in
            let rules = try page.view.page(ListRequest(page.catalog.schema(AutomationRule.self), limit: 500)).rows.map(
                Record<AutomationRule>.init)
            return .shell(AutomationParts(page: page).list(rules))
        }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        try await governed(request, context) { page in
            guard let text = page.items["on"] else { return .shell(AutomationParts(page: page).choice) }
            guard let occasion = AutomationOccasion(text, page.catalog) else { throw Refusal.notFound }
            return .shell(try AutomationForm(page, occasion, rule: nil, FormState()).shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response { try await save(nil, request, context) }
    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        try await save(try context.recordID(), request, context)
    }

    private func save(_ id: Int64?, _ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try context.actor()
        guard let occasion = AutomationOccasion(form["on"] ?? "", site.gate.catalog) else { throw Refusal.notFound }
        do {
            let saved = try await site.gate.write(as: actor) { tx in
                let schema = tx.catalog.schema(AutomationRule.self),
                    input = try AutomationInput(form: form, occasion: occasion, view: tx).members
                return try id.map { try tx.update(schema, id: $0, input).id } ?? tx.create(schema, input).id
            }
            return .done("\(AutomationPages.base)/\(saved)", context.language("自动化规则已保存", "Automation rule saved"))
        } catch let wrong as Problems {
            let state = FormState(typed: form.typed, problems: wrong.all)
            var response = try await governed(request, context) { page in
                .shell(try AutomationForm(page, occasion, rule: try id.map { try AutomationPages.rule($0, page) }, state).shell)
            }
            response.status = .unprocessableContent
            return response
        }
    }

    @Sendable func show(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID()
        return try await governed(request, context) { page in
            let rule = try AutomationPages.rule(id, page)
            guard let occasion = AutomationOccasion(rule, page.catalog) else {
                if let pack = page.catalog.resting(rule.entity, field: rule.field) { throw Refusal.resting(pack) }
                throw Refusal.conflict(page.t("这条规则的对象或字段已不存在，可以删除它。", "What this rule is about no longer exists."))
            }
            return .shell(try AutomationForm(page, occasion, rule: rule, FormState()).shell)
        }
    }

    @Sendable func trial(_ request: Request, _ context: WebContext) async throws -> Response {
        let id = try context.recordID()
        let trial = try await site.gate.tryAutomation(id, as: try context.actor())
        return try await governed(request, context) { page in
            .shell(AutomationParts(page: page).trial(try AutomationPages.rule(id, page), trial))
        }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        _ = try await FormBody(request, context)
        let id = try context.recordID()
        let operation = try await site.gate.write(as: try context.actor()) { tx in
            try tx.remove(tx.catalog.schema(AutomationRule.self), id: id)
            return tx.operation
        }
        return .done(AutomationPages.base, context.language("自动化规则已删除", "Automation rule deleted"), undo: operation)
    }

    private static func rule(_ id: Int64, _ page: Page) throws -> Record<AutomationRule> {
        Record(try page.view.record(page.catalog.schema(AutomationRule.self), id: id))
    }

    private func governed(
        _ request: Request, _ context: WebContext, _ body: @escaping @Sendable (Page) throws -> PageAnswer
    ) async throws -> Response {
        try await site.page(request, context) { page in
            guard page.view.may("update", page.catalog.schema(AutomationRule.self)) else {
                throw Refusal.forbidden(
                    page.t("您没有管理自动化规则的权限，请联系系统管理员。", "You may not manage automation rules. Please ask your administrator."))
            }
            return try body(page)
        }
    }
}

/// When a rule answers: `orders.created`, `orders.changed`, `orders.changed.status`, `contracts.day.ends_on`.
struct AutomationOccasion {
    let schema: Schema
    let trigger: AutomationRule.Trigger
    let field: FieldSpec?

    init?(_ text: String, _ catalog: Catalog) {
        let words = text.split(separator: ".").map(String.init)
        guard words.count >= 2, words.count <= 3, let trigger = AutomationRule.Trigger(rawValue: words[1]) else { return nil }
        self.init(words[0], trigger, words.count == 3 ? words[2] : nil, catalog)
    }

    init?(_ rule: Record<AutomationRule>, _ catalog: Catalog) { self.init(rule.entity, rule.trigger, rule.field, catalog) }

    private init?(_ entity: String, _ trigger: AutomationRule.Trigger, _ name: String?, _ catalog: Catalog) {
        guard let schema = catalog[entity], Automations.isOpen(schema, catalog) else { return nil }
        let field = name.flatMap { schema[$0] }
        guard name == nil || field != nil, trigger != .day || field != nil else { return nil }
        (self.schema, self.trigger, self.field) = (schema, trigger, trigger == .created ? nil : field)
    }

    var code: String { [schema.name, trigger.rawValue, field?.name].compactMap(\.self).joined(separator: ".") }

    func label(in language: Language) -> String {
        let entity = schema.label(in: language), name = field?.label(in: language)
        switch trigger {
        case .created: return language("新建\(entity)时", "When a record of \(entity.lowercased()) is created")
        case .changed:
            return name.map { language("\(entity)的「\($0)」修改时", "When \($0.lowercased()) of \(entity.lowercased()) changes") }
                ?? language("修改\(entity)时", "When a record of \(entity.lowercased()) changes")
        case .day: return language("按\(entity)的「\(name ?? "")」", "By \((name ?? "").lowercased()) of \(entity.lowercased())")
        }
    }

    /// Every occasion an entity offers.
    static func codes(_ schema: Schema) -> [String] {
        let fields = schema.fields.filter {
            $0.isColumn && !$0.traits.isSealed
                && !["id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at"].contains($0.name)
        }
        return ["\(schema.name).created", "\(schema.name).changed"] + fields.map { "\(schema.name).changed.\($0.name)" }
            + fields.filter(\.isTime).map { "\(schema.name).day.\($0.name)" }
    }
}
