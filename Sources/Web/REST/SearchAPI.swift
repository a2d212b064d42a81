import Formats
import Gate
import Hummingbird
import Records

/// Search over all entities: `/api/v1/search?q=`.
struct SearchAPI {
    let gate: Gate

    func add(to router: RouterGroup<WebContext>) { router.get("search", use: search) }

    @Sendable func search(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), items = try QueryItems(parsing: request.uri.query), language = context.language
        try items.allowOnly(["q", "limit"])
        let text = (items["q"] ?? "").trimmed
        guard text.count <= 200 else { throw Refusal.unreadable("搜索内容过长") }
        return .json(
            try await gate.read(as: actor) { view in
                let limit = try items.limit(default: 10, max: 50)
                var json = JSONWriter()
                json.beginObject()
                json.key("groups")
                json.beginArray()
                for group in try GlobalSearch.groups(text, view, limit: limit) {
                    json.beginObject()
                    json.key("entity"); json.string(group.schema.name)
                    json.key("label"); json.string(group.schema.label(in: language))
                    json.key("items")
                    json.beginArray()
                    let writer = try RecordJSON(group.schema, view)
                    for row in try view.linked(group.rows) { writer.write(row, to: &json) }
                    json.endArray()
                    json.endObject()
                }
                json.endArray()
                json.endObject()
                return json.bytes
            })
    }
}

/// The best matches of each entity that can be searched.
enum GlobalSearch {
    static func groups(_ text: String, _ view: View, limit: Int) throws -> [(schema: Schema, rows: [Row])] {
        guard !text.isEmpty else { return [] }
        return try view.catalog.schemas.compactMap { schema in
            guard view.catalog.standsAlone(schema), schema.traits.nature != .log, schema.fields.contains(where: \.traits.isSearchable),
                view.may("read", schema)
            else { return nil }
            let rows = try view.search(schema, text, limit: limit)
            return rows.isEmpty ? nil : (schema, rows)
        }
    }
}
