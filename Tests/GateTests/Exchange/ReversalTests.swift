import Records
import Testing

@testable import Gate

@Suite("Taking an import back")
struct ReversalTests {
    @Test("what nobody touched goes for good, what somebody works with stays and is named", arguments: Harbour.Engine.available)
    func touched(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            let old = try await harbour.add("customers", ["name": "老", "code": "K0", "remark": "旧", "address": "东街"])
            let result = try await harbour.take([
                ["客户编号", "客户名称", "备注", "详细地址"], ["K0", "老", "新", "西街"], ["K1", "一", "", ""], ["K2", "二", "", ""], ["K3", "三", "甲", ""],
                ["K3", "三", "乙", ""], ["K4", "四", "", ""],
            ]) { $0.match = ["code"] }
            #expect(result.created["customers"] == 4)
            let rows = Dictionary(uniqueKeysWithValues: try await harbour.all("customers").map { ($0["code"].text ?? "", $0) })
            let schema = try #require(harbour.gate.catalog["customers"])
            // K1 is changed, K4 gets an order; of the old one another field is changed, then an imported one.
            try await harbour.gate.write(as: harbour.admin) { tx in
                try tx.update(schema, id: rows["K1"]?.id ?? 0, ["remark": "跟进过"])
                try tx.update(schema, id: old.id, ["address": "南街"])
            }
            _ = try await harbour.add("orders", ["customer_id": .int(rows["K4"]?.id ?? 0)])

            var reversal = Reversal(DirectHost(harbour.gate, as: harbour.admin))
            reversal.batchSize = 2
            let report = try await reversal.run(result.operation)
            #expect(report.erased == 2 && report.restored == 0 && report.kept == 3)
            #expect(Set(report.conflicts.map(\.title)) == ["一", "四", "老"])
            let left = try await harbour.all("customers", life: .both)
            #expect(left.map { $0["code"] } == ["K0", "K1", "K4"])
            #expect(left.first?["remark"] == "旧" && left.first?["address"] == "南街")
            let erased = try await harbour.audit("erase")
            #expect(erased.count == 2 && erased.allSatisfy { $0.changes?.contains("三") == true || $0.changes?.contains("二") == true })

            let again = try await reversal.run(result.operation)
            #expect(again.erased == 0 && again.kept == 3)
            #expect(try await harbour.gate.store.read { try AuditTrail.verify($0, harbour.gate.secrets).isIntact })
        }
    }

    @Test("changed records have their old values again, links too, and parents their old sums")
    func restored() async throws {
        try await Harbour.open { harbour async throws in
            let tag = try await harbour.add("tags", ["name": "旧签"]), other = try await harbour.add("tags", ["name": "新签"])
            let customer = try await harbour.add("customers", ["name": "老", "code": "K0", "tags": .list([.int(tag.id)])])
            _ = try await harbour.take([["订单号", "客户", "金额"], ["D0", "K0", "5.00"]], into: "orders")
            let tagged = try await harbour.take([["客户编号", "标签"], ["K0", "新签"]]) {
                $0.match = ["code"]; $0.mode = .update
            }
            #expect(try await harbour.all("customers").first?["tags"] == .list([.int(other.id)]))
            let bought = try await harbour.take([["订单号", "客户", "金额"], ["D1", "K0", "10.00"]], into: "orders")
            #expect(try await harbour.all("customers").first?["order_amount_cents"] == 1500)

            _ = try await Reversal(DirectHost(harbour.gate, as: harbour.admin)).run(bought.operation)
            _ = try await Reversal(DirectHost(harbour.gate, as: harbour.admin)).run(tagged.operation)
            let back = try #require(try await harbour.all("customers").first)
            #expect(back["order_amount_cents"] == 500 && back["order_count"] == 1)
            #expect(back["tags"] == .list([.int(tag.id)]))
        }
    }

    @Test("only whoever imported, or an administrator, may take it back")
    func rights() async throws {
        try await Harbour.open { harbour async throws in
            let result = try await harbour.take([["客户名称"], ["甲"]])
            await #expect(throws: Refusal.self) {
                _ = try await Reversal(DirectHost(harbour.gate, as: harbour.actor("liwei", Harbour.everything))).run(result.operation)
            }
            #expect(try await harbour.count("customers") == 1)
        }
    }
}
