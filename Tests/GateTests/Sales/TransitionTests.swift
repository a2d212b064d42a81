import Records
import Testing

@testable import Core
@testable import Gate
@testable import Product

/// The transition table of requirements §2.27 (with §2.6–2.10), tried out: every step from every state by every actor. What the table
/// allows happens, all else is refused with a reason.
@Suite("Transition table")
struct TransitionTests {
    enum Who: String, CaseIterable { case owner, colleague, manager, finance, director, warehouse }

    struct Step {
        var name: String
        var from: [String]
        /// Empty: it waits for approval where it was.
        var to: String
        var by: [Who]
        var with: [String: Plain] = [:]
        init(_ name: String, _ from: [String], _ to: String, by: [Who], _ with: [String: Plain] = [:]) {
            (self.name, self.from, self.to, self.by, self.with) = (name, from, to, by, with)
        }
    }

    struct Table {
        var entity: String
        var field = "status"
        var steps: [Step]
        /// What a record needs so that only state and actor decide.
        var filled: [String: Value]
        /// States that belong to the engine or to other records: no step begins there.
        var lines: (@Sendable (GateTransaction, Row) throws -> Void)?
    }

    static let work: [Who] = [.owner, .manager, .director]
    static let bosses: [Who] = [.manager, .director]

    static let tables: [Table] = [
        Table(
            entity: "leads",
            steps: [
                Step("contact", ["assigned"], "contacted", by: work), Step("qualify", ["contacted"], "qualified", by: work),
                Step("convert", ["qualified"], "converted", by: work, ["with_opportunity": true]),
                Step("invalidate", ["new", "assigned", "contacted", "qualified"], "invalid", by: work, ["invalid_reason": "no_intent"]),
                // A loss waits for the superior (§2.27).
                Step("lose", ["assigned", "contacted", "qualified"], "", by: work, ["loss_reason": "price"]),
                Step("release", ["assigned", "contacted", "qualified"], "new", by: work, ["reason": "暂无计划"]),
                Step("reopen", ["lost", "invalid"], "assigned", by: bosses),
            ], filled: ["level": "H", "budget_cents": 10_000_000, "buy_within": "week", "first_contact_at": 1_760_000_000_000]),
        Table(
            entity: "opportunities",
            steps: [
                Step("lose", ["open"], "lost", by: work, ["loss_reason": "price"]),
                Step("reopen", ["lost"], "open", by: bosses, ["reason": "客户回来了"]),
            ], filled: ["level": "B", "amount_cents": 5_000_000]),
        Table(
            entity: "opportunities", steps: [Step("lose", ["open"], "", by: work, ["loss_reason": "price"])],
            filled: ["level": "B", "amount_cents": 10_000_001]),
        Table(
            entity: "quotes",
            steps: [
                Step("confirm", ["draft"], "approved", by: work),
                Step("send", ["approved"], "sent", by: work), Step("accept", ["approved", "sent"], "accepted", by: work),
                Step("cancel", ["draft", "approved", "sent", "rejected"], "void", by: work),
            ], filled: ["total_cents": 100_000, "valid_until": 30_000, "authority": "own"]),
        Table(
            entity: "quotes", steps: [Step("confirm", ["draft"], "pending", by: work)],
            filled: ["total_cents": 100_000, "authority": "manager", "discount_reason": "竞品更低"]),
        Table(
            entity: "contracts",
            steps: [
                Step("submit", ["draft"], "approving", by: work + [.finance]),
                Step("fulfil", ["effective"], "fulfilled", by: work + [.finance]),
                Step("close", ["fulfilled"], "closed", by: work + [.finance]),
                Step("terminate", ["effective"], "terminated", by: bosses, ["reason": "客户停业"]),
                Step("cancel", ["draft"], "void", by: work + [.finance]),
            ], filled: ["amount_cents": 100_000]),
        Table(
            entity: "collections",
            steps: [
                Step("promise", ["planned", "overdue"], "promised", by: work + [.finance], ["planned_on": "2030-01-01"]),
                Step("confirm", ["planned", "promised", "overdue"], "collected", by: [.finance]),
                Step("bounce", ["collected"], "bounced", by: [.finance], ["reason": "空头"]),
                Step("cancel", ["planned", "promised", "overdue"], "cancelled", by: work + [.finance], ["reason": "重复"]),
                Step("retract", ["collected"], "planned", by: [.finance], ["reason": "记错了客户"]),
            ], filled: ["method": "cheque", "cheque_due_on": 30_000, "amount_cents": 100_000]),
        Table(
            entity: "credit_accounts",
            steps: [
                Step("submit", ["draft"], "approving", by: work + [.finance]),
                Step("suspend", ["active"], "suspended", by: bosses, ["reason": "逾期"]),
                Step("resume", ["suspended"], "", by: work + [.finance], ["reason": "已付清"]),
                Step("close", ["draft", "active", "suspended"], "closed", by: bosses, ["reason": "停止合作"]),
            ], filled: ["limit_cents": 1_000_000]),
        Table(
            entity: "orders",
            steps: [
                // An amount without lines has no price to be measured by.
                Step("approve", ["draft"], "approved", by: bosses),
                Step("allocate", ["approved"], "allocated", by: [.warehouse]),
                Step("ship", ["approved", "allocated"], "shipped", by: [.warehouse]),
                Step("settle", ["shipped"], "settled", by: work + [.finance, .warehouse]),
                Step("close", ["settled"], "closed", by: work + [.finance, .warehouse]),
                Step("cancel", ["draft", "approved", "allocated"], "cancelled", by: work + [.finance, .warehouse], ["reason": "客户取消"]),
                Step("revise", ["approved", "allocated"], "draft", by: bosses + [.finance], ["reason": "数量有误"]),
                // The manager and finance say so together.
                Step("reverse", ["shipped", "settled"], "", by: bosses + [.finance], ["reason": "货未收到"]),
            ], filled: ["amount_cents": 100_000]),
    ]

