import Foundation
import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("The statistics of a list")
struct StatisticsTests {
    private func fill(_ browser: Browser) async throws {
        for (place, source) in ["other", "other", "phone_in"].enumerated() {
            _ = try await browser.call(.post, "/customers", #"{"name": "统计客户\#(place)", "type": "company", "source": "\#(source)"}"#)
        }
    }

    @Test("are drawn without a script, and every number on the page leads to as many records")
    func links() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            try await fill(browser)
            for words in [
                "by=source", "by=source&chart=donut", "by=source&chart=funnel", "by=source&chart=table", "by=created_at:day",
                "by=created_at&and=source", "by=source&and=type&chart=heat", "by=source&and=type&chart=bar", "by=none",
            ] {
                let page = try await browser.get("/customers?layout=stats&\(words)")
                #expect(page.status == 200 && !page.has("style=\""), "\(words)")
                #expect(
                    words.contains("table") || words.contains("heat") || words.contains("none") || page.has("<svg class=\"plot"), "\(words)"
                )
                var checked = 0
                for match in page.text.matches(of: /<td class="r num"><a class="lnk" href="(\/customers\?[^"]*)">([0-9,]+)<\/a>/) {
                    let list = try await browser.get(String(match.1).replacing("&amp;", with: "&"))
                    #expect(list.has("<span class=\"count num\">\(match.2)</span>"), "\(words): \(match.1)")
                    checked += 1
                }
                #expect(checked > 1 || words.contains("heat") || words.contains("none"), "\(words)")
            }
        }
    }

    @Test("keep the list's conditions, say when there is nothing, and refuse what cannot be counted")
    func conditions() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.get("/customers?layout=stats").has("还没有"), "an empty list says so itself")
            try await fill(browser)
            let page = try await browser.get("/customers?layout=stats&by=type&filter[source]=phone_in")
            #expect(
                page.has(#"name="filter[source]" value="phone_in""#) && page.has("filter%5Bsource%5D=phone_in&amp;filter%5Btype%5D=company")
            )
            #expect(try await browser.get("/customers?layout=stats&by=type&filter[name]=nobody").has("没有符合条件的"))
            #expect(try await browser.get("/customers?layout=stats&by=mobile").status == 400)
            #expect(try await browser.get("/customers?layout=stats&by=type&measure=sum:name").status == 400)
        }
    }

    @Test("are taken away as a sheet and read by programs as the same numbers")
    func sheets() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            try await fill(browser)
            let sheet = try await browser.get("/customers/stats.csv?by=source&filter[source][in]=other,phone_in")
            let lines = sheet.text.split(whereSeparator: \.isNewline).map(String.init)
            #expect(sheet.headers[.contentDisposition]?.contains("filename") ?? false)
            #expect(lines.first?.hasSuffix("客户来源,数量") ?? false && lines.last == "合计,3" && lines.contains("来电,1"))
            let json = try await browser.call(.get, "/customers/stats?by=source&filter[source]=other").json
            #expect(
                json["totals"] == .list([2])
                    && json["keys"]?.list?.first { $0.object?["value"] == "other" }?.object?["values"] == .list([2]))
            #expect(try await browser.call(.get, "/customers/stats?by=no_such").status == 400)
            #expect(try await browser.call(.get, "/customers/stats?nonsense=1").status == 400)
        }
    }

    @Test("speak English to those who do")
    func english() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            try await fill(browser)
            _ = try await browser.post("/me/preferences", ["language": "en"])
            let page = try await browser.get("/customers?layout=stats&by=source&chart=donut")
            #expect(page.has("Data table") && page.has("Count by source") && !page.text.contains("数据表"))
        }
    }

    @Test(
        "choose steps of an axis that are round and cover the values",
        arguments: [(0.0, 7.0), (0, 0), (0, 123_456), (-50, 90), (0, 3), (0, 1e12)])
    func steps(low: Double, high: Double) {
        let axis = Chart.steps(low, high)
        #expect(axis.low <= low && axis.high >= high && axis.high > axis.low && (axis.high - axis.low) / axis.step <= 7)
    }
}
