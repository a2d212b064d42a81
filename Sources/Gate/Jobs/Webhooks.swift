import Crypto
import Foundation
import Records

/// Addresses outside that are told of changes: made, tested, turned on and off, and what was sent to them.
public struct Webhooks: Sendable {
    static let seal = "webhooks.secret"
    static let pingEvent = "ping"

    let gate: Gate
    public init(_ gate: Gate) { self.gate = gate }

    /// A new webhook with its signing key, which is shown this once.
    public func create(name: String, url: String, events: [String], as actor: Actor) async throws -> (id: Int64, secret: String) {
        let secret = "whsec_" + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
        let id = try await gate.write(as: actor) { tx in
            try Self.demand(tx)
            var row = Record<Webhook>()
            (row.title, row.url, row.events) = try Self.checked(name, url, events, tx.catalog)
            row.secret = tx.secrets.seal(secret, field: Self.seal)
            row.isActive = true
            row.failures = 0
            row.user = Ref(actor.userID)
            let id = try tx.writing.insert(row.row)
            try tx.record("create", entity: Webhook.name, id: id)
            return id
        }
        return (id, secret)
    }

    public func change(_ id: Int64, name: String, url: String, events: [String], as actor: Actor) async throws {
        try await update(id, "update", as: actor) { row, catalog in
            let (name, url, events) = try Self.checked(name, url, events, catalog)
            return ["name": .text(name), "url": .text(url), "events": .text(events)]
        }
    }

    /// On again after it was turned off, by hand or by too many failures.
    public func turnOn(_ id: Int64, as actor: Actor) async throws {
        try await update(id, "enable", as: actor) { _, _ in ["is_active": true, "failures": 0] }
    }

    public func turnOff(_ id: Int64, as actor: Actor) async throws {
        try await update(id, "disable", as: actor) { _, _ in ["is_active": false] }
    }

    public func remove(_ id: Int64, as actor: Actor) async throws {
        try await gate.write(as: actor) { tx in
            try Self.demand(tx)
            guard try tx.reading.row(Webhook.schema, id: id) != nil else { throw Refusal.notFound }
            try tx.writing.erase(Webhook.schema, ids: [id])
            try tx.record("delete", entity: Webhook.name, id: id)
        }
    }

    /// Without their keys.
    public func list(as actor: Actor) async throws -> [Record<Webhook>] {
        try await gate.read(as: actor) { view in
            try Self.demand(view)
            return try view.reading.fetch(Query(Webhook.self, sort: [Query.Sort("id")], limit: 200)).map(Record<Webhook>.init).map {
                Self.withoutSecret($0)
            }
        }
    }

    public func deliveries(_ id: Int64, as actor: Actor, limit: Int = 50) async throws -> [Record<WebhookDelivery>] {
        let limit = min(max(limit, 1), 500)
        return try await gate.read(as: actor) { view in
            try Self.demand(view)
            let query = Query(
                WebhookDelivery.self, where: \WebhookDelivery.webhook == Ref(id), sort: [Query.Sort("id", descending: true)], limit: limit)
            return try view.reading.fetch(query).map(Record<WebhookDelivery>.init)
        }
    }

    /// Sends a `ping` event, also to one that is turned off; returns the job's number.
    public func ping(_ id: Int64, as actor: Actor) async throws -> Int64 {
        try await gate.write(as: actor) { tx in
            try Self.demand(tx)
            guard try tx.reading.row(Webhook.schema, id: id) != nil else { throw Refusal.notFound }
            return try tx.enqueue(
                WebhookJob.name, label: "测试 Webhook",
                ["webhook": .int(id), "event": .text(Self.pingEvent), "operation": .int(tx.operation)])
        }
    }

    /// Sends once more what a finished or failed `webhook` job sent, under the same event id; returns the new job's number.
    public func redeliver(job id: Int64, as actor: Actor) async throws -> Int64 {
        try await gate.write(as: actor) { tx in
            try Self.demand(tx)
            guard let row = try tx.reading.row(JobRow.schema, id: id), Record<JobRow>(row).title == WebhookJob.name,
                var payload = Record<JobRow>(row).payload.flatMap(Plain.init(jsonText:))?.object
            else { throw Refusal.notFound }
            if payload["delivery_of"] == nil { payload["delivery_of"] = .int(id) }
            return try tx.enqueue(WebhookJob.name, label: "重新发送 Webhook", payload)
        }
    }

    // MARK: -

    private static func demand(_ view: View) throws {
        guard view.actor.rights.isAdmin || view.actor.rights.system.contains("webhooks") else {
            throw Refusal.forbidden("您没有管理 Webhook 的权限，请联系系统管理员。")
        }
    }

