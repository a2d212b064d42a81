import Foundation
import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("The pages of dashboards")
struct DashboardPageTests {
    @Test("show what came for one's role, are copied, arranged, and take a list's statistics as a tile; all without a script")
    func whole() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            for place in 0..<3 {
                _ = try await browser.call(.post, "/customers", #"{"name": "磁贴客户\#(place)", "type": "company", "source": "other"}"#)
            }
            let start = try await browser.get("/dashboard")
            #expect(start.location == "/dashboard/sales")
            let page = try await browser.get("/dashboard/sales")
            #expect(page.status == 200 && page.has("销售漏斗") && page.has("class=\"dash\"") && !page.has("style=\""))
            // A copy of one's own.
            let copied = try await browser.post("/dashboard/sales/copy")
            let own = try #require(copied.location?.firstMatch(of: /\/dashboard\/(\d+)/)?.1).description
            let editor = try await browser.get("/dashboard/\(own)?edit=1")
            let tiles = editor.text.matches(of: /name="order" value="(\d+)"/).map { String($0.1) }
            #expect(tiles.count > 6)
            // The last comes first, the second is wider, the third goes.
            var form: [(String, String)] = [("name", "我的销售")]
            for tile in [tiles[tiles.count - 1]] + tiles.dropLast() {
                form += [("order", tile), ("title.\(tile)", "磁贴\(tile)"), ("width.\(tile)", tile == tiles[1] ? "12" : "4")]
            }
            form.append(("remove.\(tiles[2])", "on"))
            form.append(("_csrf", try await browser.csrf() ?? ""))
            #expect(try await browser.raw("/dashboard/\(own)", QueryItems(form.map { (name: $0.0, value: $0.1) }).text).status == 303)
            let again = try await browser.get("/dashboard/\(own)?edit=1").text.matches(of: /name="order" value="(\d+)"/).map {
                String($0.1)
            }
            #expect(again.first == tiles.last && !again.contains(tiles[2]) && again.count == tiles.count - 1)
            // A list's statistics become a tile.
            let statistics = try await browser.get("/customers?layout=stats&by=source&chart=donut")
            let link = try #require(statistics.links.first { $0.hasPrefix("/dashboard/add") })
            let adding = try await browser.get(link)
            #expect(adding.has("按客户来源的数量") && adding.has("我的销售"))
            let added = try await browser.post(
                "/dashboard/add",
                [
                    "entity": "customers", "question": adding.value("question")?.replacing("&amp;", with: "&") ?? "", "title": "来源",
                    "width": "6", "dashboard": own,
                ])
            #expect(added.status == 303)
            let dashboard = try await browser.get("/dashboard/\(own)")
            #expect(dashboard.has("来源") && dashboard.has(">3</a>"))
            #expect(
                try await browser.post(
                    "/dashboard/add", ["entity": "customers", "question": "by=mobile", "title": "坏", "width": "6", "dashboard": own]
                ).status == 422)
            // The same by REST.
            let json = try await browser.call(.get, "/dashboards/\(own)?include=tiles").json
            #expect(json["name"] == "我的销售")
        }
    }

    @Test("narrow every tile to one's own work and to another stretch of time, and each number leads to its records")
    func narrowed() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            for place in 0..<2 {
                _ = try await browser.call(.post, "/customers", #"{"name": "磁贴客户\#(place)", "type": "company", "source": "other"}"#)
            }
            let page = try await browser.get("/dashboard/store?who=me&span=year")
            let figure = try #require(page.text.firstMatch(of: /<a class="v num" href="(\/customers\?[^"]*)">2<\/a>/)?.1)
            let url = String(figure).replacing("&amp;", with: "&")
            #expect(url.contains("owner_id%5D=me") && url.contains("-01-01"))
            #expect(try await browser.get(url).has("<span class=\"count num\">2</span>"))
            #expect(try await browser.get("/").has("我的业绩"))
            let liwei = browser.other
            try await liwei.logIn("liwei")
            #expect(try await liwei.get("/dashboard/chief").status == 404)
            #expect(try await liwei.get("/dashboard").location == "/dashboard/sales")
        }
    }
}
