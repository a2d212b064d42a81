import Formats
import Gate
import Hummingbird
import Records

/// List, read, create, change, delete, restore and act on the records of every entity: `/api/v1/{entities}`.
struct EntityAPI {
    let gate: Gate
    let accounts: Accounts
    let idempotency: Idempotency

    func add(to router: RouterGroup<WebContext>) {
        router.get("{entity}", use: list)
        router.get("{entity}/stats", use: stats)
        router.post("{entity}", use: create)
        router.get("{entity}/{id}", use: read)
        router.patch("{entity}/{id}", use: update)
        router.delete("{entity}/{id}", use: delete)
        router.post("{entity}/{id}/restore", use: restore)
        router.post("{entity}/{id}/actions/{action}", use: act)
        router.get("{entity}/{id}/timeline", use: timeline)
        router.get("{entity}/{id}/duplicates", use: duplicates)
        router.post("{entity}/{id}/merge", use: merge)
        router.get("{entity}/{id}/shares", use: shares)
        router.post("{entity}/{id}/shares", use: share)
        router.delete("{entity}/{id}/shares/{share}", use: unshare)
        router.post("{entity}/{id}/reveal", use: reveal)
    }

    // MARK: Reading

    @Sendable func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity()
        let items = try QueryItems(parsing: request.uri.query)
        try items.allowOnly(["q", "in", "mine", "limit", "cursor", "sort", "fields", "view", "count", "include", "deleted"])
        let bytes = try await gate.read(as: actor) { view in
            let schema = try view.schema(named: name)
            let query = try ListQuery(items, schema, view)
            var ask = try query.request(view)
            ask.countCap = try items.word("count", of: ["none"]) == "none" ? nil : 10_000
            ask.withLinks = schema.fields.contains(where: \.isLinks)
            if try items.word("deleted", of: ["true", "false"]) == "true" { ask.life = .deleted }
            let page = try view.page(ask)
            let writer = try RecordJSON(schema, view, fields: items["fields"]?.split(separator: ",").map { $0.trimmed })
            let includes = try Includes(items["include"], schema, view)
            let found = try includes.found(for: page.rows, view)
            var json = JSONWriter(reserving: page.rows.count * 1200)
            json.beginObject()
            json.key("items")
            json.beginArray()
            for row in page.rows {
                json.beginObject()
                writer.writeMembers(row, to: &json)
                if !includes.isEmpty { try includes.write(row, found, view, to: &json) }
                json.endObject()
            }
            json.endArray()
            json.key("next")
            if let next = page.next { json.string(next.text) } else { json.null() }
            if let count = page.count {
                json.key("count"); json.int(count)
                json.key("count_capped"); json.bool(page.isCapped)
            }
            json.endObject()
            return json.bytes
        }
        return .json(bytes)
    }

    /// Numbers by group over a list: see ``Question``.
    @Sendable func stats(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity()
        let items = try QueryItems(parsing: request.uri.query)
        try items.allowOnly(["q", "in", "mine", "by", "and", "measure", "span"])
        return .json(try await gate.read(as: actor) { view in Array(try view.answer(try Question(items, of: name)).plain.jsonText.utf8) })
    }

    @Sendable func read(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let items = try QueryItems(parsing: request.uri.query)
        try items.allowOnly(["include", "fields"])
        let (bytes, tag) = try await gate.read(as: actor) { view in
            let schema = try view.schema(named: name)
            let row = try view.record(schema, id: id)
            let includes = try Includes(items["include"], schema, view)
            return (try view.json(row, includes: includes, fields: items["fields"]?.split(separator: ",").map { $0.trimmed }), row.tag)
        }
        var response = Response.json(bytes)
        response.headers[.eTag] = tag
        if items.pairs.isEmpty, request.knows(tag) { return Response(status: .notModified, headers: [.eTag: tag]) }
        return response
    }

    @Sendable func timeline(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let items = try QueryItems(parsing: request.uri.query)
        let bytes = try await gate.read(as: actor) { view in
            let row = try view.record(try view.schema(named: name), id: id)
            let limit = try items.limit(default: 50, max: 200)
            let found = try view.timeline(
                row, before: items["before"].flatMap { try? InstantKind().accept(.text($0)).int }.map(Instant.init(milliseconds:)),
                limit: limit)
            var json = JSONWriter()
            json.beginObject()
            json.key("items")
            json.beginArray()
            for item in found { try TimelineJSON.write(item, view, to: &json) }
            json.endArray()
            json.key("next")
            if found.count == limit, let last = found.last { json.string(last.at.rfc3339) } else { json.null() }
            json.endObject()
            return json.bytes
        }
        return .json(bytes)
    }

    @Sendable func shares(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let bytes = try await gate.read(as: actor) { view in
            let shares = try view.shares(of: try view.lendable(named: name), id: id)
            var json = JSONWriter()
            json.beginObject()
            json.key("items")
            json.beginArray()
            for share in shares {
                Plain.object([
                    "id": .int(share.row.id), "user_id": share.user.map { .int($0.id) } ?? .null,
                    "department_id": share.department.map { .int($0.id) } ?? .null,
                    "can_write": .bool(share.canWrite), "until": share.until.map { .text($0.iso) } ?? .null,
                ]).write(to: &json)
            }
            json.endArray()
            json.endObject()
            return json.bytes
        }
        return .json(bytes)
    }

    // MARK: Writing

    @Sendable func create(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity()
        let (sent, bytes) = try await request.object()
        let draft = try await accounts.draft(of: name, sent.filter { $0.key != "_confirm" }, id: nil, as: actor)
        return try await once(request, context, actor, bytes) { tx in
            // A program cannot be asked: what would only be a warning is let through unless it wants to know.
            tx.ignoresWarnings = sent["_confirm"] != .bool(false)
            let row = try tx.create(try tx.schema(named: name), draft)
            return (201, "/api/v1/\(name)/\(row.id)", row.tag, try tx.answer(row))
        }
    }

    @Sendable func update(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let (sent, bytes) = try await request.object()
        let versions = try request.versions()
        let draft = try await accounts.draft(of: name, sent.filter { $0.key != "_confirm" }, id: id, as: actor)
        return try await once(request, context, actor, bytes) { tx in
            // A program cannot be asked: what would only be a warning is let through unless it wants to know.
            tx.ignoresWarnings = sent["_confirm"] != .bool(false)
            let schema = try tx.schema(named: name)
            let row = try tx.update(schema, id: id, draft, ifVersion: try tx.version(of: schema, id: id, among: versions))
            return (tx.submitted == nil ? 200 : 202, tx.approvalURL, row.tag, try tx.answer(row))
        }
    }

    @Sendable func delete(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let versions = try request.versions()
        try await gate.write(as: actor) { tx in
            let schema = try tx.schema(named: name)
            _ = try tx.version(of: schema, id: id, among: versions)
            try tx.remove(schema, id: id)
        }
        return Response(status: .noContent)
    }

    @Sendable func restore(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        return .json(try await gate.write(as: actor) { tx in try tx.json(try tx.restore(try tx.schema(named: name), id: id)) })
    }

    @Sendable func act(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID(),
            action = try context.parameters.require("action")
        let (sent, bytes) = try await request.object(allowsEmpty: true)
        let versions = try request.versions()
        return try await once(request, context, actor, bytes) { tx in
            let schema = try tx.schema(named: name)
            _ = try tx.version(of: schema, id: id, among: versions)
            let row = try tx.perform(action, schema, id: id, sent)
            return (tx.submitted == nil ? 200 : 202, tx.approvalURL, row.tag, try tx.answer(row))
        }
    }

    @Sendable func merge(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let sent = try await request.object().members.only("ids", "choices")
        let ids = sent["ids"]?.list?.compactMap(\.int) ?? []
        let choices = (sent["choices"]?.object ?? [:]).compactMapValues(\.int)
        return .json(
            try await gate.write(as: actor) { tx in
                try tx.json(try tx.merge(try tx.changeable(named: name), into: id, ids, choices: choices))
            })
    }

    @Sendable func duplicates(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let bytes = try await gate.read(as: actor) { view in
            let schema = try view.schema(named: name)
            let rows = try view.records(schema, ids: try view.likeness(of: try view.record(schema, id: id)).map(\.id))
            let writer = try RecordJSON(schema, view)
            var json = JSONWriter()
            json.beginObject()
            json.key("items")
            json.beginArray()
            for row in try view.linked(rows) { writer.write(row, to: &json) }
            json.endArray()
            json.endObject()
            return json.bytes
        }
        return .json(bytes)
    }

    @Sendable func share(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let sent = try await request.object().members.only("user_id", "department_id", "can_write", "until")
        let until = try sent.optionalText("until", "截止日").map { text in
            guard let day = Day(iso: text) else { throw Problems([Problem("until", "截止日应为 YYYY-MM-DD")]) }
            return day
        }
        try await gate.write(as: actor) { tx in
            try tx.share(
                try tx.lendable(named: name), id: id, withUser: sent["user_id"]?.int, department: sent["department_id"]?.int,
                canWrite: sent["can_write"]?.bool ?? false, until: until
            )
        }
        return Response(status: .noContent)
    }

    @Sendable func unshare(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        guard let share = context.parameters.get("share").flatMap(Int64.init) else { throw Refusal.notFound }
        try await gate.write(as: actor) { tx in try tx.unshare(try tx.lendable(named: name), id: id, shareID: share) }
        return Response(status: .noContent)
    }

    @Sendable func reveal(_ request: Request, _ context: WebContext) async throws -> Response {
        let actor = try context.actor(), name = try context.entity(), id = try context.recordID()
        let sent = try await request.object().members.only("field", "reason")
        let field = try sent.text("field", "字段"), reason = try sent.text("reason", "原因")
        let text = try await gate.write(as: actor) { tx in try tx.reveal(try tx.schema(named: name), id: id, field: field, reason: reason) }
        return .json(Array(Plain.object(["field": .text(field), "value": .text(text)]).jsonText.utf8))
    }

    /// Runs a write; with an `Idempotency-Key` a retry gets the first answer again.
    private func once(
        _ request: Request, _ context: WebContext, _ actor: Actor, _ bytes: [UInt8],
        _ body: @escaping @Sendable (GateTransaction) throws -> (status: Int, location: String?, tag: String?, body: [UInt8])
    ) async throws -> Response {
        let answer: (status: Int, location: String?, tag: String?, body: [UInt8])
        if let key = request.headers[.idempotencyKey] {
            // A hash: what was sent may hold a password.
            let fingerprint = Digest.text(of: Array("\(request.method.rawValue) \(request.uri.path)\n".utf8) + bytes)
            let kept = try await idempotency.once(as: actor, key: key, fingerprint: fingerprint) { tx in
                let made = try body(tx)
                return Idempotency.Answer(status: made.status, location: made.location, body: String(decoding: made.body, as: UTF8.self))
            }
            answer = (kept.status, kept.location, Plain(jsonText: kept.body)?.object?["version"]?.int.map(Row.tag), Array(kept.body.utf8))
        } else {
            answer = try await gate.write(as: actor, body)
        }
        var response = Response.json(answer.body, status: .init(code: answer.status))
        if let location = answer.location { response.headers[.location] = location }
        if let tag = answer.tag { response.headers[.eTag] = tag }
        return response
    }
}

