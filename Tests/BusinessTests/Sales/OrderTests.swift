import Records
import Testing

@testable import Sales

@Suite struct OrderTests {
    @Test("a line is quantity times price, and never overflows") func total() {
        #expect(OrderLine.total(24, at: Money(cents: 2800)) == Money(cents: 67_200))
        #expect(OrderLine.total(0, at: Money(cents: 2800)) == .zero)
        #expect(OrderLine.total(100_000_000, at: Money(cents: .max)).cents == .max)
    }

    @Test("an order is shipped only after somebody approved it") func flow() throws {
        let steps = try #require(Order.flow).transitions
        #expect(steps.first { $0.name == "ship" }.map { Set($0.from) } == ["approved", "allocated"])
        #expect(steps.first { $0.name == "approve" }?.permission == "approve")
        #expect(steps.allSatisfy { !$0.from.contains("closed") })
    }
}
