import Foundation
import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("A calendar")
struct CalendarTests {
    private func task(_ browser: Browser, _ title: String, _ due: String) async throws -> Int64 {
        try #require(try await browser.call(.post, "/tasks", #"{"title": "\#(title)", "due_at": "\#(due)"}"#).json["id"]?.int)
    }

    /// What stands on one day.
    private func day(_ iso: String, of page: Browser.Answer) -> String {
        guard let start = page.text.range(of: "data-day=\"\(iso)\"") else { return "" }
        let rest = page.text[start.upperBound...]
        return String(rest[..<(rest.range(of: "</td>")?.lowerBound ?? rest.endIndex)])
    }

    @Test("shows a month from Monday with each record on its day, the lunar day and the holidays")
    func month() async throws {
        try await Office.open(clock: BoardTests.clock) { office, browser in
            try await browser.logIn("linlan")
            let id = try await task(browser, "回访王芳", "2026-11-25T01:30:00Z")
            let page = try await browser.get("/tasks?layout=calendar")
            let cell = day("2026-11-25", of: page)
            #expect(cell.contains("href=\"/tasks/\(id)\"") && cell.contains("09:30") && cell.contains("十七"))
            #expect(day("2026-11-23", of: page).contains("aria-current=\"date\"") && page.has("2026 年 11 月"))
            let days = page.text.matches(of: /data-day="([^"]*)"/).map { String($0.1) }
            #expect(days.first == "2026-10-26" && days.last == "2026-12-06", "whole weeks from Monday")
            let october = try await browser.get("/tasks?layout=calendar&at=2026-10")
            #expect(
                day("2026-10-01", of: october).contains("国庆节") && day("2026-10-01", of: october).contains("休")
                    && day("2026-10-10", of: october).contains("班"))
            #expect(day("2026-11-09", of: page).contains("十月"), "a lunar month begins")
        }
    }

    @Test("shows a week and a day by the hour, an agenda by the day, and refuses what it does not know")
    func ranges() async throws {
        try await Office.open(clock: BoardTests.clock) { office, browser in
            try await browser.logIn("linlan")
            _ = try await task(browser, "回访王芳", "2026-11-25T01:30:00Z")
            let week = try await browser.get("/tasks?layout=calendar&range=week&at=2026-11-27")
            #expect(week.has("2026 年 11 月 23 日 – 11 月 29 日") && week.has("09:00") && week.has("回访王芳"))
            #expect(try await browser.get("/tasks?layout=calendar&range=day&at=2026-11-25").has("回访王芳"))
            #expect(!(try await browser.get("/tasks?layout=calendar&range=day&at=2026-11-26").has("回访王芳")))
            #expect(try await browser.get("/tasks?layout=calendar&range=agenda").has("11 月 25 日 周三"))
            #expect(try await browser.get("/tasks?layout=calendar&range=agenda&at=2027-03-01").has("这段时间没有安排"))
            #expect(try await browser.get("/tasks?layout=calendar&range=decade").status == 400)
            #expect(try await browser.get("/tasks?layout=calendar&at=morgen").status == 400)
            #expect(try await browser.get("/tasks?layout=calendar&on=title").status == 400)
        }
    }

    @Test("moves a record to another day at the same time, with the version that was seen, and takes it back")
    func moves() async throws {
        try await Office.open(clock: BoardTests.clock) { office, browser in
            try await browser.logIn("linlan")
            let id = try await task(browser, "回访王芳", "2026-11-25T01:30:00Z")
            let version = try #require(try await browser.call(.get, "/tasks/\(id)").json["version"]?.int)
            let moved = try await browser.post(
                "/tasks/\(id)/day?on=due_at", ["to": "2026-11-27", "_version": "\(version)"], headers: [.htmxRequest: "true"])
            #expect(moved.status == 200 && moved.text == "\(version + 1)")
            #expect(try await browser.call(.get, "/tasks/\(id)").json["due_at"] == "2026-11-27T01:30:00Z")
            #expect(try await browser.post("/tasks/\(id)/day?on=due_at", ["to": "2026-11-28", "_version": "\(version)"]).status == 412)
            let toast = try #require(moved.headers[.htmxTrigger])
            let undo = try #require(toast.firstMatch(of: /\/undo\/(\d+)/)?.0)
            _ = try await browser.post(String(undo))
            #expect(try await browser.call(.get, "/tasks/\(id)").json["due_at"] == "2026-11-25T01:30:00Z")
            // What the program keeps does not move, and nothing goes to a day that is none.
            #expect(try await browser.post("/tasks/\(id)/day?on=completed_at", ["to": "2026-11-28"]).status == 422)
            #expect(try await browser.post("/tasks/\(id)/day?on=due_at", ["to": "2026-02-30"]).status == 422)
            let form = try await browser.get("/tasks/\(id)/day?on=due_at&back=%2Fcalendar")
            #expect(form.has("type=\"date\"") && form.has("value=\"2026-11-25\""))
            #expect(
                try await browser.post("/tasks/\(id)/day?on=due_at", ["to": "2026-11-30", "back": "/calendar"]).location == "/calendar")
        }
    }

    @Test("of all layers shows one's own, one's people's or all, and offers a new record on a day")
    func combined() async throws {
        try await Office.open(clock: BoardTests.clock) { office, browser in
            try await browser.logIn("linlan")
            let his = browser.other
            try await his.logIn("liwei")
            _ = try await task(browser, "林岚的事", "2026-11-25T01:30:00Z")
            _ = try await task(his, "李伟的事", "2026-11-25T02:30:00Z")
            let person = try await browser.call(
                .post, "/customers",
                #"{"name": "农历的寿星", "type": "person", "source": "other", "mobile": "13800138000", "#
                    + #""birthday": "1980-10-20", "birthday_calendar": "lunar"}"#
            )
            let next = try #require(person.json["next_birthday_on"]?.text, "\(person.text)")
            let page = try await browser.get("/calendar")
            #expect(page.has("林岚的事") && !page.has("李伟的事") && page.has("任务 · 截止时间"))
            #expect(try await browser.get("/calendar?who=all").has("李伟的事"))
            #expect(
                day(next, of: try await browser.get("/calendar?at=\(next)")).contains("农历的寿星"), "on the day that the lunar one falls on")
            #expect(!(try await browser.get("/calendar?layers=customers.next_birthday_on").has("林岚的事")))
            #expect(!(try await his.get("/calendar?who=all").has("林岚的事")), "nothing beyond one's reach")
            let add = try #require(page.links.first { $0.hasPrefix("/tasks/quick") && $0.contains("2026-11-26") })
            let form = try await browser.get(add, [.htmxRequest: "true"])
            #expect(form.has("name=\"due_at\"") && form.has("2026-11-26T09:00") && form.has("name=\"back\" value=\"/calendar\""))
        }
    }

    @Test("of a thousand records reads a few of each day and says how many there are")
    func many() async throws {
        try await Office.open(clock: BoardTests.clock) { office, browser in
            try await browser.logIn("linlan")
            let boss = try await office.boss
            try await office.gate.write(as: boss) { tx in
                let schema = try tx.schema(named: "tasks")
                for number in 0..<450 {
                    _ = try tx.create(
                        schema,
                        ["title": .text("事\(number)"), "due_at": .text("2026-11-\(number < 440 ? "24" : "26")T0\(number % 9):00:00Z")])
                }
            }
            let page = try await browser.get("/tasks?layout=calendar")
            #expect(day("2026-11-24", of: page).contains("还有 436 条") && day("2026-11-26", of: page).contains("还有 6 条"))
        }
    }

    @Test("is read under a secret address with its owner's rights, until the address is revoked")
    func feed() async throws {
        try await Office.open(clock: BoardTests.clock) { office, browser in
            try await browser.logIn("linlan")
            let his = browser.other, phone = browser.other
            try await his.logIn("liwei")
            let id = try await task(his, "回访王芳, 带资料", "2026-11-25T01:30:00Z")
            _ = try await task(browser, "林岚的事", "2026-11-25T01:30:00Z")
            _ = try await task(his, "去年的事", "2025-11-25T01:30:00Z")
            let done = try await task(his, "做完的事", "2026-11-26T01:30:00Z")
            _ = try await his.call(.post, "/tasks/\(done)/actions/complete", "{}")
            func address(_ page: Browser.Answer) throws -> String {
                String(try #require(page.text.firstMatch(of: /\/calendar\/zc_[^"]*\.ics/)?.0))
            }
            let url = try address(try await his.post("/me/calendar"))
            #expect(!(try await his.get("/me/calendar").has(".ics")), "shown once")
            let feed = try await phone.get(url)
            #expect(feed.status == 200 && feed.headers[.contentType] == "text/calendar; charset=utf-8")
            #expect(
                feed.has("SUMMARY:回访王芳\\, 带资料") && feed.has("DTSTART:20261125T013000Z") && feed.has("/tasks/\(id)")
                    && feed.has("UID:tasks.due_at-\(id)@zhike"))
            #expect(!feed.has("林岚的事") && !feed.has("去年的事") && !feed.has("做完的事"))
            #expect(try await phone.get("/calendar/zc_\(String(repeating: "a", count: 43)).ics").status == 404)
            let newer = try address(try await his.post("/me/calendar"))
            #expect(try await phone.get(url).status == 404, "a new address ends the old one")
            #expect(try await phone.get(newer).status == 200)
            _ = try await his.post("/me/calendar/revoke")
            #expect(try await phone.get(newer).status == 404)
            // Whoever leaves reads no more.
            let last = try address(try await his.post("/me/calendar")), liwei = try await office.user("liwei")
            #expect(try await browser.call(.patch, "/users/\(liwei)", #"{"status": "disabled"}"#).status == 200)
            #expect(try await phone.get(last).status == 404)
        }
    }
}
