import Core
import Gate
import Records
import TestSupport
import Testing

@testable import Web

@Suite("The table of a list")
struct TableTests {
    /// Six orders of one customer: 100, 200 … yuan, drafts and one approved.
    private func orders(_ browser: Browser) async throws -> [Int64] {
        try await browser.logIn("linlan")
        let customer = try #require(
            try await browser.call(.post, "/customers", #"{"name":"恒远","type":"company","source":"other"}"#).json["id"]?.int)
        var ids: [Int64] = []
        for index in 1...6 {
            ids.append(
                try #require(
                    try await browser.call(.post, "/orders", #"{"customer_id":\#(customer),"amount_cents":\#(index * 10_000)}"#).json["id"]?
                        .int))
        }
        #expect(try await browser.call(.post, "/orders/\(ids[5])/actions/approve", "{}").status == 200)
        return ids
    }

    @Test("groups stand together with their numbers, on every page of the list")
    func groups() async throws {
        try await Office.open { _, browser in
            _ = try await orders(browser)
            let page = try await browser.get("/orders?group=status&columns=amount_cents")
            let heads = page.text.matches(of: /<tr class="grp">.*?<\/tr>/).map { String($0.0) }
            #expect(heads.count == 2)
            #expect(heads.contains { $0.contains("草稿") && $0.contains(">5<") && $0.contains("1,500.00") }, "\(heads)")
            #expect(heads.contains { $0.contains("已批准") && $0.contains(">1<") && $0.contains("600.00") })
            // The second page begins with the head of the group it goes on with.
            let first = try await browser.get("/orders?group=status&columns=amount_cents&limit=3")
            let next = try #require(first.links.first { $0.contains("cursor=") })
            let second = try await browser.get(next)
            #expect(second.status == 200 && second.text.matches(of: /<tr class="grp">/).count >= 1)
            #expect(
                Set(first.text.matches(of: /data-id="(\d+)"/).map { $0.1 }).isDisjoint(
                    with: second.text.matches(of: /data-id="(\d+)"/).map { $0.1 }))
            #expect(try await browser.get("/orders?group=amount_cents").status == 400, "numbers make no groups")
            #expect(try await browser.get("/orders?group=ordered_on").has("class=\"grp\""))
        }
    }

    @Test("totals count every page, follow the filter and a change, and come only when asked for")
    func totals() async throws {
        try await Office.open { _, browser in
            let ids = try await orders(browser)
            #expect(!(try await browser.get("/orders?columns=amount_cents")).has("<tfoot>"))
            #expect(try await browser.get("/orders?columns=amount_cents&totals=1&limit=2").text.contains(/<tfoot>.*2,100\.00.*350\.00/))
            #expect(
                try await browser.get("/orders?columns=amount_cents&totals=1&filter[status]=draft").text.contains(
                    /<tfoot>.*1,500\.00.*300\.00/))
            #expect(try await browser.call(.patch, "/orders/\(ids[0])", #"{"amount_cents":1000000}"#).status == 200)
            #expect(
                try await browser.get("/orders?columns=amount_cents&totals=1").text.contains(/<tfoot>.*12,000\.00/),
                "what is remembered is forgotten with the change")
        }
    }

    @Test("sorted by several fields, said in the heads; without scripts by a form; density and widths belong to the view")
    func sorting() async throws {
        try await Office.open { _, browser in
            _ = try await orders(browser)
            let page = try await browser.get(
                "/orders?sort=status,-amount_cents&columns=status,amount_cents&widths=status.220&density=compact")
            #expect(page.has("data-col=\"status\" data-width=\"220\"") && page.has("tbl-compact"))
            #expect(page.text.matches(of: /aria-sort="(ascending|descending)"/).count == 2)
            #expect(
                try await browser.get("/orders?sf=status&sd=-&sf=&sd=&sf=amount_cents&sd=&columns=no").location
                    == "/orders?columns=no&sort=-status%2Camount_cents")
            #expect(try await browser.get("/orders/panels/sort").has("name=\"sf\""))
            #expect(try await browser.get("/orders/panels/group").has("group=status"))
        }
    }

    @Test("what is ticked is followed, exported and acted upon; a failing one is named")
    func bulk() async throws {
        try await Office.open { office, browser in
            let ids = try await orders(browser)
            #expect(try await browser.post("/orders/bulk/follow", ["query": "", "id": "\(ids[0])", "id": "\(ids[1])"]).flash == "已关注 2 条")
            #expect(try await browser.get("/orders?mine=followed").text.matches(of: /<tr data-id/).count == 2)
            let sheet = try #require(try await browser.post("/orders/bulk/export", ["query": "columns=no", "id": "\(ids[2])"]).location)
            #expect(sheet.contains("ids=\(ids[2])") && sheet.hasPrefix("/orders/export?"))
            #expect(try await browser.get(sheet).status == 200)
            #expect(try await browser.get("/orders?ids=x").status == 400)
            let ask = try await browser.post("/orders/bulk/approve", ["query": "", "id": "\(ids[0])", "id": "\(ids[5])"])
            #expect(ask.status == 200 && ask.has("value=\"approve\""))
            try await office.working {
                let job = try #require(
                    try await browser.post("/orders/bulk", ["what": "approve", "query": "", "id": "\(ids[0])", "id": "\(ids[5])"]).location)
                try await eventually("the job is over") { try await !browser.get(job).has("data-poll") }
                let page = try await browser.get(job)
                #expect(page.has("row-bad") && page.has("不能批准"), "the one that was approved already")
            }
            #expect(try await browser.call(.get, "/orders/\(ids[0])").json["status"] == .text("approved"))
        }
    }
}
