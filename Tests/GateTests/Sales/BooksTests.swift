import Product
import Records
import Testing

@testable import Core
@testable import Gate
@testable import Sales

/// An outsider's attempt: every way to change what is settled, or to owe less, from every door, as the seller, the supervisor, the manager
/// and the clerk of the accounts. None works: whatever is answered, the books stay as they are.
@Suite("The books hold", .timeLimit(.minutes(10)))
struct BooksTests {
    private enum Who: String, CaseIterable { case seller, supervisor, manager, clerk }

    /// A settled record, the commands that made it so, and what may be done with it after all, by whom.
    private struct Settled {
        var entity: String
        var id: Int64
        var operations: [Int64]
        var allowed: [String: Set<Who>] = [:]
    }

    private struct Company {
        var customer: Int64
        var settled: [Settled]
        var watched: [(entity: String, id: Int64)]
    }

    private struct Undo: Error { var tried: Int, worked: [String] }

    /// What anything here could be after.
    private static let figures = [
        "status", "customer_id", "amount_cents", "quantity", "due_on", "paid_cents", "balance_cents", "paid_on", "allocated_cents",
        "prepaid_cents", "from_on", "to_on", "term_days", "limit_cents", "valid_to", "score", "grade", "total_cents", "discount_bp",
        "won_amount_cents", "price_cents", "receivable_id", "collection_id", "order_id", "contract_id", "ordered_on", "signed_on", "method",
        "payment_terms", "settle_discount_bp", "new_amount_cents", "deleted_at",
    ]

    @Test("twenty ways and more to change what is settled, by every door: none works", arguments: Engine.available)
    func ways(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            house.time.now = Instant(try #require(Day(iso: "2026-11-23")), hour: 10)
            let company = try await found(house),
                roles = Dictionary(BuiltInRole.templates(house.gate.catalog).map { ($0.code, $0.rights) }) { $1 }
            var worked: [String] = [], least = Int.max
            for settled in company.settled {
                var count = 0
                for (who, role) in [
                    (Who.seller, "sales_consultant"), (.supervisor, "supervisor"), (.manager, "sales_mgr"), (.clerk, "finance"),
                ] {
                    // 李伟 owns it all; the others see it by their roles.
                    var actor = try await house.actor(who == .seller ? "liwei" : who == .clerk ? "sunqiang" : "wang")
                    actor.rights = try #require(roles[role]).settled
                    if who == .clerk { actor.rights.scopes["audit_entries", default: [:]]["read"] = .all }
                    do {
                        try await house.gate.write(as: actor) { tx in throw try tried(settled, who, company, tx) }
                    } catch let undo as Undo {
                        count = max(count, undo.tried)
                        worked += undo.worked
                    }
                }
                least = min(least, count)
                #expect(count >= 20, "\(settled.entity): only \(count) ways")
            }
            #expect(worked.isEmpty, "\(worked.joined(separator: "\n"))")
        }
    }

