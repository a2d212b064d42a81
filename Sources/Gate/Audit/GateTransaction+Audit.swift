import Formats
import Records

extension GateTransaction {
    /// Writes the audit line of one change. A new record's line carries no values (the record has them); a deletion's carries all.
    func audit(_ action: String, _ row: Row, over old: Row?, slots: [Int]) throws {
        guard row.schema.traits.nature != .log else { return }
        var changes: String?
        if action == "update", let old {
            changes = AuditChanges.text(from: sealed(old), to: sealed(row), slots: slots)
        } else if action == "delete" || action == "erase", let old {
            changes = AuditChanges.text(from: sealed(old), to: nil, slots: Array(old.values.indices))
        }
        try record(verb ?? action, entity: row.schema.name, id: row.id, changes: changes)
    }

    /// Writes an audit line for something that is not a change of a record: a log-in, an export, a reveal.
    public func record(_ action: String, entity: String?, id: Int64?, changes: String? = nil, reason: String? = nil) throws {
        let user = actor.userID == 0 ? nil : actor.userID, reason = reason ?? self.reason, isConsequence = isConsequence
        let changesDigest = changes.map { secrets.digest($0, purpose: "audit-changes") }
        let parts: [String] =
            [
                action, String(now.milliseconds), user.map { String($0) } ?? "", actor.via, actor.address ?? "", entity ?? "",
                id.map { String($0) } ?? "",
                String(operation), reason ?? "", changesDigest ?? "",
            ] + AuditTrail.rest(isConsequence)
        // By slot: a save of many records writes as many lines.
        var row = AuditEntry.schema.blank()
        row.values[AuditSlots.action] = action.stored
        row.values[AuditSlots.at] = now.stored
        row.values[AuditSlots.user] = user.stored
        row.values[AuditSlots.via] = actor.via.stored
        row.values[AuditSlots.address] = actor.address.stored
        row.values[AuditSlots.entity] = entity.stored
        row.values[AuditSlots.recordID] = id.stored
        row.values[AuditSlots.operation] = operation.stored
        row.values[AuditSlots.isConsequence] = isConsequence ? 1 : .null
        row.values[AuditSlots.changes] = changes.stored
        row.values[AuditSlots.reason] = reason.stored
        row.values[AuditSlots.changesDigest] = changesDigest.stored
        row.values[AuditSlots.digest] = AuditTrail.digest(of: parts, secrets).stored
        if waitingAudit == nil { try writing.insert(row) } else { waitingAudit?.append(row) }
    }

    /// Writes the lines that wait, in their order.
    func writeAudit() throws {
        guard let rows = waitingAudit, !rows.isEmpty else { return }
        waitingAudit = []
        _ = try writing.insert(rows)
    }
}

private enum AuditSlots {
    static let action = Schema.field(\AuditEntry.action).slot, at = Schema.field(\AuditEntry.at).slot,
        user = Schema.field(\AuditEntry.user).slot
    static let via = Schema.field(\AuditEntry.via).slot, address = Schema.field(\AuditEntry.address).slot
    static let entity = Schema.field(\AuditEntry.entity).slot, recordID = Schema.field(\AuditEntry.recordID).slot
    static let operation = Schema.field(\AuditEntry.operation).slot, changes = Schema.field(\AuditEntry.changes).slot
    static let isConsequence = Schema.field(\AuditEntry.isConsequence).slot
    static let reason = Schema.field(\AuditEntry.reason).slot, changesDigest = Schema.field(\AuditEntry.changesDigest).slot
    static let digest = Schema.field(\AuditEntry.digest).slot
}

