import Formats
import Gate
import Hummingbird
import Records

/// Records that are probably the same: the pairs that the last scan found, a new scan, a verdict.
struct DuplicatesAPI {
    let gate: Gate
    let jobs: Jobs

    func add(to router: RouterGroup<WebContext>) {
        router.get("{entity}/duplicates", use: list)
        router.post("{entity}/duplicates/scan", use: scan)
        router.post("{entity}/duplicates/{pair}/different", use: callDifferent)
    }

    /// `{"items": [{"id", "first": {…}, "second": {…}, "message", "exact"}], "next": 120}`; `next` is the following page's `after`.
    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity()
        let items = try QueryItems(parsing: request.uri.query)
        try items.allowOnly(["after", "limit"])
        let limit = try items.limit(default: 50, max: 200)
        let after =
            try items["after"].map { text -> Int64 in
                guard let place = Int64(text), place >= 0 else { throw Refusal.unreadable("after 应为上一页的 next") }
                return place
            } ?? 0
        let bytes = try await gate.read(as: actor) { view in
            let schema = try view.comparable(named: name)
            let found = try view.duplicatePairs(of: schema, after: after, limit: limit)
            let writer = try RecordJSON(schema, view)
            var json = JSONWriter()
            json.beginObject()
            json.key("items")
            json.beginArray()
            for pair in found.pairs {
                json.beginObject()
                json.key("id")
                json.int(pair.id)
                json.key("first")
                for row in try view.linked([pair.first]) { writer.write(row, to: &json) }
                json.key("second")
                for row in try view.linked([pair.second]) { writer.write(row, to: &json) }
                json.key("message")
                json.string(pair.message)
                json.key("exact")
                json.bool(pair.isExact)
                json.endObject()
            }
            json.endArray()
            json.key("next")
            if let next = found.next { json.int(next) } else { json.null() }
            json.endObject()
            return json.bytes
        }
        return .json(bytes)
    }

    @Sendable func scan(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity()
        try await gate.read(as: actor) { view in _ = try view.comparable(named: name) }
        let id = try await DuplicateScan.start(name, as: actor, in: gate)
        return try await JobsAPI(gate: gate, jobs: jobs).accepted(id, actor)
    }

    @Sendable func callDifferent(_ request: Request, _ context: WebContext) async throws -> Response {
        let name = try context.entity()
        guard let pair = context.parameters.get("pair").flatMap(Int64.init) else { throw Refusal.notFound }
        try await gate.write(as: try context.actor()) { tx in try tx.callDifferent(try tx.comparable(named: name), pair: pair) }
        return Response(status: .noContent)
    }
}

extension View {
    /// An entity that knows what makes two of its records the same.
    fileprivate func comparable(named name: String) throws -> Schema {
        let schema = try schema(named: name)
        guard !schema.rules.duplicates.isEmpty else { throw HTTPAnswer.noSuchPage }
        return schema
    }
}
