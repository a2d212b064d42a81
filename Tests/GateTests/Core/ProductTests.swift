import Core
import Product
import Records
import Sales
import Testing

@testable import Gate

/// Prices by customer, and who sees what a thing costs (§1.G G1, G5).
@Suite("Products")
struct ProductTests {
    @Test(
        "an order line takes name, price and cost from the catalogue; the best book for this customer and quantity counts",
        arguments: Engine.available)
    func prices(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog
            let gate = house.gate
            let (product, dealer, person) = try await gate.write(as: .system()) { tx in
                let product = try tx.create(
                    catalog.schema(Product.self), ["name": "矿泉水 550ml×24", "price_cents": 2800, "cost_cents": 1900]
                ).id
                let lines: Plain = .list([
                    .object(["product_id": .int(product), "price_cents": 2464]),
                    .object(["product_id": .int(product), "min_quantity": 200, "price_cents": 2352]),
                ])
                _ = try tx.create(catalog.schema(PriceBook.self), ["name": "经销", "channel": "distributor", "lines": lines])
                _ = try tx.create(
                    catalog.schema(PriceBook.self),
                    [
                        "name": "过期", "channel": "shop", "valid_to": "2020-01-01",
                        "lines": .list([.object(["product_id": .int(product), "price_cents": 1])]),
                    ])
                let dealer = try tx.create(catalog.schema(Customer.self), ["name": "永晟食品商行", "type": "dealer", "source": "other"]).id
                let person = try tx.create(
                    catalog.schema(Customer.self), ["name": "林知远", "type": "person", "source": "other", "mobile": "19900000001"]
                ).id
                return (product, dealer, person)
            }
            func line(_ customer: Int64, _ quantity: Int64, _ more: [String: Plain] = [:]) async throws -> Record<OrderLine> {
                try await gate.write(as: .system()) { tx in
                    let item: Plain = .object(["product_id": .int(product), "quantity": .int(quantity)].merging(more) { $1 })
                    let order = try tx.create(catalog.schema(Order.self), ["customer_id": .int(customer), "lines": .list([item])])
                    return try #require(try tx.all(OrderLine.self, where: .field("order_id", .eq, .int(order.id))).first)
                }
            }
            let retail = try await line(person, 1)
            #expect(retail.product == "矿泉水 550ml×24" && retail.price == Money(cents: 2800) && retail.cost == Money(cents: 1900))
            #expect(try await line(dealer, 199).price == Money(cents: 2464))
            // 200 × ¥23.52 = ¥4,704.00.
            let bulk = try await line(dealer, 200)
            #expect(bulk.price == Money(cents: 2352) && bulk.amount == Money(cents: 470_400))
            #expect(try await line(dealer, 200, ["price_cents": 2000]).price == Money(cents: 2000))
        }
    }

    @Test("a line without a product of the catalogue keeps its free text", arguments: Engine.available)
    func freeText(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog
            let line = try await house.gate.write(as: .system()) { tx in
                let customer = try tx.create(
                    catalog.schema(Customer.self), ["name": "沈佳禾", "type": "person", "source": "other", "mobile": "19900000002"]
                ).id
                let order = try tx.create(
                    catalog.schema(Order.self),
                    ["customer_id": .int(customer), "lines": .list([.object(["product": "样品运费", "price_cents": 2000])])])
                return try #require(try tx.all(OrderLine.self, where: .field("order_id", .eq, .int(order.id))).first)
            }
            #expect(line.product == "样品运费" && line.item == nil && line.amount == Money(cents: 2000))
        }
    }

    @Test("a consultant sees prices and no costs; the manager sees both", arguments: Engine.available)
    func costs(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let schema = house.gate.catalog.schema(Product.self)
            let id = try await house.gate.write(as: .system()) { tx in
                try tx.create(schema, ["name": "星驰S5", "price_cents": 11_980_000, "cost_cents": 10_900_000]).id
            }
            let roles = Dictionary(Packs.capabilities.flatMap { $0.roles }.map { ($0.code, $0.rights) }) { $0.joined($1) }
            for (role, sees) in [
                ("sales_consultant", false), ("clerk", false), ("supervisor", false), ("sales_mgr", true), ("director", true),
                ("finance", true),
            ] {
                var actor = try await house.actor("liwei")
                actor.rights = try #require(roles[role])
                let row = try await house.gate.read(as: actor) { try $0.record(schema, id: id) }
                #expect(row["price_cents"] == 11_980_000 && row["cost_cents"].isNull == !sees, "\(role)")
            }
            var consultant = try await house.actor("liwei")
            consultant.rights = try #require(roles["sales_consultant"])
            let actor = consultant
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: actor) { try $0.update(schema, id: id, ["price_cents": 1]) }
            }
        }
    }
}
