import Foundation
import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("The pages of reports")
struct ReportPageTests {
    @Test("list what one may ask by area, draw each with its table, and give it away as sheets")
    func ready() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            for place in 0..<3 {
                _ = try await browser.call(.post, "/customers", #"{"name": "报表客户\#(place)", "type": "company", "source": "other"}"#)
            }
            let catalogue = try await browser.get("/reports")
            #expect(catalogue.status == 200 && catalogue.has("新增客户") && catalogue.has("/reports/win_rate"))
            let report = try await browser.get("/reports/new_customers")
            #expect(report.status == 200 && report.has("按来源") && !report.has("style=\""))
            // A number leads to its records.
            let link = try #require(report.text.firstMatch(of: /<a class="lnk" href="(\/customers\?[^"]*source[^"]*)">3<\/a>/)?.1)
            #expect(try await browser.get(String(link).replacing("&amp;", with: "&")).has("<span class=\"count num\">3</span>"))
            #expect(try await browser.get("/reports/new_customers?period=last_year").has("没有可以统计的记录"))
            let xlsx = try #require(report.links.first { $0.contains("/customers/stats.xlsx") })
            let sheet = try await browser.get(xlsx.replacing("&amp;", with: "&"))
            #expect(sheet.status == 200 && sheet.text.hasPrefix("PK"))
            #expect(try await browser.get("/reports/aging").has("应收余额"))
            #expect(try await browser.get("/reports/unheard_of").status == 404)
        }
    }
}

@Suite("The builder of reports")
struct ReportBuilderTests {
    @Test(
        "counts by two fields with several measures against the year before, is saved, changed in its place, copied, and shared with a role"
    )
    func whole() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            for place in 0..<3 {
                _ = try await browser.call(
                    .post, "/customers",
                    #"{"name": "报表客户\#(place)", "type": "\#(place == 0 ? "person" : "company")", "#
                        + #""mobile": "1990000000\#(place)", "source": "other"}"#
                )
            }
            #expect(try await browser.get("/reports/new?entity=customers").location == "/customers?layout=stats")
            let built = try await browser.get(
                "/customers?layout=stats&by=source&and=none&measure=count&measure=rate:type:company&measure=&span=created_at:month&"
                    + "compare=year"
            )
            #expect(built.status == 200 && built.has("去年同期") && built.has("66.7%") && built.has("占比"))
            let cross = try await browser.get("/customers?layout=stats&by=source&and=type&chart=table")
            #expect(cross.has("客户来源 × 客户类型"))
            let link = try #require(cross.links.first { $0.hasPrefix("/reports/add") }).replacing("&amp;", with: "&")
            let form = try await browser.get(link)
            #expect(form.has("新的报表"))
            let question = try #require(form.value("question")).replacing("&amp;", with: "&")
            let saved = try await browser.post(
                "/reports/add",
                ["entity": "customers", "question": question, "title": "来源与类型", "name": "我的客户报表", "report": "", "time": "created_at"])
            let key = try #require(saved.location?.firstMatch(of: /\/reports\/(\d+)/)?.1).description
            let report = try await browser.get("/reports/\(key)")
            #expect(report.status == 200 && report.has("来源与类型") && report.has(">2</a>"))
            #expect(try await browser.get("/reports").has("我的客户报表"))
            // Its part is changed where it stands.
            let change = try #require(report.links.first { $0.contains("layout=stats") }).replacing("&amp;", with: "&")
            #expect(!change.contains("month-11"))
            let again = try #require(try await browser.get(change).links.first { $0.hasPrefix("/reports/add") }).replacing(
                "&amp;", with: "&")
            let part = try #require(again.firstMatch(of: /part=(\d+)/)?.1).description
            #expect(try await browser.get(again).has("value=\"来源与类型\""))
            _ = try await browser.post(
                "/reports/add", ["entity": "customers", "question": "by=type", "title": "只按类型", "report": key, "part": part])
            let changed = try await browser.get("/reports/\(key)")
            #expect(changed.has("只按类型") && !changed.has("来源与类型"))
            #expect(
                try await browser.post("/reports/add", ["entity": "customers", "question": "by=mobile", "title": "坏", "report": key]).status
                    == 422)
            let copied = try await browser.post("/reports/aging/copy")
            let own = try #require(copied.location)
            #expect(try await browser.get(own).has("应收周转天数"))
            // A colleague sees it only once one of his roles may, and may not change it.
            let liwei = browser.other
            try await liwei.logIn("liwei")
            #expect(try await liwei.get("/reports/\(key)").status == 404)
            let id = try #require(Int64(key)), role = try await office.role("sales_consultant")
            _ = try await browser.call(.patch, "/saved_reports/\(id)", #"{"role_ids": [\#(role)]}"#)
            let seen = try await liwei.get("/reports/\(key)")
            #expect(seen.status == 200 && seen.has("只按类型") && !seen.has("/saved_reports/\(key)/edit"))
            #expect(try await liwei.call(.patch, "/saved_reports/\(id)", #"{"name": "别人的"}"#).status != 200)
        }
    }
}