    private static func withoutSecret(_ row: Record<Webhook>) -> Record<Webhook> {
        var row = row
        row.secret = ""
        return row
    }

    private func update(
        _ id: Int64, _ verb: String, as actor: Actor, _ values: @escaping @Sendable (Record<Webhook>, Catalog) throws -> [String: Value]
    ) async throws {
        try await gate.write(as: actor) { tx in
            try Self.demand(tx)
            guard let row = try tx.reading.row(Webhook.schema, id: id) else { throw Refusal.notFound }
            _ = try tx.writing.set(Webhook.schema, try values(Record(row), tx.catalog), where: .ids([id]))
            try tx.record(verb, entity: Webhook.name, id: id)
        }
    }

    private static func checked(_ name: String, _ url: String, _ events: [String], _ catalog: Catalog) throws -> (String, String, String) {
        var problems: [Problem] = []
        let name = name.trimmed, url = url.trimmed
        if name.isEmpty || name.count > 100 { problems.append(Problem("name", code: "required", "请填写名称（不超过 100 字）")) }
        if !(url.hasPrefix("https://") || url.hasPrefix("http://")) || url.utf8.count > 2000 || url.contains(where: \.isWhitespace) {
            problems.append(Problem("url", code: "invalid", "地址应以 https:// 开头"))
        }
        if events.isEmpty { problems.append(Problem("events", code: "required", "请选择至少一个事件")) }
        for event in events where !isKnown(event, catalog.whole) {
            problems.append(Problem("events", code: "invalid", "没有事件 \(event.prefix(60))"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return (name, url, events.joined(separator: ","))
    }

    private static func isKnown(_ event: String, _ catalog: Catalog) -> Bool {
        if event == "*" { return true }
        let parts = event.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, catalog[String(parts[0])]?.traits.isPublic ?? false else { return false }
        return parts[1] == "*" || ChangeEvent.Kind(rawValue: String(parts[1])) != nil
    }
}

extension Webhooks {
    /// Writes one delivery down and counts failures in a row.
    static func log(_ hook: Record<Webhook>, _ context: JobContext, status: Int?, failure: SendFailure?, milliseconds: Int) async throws {
        let event = context.payload["event"]?.text ?? "", id = hook.id.id
        let isOff = try await context.write { tx in
            var row = Record<WebhookDelivery>()
            row.webhook = hook.id
            row.event = event
            row.at = tx.now
            row.status = status
            row.error = failure.map { String($0.message.prefix(500)) }
            row.milliseconds = milliseconds
            try tx.writing.insert(row.row)
            // Locked before it is counted, so that two failures at once are two.
            _ = try tx.writing.set(Webhook.schema, [:], where: .ids([id]))
            guard let present = try tx.reading.row(Webhook.schema, id: id).map(Record<Webhook>.init) else { return JobStep(false) }
            let failures = failure == nil ? 0 : present.failures + 1
            if failures != present.failures {
                _ = try tx.writing.set(Webhook.schema, ["failures": .int(Int64(failures))], where: .ids([id]))
            }
            return JobStep(present.isActive && failures >= WebhookJob.patience)
        }
        if isOff { try await turnOff(hook, "连续失败 \(WebhookJob.patience) 次，最近一次：\(failure?.message ?? "")", in: context.gate) }
    }

    /// Turns a webhook off by itself and tells its creator and the administrators.
    static func turnOff(_ hook: Record<Webhook>, _ reason: String, in gate: Gate) async throws {
        try await gate.write(as: .system()) { tx in
            guard try tx.writing.set(Webhook.schema, ["is_active": false], where: .ids([hook.id.id]) && \Webhook.isActive == true) == 1
            else { return }
            try tx.record("disable", entity: Webhook.name, id: hook.id.id, reason: reason)
            let people = try tx.administrators() + [hook.user?.id].compactMap { $0 }
            try tx.notify(people, of: .trouble, "Webhook「\(hook.title)」已自动停用：\(reason)。修复后请在设置中重新启用。")
        }
    }
}

extension GateTransaction {
    /// Those who hold the administrators' role.
    func administrators() throws -> [Int64] {
        let roles = try reading.fetch(Query(catalog.schema(Role.self), where: \Role.code == "admin", limit: 5)).map(\.id)
        guard !roles.isEmpty else { return [] }
        let users = Condition.compare(.init("roles"), .in, roles.map(Value.int)) && \User.status == .active
        return try reading.fetch(Query(catalog.schema(User.self), where: users, limit: 50)).map(\.id)
    }
}
