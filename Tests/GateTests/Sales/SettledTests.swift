import Core
import Records
import TestSupport
import Testing

@testable import Gate
@testable import Product

/// What a state has settled stays as it is, whoever asks and by whichever door (``Lock``).
@Suite("What is settled stays settled", .timeLimit(.minutes(10)))
struct SettledTests {
    /// What was tried; thrown to take the trials back.
    private struct Tally: Error {
        var wrong: [String] = [], checks = 0
        /// What something else refused before the lock was asked.
        var unsure: [String] = []
    }

    /// What may still be changed by hand in the last states of what money, promises and evidence hang on. Written down here, so that opening
    /// more takes a second thought.
    static let open: [String: [String: Set<String>]] = [
        "orders": [
            "approved": ["remark"], "shipped": ["remark"], "settled": ["remark"], "closed": ["remark"], "cancelled": ["remark"],
        ],
        "contracts": ["effective": ["remark", "is_sealed"], "fulfilled": ["remark"], "closed": [], "terminated": [], "void": []],
        "contract_amendments": ["effective": [], "rejected": []],
        "quotes": ["approved": ["remark"], "sent": ["remark"], "accepted": ["remark"], "void": ["remark"]],
        "receivables": ["paid": ["remark"], "bad": ["remark"]],
        "collections": ["bounced": ["remark"], "cancelled": ["remark"]],
        "credit_accounts": ["closed": []],
        "opportunities": ["won": ["remark"]],
        "complaints": [
            "closed": [], "rejected": [],
            "transferred_external": [
                "cause_id", "compensation_cents", "handled_on", "handler_id", "liability", "opinion", "root_cause",
            ],
        ],
        "survey_responses": ["submitted": [], "void": []],
        "questionnaires": ["published": [], "retired": []],
        "follow_plans": ["done": [], "failed": [], "skipped": [], "cancelled": []],
        "decisions": ["decided": ["due_at", "improvement_id"], "reviewed": []],
    ]