/// The old and new values of one change, as JSON in stored form.
public enum AuditChanges {
    static func text(from old: Row, to new: Row?, slots: [Int]) -> String {
        var json = JSONWriter()
        json.beginObject()
        for slot in slots.sorted() {
            guard let field = old.schema.field(at: slot) else { continue }
            if bookkeeping.contains(field.name) && new != nil { continue }
            let before = slot < old.values.count ? old.values[slot] : .null
            let after = new.map { slot < $0.values.count ? $0.values[slot] : .null } ?? .null
            if new == nil && before.isNull { continue }
            json.key(field.name)
            json.beginArray()
            before.asPlain.write(to: &json)
            after.asPlain.write(to: &json)
            json.endArray()
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static let bookkeeping: Set<String> = ["version", "updated_at", "updated_by"]

    /// Old and new value by field name.
    public static func read(_ text: String?) -> [String: (old: Value, new: Value)] {
        guard let text, let members = Plain(jsonText: text)?.object else { return [:] }
        return members.compactMapValues { pair in
            guard let both = pair.list, both.count == 2 else { return nil }
            return (Value(asPlain: both[0]), Value(asPlain: both[1]))
        }
    }
}

/// The log's own arithmetic: what each entry's digest covers, how stretches are sealed, how all of it is verified.
public enum AuditTrail {
    static func digest(of entry: Record<AuditEntry>, _ secrets: Secrets) -> String {
        let parts: [String] =
            [
                entry.action, String(entry.at.milliseconds), entry.user.map { String($0.id) } ?? "", entry.via, entry.address ?? "",
                entry.entity ?? "",
                entry.recordID.map { String($0) } ?? "", String(entry.operation), entry.reason ?? "", entry.changesDigest ?? "",
            ] + rest(entry.isConsequence ?? false)
        return digest(of: parts, secrets)
    }

    /// What came to an entry later than its first form: nothing where it is not so, so that older entries still fit their digests.
    static func rest(_ isConsequence: Bool) -> [String] { isConsequence ? ["consequence"] : [] }

    /// Each part with its length, so that no two different entries read the same.
    static func digest(of parts: [String], _ secrets: Secrets) -> String {
        secrets.digest(parts.map { "\($0.utf8.count):\($0)" }.joined(), purpose: "audit")
    }

    /// Closes the entries since the last seal. Entries younger than `settled` are left for the next time: on a database with several
    /// writers an older number may still be on its way.
    @discardableResult
    public static func seal(_ writing: any Writing, _ secrets: Secrets, now: Instant, settled: Instant, limit: Int = 20_000) throws -> Int {
        let last = try writing.fetch(Query(AuditSeal.self, sort: [Query.Sort("id", descending: true)], limit: 1)).first.map(
            Record<AuditSeal>.init)
        let entries = try writing.fetch(
            Query(
                AuditEntry.self, where: \AuditEntry.at <= settled && .field("id", .gt, .int(Int64(last?.to ?? 0))),
                sort: [Query.Sort("id")], limit: limit
            ))
        guard let first = entries.first, let final = entries.last else { return 0 }
        var seal = Record<AuditSeal>()
        seal.from = Int(first.id)
        seal.to = Int(final.id)
        seal.count = entries.count
        seal.digest = stretch(entries, after: last?.digest ?? "", secrets)
        seal.at = now
        try writing.insert(seal.row)
        return entries.count
    }

    private static func stretch(_ entries: [Row], after previous: String, _ secrets: Secrets) -> String {
        let digests = entries.map { "\($0.id)=\(Record<AuditEntry>($0).digest)" }
        return secrets.digest(previous + "\n" + digests.joined(separator: "\n"), purpose: "audit-seal")
    }

    /// What verification found.
    public struct Verdict: Sendable {
        public var entries = 0
        public var seals = 0
        /// Sentences about what does not fit, at most a hundred.
        public var faults: [String] = []
        public var isIntact: Bool { faults.isEmpty }
    }

    /// Reads the whole log and every seal again and says what was changed or taken out behind the program's back.
    public static func verify(_ reading: any Reading, _ secrets: Secrets) throws -> Verdict {
        var verdict = Verdict()
        func fault(_ text: String) { if verdict.faults.count < 100 { verdict.faults.append(text) } }
        var previous = ""
        var sealedUpTo: Int64 = 0
        try reading.forEach(Query(AuditSeal.self, sort: [Query.Sort("id")])) { row in
            let seal = Record<AuditSeal>(row)
            verdict.seals += 1
            let entries = try reading.fetch(
                Query(
                    AuditEntry.self, where: .field("id", .between, .int(Int64(seal.from)), .int(Int64(seal.to))), sort: [Query.Sort("id")],
                    limit: seal.count + 1
                ))
            if entries.count != seal.count {
                fault("第 \(seal.from)–\(seal.to) 条：应有 \(seal.count) 条，实有 \(entries.count) 条")
            } else if stretch(entries, after: previous, secrets) != seal.digest {
                fault("第 \(seal.from)–\(seal.to) 条：封印不符，记录被替换或删除")
            }
            if Int64(seal.from) <= sealedUpTo { fault("第 \(seal.from) 条起的封印与前一封印重叠") }
            previous = seal.digest
            sealedUpTo = Int64(seal.to)
            return true
        }
        try reading.forEach(Query(AuditEntry.self, sort: [Query.Sort("id")])) { row in
            let entry = Record<AuditEntry>(row)
            verdict.entries += 1
            if digest(of: entry, secrets) != entry.digest { fault("第 \(row.id) 条：内容与摘要不符，已被改动") }
            if let changes = entry.changes, secrets.digest(changes, purpose: "audit-changes") != entry.changesDigest {
                fault("第 \(row.id) 条：变更内容已被改动")
            }
            return true
        }
        return verdict
    }
}
