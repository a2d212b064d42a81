import Gate
import Hummingbird
import Records
import TestSupport
import Testing

@testable import Web

@Suite("What the steps of the guide offer")
struct GuideStepTests {
    @Test("a trade shows the packs that exist; they may be ticked and unticked, and the choice is there again")
    func trade() async throws {
        try await Founding.open { founding, browser in
            let page = try await browser.get("/setup/trade")
            #expect(page.has("name=\"pack_rain\" value=\"lending\" checked") && page.has("name=\"pack_sun\" value=\"lending\">"))
            #expect(!page.has("spaceships") && page.has("需要「借伞」"))

            let alone = try await browser.post("/setup/trade", ["trade": "rain", "pack_rain": "deposits"])
            #expect(alone.status == 422 && alone.has("「押金」需要「借伞」，请一并勾选") && alone.has("value=\"rain\" checked"), "\(alone)")
            #expect(alone.has("name=\"pack_rain\" value=\"deposits\" checked") && alone.has("name=\"pack_rain\" value=\"lending\">"))
            #expect(founding.gate.catalog["umbrellas"] == nil)

            let both = try await browser.post(
                "/setup/trade", ["trade": "rain", "pack_rain": "", "pack_rain": "lending", "pack_rain": "deposits"])
            #expect(both.flash == "已启用「借伞」「押金」")
            let again = try await browser.get("/setup/trade")
            #expect(again.has("value=\"rain\" checked") && again.has("name=\"pack_rain\" value=\"deposits\" checked"))

            let fewer = try await browser.post("/setup/trade", ["trade": "sun", "pack_sun": ""])
            #expect(fewer.status == 303 && fewer.flash == "已停用「押金」「借伞」，记录保留" && founding.gate.catalog["umbrellas"] == nil)
            #expect(try await browser.get("/setup/trade").has("value=\"sun\" checked"))
        }
    }

    @Test("the data step follows the navigation, and leaves out what nobody imports")
    func records() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            let links = try await browser.get("/setup/records").links.filter { $0.hasSuffix("/import") }
            #expect(links.starts(with: ["/customers/import", "/contacts/import"]), "\(links)")
            let places = ["leads", "opportunities", "products", "orders", "tickets"].map { links.firstIndex(of: "/\($0)/import") }
            #expect(!places.contains(nil), "\(links)")
            for idle in ["approvals", "approval_delegations", "messages", "survey_responses"] {
                #expect(!links.contains("/\(idle)/import"), "\(idle)")
            }
        }
    }

    @Test("an import is the step done, and its page leads back to the guide")
    func imported() async throws {
        try await Office.empty { office, browser in
            let token = try await office.accounts.makeSetUpToken()
            _ = try await browser.post(
                "/setup",
                [
                    "token": token, "company": "恒远汽车", "name": "林岚", "username": "linlan", "password": Office.password,
                    "password_again": Office.password,
                ])
            #expect(try await browser.get("/customers/import").has("href=\"/setup/records\""))
            let sheet = "名称,类型\r\n明达公司,企业\r\n"
            let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n\(sheet)\r\n--b--\r\n"
            try await office.working {
                let started = try await browser.call(.post, "/customers/import", body, type: "multipart/form-data; boundary=b")
                let id = try #require(started.json["id"]?.int, "\(started)")
                try await eventually("the job has ended") {
                    try await ["done", "failed"].contains(browser.call(.get, "/jobs/\(id)").json["status"])
                }
                let job = try await browser.get("/jobs/\(id)")
                #expect(job.has("href=\"/setup/records\""), "\(job)")
            }
            #expect(try await browser.get("/setup/records").ticks == 1)
        }
    }

    @Test("more lines are there for the asking, and what was typed stays")
    func lines() async throws {
        try await Founding.open { founding, browser in
            let more = try await browser.post("/setup/places", ["rows": "6", "more": "1", "name_1": "东区", "parent_1": "", "name_2": "东门店"])
            #expect(more.status == 200 && more.has("value=\"东区\"") && more.has("id=\"f-name_9\"") && !more.has("alert-bad"), "\(more)")
            #expect(try await founding.places() == [])
            let role = try await founding.role("gm")
            let people = try await browser.post("/setup/people", ["rows": "9", "name_9": "王芳", "username_9": "wangfang", "role_9": role])
            #expect(people.has("已添加 1 人"))
            let again = try await browser.get("/setup/people")
            #expect(again.has("林岚") && again.has("王芳") && again.has("wangfang") && again.has("总经理"))
        }
    }

    @Test("a place may stand below one of the same form, or one that is there")
    func above() async throws {
        try await Founding.open { founding, browser in
            let lost = try await browser.post("/setup/places", ["name_1": "东门店", "kind_1": "store", "parent_1": "西区"])
            #expect(lost.status == 422 && lost.marks("parent_1") && lost.has("没有名为「西区」的部门"), "\(lost)")
            let made = try await browser.post(
                "/setup/places",
                [
                    "name_1": "东门店", "kind_1": "store", "parent_1": "东区", "name_2": "东区", "kind_2": "department", "name_3": "总部",
                    "parent_3": "恒远汽车",
                ])
            #expect(made.status == 303, "\(made)")
            _ = try await browser.post("/setup/places", ["name_1": "东二店", "kind_1": "store", "parent_1": "东区"])
            let chart = try await founding.accounts.chart()
            func above(_ name: String) -> String? {
                chart.departments.values.first { $0.name == name }?.parentID.flatMap { chart.departments[$0]?.name }
            }
            #expect(above("东门店") == "东区" && above("东区") == "恒远汽车" && above("东二店") == "东区" && above("总部") == "恒远汽车")
        }
    }
}