    /// Every entity with a flow, every state, every field: what a lock covers is refused with the field's name by a form, and by undo's
    /// way of putting back; what it leaves open is saved. With all rights, so that nothing else stands in the way.
    @Test("a lock holds what it says, in every state of every flow", arguments: Engine.available)
    func locks(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            var boss = try await house.actor("admin")
            boss.rights = .all
            var wrong: [String] = [], unsure: [String] = [], checks = 0, locked = 0
            for schema in house.gate.catalog.schemas.filter({ $0.flow != nil && $0.traits.isPublic }) {
                let flow = try #require(schema.flow), states = try #require(schema[flow.field]?.kind.choices).map(\.code)
                for state in states {
                    if let open = Self.open[schema.name]?[state] {
                        let found = Set(fields(of: schema).filter { flow.lock(on: $0, in: state, has: { _ in true }) == nil }.map(\.name))
                        if found != open { wrong.append("\(schema.name) \(state): open are \(found.sorted())") }
                    }
                    if flow.isFinal(state), flow.locks(in: state).isEmpty {
                        wrong.append("\(schema.name) \(state): a last state without a lock")
                    }
                    locked += flow.locks(in: state).count
                }
                let owner = boss.userID
                let specimen = try await house.gate.write(as: .system()) { tx in try tx.specimen(schema, owner: owner) }
                do {
                    try await house.gate.write(as: boss) { tx in
                        throw try self.tried(specimen, schema, flow, states, tx)
                    }
                } catch let tally as Tally {
                    wrong += tally.wrong
                    checks += tally.checks
                    unsure += tally.unsure
                }
            }
            #expect(wrong.isEmpty, "\(wrong.prefix(40).joined(separator: "\n"))")
            #expect(unsure.count <= 16, "\(unsure)")
            #expect(checks > 800 && locked > 60, "\(checks) checks, \(locked) locks")
        }
    }

    /// What was answered, said and settled is there to be looked at: nobody throws it away, whatever rights they have.
    @Test("evidence is kept", arguments: Engine.available)
    func evidence(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            var boss = try await house.actor("admin")
            boss.rights = .all
            let actor = boss
            for (entity, state) in [
                ("follow_visits", nil), ("survey_answers", nil), ("survey_responses", "submitted"), ("survey_responses", "void"),
                ("complaints", "closed"), ("orders", "settled"), ("contracts", "effective"), ("collections", "collected"),
            ] as [(String, String?)] {
                let schema = try #require(house.gate.catalog[entity]), owner = actor.userID
                let id = try await house.gate.write(as: .system()) { tx in
                    var row = try tx.specimen(schema, owner: owner, isRaw: true)
                    if let state {
                        row["status"] = .text(state)
                        _ = try tx.writing.update(row, slots: nil, ifVersion: nil)
                    }
                    return row.id
                }
                await #expect(throws: Refusal.self, "\(entity) \(state ?? "")") {
                    try await house.gate.write(as: actor) { try $0.remove(schema, id: id) }
                }
            }
        }
    }

    private func fields(of schema: Schema) -> [FieldSpec] {
        schema.fields.filter {
            !$0.traits.isReadOnly && !Lock.isNever(on: $0) && $0.name != schema.flow?.field && $0.kind.numbering == nil
        }
    }

    private func tried(_ specimen: Row, _ schema: Schema, _ flow: Flow, _ states: [String], _ tx: GateTransaction) throws -> Tally {
        var tally = Tally()
        var row = specimen
        let id = row.id
        /// Whether the door was shut because the field is settled; nil when something else was wrong.
        func isShut(_ field: FieldSpec, _ door: () throws -> Void) throws -> Bool? {
            do {
                try tx.takingBack {
                    tx.knownParent = nil
                    try door()
                    throw Passed()
                }
                return nil
            } catch is Passed {
                return false
            } catch let problems as Problems {
                let mine = problems.all.filter { $0.field == field.name && $0.code == "locked" }
                return mine.isEmpty ? nil : mine.allSatisfy { $0.message.contains("不能修改") }
            } catch is Refusal { return nil } catch is Problem { return nil }
        }
        for state in states {
            row[flow.field] = .text(state)
            _ = try tx.writing.update(row, slots: nil, ifVersion: nil)
            for field in fields(of: schema) {
                let isLocked = flow.lock(on: field, in: state, has: { _ in true }) != nil
                let shut: Bool?
                if let kind = field.kind.lines {
                    guard let child = tx.catalog[kind.entity] else { continue }
                    shut = try isShut(field) {
                        let line = try tx.asRule {
                            try tx.specimen(child, owner: tx.actor.userID, links: [kind.link: id], isRaw: true)
                        }
                        try tx.remove(child, id: line.id)
                    }
                } else {
                    shut = try isShut(field) {
                        let other = try tx.example(field, otherThan: row[field])
                        try tx.update(schema, id: id, [field.name: other])
                    }
                }
                tally.checks += shut == nil ? 0 : 1
                if isLocked ? shut == false : shut == true {
                    tally.wrong.append("\(schema.name) \(state) \(field.name): \(isLocked ? "passed" : "shut")")
                }
                if isLocked, shut == nil { tally.unsure.append("\(schema.name) \(state) \(field.name)") }
            }
            let mayGo = flow.mayRemove(state, has: { _ in true }) && !schema.traits.isKept
            var refusal: String?
            do {
                try tx.takingBack {
                    try tx.remove(schema, id: id)
                    throw Passed()
                }
            } catch is Passed {} catch { refusal = Reason.text(error) }
            if !mayGo, refusal == nil { tally.wrong.append("\(schema.name) \(state): thrown away") }
            if mayGo, refusal?.hasSuffix("不能删除") ?? false, refusal?.hasPrefix(schema.label) ?? false {
                tally.wrong.append("\(schema.name) \(state): \(refusal ?? "")")
            }
        }
        return tally
    }

    private struct Passed: Error {}
}
