import Records

/// The handler of `webhook` jobs: tells one address of one change.
///
/// The body is `{"id","event","occurred_at","entity","record":{…}}`, the record as the webhook's creator may see it today. The id is the
/// same at each try, so that a receiver can tell a repetition. What the creator may not see is not sent.
public enum WebhookJob {
    static let name = "webhook"
    /// So many failures in a row turn a webhook off.
    public static let patience = 20

    public static func handler(sender: any Sender, actors: @escaping ActorFinder) -> JobHandler {
        { context in
            guard let id = context.payload["webhook"]?.int else { throw JobFailure.permanent("Webhook 任务的内容无法识别") }
            guard let row = try await context.gate.store.read({ try $0.row(Webhook.schema, id: id) }) else { return ["skipped": "deleted"] }
            let hook = Record<Webhook>(row)
            let isTest = context.payload["event"]?.text == Webhooks.pingEvent
            guard hook.isActive || isTest else { return ["skipped": "inactive"] }
            guard let creator = hook.user, let actor = try await actors(creator.id) else {
                try await Webhooks.turnOff(hook, "创建人已停用", in: context.gate)
                return ["skipped": "creator"]
            }
            guard let body = try await body(context, as: actor) else { return ["skipped": "not_visible"] }
            return try await deliver(body, to: hook, context, sender)
        }
    }

    /// Nil when the creator may not see the record.
    private static func body(_ context: JobContext, as actor: Actor) async throws -> [UInt8]? {
        let payload = context.payload, id = context.id
        var members: [String: Plain] = [
            "id": .text("evt_\(payload["delivery_of"]?.int ?? id)"), "event": payload["event"] ?? .null,
            "occurred_at": .text(occurred(payload, context).rfc3339), "entity": payload["entity"] ?? .null,
        ]
        if let entity = payload["entity"]?.text, let record = payload["id"]?.int {
            guard let schema = context.gate.catalog[entity] else { return nil }
            do {
                members["record"] = try await context.gate.read(as: actor) { view in
                    .object(view.plain(try view.record(schema, id: record, life: .both)))
                }
            } catch Refusal.notFound { return nil }
        }
        return Array(Plain.object(members).jsonText.utf8)
    }

    /// The operation's number begins with its time.
    private static func occurred(_ payload: [String: Plain], _ context: JobContext) -> Instant {
        payload["operation"]?.int.map { Instant(milliseconds: $0 >> 20) } ?? context.gate.clock.now()
    }

    private static func deliver(
        _ body: [UInt8], to hook: Record<Webhook>, _ context: JobContext, _ sender: any Sender
    ) async throws -> Plain {
        let now = context.gate.clock.now(), start = ContinuousClock.now
        guard let secret = context.gate.secrets.open(hook.secret, field: Webhooks.seal) else {
            throw JobFailure.permanent("Webhook 的签名密钥无法读取，请重新创建")
        }
        let seconds = now.milliseconds / 1000
        let headers = [
            ("Content-Type", "application/json; charset=utf-8"), ("User-Agent", "Zhike-Webhook/1"),
            (WebhookSignature.header, WebhookSignature.value(body, secret: secret, at: seconds)),
            ("Zhike-Event", context.payload["event"]?.text ?? ""),
        ]
        var status: Int?
        var failure: SendFailure?
        do throws(SendFailure) {
            let answer = try await sender.post(hook.url, headers: headers, body: body)
            status = answer.status
            if !(200..<300).contains(answer.status) { failure = SendFailure("对方返回状态 \(answer.status)", isFinal: answer.status == 410) }
        } catch { failure = error }
        let milliseconds = (ContinuousClock.now - start).milliseconds
        try await Webhooks.log(hook, context, status: status, failure: failure, milliseconds: milliseconds)
        if let failure { throw failure.isFinal ? JobFailure.permanent(failure.message) : JobFailure.again(failure.message) }
        return ["status": .int(Int64(status ?? 0))]
    }
}

extension Duration {
    var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}

extension View {
    /// The record as a program reads it: every field the actor may see, masked ones masked.
    func plain(_ row: Row) -> [String: Plain] {
        var members: [String: Plain] = [:]
        for field in row.schema.fields where right(row.schema, field) != .hidden && field.isColumn {
            // A masked value is text, whatever the field holds.
            members[field.name] =
                right(row.schema, field) == .masked ? row[field].text.map(Plain.text) ?? .null : field.kind.plain(row[field])
        }
        return members
    }
}