extension View {
    /// An entity whose records people keep; what the program writes for itself is only read.
    func changeable(named name: String) throws -> Schema {
        let schema = try schema(named: name)
        guard schema.traits.nature != .log else { throw Refusal.forbidden("\(schema.label)由系统维护，不能这样处理。") }
        return schema
    }

    /// An entity whose records can be shared one by one: the others have no owner who could lend them.
    func lendable(named name: String) throws -> Schema {
        let schema = try schema(named: name)
        guard schema.isOwned else { throw HTTPAnswer.noSuchPage }
        return schema
    }
}

extension GateTransaction {
    /// Where the request for approval stands that was made instead of doing what was asked.
    var approvalURL: String? { submitted.map { "/api/v1/\(ApprovalRequest.name)/\($0)" } }

    /// The saved record; where something of what was asked for waits for somebody's word, with where it waits.
    func answer(_ row: Row) throws -> [UInt8] {
        try json(row, pending: submitted.map { ["id": .int($0), "url": approvalURL.map(Plain.text) ?? .null] })
    }
}

extension Row {
    /// The ETag of a record.
    var tag: String { Row.tag(version) }
    static func tag(_ version: Int64) -> String { "\"v\(version)\"" }
}

extension Request {
    /// The versions that `If-Match` accepts; nil when it accepts any. A tag that is not of ours matches nothing.
    func versions() throws -> [Int64]? {
        guard let text = headers[.ifMatch], text.trimmed != "*" else { return nil }
        return try text.split(separator: ",").map { part in
            let tag = Request.plainTag(part.trimmed)
            guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else {
                throw HTTPAnswer.badRequest("If-Match 应为读取时得到的 ETag，例如 \"v3\"")
            }
            return tag.hasPrefix("\"v") ? Int64(tag.dropFirst(2).dropLast()) ?? 0 : 0
        }
    }

