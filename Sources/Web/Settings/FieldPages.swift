import Gate
import Hummingbird
import Markup
import Records

/// Fields of every entity, and the company's own among them.
struct FieldPages {
    let site: Site

    func add(to router: Router<WebContext>) {
        router.get("settings/fields", use: entities)
        router.get("settings/fields/{entity}", use: list)
        router.get("settings/fields/{entity}/new", use: new)
        router.post("settings/fields/{entity}", use: create)
        router.get("settings/fields/{entity}/{field}", use: edit)
        router.post("settings/fields/{entity}/{field}", use: update)
        router.post("settings/fields/{entity}/{field}/retire", use: retire)
        router.post("settings/fields/{entity}/{field}/revive", use: revive)
    }

    @Sendable func entities(_ request: Request, _ context: WebContext) async throws -> Response {
        try await site.governed("fields", request, context) { page in .shell(try FieldParts(page: page).entities()) }
    }

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.governed("fields", request, context) { page in
            .shell(try FieldParts(page: page).list(try FieldPages.schema(name, page.catalog)))
        }
    }

    @Sendable func new(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        return try await site.governed("fields", request, context) { page in
            let schema = try FieldPages.schema(name, page.catalog)
            guard let kind = page.items["kind"], let offer = FieldKinds[kind] else { return .shell(FieldParts(page: page).kinds(schema)) }
            return .shell(FieldForm(page: page, schema: schema, offer: offer, row: nil, state: FormState()).shell)
        }
    }

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("fields", context), name = try context.entity()
        let schema = try FieldPages.schema(name, site.gate.catalog)
        do {
            let draft = try FieldInput(form: form, schema: schema, kind: form["kind"] ?? "").draft()
            let made = try await site.gate.addOwnField(draft, as: actor)
            return .done(
                "/settings/fields/\(name)",
                context.language("字段已添加（\(made)），列表、表单和接口立即可用", "Field added (\(made)); lists, forms and the API have it now"))
        } catch let wrong as Problems {
            return try await site.governed("fields", request, context, status: .unprocessableContent) { page in
                guard let offer = FieldKinds[form["kind"] ?? ""] else { return .shell(FieldParts(page: page).kinds(schema)) }
                return .shell(
                    FieldForm(page: page, schema: schema, offer: offer, row: nil, state: FormState(typed: form.typed, problems: wrong.all))
                        .shell)
            }
        }
    }

    @Sendable func edit(_ request: Request, _ context: WebContext) async throws -> Response {
        try await one(request, context, FormState())
    }

    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await FormBody(request, context), actor = try site.governor("fields", context), name = try context.entity()
        let field = try context.parameters.require("field"), schema = try FieldPages.schema(name, site.gate.catalog)
        do {
            let row = try await site.gate.read(as: actor) { view in try view.ownFields(of: name).first { $0.title == field } }
            guard let row else { throw Refusal.notFound }
            try await site.gate.changeOwnField(field, to: try FieldInput(form: form, schema: schema, kind: row.kind).draft(), as: actor)
            return .done("/settings/fields/\(name)", context.language("字段已保存", "Field saved"))
        } catch let wrong as Problems {
            return try await one(request, context, FormState(typed: form.typed, problems: wrong.all))
        }
    }

    @Sendable func retire(_ request: Request, _ context: WebContext) async throws -> Response {
        try await setRetired(true, request, context, context.language("字段已停用，数据保留", "Field retired; its data stays"))
    }
    @Sendable func revive(_ request: Request, _ context: WebContext) async throws -> Response {
        try await setRetired(false, request, context, context.language("字段已重新启用", "Field is back in use"))
    }

    private func setRetired(_ isRetired: Bool, _ request: Request, _ context: WebContext, _ text: String) async throws -> Response {
        _ = try await FormBody(request, context)
        let actor = try site.governor("fields", context), name = try context.entity()
        try await site.gate.retireOwnField(name, try context.parameters.require("field"), isRetired: isRetired, as: actor)
        return .done("/settings/fields/\(name)", text)
    }

    private func one(_ request: Request, _ context: WebContext, _ state: FormState) async throws -> Response {
        let name = try context.entity(), field = try context.parameters.require("field")
        return try await site.governed("fields", request, context, status: state.problems.isEmpty ? .ok : .unprocessableContent) { page in
            let schema = try FieldPages.schema(name, page.catalog)
            guard let row = try page.view.ownFields(of: name).first(where: { $0.title == field }), let offer = FieldKinds[row.kind] else {
                throw Refusal.notFound
            }
            return .shell(FieldForm(page: page, schema: schema, offer: offer, row: row, state: state).shell)
        }
    }

    /// An entity that may have own fields.
    static func schema(_ name: String, _ catalog: Catalog) throws -> Schema {
        guard let schema = catalog[name], schema.traits.isPublic, schema.traits.nature != .log else { throw Refusal.notFound }
        return schema
    }
}

/// What a field's form sends, as a draft.
struct FieldInput {
    let form: FormBody
    let schema: Schema
    let kind: String

    func draft() throws -> OwnFieldDraft {
        var draft = OwnFieldDraft(entity: schema.name, kind: kind)
        draft.name = form["name"] ?? ""
        draft.label = form["label"] ?? ""
        draft.english = form["english"]
        draft.section = form["section"]
        draft.help = form["help"]
        draft.isRequired = form.all("is_required").contains("true")
        draft.isInList = form.all("is_in_list").contains("true")
        draft.isUnique = form.all("is_unique").contains("true")
        draft.isSearchable = form.all("is_searchable").contains("true")
        draft.settings = try settings()
        return draft
    }

    private func settings() throws -> [String: Plain] {
        var settings: [String: Plain] = [:], problems: [Problem] = []
        for setting in FieldKinds[kind]?.settings ?? [] {
            let text = form.all("s_" + setting.name).last?.trimmed ?? ""
            guard !text.isEmpty else { continue }
            guard let reader = setting.kind else {
                settings[setting.name] = FieldInput.options(text)
                continue
            }
            do throws(Fault) {
                settings[setting.name] = reader.plain(try reader.parse(text))
            } catch {
                problems.append(Problem("s_" + setting.name, code: error.code, "\(setting.label)：\(error.message)"))
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return settings
    }

    /// One option a line: `代码=名称`, or the name alone.
    static func options(_ text: String) -> Plain {
        var codes: Set<String> = []
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }.filter { !$0.isEmpty }
        return .list(
            lines.map { line in
                let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmed }
                let label = parts.last ?? line
                var code = parts.count == 2 ? parts[0] : String(OwnNames.name(for: label).dropFirst(2))
                if parts.count == 1 {
                    let base = code
                    var number = 2
                    while codes.contains(code) { code = "\(base)_\(number)"; number += 1 }
                }
                codes.insert(code)
                return ["code": .text(code), "label": .text(label)]
            })
    }

    static func text(_ options: Plain?) -> String {
        (options?.list ?? []).compactMap { item in item.object.map { "\($0["code"]?.text ?? "")=\($0["label"]?.text ?? "")" } }.joined(
            separator: "\n")
    }
}
