import Foundation
import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("A board")
struct BoardTests {
    /// 2026-11-23 in China.
    static let clock = Clock { Instant(milliseconds: 1_795_400_000_000) }

    private func order(_ browser: Browser, _ customer: Int64, _ cents: Int, _ on: String = "2026-11-20") async throws -> Int64 {
        try #require(
            try await browser.call(.post, "/orders", #"{"customer_id": \#(customer), "amount_cents": \#(cents), "ordered_on": "\#(on)"}"#)
                .json["id"]?.int)
    }

    private func customer(_ browser: Browser, _ name: String) async throws -> Int64 {
        try #require(
            try await browser.call(.post, "/customers", #"{"name": "\#(name)", "type": "company", "source": "other"}"#).json["id"]?.int)
    }

    /// What stands in one column.
    private func column(_ key: String, of page: Browser.Answer) -> String {
        guard let start = page.text.range(of: "data-stage=\"\(key)\"") else { return "" }
        let rest = page.text[start.upperBound...]
        return String(rest[..<(rest.range(of: "</section>")?.lowerBound ?? rest.endIndex)])
    }

    private func fragment(_ browser: Browser, _ path: String, _ values: KeyValuePairs<String, String>) async throws -> Browser.Answer {
        try await browser.post(path, values, headers: [.htmxRequest: "true"])
    }

    @Test("has a column for each state with its number, sum and cards, and the final states folded at the end")
    func columns() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let who = try await customer(browser, "苏州恒锐精密")
            let first = try await order(browser, who, 12_345_600), second = try await order(browser, who, 20_000_000)
            #expect(try await browser.post("/orders/\(second)/move?by=status", ["to": "approved"]).status == 303)
            let page = try await browser.get("/orders?layout=board")
            let draft = column("draft", of: page), approved = column("approved", of: page)
            #expect(
                draft.contains("¥ 12.3 万") && draft.contains("href=\"/orders/\(first)\"") && draft.contains("苏州恒锐精密")
                    && !draft.contains("href=\"/orders/\(second)\""))
            #expect(approved.contains("¥ 20 万") && approved.contains("href=\"/orders/\(second)\""))
            #expect(page.has("class=\"kcol folded\" aria-label=\"已取消\"") && !page.has("class=\"kcol folded\" aria-label=\"草稿\""))
            #expect(!page.has("<tbody"), "no table besides")
            #expect(column("draft", of: try await browser.get("/orders?layout=board&filter[amount_cents][gt]=15000000")).contains(">0</a>"))
            #expect(try await browser.get("/orders?layout=board&by=no").status == 400)
        }
    }

    @Test("moves a card by the state machine's step, says why not, and takes it back")
    func steps() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await order(browser, try await customer(browser, "客户"), 100)
            let refused = try await fragment(browser, "/orders/\(id)/move?layout=board&by=status", ["to": "settled"])
            #expect(refused.status == 409 && refused.has("不能从「草稿」移到「已结算」"))
            let moved = try await fragment(browser, "/orders/\(id)/move?layout=board&by=status", ["to": "approved"])
            #expect(moved.status == 200 && moved.has("class=\"kcard\"") && moved.has("data-head=\"draft\""))
            #expect(try await browser.call(.get, "/orders/\(id)").json["status"] == "approved")
            let toast = try #require(moved.headers[.htmxTrigger])
            let undo = try #require(toast.firstMatch(of: /\/undo\/(\d+)/)?.0)
            _ = try await browser.post(String(undo))
            #expect(try await browser.call(.get, "/orders/\(id)").json["status"] == "draft")
        }
    }

    @Test("asks what the step must know before it is taken")
    func questions() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await order(browser, try await customer(browser, "客户"), 100)
            let asked = try await fragment(browser, "/orders/\(id)/move?by=status", ["to": "cancelled"])
            #expect(asked.status == 202 && asked.has("name=\"step.reason\"") && asked.has("data-move=\"\(id)\""))
            #expect(try await browser.call(.get, "/orders/\(id)").json["status"] == "draft", "nothing yet")
            let wrong = try await fragment(browser, "/orders/\(id)/move?by=status", ["to": "cancelled", "_asked": "1", "step.reason": ""])
            #expect(wrong.status == 422 && wrong.has("请填写「原因」"))
            #expect(
                try await fragment(browser, "/orders/\(id)/move?by=status", ["to": "cancelled", "_asked": "1", "step.reason": "客户改主意"])
                    .status == 200)
            #expect(try await browser.call(.get, "/orders/\(id)").json["status"] == "cancelled")
            // Without scripts it is a page.
            let other = try await order(browser, try await customer(browser, "客户二"), 100)
            let page = try await browser.get("/orders/\(other)/move?by=status")
            #expect(page.has("value=\"approved\"") && page.has("<html"))
            #expect(try await browser.post("/orders/\(other)/move?by=status", ["to": "cancelled"]).has("name=\"step.reason\""))
        }
    }

    @Test("changes a plain choice, an owner and a month, each with the version that was seen")
    func fields() async throws {
        try await Office.open(clock: Self.clock) { office, browser in
            try await browser.logIn("linlan")
            let who = try await customer(browser, "客户"), id = try await order(browser, who, 100, "2026-10-31")
            let seen = try #require(try await browser.call(.get, "/orders/\(id)").json["version"]?.int)
            let board = try await browser.get("/orders?layout=board&by=ordered_on")
            #expect(column("2026-10", of: board).contains("/orders/\(id)\"") && board.has("2026 年 10 月"))
            #expect(
                try await fragment(browser, "/orders/\(id)/move?by=ordered_on", ["to": "2026-11", "_version": "\(seen)"]).status == 200)
            #expect(try await browser.call(.get, "/orders/\(id)").json["ordered_on"] == "2026-11-30", "the month has no 31st")
            #expect(
                try await fragment(browser, "/orders/\(id)/move?by=ordered_on", ["to": "2026-12", "_version": "\(seen)"]).status == 412)
            let his = try await office.user("liwei")
            #expect(try await fragment(browser, "/orders/\(id)/move?by=owner_id", ["to": "\(his)"]).status == 200)
            #expect(column("\(his)", of: try await browser.get("/orders?layout=board&by=owner_id")).contains("/orders/\(id)\""))
            #expect(try await fragment(browser, "/customers/\(who)/move?by=lifecycle", ["to": "nonsense"]).status == 422)
        }
    }

    @Test("tells how a column's records stand with their next day, and leads to them")
    func dueness() async throws {
        try await Office.open(clock: Self.clock) { office, browser in
            try await browser.logIn("linlan")
            for (title, due) in [("昨天的", "2026-11-22T01:00:00Z"), ("今天的", "2026-11-23T02:00:00Z"), ("以后的", "2026-12-01T02:00:00Z")] {
                _ = try await browser.call(.post, "/tasks", #"{"title": "\#(title)", "due_at": "\#(due)"}"#)
            }
            _ = try await browser.call(.post, "/tasks", #"{"title": "不急"}"#)
            let page = try await browser.get("/tasks?layout=board&by=status")
            #expect(page.has("计划中 1，今天 1，逾期 1，没有安排 1"))
            let overdue = try #require(page.links.first { $0.hasSuffix("filter%5Bdue_at%5D%5Blt%5D=today") && $0.contains("layout=board") })
            let narrowed = column("open", of: try await browser.get(overdue))
            #expect(narrowed.contains("昨天的") && !narrowed.contains("以后的") && narrowed.contains("已逾期 1 天"))
        }
    }

    @Test("loads twenty cards a column and more by key, and makes one in its column")
    func more() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            for number in 10..<33 { _ = try await browser.call(.post, "/tasks", #"{"title": "任务\#(number)", "priority": "high"}"#) }
            let page = try await browser.get("/tasks?layout=board&by=priority")
            let high = column("high", of: page)
            #expect(high.matches(of: /class="kcard"/).count == 20)
            let link = String(try #require(high.firstMatch(of: /hx-get="([^"]*)"[^>]*>加载更多/)?.1)).replacing("&amp;", with: "&")
            #expect(try await browser.get(link, [.htmxRequest: "true"]).text.matches(of: /class="kcard"/).count == 3)
            let quick = try await browser.get(
                "/tasks/quick?priority=low&back=%2Ftasks%3Flayout%3Dboard%26by%3Dpriority&inline=1", [.htmxRequest: "true"])
            #expect(quick.has("name=\"title\"") && quick.has("name=\"priority\" value=\"low\""))
            let back = try #require(quick.value("back")).replacing("&amp;", with: "&")
            let made = try await browser.post("/tasks", ["title": "新的", "priority": "low", "back": back])
            #expect(made.location == back)
            #expect(column("low", of: try await browser.get(back)).contains("新的"))
        }
    }

    @Test("has the stages of a pipeline for columns and asks what a stage wants to know")
    func stages() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let who = try await customer(browser, "客户")
            let made = try await browser.call(
                .post, "/opportunities",
                #"{"name": "换新系统", "customer_id": \#(who), "amount_cents": 5000000, "expected_close_on": "2027-01-31"}"#)
            let id = try #require(made.json["id"]?.int, "\(made.text)"), first = try #require(made.json["stage_id"]?.int)
            let page = try await browser.get("/opportunities?layout=board")
            let keys = page.text.matches(of: /data-stage="([^"]*)"/).compactMap { Int64($0.1) }
            #expect(
                keys.count == 6 && keys.first == first && column("\(first)", of: page).contains("/opportunities/\(id)\"")
                    && page.has("aria-label=\"需求确认\""))
            let second = keys[1]
            let asked = try await fragment(browser, "/opportunities/\(id)/move?by=stage_id", ["to": "\(second)"])
            #expect(asked.status == 202 && asked.has("name=\"requirement\"") && asked.has("name=\"buy_within\"") && asked.has("data-move"))
            #expect(
                try await fragment(browser, "/opportunities/\(id)/move?by=stage_id", ["to": "\(second)", "_asked": "1", "requirement": ""])
                    .status == 422)
            let within = try #require(asked.text.firstMatch(of: /name="buy_within"[\s\S]*?<option value="([a-z0-9_]+)"/)?.1)
            #expect(
                try await fragment(
                    browser, "/opportunities/\(id)/move?by=stage_id",
                    ["to": "\(second)", "_asked": "1", "requirement": "三十个座位", "buy_within": String(within)]
                ).status == 200)
            #expect(try await browser.call(.get, "/opportunities/\(id)").json["stage_id"]?.int == second)
            #expect(try await fragment(browser, "/opportunities/\(id)/move?by=stage_id", ["to": "\(first)"]).has("name=\"stage_reason\""))
        }
    }

    @Test("shows and sums nothing that is hidden from its reader")
    func rights() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let his = browser.other, role = try await office.role("sales_consultant"), liwei = try await office.user("liwei")
            let who = try await customer(browser, "客户"), id = try await order(browser, who, 98_765_400)
            _ = try await browser.call(.patch, "/orders/\(id)", #"{"owner_id": \#(liwei)}"#)
            try await his.logIn("liwei")
            #expect(try await his.get("/orders?layout=board").has("987,654"))
            #expect(
                try await browser.post(
                    "/settings/roles/\(role)?tab=fields&entity=orders",
                    ["part": "fields", "entity": "orders", "f.orders.amount_cents": "hidden", "f.orders.status": "hidden"]
                ).status == 303)
            let page = try await his.get("/orders?layout=board")
            #expect(!page.has("98.8 万") && !page.has("987,654") && !page.has("按 状态 分列") && page.has("/orders/\(id)\""))
            #expect(try await his.get("/orders?layout=board&by=status").status == 400)
            #expect(try await fragment(his, "/orders/\(id)/move?by=status", ["to": "approved"]).status == 400)
        }
    }
}
