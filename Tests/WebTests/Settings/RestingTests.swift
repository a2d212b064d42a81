import Gate
import Product
import Records
import TestSupport
import Testing

@testable import Web

/// What people made speaks of a pack; the pack goes; what they made waits for it, and nobody is told to throw it away.
@Suite("What speaks of a pack that is off")
struct RestingTests {
    @Test("a saved view opens without the part that is out of sight, and has it again")
    func views() async throws {
        try await Office.demo(on: .sqlite) { office, browser, password in
            try await browser.logIn("gm", password)
            let state = "filter[order_count][gte]=1&filter[type]=person&sort=-order_amount_cents&columns=name,order_amount_cents"
            let made = try await browser.post("/customers/views", ["name": "买过的", "state": state, "is_default": "true"])
            #expect(made.status == 303, "\(made)")
            let before = try await browser.get("/customers")
            #expect(before.status == 200 && !before.has("暂不生效"))
            try await office.gate.switchPack("marketing", on: false, as: .system())
            try await office.gate.switchPack("sales", on: false, as: .system())
            let without = try await browser.get("/customers")
            #expect(without.status == 200 && without.has("此视图用到已停用的「销售」，有关的条件和列暂不生效。"))
            #expect(!without.has("saveover"), "the rest is not saved over the whole")
            #expect(try await browser.get("/customers?filter%5Border_count%5D=1").status == 400)
            try await office.gate.switchPack("sales", on: true, as: .system())
            let kept = try await browser.get("/customers/views")
            let again = try await browser.get("/customers")
            #expect(again.status == 200 && !again.has("暂不生效") && again.has("order_count") && kept.has("买过的"))
        }
    }

    @Test("webhooks, flows and dashboards keep what they say of it")
    func settings() async throws {
        try await Office.demo(on: .sqlite) { office, browser, password in
            try await browser.logIn("sysop", password)
            let hook = try await browser.post(
                "/settings/webhooks",
                ["name": "ERP", "url": "https://erp.example.com/hook", "events": "customers.*", "events": "complaints.*"])
            #expect(hook.status < 400, "\(hook)")
            let gm = browser.other
            try await gm.logIn("gm", password)
            let copied = try #require(try await gm.post("/dashboard/care/copy").location?.prefix { $0 != "?" }).description
            try await office.gate.switchPack("service", on: false, as: .system())
            let list = try await browser.get("/settings/webhooks")
            let url = try #require(list.links.first { $0.wholeMatch(of: /\/settings\/webhooks\/\d+/) != nil })
            let page = try await browser.get(url)
            #expect(page.has("投诉（「服务」已停用）"))
            let saved = try await browser.post(
                url, ["name": "ERP", "url": "https://erp.example.com/hook", "events": "customers.*", "events": "complaints.*"])
            #expect(saved.status == 303, "\(saved)")
            let flows = try await browser.get("/settings/approvals")
            for link in Set(flows.links.filter { $0.wholeMatch(of: /\/settings\/approvals\/\d+/) != nil }) {
                let flow = try await browser.get(link)
                #expect(flow.status == 200 || flow.has("「服务」已停用，启用后再处理；内容都保留着。"), "\(link): \(flow)")
                #expect(!flow.has("可以删除它"))
            }
            let dashboard = try await gm.get(copied)
            #expect(dashboard.has("「服务」已停用。"))
            let gone = try await gm.get("/complaints")
            #expect(gone.status == 404 && gone.has("「服务」已停用：记录都保留着"))

            try await office.gate.switchPack("service", on: true, as: .system())
            let back = try await browser.get(url)
            #expect(back.has("complaints.*") && !back.has("已停用）"))
            #expect(try await gm.get("/complaints").status == 200)
        }
    }

    @Test("a request for somebody's word about it is out of sight with it, in lists and on its page")
    func requests() async throws {
        try await Office.demo(on: .sqlite) { office, browser, password in
            try await browser.logIn("gm", password)
            let found = try await office.gate.store.read { reading in
                try reading.fetch(Query(ApprovalRequest.self, where: \ApprovalRequest.entity == "quotes", limit: 1)).first
            }
            let request = try #require(found, "the demo company asks for a word about a quote"), page = "/approvals/\(request.id)"
            func listed() async throws -> Bool {
                let items = try await browser.call(.get, "/approvals?limit=500").json["items"]?.list ?? []
                return items.contains { $0.object?["id"]?.int == request.id }
            }
            let before = (try await browser.get(page).status, try await listed())
            #expect(before == (200, true))
            try await office.gate.switchPack("marketing", on: false, as: .system())
            try await office.gate.switchPack("sales", on: false, as: .system())
            let without = (try await browser.get(page).status, try await listed())
            #expect(without == (404, false))
            try await office.gate.switchPack("sales", on: true, as: .system())
            let again = (try await browser.get(page).status, try await listed())
            #expect(again == (200, true))
        }
    }
}
