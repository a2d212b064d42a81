import Foundation
import Gate
import Records
import Testing

@testable import Web

@Suite("On paper")
struct PrintTests {
    @Test("a record's form, its fields, the same as a workbook, and a line in the history each time")
    func record() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let customer = try await browser.call(
                .post, "/customers", #"{"name": "陶景川", "type": "person", "source": "other", "mobile": "19900000044"}"#)
            let order = try await browser.call(
                .post, "/orders",
                #"{"customer_id": \#(try #require(customer.json["id"]?.int)), "lines": [{"product": "星驰M9", "price_cents": 1000000}]}"#)
            let id = try #require(order.json["id"]?.int)
            let page = try await browser.get("/orders/\(id)/print")
            #expect(page.has("销售订单") && page.has("陶景川") && page.has("星驰M9") && page.has("人民币壹万元整") && page.has("版本 "))
            #expect(try await browser.get("/orders/\(id)/print?form=fields").has("订单号"))
            let workbook = try await browser.get("/orders/\(id)/print?form=order&format=xlsx")
            #expect(workbook.status == 200 && workbook.headers[.contentType]?.contains("spreadsheetml") == true)
            let lines = try await office.gate.read(as: try await office.boss) {
                try $0.changes(of: try $0.record($0.schema(named: "orders"), id: id))
            }
            #expect(lines.filter { if case .change(_, "print", _, _) = $0.content { true } else { false } }.count == 3)
            #expect(try await browser.get("/customers/\(id)/print").has("陶景川"), "without a sheet of their own, the fields")
        }
    }

    @Test("a list's form, with its filter; nothing found says so")
    func list() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            for name in ["甲店", "乙店"] {
                _ = try await browser.call(.post, "/customers", #"{"name": "\#(name)", "type": "dealer", "source": "other"}"#)
            }
            let page = try await browser.get("/customers/print?form=customer_table&filter[name]=%E7%94%B2%E5%BA%97")
            #expect(page.has("客户表格") && page.has("甲店") && !page.has("乙店") && page.has("供货价"))
            #expect(try await browser.get("/customers/print?form=customer_table&filter[name]=x").has("没有可打印的记录"))
            #expect(try await browser.get("/customers/print").has("乙店"))
        }
    }
}