    private func tried(_ settled: Settled, _ who: Who, _ company: Company, _ tx: GateTransaction) throws -> Undo {
        let schema = try #require(tx.catalog[settled.entity]), id = settled.id
        let before = try books(company, tx)
        var tried = 0, worked: [String] = []
        func attempt(_ name: String, _ way: () throws -> Void) throws {
            tried += 1
            guard settled.allowed[name]?.contains(who) != true else { return }
            do {
                try tx.takingBack {
                    tx.knownParent = nil
                    try way()
                    if try books(company, tx) != before { worked.append("\(settled.entity) by \(who): \(name)") }
                    throw Passed()
                }
            } catch is Passed {} catch is Problems {} catch is Problem {} catch is Refusal {} catch is StoreError {}
        }
        let present = try tx.whole(schema, id: id) ?? schema.blank()
        for field in schema.fields
        where !field.traits.isReadOnly && !field.isLines && field.kind.numbering == nil && Self.figures.contains(field.name) {
            let other = try tx.example(field, otherThan: present[field])
            try attempt("set \(field.name)") { try tx.update(schema, id: id, [field.name: other]) }
            try attempt("empty \(field.name)") { try tx.update(schema, id: id, [field.name: .null]) }
        }
        for state in schema.flow.flatMap({ schema[$0.field]?.kind.choices })?.map(\.code) ?? [] {
            try attempt("state \(state)") { try tx.update(schema, id: id, ["status": .text(state)]) }
        }
        try attempt("delete") { try tx.remove(schema, id: id) }
        for field in schema.fields {
            guard let kind = field.kind.lines, let child = tx.catalog[kind.entity] else { continue }
            try attempt("no \(field.name)") { try tx.update(schema, id: id, [field.name: .list([])]) }
            let sample: [String: Plain] = [
                kind.link: .int(id), "product": "赠品", "quantity": 1, "price_cents": 1, "amount_cents": 1, "name": "另一期", "part_bp": 100,
                "after_days": 1,
            ]
            try attempt("one more of \(field.name)") { try tx.create(child, sample.filter { child[$0.key] != nil }) }
            for line in try tx.reading.fetch(Query(child, where: .field(kind.link, .eq, .int(id)), limit: 5)) {
                try attempt("remove of \(field.name)") { try tx.remove(child, id: line.id) }
                for name in ["price_cents", "amount_cents", "quantity", "part_bp", "due_on"]
                where child[name].map({ !$0.traits.isReadOnly }) ?? false {
                    try attempt("\(name) of \(field.name)") {
                        try tx.update(child, id: line.id, [name: name == "due_on" ? "2027-12-31" : 1])
                    }
                }
                try attempt("\(field.name) elsewhere") {
                    let twin = try tx.asRule { try tx.specimen(schema, owner: tx.actor.userID) }
                    try tx.update(child, id: line.id, [kind.link: .int(twin.id)])
                }
            }
        }
        for action in schema.actions {
            try attempt("action \(action.name)") {
                var input: [String: Plain] = [:]
                for parameter in action.parameters {
                    input[parameter.name] = parameter.name == "reason" ? "试试" : try tx.example(parameter, otherThan: .null)
                }
                tx.submitted = nil
                try tx.perform(action.name, schema, id: id, input)
            }
        }
        for operation in settled.operations {
            try attempt("undo") { _ = try tx.undo(operation: operation) }
            let entries = Query(
                AuditEntry.self, where: .field("operation", .eq, .int(operation)) && .field("entity", .eq, .text(schema.name)), limit: 5)
            for entry in try tx.reading.fetch(entries) {
                for name in AuditChanges.read(Record<AuditEntry>(entry).changes).keys.sorted() {
                    try attempt("put back \(name)") { try tx.putBack(entry: entry.id, field: name) }
                }
            }
        }
        try attempt("merge") {
            let twin = try tx.asRule { try tx.specimen(schema, owner: tx.actor.userID) }
            try tx.merge(schema, into: id, [twin.id], choices: ["amount_cents": twin.id, "customer_id": twin.id, "due_on": twin.id])
        }
        try attempt("merge away") {
            let twin = try tx.asRule { try tx.specimen(schema, owner: tx.actor.userID) }
            try tx.merge(schema, into: twin.id, [id])
        }
        try attempt("delete the customer") { try tx.remove(tx.catalog.schema(Customer.self), id: company.customer) }
        try attempt("import") {
            tx.source = "import"
            defer { tx.source = tx.actor.via }
            var row = present
            for name in ["amount_cents", "total_cents", "limit_cents"] where schema[name] != nil { row[name] = 1 }
            try tx.refuseState(of: row, over: present)
            try tx.refuseUnasked(row, over: present)
            _ = try tx.save(row, over: present) as Row
        }
        return Undo(tried: tried, worked: worked)
    }

    private struct Passed: Error {}

    private func books(_ company: Company, _ tx: GateTransaction) throws -> [String] {
        try tx.settleRollUps()
        return try company.watched.map { entity, id in
            let schema = try #require(tx.catalog[entity]), row = try tx.reading.row(schema, id: id)
            return
                "\(entity) \(id): \(Self.figures.compactMap { name in row.flatMap { $0.schema[name] == nil ? nil : "\(name)=\($0[name])" } })"
        }
    }

    // MARK: The company

