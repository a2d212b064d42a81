import Core
import Foundation
import Gate
import Records
import Sales
import TestSupport
import Testing

@testable import Web

@Suite("Approval pages")
struct ApprovalPagesTests {
    /// 林岚 writes a flow without code: orders above ¥1,000 are cancelled with her word only.
    private func flow(_ boss: Browser, people: String = "林岚") async throws -> Browser.Answer {
        try await boss.post(
            "/settings/approvals",
            [
                "on": "orders.action.cancel", "name": "取消大单", "position": "1", "amount_field": "amount_cents", "on_reject": "",
                "is_active": "true", "match": "all",
                "cf.0": "amount_cents", "co.0": "gt", "cv.0": "1,000.00", "sn.0": "总经理", "who.0": "users", "users.0": people,
                "mode.0": "any", "over.0": "", "upto.0": "", "hours.0": "4",
            ])
    }

    private func order(_ office: Office, cents: Int64) async throws -> Int64 {
        let id = try await office.user("liwei")
        let actor = try #require(try await office.accounts.actor(for: id, via: "web"))
        return try await office.gate.write(as: actor) { tx in
            let customer = try tx.create(tx.catalog.schema(Customer.self), ["name": "沈佳禾", "source": "walk_in", "mobile": "19900001234"])
            return try tx.create(tx.catalog.schema(Order.self), ["customer_id": .int(customer.id), "amount_cents": .int(cents)]).id
        }
    }

    @Test("an administrator writes a flow in a form, and reads it back there") func writing() async throws {
        try await Office.open { _, boss in
            try await boss.logIn("linlan")
            #expect(try await boss.get("/settings/approvals/new").has("orders.action.cancel"))
            let wrong = try await flow(boss, people: "查无此人")
            #expect(wrong.status == 422 && wrong.has("没有找到人员“查无此人”") && wrong.has("1,000.00"))
            #expect(try await flow(boss).status == 303)
            let list = try await boss.get("/settings/approvals")
            var url = ""
            for link in list.links where link.wholeMatch(of: /\/settings\/approvals\/\d+/) != nil {
                if try await boss.get(link).has("取消大单") { url = link }
            }
            let page = try await boss.get(url)
            #expect(page.has("林岚") && page.has("value=\"1000.00\"") && page.value("sn.0") == "总经理")
            let clerk = boss.other
            try await clerk.logIn("liwei")
            #expect(try await clerk.get("/settings/approvals").status == 403)
            #expect(try await clerk.post(url + "/delete").status == 403)
        }
    }

    @Test("what a consultant asks for stands on the approver's home page, is decided there and says so on the record") func asking()
        async throws
    {
        try await Office.open { office, boss in
            try await boss.logIn("linlan")
            _ = try await flow(boss)
            let id = try await order(office, cents: 500_000), clerk = boss.other
            try await clerk.logIn("liwei")
            let asked = try await clerk.post("/orders/\(id)/actions/cancel", ["reason": "客户改期"])
            #expect(asked.status == 303 && asked.flash?.contains("已提交审批") == true)
            let record = try await clerk.get("/orders/\(id)")
            #expect(record.has("审批中：取消订单") && record.has("等待 林岚"))
            #expect(try await clerk.get("/").has("待我审批") == false)

            let home = try await boss.get("/")
            #expect(home.has("待我审批"))
            let queue = try #require(home.links.first { $0 == "/approvals" })
            let list = try await boss.get(queue)
            let url = try #require(list.links.first { $0.wholeMatch(of: /\/approvals\/\d+/) != nil })
            let request = try await boss.get(url)
            #expect(request.has("李伟 申请：取消订单「") && request.has("客户改期") && request.has("5,000.00"))
            // In words: no names of entities, actions or numbers of records; and a slip is neither edited nor deleted.
            #expect(request.has("沈佳禾") && !request.text.contains(">orders<") && !request.text.contains(">cancel<"))
            let ways = ["approve", "reject", "send_back"].map { "name=\"do\" value=\"\($0)\"" }
            #expect(ways.allSatisfy(request.has) && !request.has(url + "/edit") && !request.has(url + "/delete"))
            let own = try await clerk.get(url)
            #expect(!ways.contains(where: own.has) && own.has("act-withdraw"))
            let empty = try await boss.post(url + "/decide", ["do": "reject", "reason": ""])
            #expect(empty.status == 422 && empty.has("请填写「意见」"))
            #expect(try await boss.post(url + "/decide", ["do": "withdraw", "reason": "x"]).status == 404)
            let done = try await boss.post(url + "/decide", ["do": "approve", "reason": "同意"])
            #expect(done.status == 303 && done.location == "/approvals" && done.flash?.contains("没有待审批的了") == true)
            let late = try await boss.post(url + "/decide", ["do": "approve"])
            #expect(late.status == 409 && late.has("不能再处理"))
            #expect(try await boss.get("/approvals").has("没有等您审批的"))
            #expect(try await boss.get("/approvals?box=decided").links.contains(url))
            #expect(try await clerk.get("/approvals?box=mine").links.contains(url))
            #expect(try await clerk.get("/approvals?box=decided").links.contains(url) == false)
            #expect(try await boss.get("/orders/\(id)").has("已取消"))
            let audit = try await boss.get("/settings/audit?entity=orders")
            #expect(audit.has("方式 审批执行") && !audit.has("方式 approval") && !audit.text.contains("> cancel <"))
            let after = try await clerk.get(url)
            #expect(after.has("已批准") && after.has("同意"))
        }
    }

