import Core
import Gate
import HTTPTypes
import Records
import Testing

@testable import Web

@Suite("What pages say in people's words")
struct PlainPagesTests {
    private let inline: HTTPFields = [.htmxRequest: "true"]

    @Test("what the program made by itself was made by 系统")
    func byTheProgram() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await office.gate.write(as: .system()) { tx in
                try tx.create(tx.catalog.schema(Customer.self), ["name": "恒远", "type": "company", "source": "other"]).id
            }
            for address in ["/customers?columns=name,created_by", "/customers?layout=stats&by=created_by", "/customers/\(id)"] {
                let page = try await browser.get(address)
                #expect(page.status == 200 && !page.has("#0"), "\(address) \(page.status)")
            }
            #expect(try await browser.get("/customers?columns=name,created_by").has("系统</span>"))
            #expect(try await browser.get("/customers?layout=stats&by=created_by").has("系统"))
        }
    }

    @Test("the mark of demonstration data is on no page and among no offers; the API keeps it")
    func noDemoMark() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try #require(
                try await browser.call(.post, "/customers", #"{"name":"恒远","type":"company","source":"other"}"#).json["id"]?.int)
            let places = [
                "/customers/\(id)?tab=details", "/customers/\(id)/edit", "/customers/\(id)/print", "/customers/new?full=1",
                "/customers?layout=stats", "/settings/automation/new?on=customers.created",
            ]
            for place in places + ListPage.Panel.allCases.map({ "/customers/panels/\($0.rawValue)" }) {
                let page = try await browser.get(place)
                #expect(page.status == 200 && !page.has("演示数据"), "\(place) \(page.status)")
            }
            #expect(try await browser.call(.get, "/customers/\(id)").text.contains("\"is_demo\""))
        }
    }

    @Test("an import asks by labels what tells records apart; what is ticked is posted by name")
    func importKeys() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let body =
                "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n手机号码,客户名称\n13800138000,恒远\n\r\n--b--\r\n"
            let headers: HTTPFields = [
                .contentType: "multipart/form-data; boundary=b", .csrfToken: try #require(try await browser.csrf()),
            ]
            let place = try #require(try await browser.send("/customers/import", .post, headers, body).location)
            let page = try await browser.get(place)
            #expect(!page.has("mobile,name"))
            for (name, label) in ["mobile": "手机号码", "name": "客户名称"] {
                #expect(page.has("name=\"match\" value=\"\(name)\" checked>\(label)</label>"), "\(label)")
            }
            let started = try await browser.post(
                place,
                [
                    "header.0": "手机号码", "map.0": "mobile", "header.1": "客户名称", "map.1": "name", "match": "mobile", "match": "name",
                    "save_as": "名单",
                ])
            #expect(started.location?.hasPrefix("/jobs/") == true, "\(started)")
            let kept = try await office.gate.read(as: office.boss) { view in
                try view.savedMappings(of: view.catalog.schema(Customer.self)).map(\.plan.match)
            }
            #expect(kept == [["mobile", "name"]])
        }
    }

    @Test("set-up records are found by those who may change them; products by everybody who may read them")
    func setUpSearch() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.call(.post, "/customer_categories", #"{"name":"金葵车队","code":"jk"}"#).status == 201)
            #expect(try await browser.call(.post, "/products", #"{"name":"金葵轿车","price_cents":100}"#).status == 201)
            let his = browser.other
            try await his.logIn("liwei")
            for place in ["/palette?q=%E9%87%91%E8%91%B5&at=/", "/search?q=%E9%87%91%E8%91%B5"] {
                #expect(try await browser.get(place, inline).has("金葵车队"))
                let found = try await his.get(place, inline)
                #expect(found.has("金葵轿车") && !found.has("金葵车队"), "\(place)")
            }
        }
    }
}
