import Records
import Testing

@testable import Core
@testable import Gate
@testable import Sales

/// M84: to whom invoices are made out.
@Suite("Invoice titles")
struct InvoiceTitleTests {
    @Test(
        "a customer's first title is the default; another chosen takes its place; a special invoice needs the taxpayer's number",
        arguments: Engine.available)
    func defaults(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let catalog = house.gate.catalog, schema = catalog.schema(InvoiceTitle.self), actor = try await house.actor("admin")
            let customer = try await house.gate.write(as: actor) {
                try $0.create(catalog.schema(Customer.self), ["name": "湖州便利店", "type": "dealer", "source": "other"]).id
            }
            func make(_ name: String, _ more: [String: Plain] = [:]) async throws -> Int64 {
                try await house.gate.write(as: actor) {
                    try $0.create(schema, ["name": .text(name), "customer_id": .int(customer)].merging(more) { $1 }).id
                }
            }
            func defaults() async throws -> [String] {
                try await house.gate.read(as: actor) {
                    try $0.page(ListRequest(schema, where: \InvoiceTitle.isDefault == true)).rows.map(\.title)
                }
            }
            let first = try await make("湖州便利店有限公司")
            let second = try await make("湖州便利店城东分店")
            #expect(try await defaults() == ["湖州便利店有限公司"])
            _ = try await house.gate.write(as: actor) { try $0.update(schema, id: second, ["is_default": true]) }
            #expect(try await defaults() == ["湖州便利店城东分店"])
            do {
                _ = try await house.gate.write(as: actor) { try $0.update(schema, id: first, ["kind": "special"]) }
                Issue.record("a special invoice without a number was taken")
            } catch let wrong as Problems { #expect(wrong.all.map(\.field) == ["tax_no"]) }
            _ = try await house.gate.write(as: actor) {
                try $0.update(
                    schema, id: first, ["kind": "special", "tax_no": "91330100MA2DEM0175", "bank_account": "6222 0200 0000 0000 009"])
            }
        }
    }
}