    private struct Undo: Error { var state: String }

    @Test("every step from every state by every actor", arguments: Engine.available)
    func steps(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let roles = Dictionary(Packs.capabilities.flatMap { $0.roles }.map { ($0.code, $0.rights) }) { $0.joined($1) }
            var actors: [Who: Actor] = [:]
            for (who, name, role) in [
                (Who.owner, "liwei", "sales_consultant"), (.colleague, "chenjing", "sales_consultant"), (.manager, "wang", "sales_mgr"),
                (.finance, "sunqiang", "finance"), (.director, "zhaomin", "director"), (.warehouse, "admin", "warehouse"),
            ] {
                var actor = try await house.actor(name)
                actor.rights = try #require(roles[role])
                actors[who] = actor
            }
            // The discount table asks for the roles that are written down.
            let ids = try await house.gate.write(as: .system()) { tx in
                let ids = Dictionary(try tx.all(Role.self).map { ($0.code, $0.row.id) }) { first, _ in first }
                for (name, role) in [("wang", "sales_mgr"), ("zhaomin", "director")] {
                    var user = try #require(try tx.get(tx.catalog.schema(User.self), id: house[name]))
                    user["roles"] = .list([.int(try #require(ids[role]))])
                    try tx.save(user)
                }
                return ids
            }
            #expect(ids.count > 20)
            var tried = 0, taken = 0
            for table in Self.tables {
                let schema = try #require(house.gate.catalog[table.entity]), kind = try #require(schema[table.field]?.kind as? ChoiceKind)
                for state in kind.options.map(\.code) {
                    for step in table.steps where !step.from.isEmpty {
                        for who in Who.allCases {
                            let outcome = await attempt(step, table, schema, state, try #require(actors[who]), house)
                            let allowed = step.from.contains(state) && step.by.contains(who)
                            let name = "\(table.entity) \(state) –\(step.name)→ by \(who)"
                            tried += 1
                            switch outcome {
                            case .taken(let now):
                                taken += 1
                                #expect(allowed && now == (step.to.isEmpty ? state : step.to), "\(name): became \(now)")
                            case .refused(let reason):
                                #expect(
                                    !allowed && reason.contains { $0.unicodeScalars.contains { $0.value > 0x4E00 } }, "\(name): \(reason)")
                            }
                        }
                    }
                }
            }
            #expect(tried > 900 && taken > 60)
        }
    }

    @Test("the table names every declared step") func complete() {
        for entity in Set(Self.tables.map(\.entity)) {
            let declared = Packs.capabilities.flatMap { $0.entities }.first { $0.name == entity }?.flow?.transitions.map(\.name) ?? []
            let named = Set(Self.tables.filter { $0.entity == entity }.flatMap { $0.steps.map(\.name) }).union(["claim"])
            #expect(Set(declared).isSubset(of: named), "\(entity): \(declared)")
        }
    }

    private enum Outcome { case taken(String), refused(String) }

    private func attempt(_ step: Step, _ table: Table, _ schema: Schema, _ state: String, _ actor: Actor, _ house: House) async -> Outcome {
        let owner = house["liwei"], department = house["sales"], third = house["admin"]
        do {
            try await house.gate.write(as: actor) { tx in
                var row = try tx.specimen(schema, owner: owner)
                row["department_id"] = .int(department)
                row[table.field] = .text(state)
                for (name, value) in table.filled { row[name] = value == -1 ? .int(third) : value }
                // As it lies in the database, past the rules of a save.
                _ = try tx.writing.update(row, slots: nil, ifVersion: nil)
                let done = try tx.perform(step.name, schema, id: row.id, step.with)
                if step.to.isEmpty { _ = try #require(tx.submitted) }
                throw Undo(state: done[table.field].text ?? "")
            }
            return .refused("nothing happened")
        } catch let undo as Undo {
            return .taken(undo.state)
        } catch {
            return .refused(Reason.text(error))
        }
    }
}
