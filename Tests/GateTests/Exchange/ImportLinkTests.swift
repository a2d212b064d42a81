import Records
import Testing

@testable import Gate

@Suite("Links given by name")
struct ImportLinkTests {
    @Test("owner, level and tags are found by what people call them", arguments: Harbour.Engine.available)
    func byName(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            _ = try await harbour.add("customer_levels", ["name": "金卡客户", "code": "gold"])
            _ = try await harbour.add("tags", ["name": "老客户"])
            _ = try await harbour.add("tags", ["name": "团购"])
            let result = try await harbour.take([
                ["客户名称", "负责人", "客户级别", "标签"], ["甲", "李伟", "金卡客户", "老客户、团购"], ["乙", "chenjing", "gold", "团购"], ["丙", "王五", "白金", "老客户;没有"],
            ])
            #expect(result.created["customers"] == 2)
            #expect(
                result.rejections.map(\.column) == ["负责人", "客户级别", "标签"]
                    && result.rejections.allSatisfy { $0.code == "not_found" && $0.line == 4 })
            let rows = try await harbour.all("customers")
            #expect(rows.map(\.ownerID) == [harbour.id("liwei"), harbour.id("chenjing")])
            #expect(rows.map(\.departmentID) == [harbour.id("sales"), harbour.id("sales")])
            #expect(rows.allSatisfy { !$0["level_id"].isNull })
            #expect(rows.map { $0["tags"].list?.count } == [2, 1])
        }
    }

    @Test("a name that several records carry is refused, their number is not")
    func ambiguous() async throws {
        try await Harbour.open { harbour async throws in
            let first = try await harbour.add("customers", ["name": "王芳", "code": "W1"])
            _ = try await harbour.add("customers", ["name": "王芳", "code": "W2"])
            let result = try await harbour.take(
                [["订单号", "客户"], ["D1", "王芳"], ["D2", "W1"], ["D3", "#\(first.id)"], ["D4", "没有"]], into: "orders")
            #expect(result.created["orders"] == 2)
            #expect(result.rejections.map(\.code) == ["ambiguous", "not_found"] && result.rejections.map(\.line) == [2, 5])
            #expect(try await harbour.all("orders").allSatisfy { $0["customer_id"] == .int(first.id) })
        }
    }

    @Test("who made a record and when is kept from the old system, and not changed by a later import")
    func origin() async throws {
        try await Harbour.open { harbour async throws in
            let rows = [["客户编号", "客户名称", "创建人", "创建时间"], ["K1", "甲", "孙强", "2019-05-06 07:08"]]
            try await harbour.take(rows) { $0.match = ["code"] }
            let row = try #require(try await harbour.all("customers").first)
            #expect(row["created_by"] == .int(harbour.id("sunqiang")))
            #expect(row.createdAt.shown == "2019-05-06 07:08")
            let again = try await harbour.take([rows[0], ["K1", "甲", "李伟", "2020-01-01 00:00"]]) { $0.match = ["code"] }
            #expect(again.unchanged["customers"] == 1)
            #expect(try await harbour.all("customers").first?.createdAt.shown == "2019-05-06 07:08")
        }
    }

    @Test("a linked record is found, filled from its columns, made once when it is not there, or its rows are refused")
    func linked() async throws {
        try await Harbour.open { harbour async throws in
            _ = try await harbour.add("customers", ["name": "旧名", "code": "K1"])
            let rows = [
                ["单号", "编号", "名称", "电话"], ["D1", "K1", "新名", ""], ["D2", "K2", "二号", "13900000002"], ["D3", "K2", "二号", ""],
                ["D4", "", "无编号", ""], ["D5", "", "", ""],
            ]
            func plan(_ plan: inout ImportPlan) {
                plan.columns = [
                    .init("单号", "no"), .init("编号", "customer.code"), .init("名称", "customer.name"), .init("电话", "customer.mobile"),
                ]
                plan.match = ["no", "customer.code"]
                plan.createsLinked = true
            }
            let strict = try await harbour.take(rows, into: "orders") {
                plan(&$0); $0.createsLinked = false; $0.isDryRun = true
            }
            #expect(strict.rejections.map(\.line) == [3, 4, 5, 6])
            let result = try await harbour.take(rows, into: "orders", plan)
            #expect(result.created == ["customers": 1, "orders": 3] && result.updated == ["customers": 1, "orders": 0])
            #expect(result.rejections.map(\.line) == [5, 6] && result.rejections.map(\.code) == ["required", "required"])
            let customers = try await harbour.all("customers")
            #expect(customers.map { $0["name"] } == ["新名", "二号"])
            #expect(customers.last?["mobile"] == "13900000002")
        }
    }
}