    private func found(_ house: House) async throws -> Company {
        let catalog = house.gate.catalog, owner = house["liwei"], department = house["sales"]
        let orders = catalog.schema(Order.self), contracts = catalog.schema(Contract.self), quotes = catalog.schema(Quote.self)
        let collections = catalog.schema(Collection.self), accounts = catalog.schema(CreditAccount.self)
        func done<T: Sendable>(_ body: @Sendable @escaping (GateTransaction) throws -> T) async throws -> (T, Int64) {
            try await house.gate.write(as: .system()) { tx in (try body(tx), tx.operation) }
        }
        let mine: [String: Plain] = ["owner_id": .int(owner), "department_id": .int(department)]
        @Sendable func with(_ input: [String: Plain]) -> [String: Plain] { input.merging(mine) { first, _ in first } }
        func step(_ name: String, _ schema: Schema, _ id: Int64, _ input: [String: Plain] = [:]) async throws -> Int64 {
            try await done { tx in _ = try tx.perform(name, schema, id: id, input) }.1
        }
        // Nobody's word is waited for while the company is made.
        let flows = try await done { tx in
            try tx.all(ApprovalFlow.self, where: \ApprovalFlow.isActive == true, limit: 200).map { flow in
                var flow = flow
                flow.isActive = false
                return try tx.save(flow).row.id
            }
        }.0
        let customer = try await done {
            try $0.create(catalog.schema(Customer.self), with(["name": "永晟商行", "type": "dealer", "source": "other"])).id
        }.0
        let account = try await done { tx in
            try tx.create(
                accounts,
                with([
                    "customer_id": .int(customer), "limit_cents": 10_000_000, "term_days": 30, "score_character": 20, "score_capacity": 20,
                    "score_capital": 15, "score_collateral": 12, "score_conditions": 12,
                ])
            ).id
        }.0
        let granted = try await step("submit", accounts, account)
        let product = try await done {
            try $0.create(catalog.schema(Product.self), ["name": "果汁", "price_cents": 10_000, "cost_cents": 6_000]).id
        }.0
        let quote = try await done { tx in
            try tx.create(
                quotes,
                with(["customer_id": .int(customer), "lines": .list([.object(["product_id": .int(product), "quantity": 10])])])
            ).id
        }.0
        let quoted = [try await step("confirm", quotes, quote), try await step("accept", quotes, quote)]
        let deal = try await done {
            try $0.create(catalog.schema(Opportunity.self), with(["name": "年度供货", "customer_id": .int(customer), "amount_cents": 100_000]))
                .id
        }.0
        let order = try await done { tx in
            try tx.create(
                orders,
                with([
                    "customer_id": .int(customer), "opportunity_id": .int(deal),
                    "lines": .list([.object(["product_id": .int(product), "quantity": 10])]),
                ])
            ).id
        }.0
        var ordered: [Int64] = []
        for name in ["approve", "ship", "settle"] { ordered.append(try await step(name, orders, order)) }
        let contract = try await done { tx in
            try tx.create(
                contracts,
                with([
                    "name": "年度合同", "customer_id": .int(customer), "amount_cents": 500_000, "from_on": "2026-11-01", "to_on": "2027-10-31",
                    "plan": .list([.object(["name": "一期", "part_bp": 10_000, "after_days": 10])]),
                ])
            ).id
        }.0
        let effective = try await step("submit", contracts, contract)
        let money = try await done { tx in
            try tx.create(collections, with(["customer_id": .int(customer), "amount_cents": 50_000, "method": "transfer"])).id
        }.0
        let received = try await step("confirm", collections, money)
        let dues = try await done { tx in
            try tx.all(Receivable.self, where: \Receivable.customer == Ref(customer), sort: [.init("id")], limit: 10).map(\.row.id)
        }.0
        try #require(dues.count == 2)
        _ = try await done { tx in
            for id in flows {
                guard var flow = try tx.get(ApprovalFlow.self, Ref(id)) else { continue }
                flow.isActive = true
                try tx.save(flow)
            }
        }
        let watched =
            [
                ("orders", order), ("contracts", contract), ("quotes", quote), ("collections", money), ("credit_accounts", account),
                ("opportunities", deal), ("customers", customer),
            ] + dues.map { ("receivables", $0) }
        let lines = try await done { tx in
            try tx.all(OrderLine.self, where: \OrderLine.order == Ref(order), limit: 9).map { ("order_lines", $0.row.id) }
                + tx.all(Allocation.self, where: \Allocation.collection == Ref(money), limit: 9).map { ("allocations", $0.row.id) }
        }.0
        return Company(
            customer: customer,
            settled: [
                // A settled order is closed by whoever may; that changes no figure but the state.
                Settled(entity: "orders", id: order, operations: ordered, allowed: ["action close": Set(Who.allCases)]),
                Settled(
                    entity: "contracts", id: contract, operations: [effective],
                    allowed: ["action fulfil": Set(Who.allCases), "action terminate": [.supervisor, .manager]]),
                Settled(entity: "quotes", id: quote, operations: quoted),
                // The clerk says what money pays, and takes back what was counted wrongly: then more is owed, not less.
                Settled(
                    entity: "collections", id: money, operations: [received],
                    allowed: [
                        "action retract": [.clerk], "action allot": [.clerk], "no parts": [.clerk], "remove of parts": [.clerk],
                        "amount_cents of parts": [.clerk], "one more of parts": [.clerk], "parts elsewhere": [.clerk],
                    ]),
                // Finance keeps the accounts of what is owed; a dispute, which anybody may note, makes it neither less nor younger.
                Settled(
                    entity: "receivables", id: dues[1], operations: [],
                    allowed: Dictionary(
                        uniqueKeysWithValues: [
                            "set amount_cents", "set due_on", "set contract_id", "empty contract_id", "set order_id", "set customer_id",
                            "delete", "import",
                        ]
                        .map { ($0, [.clerk]) }
                            + [("action dispute", Set(Who.allCases))])
                ),
                Settled(
                    entity: "credit_accounts", id: account, operations: [granted],
                    allowed: ["action suspend": [.supervisor, .manager], "action close": [.supervisor, .manager]]),
                Settled(entity: "opportunities", id: deal, operations: []),
            ], watched: watched + lines)
    }
}