    /// Whether the client says that it has what `tag` names.
    func knows(_ tag: String) -> Bool {
        guard let text = headers[.ifNoneMatch] else { return false }
        return text.split(separator: ",").contains { part in part.trimmed == "*" || Request.plainTag(part.trimmed) == tag }
    }

    private static func plainTag(_ text: String) -> String { text.hasPrefix("W/") ? String(text.dropFirst(2)) : text }
}

extension View {
    /// The record's version when it is one of `versions`; nil when any will do.
    fileprivate func version(of schema: Schema, id: Int64, among versions: [Int64]?) throws -> Int64? {
        guard let versions else { return nil }
        let row = try record(schema, id: id)
        guard versions.contains(row.version) else { throw Refusal.changedMeanwhile(current: row) }
        return row.version
    }
}

extension WebContext {
    func entity() throws -> String { try parameters.require("entity") }

    func recordID() throws -> Int64 {
        guard let id = parameters.get("id").flatMap(Int64.init), id > 0 else { throw Refusal.notFound }
        return id
    }
}

extension QueryItems {
    /// A misspelled parameter is an error, not silence.
    func allowOnly(_ names: Set<String>) throws {
        for pair in pairs where !names.contains(pair.name) && !pair.name.hasPrefix("filter[") {
            throw Refusal.unreadable("不认识的查询参数 \(pair.name)")
        }
    }

    /// One of some words; nil when it is not asked for.
    func word(_ name: String, of known: [String]) throws -> String? {
        guard let text = self[name] else { return nil }
        guard known.contains(text) else { throw Refusal.unreadable("\(name) 应为 \(known.joined(separator: "、")) 之一") }
        return text
    }
}
