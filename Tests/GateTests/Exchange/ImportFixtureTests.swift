import Foundation
import Records
import TestSupport
import Testing

@testable import Gate

@Suite("Real and realistic sheets", .serialized, .enabled(if: ImportFixtures.arePresent))
struct ImportFixtureTests {
    struct Expected: Decodable {
        struct Sample: Decodable { var line: Int, name: String, mobile: String, type: String }
        var rows: Int, distinct_customers: Int, rejected_rows: Int
        var rejected_lines: [String: [Int]]
        var by_type: [String: Int]
        var sample: [Sample]
    }

    @Test(
        "a Chinese office's customer sheet gives exactly the customers and rejections it should, and nothing the second time",
        arguments: ["customers.gb18030.csv", "customers.xlsx"], Harbour.Engine.available)
    func customers(file: String, engine: Harbour.Engine) async throws {
        let expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: URL(fileURLWithPath: ImportFixtures.path("customers.expected.json"))))
        try await Harbour.open(engine) { harbour async throws in
            var plan = ImportPlan(into: "customers")
            plan.match = ["mobile", "name"]
            let importer = Importer(DirectHost(harbour.gate, as: harbour.admin))
            let result = try await importer.run(plan, file: ImportFixtures.path(file))
            #expect(result.rows == expected.rows)
            #expect(result.created == ["customers": expected.distinct_customers])
            #expect(result.rejected == expected.rejected_rows)
            #expect(
                result.rows == expected.distinct_customers + result.updated["customers", default: 0]
                    + result.unchanged["customers", default: 0] + result.rejected)
            expectRejections(result, expected)

            let customers = try await harbour.all("customers")
            #expect(customers.count == expected.distinct_customers)
            #expect(Dictionary(grouping: customers) { $0["type"].text ?? "" }.mapValues(\.count) == expected.by_type)
            for sample in expected.sample {
                let found = customers.filter { $0["name"] == .text(sample.name) && $0["mobile"] == .text(sample.mobile) }
                #expect(found.count == 1)
                #expect(found.first?["type"] == .text(sample.type))
            }
            #expect(
                customers.contains { $0["remark"] == "𠮷野家会员" } && customers.contains { $0["remark"] == "=1+1" }
                    && customers.contains { $0["remark"] == "两行\n备注" })
            #expect(Set(customers.map { $0["code"] }).count == customers.count)

            let entries = try await harbour.audit().count
            let again = try await importer.run(plan, file: ImportFixtures.path(file))
            #expect(again.created == ["customers": 0] && again.updated == ["customers": 0])
            #expect(again.unchanged == ["customers": expected.rows - expected.rejected_rows])
            #expect(try await harbour.audit().count == entries)
        }
    }

    private func expectRejections(_ result: ImportResult, _ expected: Expected) {
        let reasons = [
            "客户名称/required": "name_missing", "手机号码/invalid": "mobile_invalid", "客户类型/unknown_option": "type_unknown",
            "建档日期/invalid": "date_invalid", "生日/invalid": "date_invalid",
        ]
        let lines = Dictionary(grouping: result.rejections) { reasons["\($0.column)/\($0.code)"] ?? "\($0.column)/\($0.code)" }.mapValues {
            $0.map(\.line).sorted()
        }
        #expect(lines == expected.rejected_lines)
    }

    @Test("a sheet of purchases becomes customers and their orders, and reverting it leaves nothing", arguments: Harbour.Engine.available)
    func purchases(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            let whole = try String(contentsOfFile: ImportFixtures.path("purchases_cdnow.csv"), encoding: .utf8).split(
                whereSeparator: \.isNewline)
            // The whole file takes a minute unoptimised; its first part says the same.
            let part = Size.isFull ? whole : Array(whole.prefix(3001))
            let rows = part.dropFirst().map { $0.split(separator: ",") }
            let people = Set(rows.map { $0[1] }).count
            let cents = rows.reduce(0) { $0 + (Int($1[4].filter { $0 != "." && $0 != "\r" }) ?? 0) }
            let importer = Importer(DirectHost(harbour.gate, as: harbour.admin))
            let result = try await importer.run(
                ImportFixtures.purchases, file: try harbour.text(part.joined(separator: "\n"), "purchases.csv"))
            #expect(result.created == ["customers": people, "orders": rows.count])
            #expect(result.rejected == 0)

            let orders = try await harbour.all("orders"), customers = try await harbour.all("customers")
            #expect(orders.count == rows.count && customers.count == people)
            #expect(orders.reduce(0) { $0 + ($1["amount_cents"].int ?? 0) } == Int64(cents))
            #expect(customers.reduce(0) { $0 + ($1["order_amount_cents"].int ?? 0) } == Int64(cents))
            #expect(customers.reduce(0) { $0 + ($1["order_count"].int ?? 0) } == Int64(rows.count))
            let second = try #require(customers.first { $0["code"] == "00002" })
            #expect(second["name"] == "顾客 00002" && second["source"] == "import")
            #expect(try await harbour.audit("create").filter { $0.entity == "orders" }.count == rows.count)

            let again = try await importer.run(ImportFixtures.purchases, file: harbour.folder + "/purchases.csv")
            #expect(again.unchanged == ["customers": people, "orders": rows.count])

            let report = try await Reversal(DirectHost(harbour.gate, as: harbour.admin)).run(result.operation)
            #expect(report.erased == people + rows.count && report.kept == 0)
            #expect(try await harbour.count("orders") == 0)
            #expect(try await harbour.count("customers") == 0)
            let twice = try await Reversal(DirectHost(harbour.gate, as: harbour.admin)).run(result.operation)
            #expect(twice.erased == 0 && twice.kept == 0)
        }
    }
}
