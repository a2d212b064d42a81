import Records
import Testing

@testable import Core
@testable import Gate
@testable import Product
@testable import Sales

/// §2.7, §2.8, G5: quotes, whose word a discount takes, opportunities won and lost.
@Suite("Quotes and opportunities")
struct QuoteTests {
    private func open(_ engine: Engine, _ body: (House, Actor, _ customer: Int64, _ product: Int64) async throws -> Void) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog
            var actor = try await house.actor("liwei")
            actor.rights =
                Dictionary(Packs.capabilities.flatMap { $0.roles }.map { ($0.code, $0.rights) }) { $0.joined($1) }["sales_consultant"]
                ?? Rights()
            let consultant = actor
            let (customer, product) = try await house.gate.write(as: consultant) { tx in
                let customer = try tx.create(
                    catalog.schema(Customer.self), ["name": "陶景川", "type": "person", "source": "other", "mobile": "19900000044"]
                ).id
                var product = Record<Product>()
                // ¥100,000, costs ¥70,000, never below ¥80,000.
                (product.name, product.price, product.cost, product.floorPrice) = (
                    "星驰M9 MPV", Money(cents: 10_000_000), Money(cents: 7_000_000), Money(cents: 8_000_000)
                )
                return (customer, try tx.insert(product).row.id)
            }
            try await body(house, consultant, customer, product)
        }
    }

    private func quote(
        _ house: House, _ actor: Actor, _ customer: Int64, _ product: Int64, price: Int64, _ more: [String: Plain] = [:]
    ) async throws -> Record<Quote> {
        let schema = house.gate.catalog.schema(Quote.self)
        let line: Plain = .object(["product_id": .int(product), "price_cents": .int(price)])
        let made = try await house.gate.write(as: actor) {
            try $0.create(schema, ["customer_id": .int(customer), "lines": .list([line])].merging(more) { $1 })
        }
        return Record(try await house.gate.read(as: .system()) { try $0.record(schema, id: made.id) })
    }

    /// §2.8: ≤5 % oneself, ≤10 % supervisor, ≤20 % manager, >20 % director; the boundary belongs to the lower authority, one cent more does
    /// not.
    @Test("discount authority at 5, 10 and 20 percent, and a cent beyond", arguments: Engine.available)
    func boundaries(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, product in
            let cases: [(Int64, String, Int64)] = [
                (10_000_000, "own", 0), (9_500_000, "own", 500), (9_499_999, "supervisor", 500), (9_000_000, "supervisor", 1000),
                (8_999_999, "manager", 1000), (8_000_000, "manager", 2000), (7_999_999, "director", 2000), (7_000_001, "director", 3000),
            ]
            for (price, authority, discount) in cases {
                let made = try await quote(house, actor, customer, product, price: price)
                #expect(
                    made.authority.rawValue == authority && made.discount?.basisPoints == discount,
                    "\(price): \(made.authority) \(made.discount?.basisPoints ?? -1)")
                #expect(made.belowFloor == (price < 8_000_000))
                // Margin of ¥100,000 − ¥70,000 = ¥30,000, 30 %.
                if price == 10_000_000 { #expect(made.margin == Money(cents: 3_000_000) && made.marginRate == 3000) }
            }
        }
    }

    /// G5: below the floor at least a manager, whatever the discount.
    @Test("below the floor a small discount takes a manager, too", arguments: Engine.available)
    func floor(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, _ in
            let schema = house.gate.catalog.schema(Product.self)
            let tight = try await house.gate.write(as: .system()) {
                try $0.create(schema, ["name": "特价车", "price_cents": 10_000_000, "cost_cents": 9_800_000, "floor_cents": 9_900_000]).id
            }
            let made = try await quote(house, actor, customer, tight, price: 9_800_000)
            #expect(made.discount?.basisPoints == 200 && made.belowFloor == true && made.authority == .manager)
        }
    }

    /// §2.8, §2.25: 12 % asks the nearest manager, never the applicant; the quote waits as 审批中 and comes out approved, rejected or as it
    /// was.
    @Test("a discount beyond one's own is one step that waits for those the table names", arguments: Engine.available)
    func approval(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, product in
            let catalog = house.gate.catalog, schema = catalog.schema(Quote.self), requests = catalog.schema(ApprovalRequest.self)
            func ask(_ price: Int64) async throws -> (quote: Record<Quote>, request: Int64) {
                let made = try await quote(house, actor, customer, product, price: price)
                await #expect(throws: Refusal.self) {
                    try await house.gate.write(as: actor) { try $0.perform("confirm", schema, id: made.row.id) }
                }
                let request = try await house.gate.write(as: actor) { tx in
                    _ = try tx.update(schema, id: made.row.id, ["discount_reason": "竞品报价更低"])
                    #expect(try tx.perform("confirm", schema, id: made.row.id)["status"] == "pending")
                    return try #require(tx.submitted)
                }
                return (made, request)
            }
            func state(_ quote: Record<Quote>) async throws -> Record<Quote> {
                Record(try await house.gate.read(as: .system()) { try $0.record(schema, id: quote.row.id) })
            }
            let wang = try await house.actor("wang"), twelve = try await ask(8_800_000)
            let asked = try await house.gate.read(as: .system()) { try Record<ApprovalRequest>($0.record(requests, id: twelve.request)) }
            #expect(
                asked.approvers.ids == [house["wang"]] && asked.amount == Money(cents: 8_800_000)
                    && asked.summary?.contains("折扣权限：经理") == true)
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { try $0.perform("approve", requests, id: twelve.request) }
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { try $0.update(schema, id: twelve.quote.row.id, ["discount_reason": "改主意"]) }
            }
            _ = try await house.gate.write(as: wang) { try $0.perform("approve", requests, id: twelve.request) }
            let granted = try await state(twelve.quote)
            #expect(granted.status == .approved && granted.approvedBy?.id == house["wang"] && granted.approvedAt != nil)

            let refused = try await ask(8_800_000)
            _ = try await house.gate.write(as: wang) { try $0.perform("reject", requests, id: refused.request, ["reason": "毛利不足"]) }
            #expect(try await state(refused.quote).status == .rejected)
            let taken = try await ask(8_800_000)
            _ = try await house.gate.write(as: actor) { try $0.perform("withdraw", requests, id: taken.request) }
            #expect(try await state(taken.quote).status == .draft)
        }
    }

    @Test("a consultant sees the discount and not the margin", arguments: Engine.available)
    func margins(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, product in
            let made = try await quote(house, actor, customer, product, price: 9_000_000)
            let seen = try await house.gate.read(as: actor) { try $0.record(house.gate.catalog.schema(Quote.self), id: made.row.id) }
            #expect(
                seen["discount_bp"] == 1000 && seen["margin_cents"].isNull && seen["cost_cents"].isNull && !made.row["margin_cents"].isNull)
        }
    }

    @Test("what is submitted is not changed; a new version is, and the order carries its lines", arguments: Engine.available)
    func versions(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, product in
            let catalog = house.gate.catalog, schema = catalog.schema(Quote.self)
            let deal = try await house.gate.write(as: actor) {
                try $0.create(catalog.schema(Opportunity.self), ["name": "换车", "customer_id": .int(customer), "amount_cents": 9_800_000])
            }
            let first = try await quote(house, actor, customer, product, price: 9_800_000, ["opportunity_id": .int(deal.id)])
            _ = try await house.gate.write(as: actor) { try $0.perform("confirm", schema, id: first.row.id) }
            let line = try await house.gate.read(as: .system()) { view in
                try view.lines(of: try view.record(schema, id: first.row.id), try #require(schema["lines"]))
            }.first
            let again: Plain = .list([.object(["id": .int(try #require(line?.id)), "price_cents": 5_000_000])])
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: actor) { try $0.update(schema, id: first.row.id, ["lines": again]) }
            }
            _ = try await house.gate.write(as: actor) { try $0.perform("revise", schema, id: first.row.id) }
            let second = try await house.gate.read(as: .system()) {
                try $0.page(ListRequest(schema, where: .field("previous_id", .eq, .int(first.row.id)))).rows
            }.first.map(Record<Quote>.init)
            let next = try #require(second)
            #expect(next.version == 2 && next.status == .draft && next.total == Money(cents: 9_800_000))
            try await house.gate.write(as: actor) { tx in
                for step in ["confirm", "send", "accept", "to_order"] { _ = try tx.perform(step, schema, id: next.row.id) }
            }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { try $0.perform("to_order", schema, id: next.row.id) }
            }
            let order = try await house.gate.read(as: .system()) {
                try $0.page(ListRequest(catalog.schema(Order.self), where: .field("quote_id", .eq, .int(next.row.id)))).rows
            }.first
            let orders = try #require(order)
            #expect(orders["amount_cents"] == 9_800_000 && orders["opportunity_id"] == .int(deal.id))
            // §2.27: won by the order's approval, by nothing else.
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: actor) { try $0.update(catalog.schema(Opportunity.self), id: deal.id, ["status": "won"]) }
            }
            _ = try await house.gate.write(as: .system()) { try $0.perform("approve", catalog.schema(Order.self), id: orders.id) }
            let won = try await house.gate.read(as: .system()) { try $0.record(catalog.schema(Opportunity.self), id: deal.id) }
            #expect(won["status"] == "won" && won["won_amount_cents"] == 9_800_000 && won["probability_bp"] == 10_000)
        }
    }

    @Test("stages ask for what they need going forward and for a reason going back", arguments: Engine.available)
    func stages(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, _ in
            let catalog = house.gate.catalog, schema = catalog.schema(Opportunity.self)
            let deal = try await house.gate.write(as: actor) { try $0.create(schema, ["name": "换车", "customer_id": .int(customer)]) }
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: actor) { try $0.perform("advance", schema, id: deal.id) }
            }
            let stages = try await house.gate.read(as: .system()) {
                try $0.page(ListRequest(catalog.schema(PipelineStage.self), where: .field("pipeline_id", .eq, deal["pipeline_id"]))).rows
            }
            #expect(stages.map { $0["probability_bp"] } == [1000, 2000, 4000, 6000, 8000, 9500])
            let moved = try await house.gate.write(as: actor) { tx in
                _ = try tx.update(schema, id: deal.id, ["requirement": "七座", "buy_within": "month"])
                return try tx.perform("advance", schema, id: deal.id)
            }
            #expect(moved["probability_bp"] == 2000)
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: actor) { try $0.update(schema, id: deal.id, ["stage_id": .int(stages[0].id)]) }
            }
            let back = try await house.gate.write(as: actor) {
                try $0.update(schema, id: deal.id, ["stage_id": .int(stages[0].id), "stage_reason": "需求变了"])
            }
            #expect(back["probability_bp"] == 1000)
            // Two stages at once ask for what both need.
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: actor) { try $0.update(schema, id: deal.id, ["stage_id": .int(stages[2].id)]) }
            }
            let history = try await house.gate.read(as: .system()) { try $0.page(ListRequest(catalog.schema(StageMove.self))).rows.count }
            #expect(history == 2)
        }
    }

    @Test("a stage that asks for a quote is entered with one that counts", arguments: Engine.available)
    func quoted(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, product in
            let catalog = house.gate.catalog, schema = catalog.schema(Opportunity.self)
            let deal = try await house.gate.write(as: actor) { tx in
                let contact = try tx.create(catalog.schema(Contact.self), ["customer_id": .int(customer), "name": "陶景川"]).id
                return try tx.create(
                    schema,
                    [
                        "name": "换车", "customer_id": .int(customer), "contact_id": .int(contact), "requirement": "七座",
                        "buy_within": "month",
                        "amount_cents": 10_000_000, "expected_close_on": "2026-12-31",
                    ])
            }
            let stages = try await house.gate.read(as: .system()) {
                try $0.page(ListRequest(catalog.schema(PipelineStage.self), where: .field("pipeline_id", .eq, deal["pipeline_id"]))).rows
            }
            func move(_ place: Int) async throws -> Row {
                try await house.gate.write(as: actor) { try $0.update(schema, id: deal.id, ["stage_id": .int(stages[place].id)]) }
            }
            // An emptied stage is the first one again.
            let first = try await house.gate.write(as: actor) { try $0.update(schema, id: deal.id, ["stage_id": .null]) }
            #expect(first["stage_id"] == .int(stages[0].id))
            #expect(try await move(3)["probability_bp"] == 6000)
            let offer = try await quote(house, actor, customer, product, price: 10_000_000, ["opportunity_id": .int(deal.id)])
            await #expect(throws: Problems.self) { _ = try await move(4) }
            _ = try await house.gate.write(as: actor) { try $0.perform("confirm", catalog.schema(Quote.self), id: offer.row.id) }
            #expect(try await move(4)["probability_bp"] == 8000)
        }
    }

    /// §2.27: lost by the owner, with the manager when H or above ¥100,000.
    @Test("a large or hot opportunity is not given up alone", arguments: Engine.available)
    func losing(engine: Engine) async throws {
        try await open(engine) { house, actor, customer, _ in
            let schema = house.gate.catalog.schema(Opportunity.self)
            for (amount, level, alone) in [(10_000_000, "B", true), (10_000_001, "B", false), (100, "H", false)] as [(Int64, String, Bool)]
            {
                let deal = try await house.gate.write(as: actor) {
                    try $0.create(
                        schema,
                        ["name": .text("单\(amount)"), "customer_id": .int(customer), "amount_cents": .int(amount), "level": .text(level)])
                }
                let (state, waits) = try await house.gate.write(as: actor) { tx in
                    (try tx.perform("lose", schema, id: deal.id, ["loss_reason": "price"])["status"], tx.submitted != nil)
                }
                #expect(waits == !alone && state == (alone ? "lost" : "open"))
            }
        }
    }
}