    @Test("a program is told by 202 and where the request stands, and decides by the same steps") func rest() async throws {
        try await Office.open { office, boss in
            try await boss.logIn("linlan")
            _ = try await flow(boss)
            let id = try await order(office, cents: 500_000), clerk = boss.other
            try await clerk.logIn("liwei")
            let asked = try await clerk.call(.post, "/orders/\(id)/actions/cancel", #"{"reason":"客户改期"}"#)
            #expect(asked.status == 202 && asked.json["status"] == "draft")
            let place = try #require(asked.location).replacing("/api/v1", with: "")
            #expect(try await clerk.call(.patch, "/orders/\(id)", #"{"remark":"x"}"#).status == 409)
            #expect(try await clerk.call(.post, place + "/actions/approve").status == 409)
            #expect(try await clerk.call(.delete, place).status == 403)
            let request = try await boss.call(.get, place)
            #expect(request.json["status"] == "pending" && request.json["logs"]?.list?.count == 1)
            #expect(try await boss.call(.post, place + "/actions/approve", #"{"reason":"好"}"#).json["status"] == "approved")
            #expect(try await clerk.call(.get, "/orders/\(id)").json["status"] == "cancelled")
        }
    }

    @Test("the menu begins with customers, approvals stand behind the company's own business") func menu() async throws {
        try await Office.open { _, boss in
            try await boss.logIn("linlan")
            let home = try await boss.get("/")
            let bar = try #require(home.text.components(separatedBy: "class=\"tabbar\"").last)
            let customers = try #require(bar.range(of: "/customers")), approvals = bar.range(of: "/approvals")
            #expect(approvals.map { customers.lowerBound < $0.lowerBound } ?? true)
            let menu = home.text.components(separatedBy: "class=\"nav\"").dropFirst().first ?? ""
            #expect(try #require(menu.range(of: "\"/tasks\"")).lowerBound < #require(menu.range(of: "\"/approvals\"")).lowerBound)
        }
    }

    @Test("several requests are approved at once from the list") func batch() async throws {
        try await Office.open { office, boss in
            try await boss.logIn("linlan")
            _ = try await flow(boss)
            let clerk = boss.other
            try await clerk.logIn("liwei")
            let first = try await order(office, cents: 500_000)
            let second = try await office.gate.write(as: .system(via: "api")) { tx in
                var copy = try #require(try tx.get(Order.self, Ref(first)))
                copy.row.values[Schema.idSlot] = .null
                copy.no = nil
                return try tx.insert(copy.row).id
            }
            for id in [first, second] {
                #expect(try await clerk.call(.post, "/orders/\(id)/actions/cancel", #"{"reason":"x"}"#).status == 202)
            }
            try await office.working {
                let job = try await boss.call(
                    .post, "/approvals/bulk", #"{"filter":{"status":"pending"},"action":"approve","values":{"reason":"同意"}}"#)
                #expect(job.status == 202)
                for id in [first, second] {
                    try await eventually("order \(id) is cancelled") {
                        try await clerk.call(.get, "/orders/\(id)").json["status"] == "cancelled"
                    }
                }
            }
        }
    }
}
