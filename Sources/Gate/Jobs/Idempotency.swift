import Records

/// Makes a retry safe: the first answer to a request that carried a key is kept with the change it made, in one transaction, and whoever
/// sends the same request with the same key again gets the same answer and changes nothing.
public struct Idempotency: Sendable {
    let gate: Gate
    public init(_ gate: Gate) { self.gate = gate }

    public struct Answer: Sendable, Equatable {
        public var status: Int
        public var location: String?
        public var body: String
        /// It was given before.
        public var isReplay = false

        public init(status: Int, location: String? = nil, body: String) {
            self.status = status
            self.location = location
            self.body = body
        }
    }

    /// How long a key is remembered.
    public static let memory: Int64 = 24 * 3600

    /// - Parameter fingerprint: a hash of method, path and body. The same key with another request is refused.
    public func once(
        as actor: Actor, key: String, fingerprint: String, _ body: @escaping @Sendable (GateTransaction) throws -> Answer
    ) async throws -> Answer {
        guard (1...255).contains(key.utf8.count), key.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
            throw Problems([Problem(nil, code: "idempotency_key_invalid", "Idempotency-Key 应为 1 到 255 个可见的 ASCII 字符")])
        }
        return try await gate.write(as: actor) { tx in
            if let first = try Self.answer(to: key, fingerprint, tx) { return first }
            guard let id = try Self.take(key, fingerprint, tx) else {
                // Another request with this key has just been answered, or is being answered now.
                if let first = try Self.answer(to: key, fingerprint, tx) { return first }
                throw Refusal.conflict("带有相同 Idempotency-Key 的请求正在处理，请稍后重试。")
            }
            let answer = try body(tx)
            let fields: [String: Value] = [
                "status": .int(Int64(answer.status)), "location": answer.location.stored,
                "body": .text(tx.secrets.seal(answer.body, field: Self.seal)),
            ]
            _ = try tx.writing.set(IdempotencyKey.schema, fields, where: .ids([id]))
            return answer
        }
    }

    private static let seal = "idempotency_keys.body"

    private static func answer(to key: String, _ fingerprint: String, _ tx: GateTransaction) throws -> Answer? {
        let query = Query(
            IdempotencyKey.self, where: \IdempotencyKey.user == Int(tx.actor.userID) && \IdempotencyKey.title == key, limit: 1)
        guard let row = try tx.reading.fetch(query).first else { return nil }
        let kept = Record<IdempotencyKey>(row)
        if kept.at < tx.now.adding(seconds: -memory) {
            try tx.writing.erase(IdempotencyKey.schema, ids: [row.id])
            return nil
        }
        guard kept.fingerprint == fingerprint else {
            throw Problems([Problem(nil, code: "idempotency_key_reused", "此 Idempotency-Key 已用于另一个请求，请换一个新的键")])
        }
        guard let body = tx.secrets.open(kept.body, field: seal) else {
            throw Refusal.conflict("此 Idempotency-Key 的请求已经完成，但答复无法解密。请查看数据，再换一个新的键。")
        }
        var answer = Answer(status: kept.status, location: kept.location, body: body)
        answer.isReplay = true
        return answer
    }

    /// The key's row, made before the work so that a second request waits for the first; nil when the second was this one.
    private static func take(_ key: String, _ fingerprint: String, _ tx: GateTransaction) throws -> Int64? {
        var row = Record<IdempotencyKey>()
        row.title = key
        row.user = Int(tx.actor.userID)
        row.fingerprint = fingerprint
        row.status = 0
        row.body = ""
        row.at = tx.now
        let new = row.row
        do {
            return try tx.writing.attempt { try tx.writing.insert(new) }
        } catch StoreError.duplicate {
            return nil
        }
    }
}
