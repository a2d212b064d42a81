import Gate
import Records
import Testing

@testable import Web

/// 运维 keeps users and roles without business data; 林岚 is the administrator.
@Suite("Roles that wait for an administrator")
struct GrantPageTests {
    private func hire(_ office: Office) async throws {
        try await office.accounts.addUser(username: "ops", name: "运维", roles: ["sysadmin"], password: Office.password, department: "恒远汽车")
    }

    @Test("the form of a user says that the role waits, and leads to the request")
    func user() async throws {
        try await Office.open { office, browser in
            try await hire(office)
            let boss = browser.other
            try await boss.logIn("linlan")
            try await browser.logIn("ops")
            #expect(try await browser.get("/settings/users/new").has("您自己没有的权限，保存后由系统管理员审批"))
            #expect(!(try await boss.get("/settings/users/new").has("您自己没有的权限")))
            let gm = try await office.role("gm")
            let saved = try await browser.post(
                "/settings/users", ["name": "王芳", "username": "wangfang", "password": Office.password, "roles": String(gm)])
            #expect(saved.status == 303 && saved.flash == "用户已新建；权限已提交系统管理员审批")
            let id = try await office.user("wangfang"), url = "/settings/users/\(id)"
            #expect(try await office.accounts.chart().members[id]?.roles == [])
            let page = try await browser.get(url)
            #expect(page.has("审批中：授予「王芳」角色：总经理"))
            let request = try #require(page.links.first { $0.hasPrefix("/approvals/") })
            #expect(try await browser.get(request).status == 200)
            #expect(try await boss.get(url).has("审批中：授予「王芳」角色：总经理"))
            #expect(try await boss.get(request).has("授予角色"))
            #expect(try await browser.post(request + "/actions/approve", ["reason": "同意"]).status == 409)
            #expect(try await office.accounts.chart().members[id]?.roles == [])
            #expect(try await boss.post(request + "/actions/approve", ["reason": "同意"]).status == 303)
            #expect(try await office.accounts.chart().members[id]?.roles == [gm])
            #expect(!(try await boss.get(url).has("审批中")))
            #expect(try await browser.post(url + "/password").status == 403)

            // A generated password is shown along with what waits.
            let shown = try await browser.post(
                "/settings/users", ["name": "赵云", "username": "zhaoyun", "password": "", "roles": String(gm)])
            #expect(shown.status == 200 && shown.has("shown-once") && shown.has("审批中：授予「赵云」角色：总经理"))
            let liwei = try await office.user("liwei")
            let answer = try await browser.call(.patch, "/users/\(liwei)", #"{"roles":["gm"]}"#)
            #expect(answer.status == 202 && answer.headers[.location]?.hasPrefix("/api/v1/approvals/") == true)
            #expect(answer.json["pending_approval"]?.object?["url"]?.text == answer.headers[.location])
            // What was made at once says where its other part waits.
            let half = try await browser.call(
                .post, "/users", #"{"name":"钱多","username":"qianduo","password":"\#(Office.password)","roles":["gm"]}"#)
            #expect(half.status == 201 && half.headers[.location]?.hasPrefix("/api/v1/users/") == true)
            let waits = half.json["pending_approval"]?.object
            #expect(waits?["id"]?.int != nil && waits?["url"]?.text?.hasPrefix("/api/v1/approvals/") == true)
            let made = half.json["id"]?.int ?? 0
            let whole = try await browser.call(.patch, "/users/\(made)", #"{"email":"qian@example.com"}"#)
            #expect(whole.status == 200 && whole.json["pending_approval"] == nil)
            #expect(
                try await browser.post("/settings/departments", ["name": "新店", "kind": "store", "manager_id": String(liwei)]).status == 303)
        }
    }

    @Test("the page of a role says that its rights wait, and so do its members")
    func role() async throws {
        try await Office.open { office, browser in
            try await hire(office)
            let boss = browser.other
            try await boss.logIn("linlan")
            try await browser.logIn("ops")
            let source = try await office.role("sales_consultant")
            let made = try await browser.post("/settings/roles", ["name": "大客户顾问", "code": "key_accounts", "copy": String(source)])
            #expect(made.flash == "角色已新建；权限已提交系统管理员审批")
            let id = try await office.role("key_accounts"), url = "/settings/roles/\(id)"
            #expect(try await office.accounts.chart().roles[id]?.rights.scope("customers", "read") == Scope.none)
            let page = try await browser.get(url), request = try #require(page.links.first { $0.hasPrefix("/approvals/") })
            #expect(page.has("审批中：修改角色「大客户顾问」的权限"))
            #expect(try await boss.get(request).has("增加 查看（本人）"))
            #expect(try await boss.post(request + "/actions/approve", ["reason": "同意"]).status == 303)
            #expect(
                try await office.accounts.chart().roles[id]?.rights.scope("customers", "read")
                    == office.accounts.chart().roles[source]?.rights.scope("customers", "read"))
            let saved = try await browser.post(url, ["part": "rights", "r.customers.read": "all"])
            #expect(saved.status == 303 && saved.flash == "角色已保存；权限已提交系统管理员审批")
            #expect(try await browser.get(url + "?tab=system").has("只能直接授予自己也有的权限"))
            let liwei = try await office.user("liwei")
            #expect(try await browser.post("\(url)/members", ["user": String(liwei)]).flash == "「李伟」的角色已提交系统管理员审批")
            #expect(try await office.accounts.chart().members[liwei]?.roles.contains(id) == false)
        }
    }
}
