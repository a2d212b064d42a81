import Records
import Sales
import Testing

@testable import Gate

@Suite("A request as its reader sees it")
struct ApprovalSlipTests {
    private func asked(_ house: House, _ body: (Desk, Int64) async throws -> Void) async throws {
        let desk = try await Desk(house)
        try await desk.flow("改价", on: "orders", field: "amount_cents", steps: [["name": "直属上级", "approver": "superior"]])
        let order = try await desk.order(of: "zhaomin", cents: 2_000_000)
        let request = try #require(try await desk.update(order, as: "zhaomin", ["amount_cents": 1_800_000]))
        try await body(desk, request)
    }

    @Test("a change is told with what it was, to whoever may see the field", arguments: Engine.available)
    func changes(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            try await asked(house) { _, request in
                let slip = try await house.gate.read(as: try await house.actor("liwei")) { try $0.slip(request) }
                #expect(slip.wanted.map(\.old) == ["20,000.00"] && slip.wanted.map(\.text) == ["18,000.00"])
                #expect(slip.record?["amount_cents"] == .int(2_000_000))
                #expect(slip.steps.map(\.name) == ["直属上级"] && slip.steps.first?.users == [house["liwei"]])
                var blind = try await house.actor("liwei")
                blind.rights.fields["orders", default: [:]]["amount_cents"] = .hidden
                let less = try await house.gate.read(as: blind) { try $0.slip(request) }
                #expect(less.wanted.map(\.old) == ["****"] && less.wanted.map(\.text) == ["****"])
                #expect(less.record?["amount_cents"].isNull == true)
            }
        }
    }

    @Test("a request lies with whoever it waits for, with whoever asked, and with whoever decided", arguments: Engine.available)
    func boxes(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            try await asked(house) { desk, request in
                func boxes(_ name: String) async throws -> [Int] {
                    try await house.gate.read(as: try await house.actor(name)) { view in
                        try ApprovalBox.allCases.map { box in
                            let count = try view.countApprovals(in: box, cap: 10)
                            #expect(try view.approvals(in: box, limit: 10).count == count)
                            return count
                        }
                    }
                }
                #expect(try await boxes("liwei") == [1, 0, 0])
                #expect(try await boxes("zhaomin") == [0, 1, 0])
                #expect(try await boxes("sunqiang") == [0, 0, 0])
                try await desk.decide("approve", request, as: "liwei")
                #expect(try await boxes("liwei") == [0, 0, 1])
                #expect(try await boxes("zhaomin") == [0, 1, 0])
                // The record was lent for the decision only: what it said then stays, out of whose reach it is.
                let sun = try await house.actor("sunqiang")
                await #expect(throws: Refusal.self) { try await house.gate.read(as: sun) { _ = try $0.slip(request) } }
            }
        }
    }
}
