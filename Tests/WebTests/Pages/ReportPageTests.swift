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
            for place in 0..<3 { _ = try await browser.call(.post, "/customers", #"{"name": "报表客户\#(place)", "type": "company", "source": "other"}"#) }
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
