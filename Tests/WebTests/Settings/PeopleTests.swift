import Gate
import Hummingbird
import Records
import Testing

@testable import Web

@Suite("People, roles and departments")
struct PeopleTests {
    @Test("a change of a role counts at the next request")
    func role() async throws {
        try await Office.open { office, browser in
            let his = browser.other
            try await his.logIn("liwei")
            #expect(try await his.get("/customers").status == 200)
            try await browser.logIn("linlan")
            let id = try await office.role("sales_consultant")
            let page = try await browser.get("/settings/roles/\(id)")
            #expect(page.has("name=\"r.customers.read\""))
            #expect(
                try await browser.post(
                    "/settings/roles/\(id)",
                    ["part": "rights", "r.customers.read": "none", "r.customers.create": "none", "r.customers.update": "none"]
                ).status == 303)
            #expect(try await his.get("/customers").status == 404)
            #expect(try await browser.post("/settings/roles/\(id)", ["part": "rights", "r.customers.read": "tree"]).status == 303)
            #expect(try await his.get("/customers").status == 200)
            #expect(try await browser.get("/settings/roles/\(id)").text.contains(/name="r.customers.read"[^>]*data-scope="tree"/))
            #expect(try await browser.get("/settings/audit?entity=roles").has("修改"))
        }
    }

    @Test("saving one tab of a role leaves the others as they were")
    func tabs() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await office.role("sales_consultant")
            let before = try #require(try await office.accounts.chart().roles[id]).rights
            _ = try await browser.post("/settings/roles/\(id)", ["part": "fields", "entity": "customers", "f.customers.remark": "read"])
            let after = try #require(try await office.accounts.chart().roles[id]).rights
            #expect(after.scopes == before.scopes && after.system == before.system)
            #expect(after.fields["customers"]?["remark"] == .read)
            // Managing users takes the right over the system: the promise would be empty.
            let empty = try await browser.post("/settings/roles/\(id)", ["part": "rights", "r.users.update": "all"])
            #expect(empty.status == 422 && empty.has("系统权限"))
            #expect(try #require(try await office.accounts.chart().roles[id]).rights == after)
        }
    }

    @Test("the matrix as it is shown saves to the same rights", arguments: ["sales_consultant", "gm", "supervisor", "sysadmin", "dpo"])
    func matrixKeepsRights(code: String) async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await office.role(code), before = try #require(try await office.accounts.chart().roles[id]).rights
            let page = try await browser.get("/settings/roles/\(id)")
            var pairs: [(name: String, value: String)] = [("part", "rights"), ("_csrf", page.value("_csrf") ?? "")]
            for cell in page.text.matches(of: /<select class="cell" name="([^"]+)"[^>]*>(.*?)<\/select>/) {
                let chosen =
                    cell.2.firstMatch(of: /<option value="([^"]*)" selected/)?.1 ?? cell.2.firstMatch(of: /<option value="([^"]*)"/)?.1
                    ?? ""
                pairs.append((String(cell.1), String(chosen)))
            }
            #expect(pairs.count > 50)
            #expect(try await browser.send(form: pairs, to: "/settings/roles/\(id)").status == 303)
            let after = try #require(try await office.accounts.chart().roles[id]).rights
            for schema in office.gate.catalog.schemas where schema.traits.isPublic {
                for right in Rights.names(for: schema) {
                    #expect(after.scope(schema.name, right) == before.scope(schema.name, right), "\(code) \(schema.name).\(right)")
                }
            }
            #expect(after.fields == before.fields && after.system == before.system)
        }
    }

    @Test("a role is copied, gets members and is deleted; built-in ones stay")
    func copy() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let source = try await office.role("sales_consultant")
            let made = try await browser.post("/settings/roles", ["name": "大客户顾问", "code": "key_accounts", "copy": String(source)])
            let url = try #require(made.location)
            let chart = try await office.accounts.chart(), id = try await office.role("key_accounts")
            #expect(chart.roles[id]?.rights == chart.roles[source]?.rights)
            let user = try await office.user("liwei")
            #expect(try await browser.post("\(url)/members", ["user": String(user)]).status == 303)
            #expect(try await office.accounts.chart().members[user]?.roles.contains(id) == true)
            #expect(try await browser.post("\(url)/delete").status == 409)
            #expect(try await browser.post("\(url)/members/\(user)/remove").status == 303)
            #expect(try await browser.post("\(url)/delete").status == 303)
            #expect(try await browser.post("/settings/roles/\(source)/delete").status == 409)
        }
    }

    @Test("a user is made, found, disabled and comes back")
    func users() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let role = try await office.role("sales_consultant")
            let twice = try await browser.post(
                "/settings/users", ["name": "李伟二", "username": "liwei", "password": Office.password, "roles": String(role)])
            #expect(twice.status == 422 && twice.has("value=\"李伟二\""))
            #expect(
                try await browser.post(
                    "/settings/users",
                    [
                        "name": "王芳", "username": "wangfang", "password": Office.password, "must_change_password": "false",
                        "roles": String(role),
                    ]
                ).status == 303)
            let id = try await office.user("wangfang")
            #expect(try await browser.get("/settings/users?q=wangfang").has("王芳"))
            #expect(!(try await browser.get("/settings/users?status=disabled").has("王芳")))
            let hers = browser.other
            try await hers.logIn("wangfang")
            #expect(try await browser.post("/settings/users/\(id)/disable").status == 303)
            #expect(try await hers.get("/").location == "/login")
            #expect(try await hers.logIn("wangfang").status == 422)
            #expect(try await browser.post("/settings/users/\(id)/enable").status == 303)
            #expect(try await hers.logIn("wangfang").status == 303)
            let reset = try await browser.post("/settings/users/\(id)/password")
            #expect(reset.status == 200 && reset.has("shown-once"))
            #expect(try await hers.get("/").location == "/login")
            // A form that does not speak of the manager leaves it alone.
            let boss = try await office.user("linlan")
            _ = try await browser.post("/settings/users/\(id)", ["manager_id": String(boss), "manager_id_text": "林岚"])
            _ = try await browser.post("/settings/users/\(id)", ["name": "王小芳"])
            #expect(try await office.accounts.chart().members[id]?.managerID == boss)
            // Nobody locks the last administrator out.
            let self_ = try await office.user("linlan")
            #expect(try await browser.post("/settings/users/\(self_)/disable").status == 409)
        }
    }

    @Test("while previewing one sees what the other sees and changes nothing")
    func preview() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let id = try await office.user("liwei")
            #expect(try await browser.post("/settings/users/\(id)/preview").status == 303)
            #expect(try await browser.get("/settings/users").status == 403)
            let blocked = try await browser.get("/me/preferences")
            #expect(blocked.status == 403 && blocked.has("/settings/preview/end"))
            let token = try #require(blocked.value("_csrf"))
            #expect(
                try await browser.post("/customers", ["name": "恒锐", "type": "company", "source": "walk_in"], token: token).status == 403)
            #expect(try await browser.post("/settings/preview/end", token: token).status == 303)
            #expect(try await browser.get("/settings/users").status == 200)
        }
    }

    @Test("a handover shows what there is and starts one job for each entity")
    func handover() async throws {
        try await Office.open { office, browser in
            let boss = try await office.boss, from = try await office.user("liwei"), to = try await office.user("linlan")
            try await office.gate.write(as: boss) { tx in
                _ = try tx.create(
                    tx.catalog["customers"]!, ["name": "苏州恒锐", "type": "company", "source": "walk_in", "owner_id": .int(from)])
            }
            try await browser.logIn("linlan")
            let page = try await browser.get("/settings/users/\(from)/handover")
            #expect(page.has("value=\"customers\" checked"))
            #expect(try await browser.post("/settings/users/\(from)/handover", ["entities": "customers"]).status == 422)
            #expect(
                try await browser.post("/settings/users/\(from)/handover", ["entities": "customers", "to": String(to), "disable": "true"])
                    .location == "/jobs")
            #expect(try await browser.get("/jobs").has("批量转移"))
            #expect(try await office.accounts.chart().members[from]?.isActive == false)
        }
    }

    @Test("departments make a tree that cannot bite its tail")
    func departments() async throws {
        try await Office.open { office, browser in
            try await browser.logIn("linlan")
            let root = try #require(try await office.accounts.chart().departments.values.first { $0.parentID == nil }?.id)
            #expect(
                try await browser.post("/settings/departments", ["name": "城东店", "kind": "store", "parent_id": String(root)]).status == 303)
            let store = try #require(try await office.accounts.chart().departments.values.first { $0.name == "城东店" }?.id)
            #expect(try await browser.get("/settings/departments").has("城东店"))
            let circle = try await browser.post(
                "/settings/departments/\(root)", ["name": "恒远汽车", "kind": "company", "parent_id": String(store)])
            #expect(circle.status == 422)
            #expect(try await browser.post("/settings/departments/\(root)/delete").status == 409)
            #expect(try await browser.post("/settings/departments/\(store)/delete").status == 303)
            #expect(try await browser.post("/settings/company", ["name": "恒远集团", "phone": "0512-66660000", "address": ""]).status == 303)
            #expect(try await browser.get("/settings/company").has("恒远集团"))
        }
    }
}

extension Browser {
    func send(form pairs: [(name: String, value: String)], to path: String) async throws -> Answer {
        try await raw(path, QueryItems(pairs).text)
    }
}
