import Formats
import Gate
import Hummingbird
import Records

/// What there is: entities, fields, choices and actions as far as the actor may know of them.
struct SchemaAPI {
    let gate: Gate

    func add(to router: RouterGroup<WebContext>) {
        router.get("schema", use: all)
        router.get("schema/{entity}", use: one)
    }

    @Sendable func all(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), language = context.language
        return .json(
            try await gate.read(as: actor) { view in
                let entities = view.catalog.schemas.filter { view.catalog.standsAlone($0) && view.may("read", $0) }.map { schema in
                    Plain.object([
                        "name": .text(schema.name), "label": .text(schema.label(in: language)), "custom": .bool(schema.isCustom),
                        "rights": rights(on: schema, view),
                    ])
                }
                return Array(Plain.object(["entities": .list(entities)]).jsonText.utf8)
            })
    }

    @Sendable func one(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), language = context.language, name = try context.entity()
        return .json(
            try await gate.read(as: actor) { view in
                let schema = try view.schema(named: name)
                let fields = schema.fields.compactMap { describe($0, schema, view, language) }
                let actions = schema.actions.map { action in
                    Plain.object([
                        "name": .text(action.name), "label": .text(action.label(in: language)),
                        "parameters": .list(
                            action.parameters.map {
                                .object([
                                    "name": .text($0.name), "label": .text($0.label(in: language)), "type": .text($0.kind.name),
                                    "required": .bool($0.isRequired),
                                ])
                            }),
                    ])
                }
                let answer: [String: Plain] = [
                    "name": .text(schema.name), "label": .text(schema.label(in: language)), "title": .text(schema.title.name),
                    "custom": .bool(schema.isCustom),
                    "fields": .list(fields), "actions": .list(actions), "rights": rights(on: schema, view),
                ]
                return Array(Plain.object(answer).jsonText.utf8)
            })
    }

    private func describe(_ field: FieldSpec, _ schema: Schema, _ view: View, _ language: Language) -> Plain? {
        let right = view.right(schema, field)
        guard right != .hidden else { return nil }
        var members: [String: Plain] = [
            "name": .text(field.name), "label": .text(field.label(in: language)), "type": .text(field.kind.name),
            "required": .bool(field.isRequired),
            "right": .text(right.rawValue), "custom": .bool(field.isCustom),
            "operators": .list(field.comparisons.map { .text($0.rawValue) }),
        ]
        if let target = field.target { members["target"] = .text(target) }
        if let unit = field.traits.unit { members["unit"] = .text(unit(language)) }
        if let help = field.traits.help { members["help"] = .text(help(language)) }
        switch field.kind.editor {
        case .choice(let options), .choices(let options):
            members["options"] = .list(options.map { .object(["code": .text($0.code), "label": .text($0.label(in: language))]) })
        default: break
        }
        return .object(members)
    }

    private func rights(on schema: Schema, _ view: View) -> Plain {
        let names = ["read", "create", "update", "delete", "assign", "merge", "import", "export"]
        return .object(Dictionary(uniqueKeysWithValues: names.map { ($0, .text(view.actor.rights.scope(schema.name, $0).rawValue)) }))
    }
}
