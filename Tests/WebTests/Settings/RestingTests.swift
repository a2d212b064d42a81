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

    @Test("webhooks, flows and dashboards keep what they say of it; requests about it wait")
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
            let asked = try await gm.call(.get, "/approvals?limit=200&filter%5Bstatus%5D=pending").json["items"]?.list ?? []
            let about = asked.compactMap(\.object).filter { $0["entity"]?.text == "complaints" }
            let request = about.first?["id"]?.int

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
            if let request {
                #expect(try await gm.get("/approvals/\(request)").status == 404)
                let left = try await gm.call(.get, "/approvals?limit=200").json["items"]?.list ?? []
                #expect(!left.contains { $0.object?["entity"]?.text == "complaints" })
            }
            let gone = try await gm.get("/complaints")
            #expect(gone.status == 404 && gone.has("「服务」已停用：记录都保留着"))

            try await office.gate.switchPack("service", on: true, as: .system())
            let back = try await browser.get(url)
            #expect(back.has("complaints.*") && !back.has("已停用）"))
            if let request { #expect(try await gm.get("/approvals/\(request)").status == 200) }
            #expect(try await gm.get("/complaints").status == 200)
        }
    }
}
