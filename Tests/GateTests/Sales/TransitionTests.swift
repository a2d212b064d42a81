import Records
import Testing

@testable import Core
@testable import Gate
@testable import Product

/// The transition table of requirements §2.27 (with §2.6–2.10), tried out: every step from every state by every actor. What the table
/// allows happens, all else is refused with a reason.
@Suite("Transition table")
struct TransitionTests {
    enum Who: String, CaseIterable { case owner, colleague, manager, finance, director, warehouse, marketing }

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
        /// What a step looks at beside the record.
        var besides: (@Sendable (GateTransaction, inout Row) throws -> Void)?
    }

    static let work: [Who] = [.owner, .manager, .director]
    static let bosses: [Who] = [.manager, .director], market: [Who] = [.marketing, .director]
    /// Marketing brings the leads and looks after all of them.
    static let leading = work + [.marketing]

    static let tables: [Table] = [
        Table(
            entity: "leads",
            steps: [
                Step("contact", ["assigned"], "contacted", by: leading), Step("qualify", ["contacted"], "qualified", by: leading),
                Step("convert", ["qualified"], "converted", by: leading, ["with_opportunity": true]),
                Step("invalidate", ["new", "assigned", "contacted", "qualified"], "invalid", by: leading, ["invalid_reason": "no_intent"]),
                // A loss waits for the superior (§2.27).
                Step("lose", ["assigned", "contacted", "qualified"], "", by: leading, ["loss_reason": "price"]),
                Step("release", ["assigned", "contacted", "qualified"], "new", by: leading, ["reason": "暂无计划"]),
                Step("reopen", ["lost", "invalid"], "assigned", by: bosses + [.marketing]),
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
        Table(
            entity: "campaigns",
            steps: [
                Step("submit", ["draft"], "approved", by: market), Step("start", ["approved", "paused"], "running", by: market),
                Step("pause", ["running"], "paused", by: market, ["reason": "档期"]),
                Step("end", ["running", "paused"], "ended", by: market), Step("evaluate", ["ended"], "evaluated", by: market),
                Step("cancel", ["draft", "approved", "running", "paused"], "cancelled", by: market, ["reason": "预算收回"]),
            ], filled: ["budget_cents": 500_000, "planned_cents": 500_000, "summary": "好", "lessons": "早些邀约"], besides: audience),
    ]

    /// A goal, and a group with somebody who agreed to be written to.
    @Sendable private static func audience(_ tx: GateTransaction, _ campaign: inout Row) throws {
        var person = try tx.specimen(tx.catalog.schema(Contact.self))
        person["consent"] = .list(["email"])
        try tx.save(person)
        var group = try tx.specimen(tx.catalog.schema(ContactGroup.self))
        (group["kind"], group["member_ids"]) = ("static", .list([.int(person.id)]))
        try tx.save(group)
        campaign["group_id"] = .int(group.id)
        _ = try tx.specimen(try #require(tx.catalog["campaign_goals"]), links: ["campaign_id": campaign.id])
    }

    private struct Undo: Error { var state: String }

    @Test("every step from every state by every actor", arguments: Engine.available)
    func steps(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let roles = Dictionary(Packs.capabilities.flatMap { $0.roles }.map { ($0.code, $0.rights) }) { $0.joined($1) }
            var actors: [Who: Actor] = [:]
            for (who, name, role) in [
                (Who.owner, "liwei", "sales_consultant"), (.colleague, "chenjing", "sales_consultant"), (.manager, "wang", "sales_mgr"),
                (.finance, "sunqiang", "finance"), (.director, "zhaomin", "director"), (.warehouse, "admin", "warehouse"),
                (.marketing, "hr", "marketing"),
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

    // MARK: Every flow

    /// A row of §2.27 of an object that exists: the pair of states, the step (none: the system makes it), the right it takes and the roles
    /// that have it, what must be filled in before and what is asked for.
    private struct Row27 {
        var entity: String, from: String, to: String, step: String?, right = "update", only: Set<String>?
        var filled: [String] = [], asks: [String] = [], approval: String?

        init(
            _ entity: String, _ from: String, _ to: String, _ step: String?, _ right: String = "update", only: Set<String>? = nil,
            filled: [String] = [], asks: [String] = [], approval: String? = nil
        ) {
            (self.entity, self.from, self.to, self.step, self.right, self.only) = (entity, from, to, step, right, only)
            (self.filled, self.asks, self.approval) = (filled, asks, approval)
        }
    }

    /// The care manager's rows are open to the general manager as well, who may do everything in the trade.
    private static let careManager: Set<String> = ["cs_mgr", "gm"], care: Set<String> = ["followup", "cs_mgr", "gm"]

    private static let requirements: [Row27] = [
        Row27("leads", "new", "assigned", nil), Row27("leads", "new", "assigned", "claim", "claim"),
        Row27("leads", "assigned", "contacted", nil), Row27("leads", "assigned", "contacted", "contact"),
        Row27("leads", "contacted", "qualified", "qualify", filled: ["level", "budget_cents", "buy_within"]),
        Row27("leads", "qualified", "converted", "convert"),
        Row27("leads", "assigned", "lost", "lose", asks: ["loss_reason"], approval: "leads.loss"),
        Row27("leads", "contacted", "lost", "lose", asks: ["loss_reason"], approval: "leads.loss"),
        Row27("leads", "qualified", "lost", "lose", asks: ["loss_reason"], approval: "leads.loss"),
        Row27("leads", "assigned", "new", nil),
        Row27("opportunities", "open", "won", nil),
        Row27("opportunities", "open", "lost", "lose", asks: ["loss_reason"], approval: "opportunities.loss"),
        Row27("complaints", "received", "registered", "register", "read", filled: ["customer_id", "content"]),
        Row27("complaints", "registered", "acknowledged", "acknowledge", "care", only: care, asks: ["channel", "note"]),
        Row27(
            "complaints", "acknowledged", "assessed", "assess", "assess", only: careManager,
            asks: ["level", "handler_department_id", "owner_id"]),
        Row27("complaints", "assessed", "investigating", "investigate"),
        Row27(
            "complaints", "investigating", "proposed", "propose", filled: ["evidence", "root_cause", "liability", "cause_id", "proposal"]),
        Row27("complaints", "proposed", "approved", "approve", approval: "complaints.proposal"),
        Row27("complaints", "approved", "communicated", "communicate", asks: ["note"]),
        Row27("complaints", "communicated", "executing", "execute"),
        Row27("complaints", "executing", "verified", "verify", "care", only: care, asks: ["customer_result", "note"]),
        Row27("complaints", "executing", "reopened", nil),
        Row27(
            "complaints", "verified", "closed", "close", "assess", only: careManager,
            filled: ["opinion", "handler_id", "handled_on", "liability", "root_cause", "customer_result"]),
        Row27("complaints", "investigating", "escalated", nil), Row27("complaints", "received", "escalated", nil),
        Row27("complaints", "investigating", "escalated", "escalate", "read", asks: ["note"]),
        Row27("follow_plans", "pending", "assigned", "assign", "assign", asks: ["owner_id"]),
        Row27("follow_plans", "assigned", "in_progress", "start"), Row27("follow_plans", "in_progress", "done", nil),
        Row27("follow_plans", "in_progress", "failed", nil),
        Row27("follow_plans", "pending", "skipped", "skip", asks: ["reason"]),
        Row27("follow_plans", "assigned", "skipped", "skip", asks: ["reason"]),
        Row27("follow_plans", "in_progress", "skipped", "skip", asks: ["reason"]), Row27("follow_plans", "pending", "skipped", nil),
        Row27("orders", "approved", "shipped", "ship", "ship", only: ["warehouse", "store_mgr", "gm", "steward"]),
        Row27("campaigns", "approved", "running", "start", only: ["marketing", "director", "gm", "steward"]),
        Row27("credit_accounts", "active", "suspended", nil),
    ]

    @Test("the flows declare every row of the requirements, for those it names and nobody else") func rows() throws {
        let catalog = Catalog(packs: Packs.all).whole
        let roles = Dictionary(Packs.capabilities.flatMap { $0.roles }.map { ($0.code, $0.rights) }) { $0.joined($1) }
        let approvals = Set(Packs.capabilities.flatMap { $0.approvals }.filter(\.isActive).map(\.code))
        for row in Self.requirements {
            let name = "\(row.entity) \(row.from)→\(row.to)", flow = try #require(catalog[row.entity]?.flow)
            guard let named = row.step else {
                #expect(flow.moves.contains { $0.from.contains(row.from) && $0.to.contains(row.to) }, "\(name)")
                continue
            }
            let step = try #require(flow.transitions.first { $0.name == named }, "\(name)")
            #expect(step.from.contains(row.from) && step.to == row.to && step.permission == row.right, "\(name)")
            #expect(Set(row.filled).isSubset(of: step.requires), "\(name): \(step.requires)")
            #expect(Set(row.asks).isSubset(of: step.parameters.filter(\.isRequired).map(\.name)), "\(name)")
            if let code = row.approval { #expect(approvals.contains(code), "\(name)") }
            if let only = row.only {
                let able = roles.filter { $0.key != "admin" && $0.value.scope(row.entity, row.right) != .none }.map(\.key)
                #expect(Set(able) == only, "\(name): \(able.sorted())")
            }
        }
    }

    /// Every flow, every state: any other state asked for by interface, form, bulk, merge and import is refused with the field's name, and so
    /// is every step from a state it does not begin in, and a step without what it asks for.
    @Test("only a step changes a state, by whatever door", arguments: Engine.available)
    func doors(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            var boss = try await house.actor("admin"), clerk = try await house.actor("liwei")
            boss.rights = .all
            for schema in house.gate.catalog.schemas {
                clerk.rights.scopes[schema.name] = ["read": .all, "create": .all, "update": .all, "merge": .all, "import": .all]
            }
            var sum = Doors()
            for schema in house.gate.catalog.schemas.filter({ $0.flow != nil && $0.traits.isPublic }) {
                for actor in [boss, clerk] {
                    do { try await house.gate.write(as: actor) { tx in throw try Doors(schema, tx) } } catch let doors as Doors {
                        sum.add(doors)
                    }
                }
            }
            #expect(sum.wrong.isEmpty, "\(sum.wrong.prefix(40).joined(separator: "\n"))")
            #expect(
                sum.pairs > 1_500 && sum.steps > 500 && sum.lacking > 70, "\(sum.pairs) pairs, \(sum.steps) steps, \(sum.lacking) lacks")
        }
    }

    /// What was tried on one flow; thrown to take it back.
    private struct Doors: Error {
        var wrong: [String] = [], pairs = 0, steps = 0, lacking = 0

        init() {}

        mutating func add(_ other: Doors) {
            (wrong, pairs, steps, lacking) = (
                wrong + other.wrong, pairs + other.pairs, steps + other.steps, lacking + other.lacking
            )
        }

        init(_ schema: Schema, _ tx: GateTransaction) throws {
            guard let flow = schema.flow, let field = schema[flow.field], let options = field.kind.choices else { return }
            let row = try tx.asRule { try tx.specimen(schema, owner: tx.actor.userID, isRaw: true) }
            let twin = try tx.asRule { try tx.specimen(schema, owner: tx.actor.userID, isRaw: true) }
            func stand(_ row: Row, _ state: String, _ change: (inout Row) -> Void = { _ in }) throws -> Row {
                var row = row
                row[field] = .text(state)
                change(&row)
                _ = try tx.writing.update(row, slots: nil, ifVersion: nil)
                return row
            }
            for from in options {
                _ = try stand(row, from.code)
                for to in options where to.code != from.code {
                    pairs += 1
                    _ = try stand(twin, to.code)
                    let name = "\(schema.name) \(from.code)→\(to.code)"
                    try shut(name, field, tx) { try tx.update(schema, id: row.id, [field.name: .text(to.code)]) }
                    guard tx.actor.rights.isAdmin else {
                        try shut("\(name) by import", field, tx) {
                            tx.source = "import"
                            defer { tx.source = tx.actor.via }
                            let present = try #require(try tx.whole(schema, id: row.id))
                            var wanted = present
                            wanted[field] = .text(to.code)
                            try tx.refuseState(of: wanted, over: present)
                        }
                        continue
                    }
                    try shut("\(name) by form", field, tx) {
                        tx.isTyped = true
                        defer { tx.isTyped = false }
                        try tx.update(schema, id: row.id, [field.name: .text(to.label)])
                    }
                    try shut("\(name) by merge", field, tx) {
                        try tx.merge(schema, into: row.id, [twin.id], choices: [field.name: twin.id])
                    }
                    var report = BulkReport()
                    let change = BulkChange(schema.name, .ids([row.id]), action: "update", values: [field.name: .text(to.code)])
                    try tx.apply(change, schema, [row.id], &report)
                    if report.failed != 1 { wrong.append("\(name) in bulk") }
                }
                guard tx.actor.rights.isAdmin else { continue }
                for step in flow.transitions where !step.from.contains(from.code) {
                    steps += 1
                    let refusal = try refusal(tx) { try tx.perform(step.name, schema, id: row.id, [:]) }
                    if refusal?.contains("「\(from.label)」") != true {
                        wrong.append("\(schema.name) \(from.code) –\(step.name): \(refusal ?? "done")")
                    }
                }
            }
            for step in tx.actor.rights.isAdmin ? flow.transitions : [] {
                guard let from = step.from.first else { continue }
                for name in step.requires {
                    lacking += 1
                    _ = try stand(row, from) { row in
                        for other in step.requires { row[other] = name == other ? .null : 1 }
                    }
                    let label = schema[name]?.label ?? name
                    let refusal = try refusal(tx) { try tx.perform(step.name, schema, id: row.id, [:]) }
                    if refusal?.contains(label) != true {
                        wrong.append("\(schema.name) \(step.name) without \(name): \(refusal ?? "done")")
                    }
                }
                let asked = step.parameters.filter(\.isRequired)
                guard !asked.isEmpty else { continue }
                lacking += 1
                let action = try #require(schema.actions.first { $0.name == step.name })
                do {
                    _ = try tx.read([:], for: action)
                    wrong.append("\(schema.name) \(step.name) asks for nothing")
                } catch let problems as Problems {
                    for parameter in asked
                    where !problems.all.contains(where: { $0.field == parameter.name && $0.message.contains(parameter.label) }) {
                        wrong.append("\(schema.name) \(step.name) without \(parameter.name)")
                    }
                }
            }
        }

        /// A door must name the state's field and that it is not changed so.
        private mutating func shut(_ name: String, _ field: FieldSpec, _ tx: GateTransaction, _ door: () throws -> Void) throws {
            do {
                try tx.takingBack {
                    tx.knownParent = nil
                    try door()
                    throw Passed()
                }
            } catch let problems as Problems
                where problems.all.contains(where: { $0.field == field.name && $0.message.contains(field.label) })
            {
            } catch { wrong.append("\(name): \(error is Passed ? "done" : Reason.text(error))") }
        }

        private func refusal(_ tx: GateTransaction, _ body: () throws -> Void) throws -> String? {
            do {
                try tx.takingBack {
                    tx.knownParent = nil
                    try body()
                    throw Passed()
                }
                return nil
            } catch is Passed { return nil } catch { return Reason.text(error) }
        }

        private struct Passed: Error {}
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
                try table.besides?(tx, &row)
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
