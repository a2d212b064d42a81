import Records
import Testing

@testable import Core
@testable import Gate
@testable import Sales

/// A60, §4.1 no. 10: targets of company, department and person, what has been reached, who is ahead.
@Suite("Sales targets")
struct TargetTests {
    /// November: 李伟 sold ¥600 + ¥300 (and ¥999 as a draft, ¥50 in October), 陈静 ¥1,200, 孙强 of the service ¥100.
    @Test("orders of the month count where they belong; places follow attainment", arguments: Engine.available)
    func reached(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog, month = try #require(Day(iso: "2026-11-01"))
            house.time.now = Instant(month + 22, hour: 10)
            try await house.gate.write(as: .system()) { tx in
                let customer = try tx.create(catalog.schema(Customer.self), ["name": "宏屿", "type": "company", "source": "other"]).id
                for (who, cents, day, status) in [
                    ("liwei", 60_000, 0, "approved"), ("liwei", 30_000, 20, "settled"), ("liwei", 99_900, 5, "draft"),
                    ("liwei", 5_000, -1, "settled"), ("chenjing", 120_000, 3, "closed"), ("sunqiang", 10_000, 9, "shipped"),
                    ("liwei", 70_000, 30, "settled"),
                ] {
                    var order = Record<Order>()
                    (order.customer, order.amount, order.orderedOn, order.status) = (
                        Ref(customer), Money(cents: Int64(cents)), month + day, Order.Status(rawValue: status)
                    )
                    order.ownerID = house[who]
                    order.departmentID = house[who == "sunqiang" ? "service" : who == "chenjing" ? "team" : "sales"]
                    try tx.insert(order)
                }
            }
            func target(_ input: [String: Plain]) async throws -> Int64 {
                try await house.gate.write(as: .system()) {
                    try $0.create(
                        catalog.schema(SalesTarget.self), input.merging(["month": "2026-11-15", "metric": "orders"]) { a, _ in a }
                    ).id
                }
            }
            let liwei = try await target(["scope": "person", "user_id": .int(house["liwei"]), "target_cents": 100_000])
            let chenjing = try await target(["scope": "person", "user_id": .int(house["chenjing"]), "target_cents": 100_000])
            let sales = try await target(["scope": "department", "for_department_id": .int(house["sales"]), "target_cents": 300_000])
            let company = try await target(["scope": "company", "target_cents": 440_000])
            let job = try #require(catalog.job("targets.refresh"))
            for _ in 0..<2 { try await house.gate.write(as: .system()) { try job.run([:], $0) } }
            func row(_ id: Int64) async throws -> Record<SalesTarget> {
                Record(try await house.gate.read(as: .system()) { try $0.record(catalog.schema(SalesTarget.self), id: id) })
            }
            let (first, second) = (try await row(chenjing), try await row(liwei))
            #expect(second.actual == Money(cents: 90_000) && second.attained == 9000 && second.place == 2)
            #expect(first.actual == Money(cents: 120_000) && first.attained == 12_000 && first.place == 1)
            // The department's tree: 销售部 with 销售一组.
            #expect(try await row(sales).actual == Money(cents: 210_000))
            let whole = try await row(company)
            #expect(whole.actual == Money(cents: 220_000) && whole.attained == 5000)
            await #expect(throws: Problems.self) { _ = try await target(["scope": "company", "target_cents": 1]) }
        }
    }
}
