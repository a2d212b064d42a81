import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("The filters of a list")
struct FilterPageTests {
    @Test("a form that is filled in leads to the list, one that is wrong comes back with what was typed")
    func form() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let right = try await browser.get("/customers/filter?q=a&ff=order_amount_cents&fw=range&fl=10万&fh=")
            #expect(right.status == 303 || right.status == 302)
            #expect(right.headers[.location]?.contains("q=a&filter%5Border_amount_cents%5D%5Bgte%5D=10000000") == true, "\(right.headers)")
            for headers in [[:], [.htmxRequest: "true"]] as [HTTPFields] {
                let wrong = try await browser.get("/customers/filter?ff=order_amount_cents&fw=range&fl=%E5%BE%88%E5%A4%9A", headers)
                #expect(wrong.status == 400 && wrong.has("「累计成交金额」的数无法读取") && wrong.has("value=\"很多\""))
                #expect(wrong.has("<main") == headers.isEmpty)
            }
            let raw = try await browser.get("/customers/filter?ff=type&fo=gt&fv=3")
            #expect(raw.status == 400 && raw.has("<main") && raw.has("客户类型") && raw.has("value=\"3\""))
        }
    }

    @Test("a chip is a sentence that opens its own form, and what is put there takes its place")
    func edit() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let state =
                "filter%5Btype%5D=company&filter%5Bcreated_at%5D%5Bgte%5D=week&filter%5Bcreated_at%5D%5Blt%5D=week%2B1&filter%5Bcity%5D=x"
            let list = try await browser.get("/customers?" + state)
            #expect(list.text.contains(/本周内/) && list.has("移除筛选 创建时间"))
            let form = try await browser.get("/customers/panels/addfilter?\(state)&fe=2", [.htmxRequest: "true"])
            #expect(form.text.contains(/value="week"[^>]*checked/))
            let changed = try await browser.get("/customers/filter?\(state)&ff=created_at&fe=2&fw=empty")
            #expect(
                changed.headers[.location]
                    == "/customers?filter%5Btype%5D=company&filter%5Bcreated_at%5D%5Bempty%5D=true&filter%5Bcity%5D=x")
        }
    }

    @Test("two bounds stay one alternative of a group")
    func groups() {
        let items = QueryItems([("filter[any][1][city][eq]", "x"), ("filter[any][1][type][eq]", "company")])
        let bounds = [FilterCondition("created_at", .gte, "week"), FilterCondition("created_at", .lt, "week+1")]
        let added = FilterBuilder(items: items).adding(bounds, joining: "any.1").pairs.map(\.name)
        #expect(added.suffix(2) == ["filter[any][1][all][q2][created_at][gte]", "filter[any][1][all][q2][created_at][lt]"])
        let replaced = FilterBuilder(items: items).replacing([0], with: bounds).pairs.map(\.name)
        #expect(
            replaced == [
                "filter[any][1][all][e0][created_at][gte]", "filter[any][1][all][e0][created_at][lt]", "filter[any][1][type][eq]",
            ])
    }
}
