import Core
import Gate
import HTTPTypes
import Records
import Testing

@testable import Web

@Suite("One field changed where it stands")
struct CellTests {
    private let inline: HTTPFields = [.htmxRequest: "true"]

    private func make(_ browser: Browser, _ more: String = "") async throws -> Int64 {
        let made = try await browser.call(.post, "/customers", #"{"name":"恒远","type":"company","source":"other"\#(more)}"#)
        return try #require(made.json["id"]?.int)
    }

    @Test("a field is asked for, saved and shown again, with the way to take it back; without scripts on a page of its own")
    func save() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let id = try await make(browser), place = "/customers/\(id)/fields/city"
            let asked = try await browser.get(place, inline)
            #expect(asked.has("name=\"city\"") && !asked.has("<html"))
            let saved = try await browser.post(place + "?in=list", ["_version": "1", "_was": "", "city": "杭州市"], headers: inline)
            #expect(saved.status == 200 && saved.text == "杭州市")
            let undo = try #require(saved.headers[.undo])
            #expect(try await browser.get("/customers/\(id)").has("杭州市"))
            #expect(try await browser.post(undo).status == 303)
            #expect(!(try await browser.get("/customers/\(id)?tab=details")).has("杭州市"))
            let page = try await browser.get(place)
            #expect(page.has("<html") && page.has("修改城市"))
            #expect(try await browser.post(place, ["_version": "3", "_was": "", "city": "绍兴市"]).location == "/customers/\(id)")
            // On the record's page the fact brings its editor along.
            #expect(try await browser.post(place, ["_version": "4", "_was": "绍兴市", "city": "宁波市"], headers: inline).has("data-cell-at"))
        }
    }

    @Test("somebody else's value is shown beside one's own and not written over; another field changed meanwhile is not in the way")
    func conflict() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let id = try await make(browser), place = "/customers/\(id)/fields/city"
            #expect(try await browser.call(.patch, "/customers/\(id)", #"{"remark":"别处改了"}"#).status == 200)
            #expect(
                try await browser.post(place, ["_version": "1", "_was": "", "city": "杭州市"], headers: inline).status == 200,
                "only the remark was changed")
            let refused = try await browser.post(place, ["_version": "1", "_was": "", "city": "绍兴市"], headers: inline)
            #expect(refused.status == 409 && refused.has("cell-conflict") && refused.has("杭州市") && refused.has("value=\"绍兴市\""))
            #expect(try await browser.call(.get, "/customers/\(id)").json["city"] == .text("杭州市"))
            // Knowing that, one's own is saved.
            let was = try #require(refused.value("_was")), version = try #require(refused.value("_version"))
            #expect(try await browser.post(place, ["_version": version, "_was": was, "city": "绍兴市"], headers: inline).status == 200)
            #expect(try await browser.call(.get, "/customers/\(id)").json["city"] == .text("绍兴市"))
        }
    }

    @Test("a wrong value says so beside the field; what may not be changed has no editor")
    func refusals() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await make(browser)
            let wrong = try await browser.post(
                "/customers/\(id)/fields/mobile", ["_version": "1", "_was": "", "mobile": "12345"], headers: inline)
            #expect(wrong.status == 422 && wrong.has("aria-invalid=\"true\"") && wrong.has("value=\"12345\""))
            for field in ["completeness", "file_status", "id", "created_at", "nothing"] {
                #expect(try await browser.get("/customers/\(id)/fields/\(field)", inline).status == 403, "\(field)")
                #expect(try await browser.post("/customers/\(id)/fields/\(field)", [:], headers: inline).status == 403, "\(field)")
            }
            // He sees only his own: another's record is not there, and its field is not his to change.
            let his = browser.other
            try await his.logIn("liwei")
            #expect(try await his.get("/customers/\(id)/fields/city", inline).status == 404)
            #expect(try await his.post("/customers/\(id)/fields/city", ["city": "杭州市"], headers: inline).status == 404)
            // Nor does the list offer what he may not change.
            let role = try await office.role("sales_consultant")
            _ = try await browser.post("/settings/roles/\(role)", ["part": "fields", "entity": "customers", "f.customers.mobile": "read"])
            #expect(try await his.call(.post, "/customers", #"{"name":"他的","type":"company","source":"other"}"#).status == 201)
            let list = try await his.get("/customers")
            #expect(
                list.has("data-col=\"lifecycle\" data-edits") && list.has("data-col=\"mobile\"")
                    && !list.has("data-col=\"mobile\" data-edits"))
        }
    }

    @Test("facts that do not concern a record of its kind are not shown; the empty ones can be hidden")
    func facts() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let id = try await make(browser)
            let all = try await browser.get("/customers/\(id)?tab=details")
            #expect(all.has("<dt>统一社会信用代码</dt>") && !all.has("<dt>性别</dt>"), "a company has no sex")
            let filled = try await browser.get("/customers/\(id)?tab=details&filled=1")
            #expect(!filled.has("<dt>统一社会信用代码</dt>") && filled.has("<dt>客户名称</dt>"))
        }
    }

    @Test("an order's page shows its way and how long it stood where")
    func path() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let id = try await make(browser)
            let order = try #require(
                try await browser.call(.post, "/orders", #"{"customer_id":\#(id),"amount_cents":100}"#).json["id"]?.int)
            let page = try await browser.get("/orders/\(order)")
            let way = try #require(page.text.firstMatch(of: /<ol class="path".*?<\/ol>/)).0
            #expect(way.matches(of: /<li/).count == 5 && way.contains("aria-current=\"step\"") && way.contains("act-approve"))
            #expect(!(try await browser.get("/customers/\(id)")).has("class=\"path\""), "being frozen is no step on a way")
            #expect(try await browser.post("/orders/\(order)/actions/cancel", ["reason": "不要了"]).status == 303)
            #expect(way.contains("0 天"))
            let gone = try #require(try await browser.get("/orders/\(order)").text.firstMatch(of: /<ol class="path".*?<\/ol>/)).0
            #expect(gone.matches(of: /<li/).count == 6 && gone.contains("已取消"))
        }
    }
}
