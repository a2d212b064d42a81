import Gate
import Records
import Testing

@testable import Web

@Suite("Automation pages")
struct AutomationPagesTests {
    @Test("an administrator writes a rule in a form, tries it, sees it run, and deletes it")
    func wholeWay() async throws {
        try await Office.open { _, boss in
            try await boss.logIn("linlan")
            #expect(try await boss.get("/settings/automation").has("还没有自动化规则"))
            #expect(try await boss.get("/settings/automation/new").has("customers.changed.level_id"))
            func save(_ url: String, who: String) async throws -> Browser.Answer {
                try await boss.post(
                    url,
                    [
                        "on": "customers.created", "name": "企业客户告知", "position": "1", "is_active": "true", "match": "all", "cf.0": "type",
                        "co.0": "eq", "cv.0": "company",
                        "do.0": "notify.users", "who.0": who, "text.0": "新客户 {name}", "do.1": "set.remark", "who.1": "", "text.1": "已告知",
                        "do.2": "", "who.2": "", "text.2": "",
                    ])
            }
            let wrong = try await save("/settings/automation", who: "查无此人")
            #expect(wrong.status == 422 && wrong.has("没有找到人员“查无此人”") && wrong.has("新客户 {name}"))
            let url = try #require(try await save("/settings/automation", who: "林岚").location)
            let page = try await boss.get(url)
            #expect(page.has("林岚") && page.has("已告知") && page.has("还没有执行过"))
            let made = try #require(try await boss.post("/customers", ["name": "苏州恒锐", "type": "company", "source": "walk_in"]).location)
            #expect(try await boss.get(made).has("已告知"))
            #expect(try await boss.get(url).has("苏州恒锐"))
            let trial = try await boss.get(url + "/trial")
            #expect(trial.has("苏州恒锐") && trial.has("通知 林岚") && trial.has("没有真的执行"))
            let clerk = boss.other
            try await clerk.logIn("liwei")
            #expect(try await clerk.get("/settings/automation").status == 403)
            #expect(try await clerk.get(url + "/trial").status >= 400)
            #expect(try await boss.post(url + "/delete").status == 303)
            #expect(try await boss.get("/settings/automation").has("还没有自动化规则"))
        }
    }
}
