import Core
import Gate
import Hummingbird
import Records
import TestSupport
import Testing

@testable import Web

@Suite("Settings and who may open them")
struct SettingsTests {
    static let governed = [
        "/settings/company", "/settings/departments", "/settings/departments/new", "/settings/users", "/settings/users/new",
        "/settings/users/1", "/settings/users/1/handover", "/settings/roles", "/settings/roles/new",
        "/settings/roles/1", "/settings/parameters", "/settings/parameters/customers.stale_months", "/settings/fields",
        "/settings/fields/customers", "/settings/fields/customers/new",
        "/settings/entities/new", "/settings/audit", "/settings/audit/download", "/settings/logins", "/settings/bin", "/settings/webhooks",
        "/settings/webhooks/new", "/settings/packs",
    ]

    @Test("a consultant gets a 403 on every setting")
    func refused() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            for path in Self.governed { #expect(try await browser.get(path).status == 403, "\(path)") }
        }
    }

    static let posts = [
        "/settings/company", "/settings/departments", "/settings/departments/1", "/settings/departments/1/delete", "/settings/users",
        "/settings/users/1", "/settings/users/1/password", "/settings/users/1/totp",
        "/settings/users/1/disable", "/settings/users/1/delete", "/settings/users/1/preview", "/settings/users/1/handover",
        "/settings/users/1/sessions/end", "/settings/roles", "/settings/roles/1", "/settings/roles/1/delete",
        "/settings/roles/1/members", "/settings/parameters/customers.stale_months", "/settings/fields/customers",
        "/settings/fields/customers/x_a/retire", "/settings/entities", "/settings/audit/verify",
        "/settings/bin/customers/restore", "/settings/bin/customers/purge", "/settings/webhooks", "/settings/webhooks/1/delete",
        "/settings/packs/lending/off",
    ]

    @Test("a consultant cannot post to a setting either")
    func refusedPosts() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            for path in Self.posts {
                let answer = try await browser.post(
                    path,
                    ["name": "x", "code": "x", "kind": "text", "label": "x", "id": "1", "confirm": "彻底删除", "value": "3", "reason": "x"])
                #expect(answer.status == 403, "\(path): \(answer.status) \(answer.flash ?? "")")
            }
        }
    }

    @Test("the index shows only what one may do")
    func index() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("liwei")
            let his = try await browser.get("/settings")
            #expect(his.status == 200 && !his.has("/settings/users") && his.has("/jobs") && !his.has("/customer_levels"))
            try await browser.logIn("linlan")
            let hers = try await browser.get("/settings")
            #expect(hers.has("/settings/users") && hers.has("/customer_levels"))
            #expect(!(try await browser.get("/settings?q=webhook")).has("<b>用户</b>"))
        }
    }

    @Test("every page of the settings opens, in both languages, and every link on it leads somewhere", arguments: ["zh", "en"])
    func everyPage(language: String) async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            _ = try await browser.post("/me/preferences", ["language": language])
            var waiting = ["/settings", "/me", "/jobs"], seen: Set<String> = [], alike: [String: Int] = [:]
            while let path = waiting.popLast() {
                guard seen.insert(path).inserted, !path.hasPrefix("/settings/audit/download") else { continue }
                // Pages of one kind stand in one folder; the small size opens a few of each.
                let folder = String(path[..<(path.lastIndex { "/?".contains($0) } ?? path.endIndex)])
                alike[folder, default: 0] += 1
                guard Size.isFull || alike[folder, default: 0] <= (folder == "/settings" ? .max : 4) else { continue }
                let page = try await browser.get(path)
                #expect(page.status == 200, "\(path): \(page.status)")
                #expect(!page.has(" style=\"") && !page.has("<script>") && !page.has("onclick"), "\(path) has inline code")
                waiting += page.links.filter { link in
                    ["/settings", "/me", "/jobs"].contains { link == $0 || link.hasPrefix($0 + "/") || link.hasPrefix($0 + "?") }
                        && !seen.contains(link) && !link.contains("entity=")
                }
            }
            #expect(seen.count > 60, "\(seen.count)")
        }
    }

    @Test("a parameter needs a reason and a range, and keeps its history")
    func parameters() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let url = "/settings/parameters/customers.stale_months"
            let silent = try await browser.post(url, ["value": "6", "reason": ""])
            #expect(silent.status == 422 && silent.has("请填写修改原因"))
            #expect(try await browser.post(url, ["value": "600", "reason": "太久"]).status == 422)
            #expect(try await browser.post(url, ["value": "6", "valid_from": "2020-01-01", "reason": "倒填"]).status == 422)
            #expect(try await browser.post(url, ["value": "6", "reason": "半年核实一次"]).status == 303)
            let page = try await browser.get(url)
            #expect(page.has("半年核实一次") && page.has("林岚"))
            #expect(try await browser.get("/settings/parameters").has("6 个月"))
            #expect(try await browser.get("/settings/parameters?section=accounts").has("密码最短长度"))
        }
    }

    @Test("the audit log shows old and new, downloads as CSV and verifies")
    func audit() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await office.user("liwei")
            _ = try await browser.post("/settings/users/\(id)", ["name": "李大伟", "username": "liwei"])
            let page = try await browser.get("/settings/audit?entity=users&action=update")
            #expect(page.has("<del>李伟</del>") && page.has("李大伟"))
            let sheet = try await browser.get("/settings/audit/download?entity=users")
            #expect(sheet.status == 200 && sheet.has("李大伟") && sheet.headers[.contentDisposition]?.contains("attachment") == true)
            #expect(try await browser.post("/settings/audit/verify").has("日志完整"))
            #expect(try await browser.get("/settings/logins").has("liwei") == false)
            try await browser.other.logIn("liwei", "wrong-password")
            #expect(try await browser.get("/settings/logins").has("密码错误"))
        }
    }

    @Test("what was deleted comes back, and is gone for good only with the typed word")
    func bin() async throws {
        try await Office.open { office, browser in
            let boss = try await office.boss
            let ids = try await office.gate.write(as: boss) { tx in
                let schema = tx.catalog["customers"]!
                return try ["赵一", "钱二"].map { name in
                    let row = try tx.create(
                        schema,
                        [
                            "name": .text(name), "type": "company", "source": "walk_in",
                            "mobile": .text(name == "赵一" ? "13900000001" : "13900000002"),
                        ])
                    try tx.remove(schema, id: row.id)
                    return row.id
                }
            }
            try await browser.logIn("linlan")
            #expect(try await browser.get("/settings/bin").has("赵一"))
            #expect(try await browser.post("/settings/bin/customers/restore", ["one": String(ids[0])]).status == 303)
            #expect(try await browser.get("/customers/\(ids[0])").status == 200)
            let untyped = try await browser.post("/settings/bin/customers/purge", ["id": String(ids[1])])
            #expect(untyped.status == 422)
            #expect(try await browser.get("/settings/bin?entity=customers").has("钱二"))
            #expect(try await browser.post("/settings/bin/customers/purge", ["id": String(ids[1]), "confirm": "彻底删除"]).status == 303)
            #expect(!(try await browser.get("/settings/bin").has("钱二")))
        }
    }

    @Test("a webhook's key is shown once")
    func webhooks() async throws {
        try await Office.open { _, browser in
            try await browser.logIn("linlan")
            #expect(try await browser.post("/settings/webhooks", ["name": "ERP", "url": "ftp://x", "events": "*"]).status == 422)
            let made = try await browser.post(
                "/settings/webhooks", ["name": "ERP", "url": "https://erp.example.com/hook", "events": "customers.*"])
            let secret = try #require(made.text.firstMatch(of: /value="(whsec_[^"]+)"/)?.1)
            let list = try await browser.get("/settings/webhooks")
            let url = try #require(list.links.first { $0.wholeMatch(of: /\/settings\/webhooks\/\d+/) != nil })
            #expect(!(try await browser.get(url).has(String(secret))))
            #expect(try await browser.post(url + "/test").status == 303)
            #expect(try await browser.post(url + "/off").status == 303)
            #expect(try await browser.get("/settings/webhooks").has("停用"))
            #expect(try await browser.get("/jobs").has("测试 Webhook"))
        }
    }

    @Test("jobs show their progress to their owner, as a page and as a piece that asks again")
    func jobs() async throws {
        try await Office.open { office, browser in
            let boss = try await office.boss
            let id = try await office.gate.write(as: boss) { tx in try tx.enqueue("bulk", label: "批量修改客户", [:], total: 40) }
            try await browser.logIn("linlan")
            #expect(try await browser.get("/jobs").has("批量修改客户"))
            #expect(try await browser.get("/jobs/\(id)").has("data-poll=\"/jobs/\(id)\""))
            let piece = try await browser.get("/jobs/\(id)", [.htmxRequest: "true"])
            #expect(!piece.has("<html") && piece.has("data-poll"))
            let other = browser.other
            try await other.logIn("liwei")
            #expect(try await other.get("/jobs/\(id)").status == 404)
            #expect(try await browser.post("/jobs/\(id)/cancel").status == 303)
            #expect(!(try await browser.get("/jobs/\(id)").has("data-poll=")))
        }
    }

    @Test("a job names the records that it set aside, with the reason and a way to each")
    func setAside() async throws {
        try await Office.open { office, browser in
            let job = Job("customers.sweep", "逐条处理") { _, tx in
                try tx.each(Customer.self, where: .everything) { customer in throw Refusal.conflict("「\(customer.name)」不能处理") }
            }
            let made = try await office.gate.write(as: .system()) { try $0.enqueue(job.name, label: job.label, [:]) }
            let boss = try await office.boss
            let customer = Record<Customer>(
                try await office.gate.write(as: boss) {
                    try $0.create(
                        $0.catalog.schema(Customer.self), ["name": "林知远", "type": "person", "source": "other", "mobile": "19900000044"])
                })
            let runner = JobRunner(gate: office.gate, actors: { _ in nil }, handlers: [:], jobs: [job])
            let running = Task { await runner.run() }
            try await eventually("the job is done") {
                try await office.gate.store.read { try $0.row(JobRow.schema, id: made).map(Record<JobRow>.init)?.status } == .done
            }
            running.cancel()
            await running.value
            try await browser.logIn("linlan")
            let page = try await browser.get("/jobs/\(made)")
            #expect(page.has("href=\"/customers/\(customer.row.id)\"") && page.has("「\(customer.name)」不能处理"))
            #expect(try await browser.get("/jobs").has("有记录未处理"))
        }
    }
}
