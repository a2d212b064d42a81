import Records
import Testing

@testable import Gate

@Suite("What an import may")
struct ImportRightsTests {
    private func refusal(_ body: () async throws -> ImportResult) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch Refusal.forbidden(let text) {
            return text
        } catch {
            return (error as? Problems)?.all.map { "\($0.code):\($0.message)" }.joined() ?? "\(error)"
        }
    }

    @Test("it takes the right to import, and to create or change as the plan wants")
    func rights() async throws {
        try await Harbour.open { harbour async throws in
            let rows = [["客户名称"], ["甲"]]
            var scopes = Harbour.everything
            scopes["import"] = Scope.none
            #expect(await refusal { try await harbour.take(rows, as: harbour.actor("liwei", scopes)) }?.contains("导入客户") == true)
            scopes = Harbour.everything
            scopes["create"] = Scope.none
            #expect(await refusal { try await harbour.take(rows, as: harbour.actor("liwei", scopes)) }?.contains("新建客户") == true)
            scopes = Harbour.everything
            scopes["update"] = Scope.none
            #expect(
                await refusal { try await harbour.take(rows, as: harbour.actor("liwei", scopes)) { $0.match = ["name"] } }?.contains("修改客户")
                    == true)
            #expect(await refusal { try await harbour.take(rows, as: harbour.actor("liwei", scopes)) } == nil)
            #expect(try await harbour.all("customers").first?.ownerID == harbour.id("liwei"))
        }
    }

    @Test("a column on a field that may not be changed or seen is refused before any row is read")
    func fields() async throws {
        try await Harbour.open { harbour async throws in
            let rows = [["客户名称", "备注", "手机号码"], ["甲", "x", "13900000001"]]
            let reader = harbour.actor("liwei", Harbour.everything, fields: ["remark": .read, "mobile": .hidden])
            let text = await refusal {
                try await harbour.take(rows, as: reader) {
                    $0.columns = [.init("客户名称", "name"), .init("备注", "remark"), .init("手机号码", "mobile")]
                }
            }
            #expect(text?.contains("not_allowed:列「备注」") == true && text?.contains("unknown_field") == true)
            // What is found by its heading alone leaves such columns out.
            let result = try await harbour.take(rows, as: reader)
            #expect(result.created["customers"] == 1)
            #expect(try await harbour.all("customers").first?["remark"] == .null)
        }
    }

    @Test("only records within reach are changed, and a hidden one gives nothing away", arguments: Harbour.Engine.available)
    func reach(engine: Harbour.Engine) async throws {
        try await Harbour.open(engine) { harbour async throws in
            _ = try await harbour.add("customers", ["name": "我的", "code": "K1", "owner_id": .int(harbour.id("liwei"))])
            _ = try await harbour.add("customers", ["name": "同事的", "code": "K2", "owner_id": .int(harbour.id("chenjing"))])
            _ = try await harbour.add("customers", ["name": "别部门的", "code": "K3", "owner_id": .int(harbour.id("sunqiang"))])
            let scopes: [String: Scope] = ["read": .department, "create": .own, "update": .own, "import": .own]
            let rows = [["客户编号", "客户名称", "备注"], ["K1", "我的", "改"], ["K2", "同事的", "改"], ["K3", "别部门的", "改"], ["K4", "没有的", "改"]]
            let updated = try await harbour.take(rows, as: harbour.actor("liwei", scopes)) {
                $0.match = ["code"]; $0.mode = .update
            }
            #expect(updated.updated["customers"] == 1 && updated.rejections.map(\.line) == [3, 4, 5])
            #expect(updated.rejections[0].code == "not_allowed")
            #expect(
                updated.rejections[1].reason == updated.rejections[2].reason && updated.rejections[1].code == updated.rejections[2].code)
            let both = try await harbour.take(rows, as: harbour.actor("liwei", scopes)) { $0.match = ["code"] }
            #expect(both.created["customers"] == 1 && both.rejections.map(\.line) == [3, 4])
            #expect(both.rejections.allSatisfy { !$0.reason.contains("孙强") && !$0.reason.contains("sunqiang") })
            #expect(try await harbour.all("customers").map { $0["remark"] } == ["改", .null, .null, "改"])
        }
    }

    @Test("an import gives nobody rights that its maker may not give")
    func governed() async throws {
        try await Harbour.open { harbour async throws in
            var rights = Rights()
            rights.scopes = ["users": Harbour.everything, "roles": Harbour.everything]
            let clerk = Actor(userID: harbour.id("liwei"), name: "李伟", departmentID: harbour.id("sales"), rights: rights, via: "web")
            let result = try await harbour.take([["姓名", "登录名"], ["新人", "newbie"]], into: "users", as: clerk)
            #expect(result.created["users"] == 0 && result.rejected == 1)
            let renamed = try await harbour.take([["姓名", "登录名"], ["改名", "admin"]], into: "users", as: clerk) {
                $0.match = ["username"]; $0.mode = .update
            }
            #expect(renamed.updated["users"] == 0 && renamed.rejected == 1, "a refused change is told, not passed over")
            #expect(try await harbour.all("users").allSatisfy { $0.title != "改名" })
        }
    }

    @Test("nobody links to, or gives a record to, what they may not")
    func links() async throws {
        try await Harbour.open { harbour async throws in
            _ = try await harbour.add("customers", ["name": "别部门的", "code": "K3", "owner_id": .int(harbour.id("sunqiang"))])
            let scopes: [String: Scope] = ["read": .own, "create": .own, "update": .own, "import": .own]
            let result = try await harbour.take(
                [["订单号", "客户"], ["D1", "K3"], ["D2", "别部门的"]], into: "orders", as: harbour.actor("liwei", scopes))
            #expect(result.rejections.map(\.code) == ["not_found", "not_found"])
            let linked = try await harbour.take([["订单号", "编号"], ["D1", "K3"]], into: "orders", as: harbour.actor("liwei", scopes)) {
                $0.columns = [.init("订单号", "no"), .init("编号", "customer.code")]
                $0.match = ["customer.code"]
            }
            #expect(linked.rejections.map(\.code) == ["not_found"] && linked.rejected == 1)
            let given = try await harbour.take([["客户名称", "负责人"], ["甲", "陈静"], ["乙", "李伟"]], as: harbour.actor("liwei", scopes))
            #expect(
                given.created["customers"] == 1 && given.rejections.map(\.code) == ["not_allowed"]
                    && given.rejections.map(\.column) == ["负责人"])
            #expect(try await harbour.count("orders") == 0)
        }
    }
}
