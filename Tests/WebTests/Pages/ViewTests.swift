import Core
import Gate
import Records
import Testing

@testable import Web

@Suite("Views of a list")
struct ViewTests {
    private func hint(_ page: Browser.Answer) -> Bool { page.has("class=\"changed\"") }

    @Test("a saved view opens as it was saved, says when it was changed, and is restored, saved over or kept apart")
    func life() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.call(.post, "/customers", #"{"name":"恒远","type":"company","source":"other"}"#).status == 201)
            #expect(!hint(try await browser.get("/customers?filter%5Btype%5D=company")), "nothing was saved that could have changed")
            let saved = try await browser.post(
                "/customers/views", ["name": "单位客户", "state": "filter[type]=company&sort=-name", "audience": "all"])
            #expect(saved.status == 303)
            let place = try #require(saved.location), id = try #require(place.split(separator: "=").last)
            let opened = try await browser.get(place)
            #expect(opened.has("单位客户") && !hint(opened))
            // Every link out of it still knows where it began.
            let more = try #require(opened.links.first { $0.hasPrefix("/customers?") && $0.hasSuffix("sort=type") })
            #expect(more.contains("from=\(id)"))
            let changed = try await browser.get(more)
            #expect(hint(changed) && changed.has("form=\"saveover\"") && changed.has("/customers?view=\(id)"))
            let state = try #require(changed.value("state")).replacing("&amp;", with: "&")
            #expect(try await browser.post("/customers/views/\(id)/state", ["state": state]).location == place)
            #expect(!hint(try await browser.get(more)), "it is what the view says now")
            #expect(try await browser.get(place).text.contains(/data-col="type"[^>]*aria-sort="ascending"/))

            // A colleague sees it, may keep it apart, but not change it.
            let his = browser.other
            try await his.logIn("liwei")
            let theirs = try await his.get(more)
            #expect(theirs.status == 200 && !theirs.has("form=\"saveover\""))
            #expect(try await his.post("/customers/views/\(id)", ["name": "x"]).status == 403)
            #expect(try await his.post("/customers/views/\(id)/copy").status == 303)
            #expect(try await his.get("/customers/views").has("单位客户 副本"))
            // He sees only his own customers, so he cannot share with everybody; the form says so and keeps what was typed.
            let refused = try await his.post("/customers/views", ["name": "给大家", "state": "q=x", "audience": "all"])
            #expect(refused.status == 422 && refused.has("只能与") && refused.has("给大家"))
        }
    }

    @Test("every entity has the lists everybody starts from, as far as they make sense, and each opens")
    func presets() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let page = try await browser.get("/customers")
            for words in ["全部", "我负责的", "我参与的", "我关注的", "最近查看", "今天新建", "30 天未跟进", "资料待补全", "公海"] { #expect(page.has(words), "\(words)") }
            let levels = try await browser.get("/customer_levels")
            #expect(!levels.has("我负责的") && !levels.has("天未跟进") && levels.has("我关注的"))
            for link in Set(page.links.filter { $0.hasPrefix("/customers?") }) {
                #expect(try await browser.get(link).status == 200, "\(link)")
            }
            #expect(try await browser.get("/customers?mine=nobody").status == 400)
            #expect(try await browser.call(.get, "/customers?mine=followed").status == 200)
        }
    }

    @Test("a view's name, tab and order are kept on its page, which works without scripts")
    func manage() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            for name in ["甲", "乙"] { _ = try await browser.post("/customers/views", ["name": "\(name)", "state": "q=\(name)"]) }
            let page = try await browser.get("/customers/views")
            let ids = page.text.matches(of: /action="\/customers\/views\/(\d+)"/).map { String($0.1) }
            #expect(ids.count == 2)
            #expect(try await browser.post("/customers/views/order", ["order": ids[1], "order": ids[0]]).status == 303)
            #expect(
                try await browser.post(
                    "/customers/views/\(ids[0])", ["name": "丙", "audience": "me", "is_pinned": "false", "is_default": "false"]
                ).status == 303)
            let list = try await browser.get("/customers")
            let tabs = try #require(list.text.firstMatch(of: /<nav class="tabs".*?<\/nav>/)).0
            #expect(tabs.contains("乙") && !tabs.contains("丙"), "what is not pinned stands in the menu")
            #expect(list.has("丙"))
            #expect(try await browser.post("/customers/views/\(ids[0])", ["name": " "]).status == 422)
            #expect(try await browser.post("/customers/views/\(ids[0])/delete").status == 303)
            #expect(!(try await browser.get("/customers/views")).has("丙"))
        }
    }
}

@Suite("Notifications")
struct NotificationTests {
    @Test("a notification opens its record and is read then; another is put off")
    func inbox() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let boss = try await office.boss
            let id = try await office.gate.write(as: .system()) { tx in
                tx.ignoresWarnings = true
                var row = tx.catalog.schema(Customer.self).blank()
                row["name"] = "林知远"
                row["source"] = "walk_in"
                let saved = try tx.insert(row)
                try tx.notify([boss.userID], of: .assigned, "转给了你", about: saved)
                try tx.notify([boss.userID], of: .due, "任务到期")
                return saved.id
            }
            let page = try await browser.get("/notifications")
            let first = try #require(page.links.first { $0.wholeMatch(of: /\/notifications\/\d+/) != nil })
            #expect(try await browser.get(first).location == "/customers/\(id)")
            #expect(try await office.gate.read(as: boss) { try $0.unreadCount() } == 1)
            let other = try #require(page.text.firstMatch(of: /\/notifications\/(\d+)\/snooze/)?.1)
            #expect(try await browser.post("/notifications/\(other)/snooze", ["until": "yesterday"]).status == 422)
            #expect(try await browser.post("/notifications/\(other)/snooze", ["until": "2099-01-01T00:00:00Z"]).status == 303)
            #expect(try await office.gate.read(as: boss) { try $0.unreadCount() } == 0)
            #expect(!(try await browser.get("/notifications")).has("任务到期"))
            let his = browser.other
            try await his.logIn("liwei")
            #expect(try await his.get(first).status == 404, "not his")
        }
    }

    @Test("what a live page is told")
    func news() {
        var note = Record<Notification>()
        note.row.id = 7
        note.text = "“引号”与\n换行"
        let text = EventStream.news(unread: 3, [note])
        #expect(!text.contains("\n"))
        let said = Plain(jsonText: text)?.object
        #expect(said?["badges"]?.object?["notifications"] == .int(3))
        #expect(said?["event"] == .text("notified") && said?["detail"]?.list?.first?.object?["url"] == .text("/notifications/7"))
        #expect(Plain(jsonText: EventStream.news(unread: 0, []))?.object?["event"] == nil)
    }
}
