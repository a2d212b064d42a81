import Records
import Storage
import Testing

@testable import Gate

@Suite struct OrgChartTests {
    private func rights(_ entity: String, _ scopes: [String: Scope]) -> Rights {
        var rights = Rights()
        rights.scopes[entity] = scopes
        return rights
    }

    private func member(
        _ id: Int64, department: Int64? = nil, manager: Int64? = nil, roles: [Int64] = [], active: Bool = true
    ) -> OrgChart.Member {
        OrgChart.Member(
            id: id, name: "u\(id)", username: "u\(id)", departmentID: department, managerID: manager, roles: roles, isActive: active)
    }

    private func role(_ id: Int64, _ rights: Rights) -> OrgChart.Role {
        OrgChart.Role(id: id, code: "r\(id)", name: "r\(id)", rights: rights, needsTOTP: false)
    }

    @Test("subordinates are found however deep, and a circle ends the walk") func subordinates() {
        let chart = OrgChart(
            members: [
                member(1, manager: 4), member(2, manager: 1), member(3, manager: 2), member(4, manager: 3), member(5, manager: 5),
                member(6, manager: 99),
            ], departments: [], roles: [])
        #expect(chart.subordinates(of: 1) == [2, 3, 4])
        #expect(chart.subordinates(of: 3) == [1, 2, 4])
        #expect(chart.subordinates(of: 5).isEmpty && chart.subordinates(of: 6).isEmpty)
    }

    @Test("a department holds all below it; orphans and circles are harmless") func departments() {
        func department(_ id: Int64, _ parent: Int64?) -> OrgChart.Department {
            OrgChart.Department(id: id, name: "d\(id)", parentID: parent, isDeleted: false)
        }
        let chart = OrgChart(
            members: [],
            departments: [department(1, nil), department(2, 1), department(3, 2), department(4, 77), department(5, 6), department(6, 5)],
            roles: [])
        #expect(chart.tree(of: 1) == [1, 2, 3])
        #expect(chart.tree(of: 4) == [4] && chart.tree(of: 5) == [5, 6] && chart.tree(of: 1234) == [1234])
        #expect(chart.line(above: 3) == [3, 2, 1] && chart.line(above: 4) == [4, 77] && chart.line(above: 5) == [5, 6])
    }

    @Test("several roles add up: the wider scope counts") func union() {
        let chart = OrgChart(
            members: [member(1, department: 7, roles: [1, 2, 404])], departments: [],
            roles: [
                role(1, rights("orders", ["read": .own, "create": .all])),
                role(2, rights("orders", ["read": .departmentTree, "update": .own])),
            ])
        let sum = chart.rights(of: 1)
        #expect(
            sum.scope("orders", "read") == .departmentTree && sum.scope("orders", "create") == .all && sum.scope("orders", "update") == .own
        )
        #expect(sum.scope("orders", "delete") == .none)
    }

    @Test("who is disabled has no rights and is no actor, but is still somebody's subordinate") func disabled() {
        let chart = OrgChart(
            members: [member(1, roles: [1]), member(2, manager: 1, roles: [1], active: false)], departments: [], roles: [role(1, .all)])
        #expect(chart.rights(of: 2) == Rights() && chart.actor(for: 2, via: "web") == nil && chart.actor(for: 3, via: "web") == nil)
        #expect(chart.subordinates(of: 1) == [2] && chart.administrators == [1])
    }

    @Test("everything does not mean users and roles: those take the right over the system") func governed() {
        var broad = Rights()
        for right in Rights.common { broad.fallback[right] = .all }
        let chart = OrgChart(members: [member(1, roles: [1])], departments: [], roles: [role(1, broad)])
        let rights = chart.rights(of: 1)
        #expect(rights.scope("orders", "delete") == .all)
        #expect(
            rights.scope("users", "read") == .all && rights.scope("users", "update") == .none && rights.scope("roles", "create") == .none)
        broad.system = ["users"]
        #expect(broad.settled.scope("users", "update") == .all && broad.settled.scope("roles", "update") == .none)
    }

    @Test(arguments: Engine.available) func `an actor knows the department's tree and the people below`(_ engine: Engine) async throws {
        try await House.open(engine) { house in
            let wang = try await house.actor("wang")
            #expect(wang.departmentID == house["sales"] && wang.departmentTree == [house["sales"], house["team"]].sorted())
            #expect(wang.subordinates == [house["liwei"], house["chenjing"], house["zhaomin"]].sorted())
            #expect(try await house.actor("liwei").subordinates == [house["zhaomin"]])
        }
    }

    @Test(arguments: Engine.available) func `each sees the records in their scope`(_ engine: Engine) async throws {
        try await House.open(engine) { house in
            for name in ["wang", "liwei", "chenjing", "zhaomin", "sunqiang"] { _ = try await house.order("J-\(name)", of: name) }
            func seen(_ name: String) async throws -> [String] {
                let actor = try await house.actor(name)
                return try await house.gate.read(as: actor) {
                    try $0.page(ListRequest(RepairJob.schema, sort: [Query.Sort("id")])).rows.map { Record<RepairJob>($0).no }
                }
            }
            #expect(try await seen("wang") == ["J-wang", "J-liwei", "J-chenjing", "J-zhaomin"])
            #expect(try await seen("liwei") == ["J-liwei", "J-zhaomin"])
            #expect(try await seen("chenjing") == ["J-chenjing"])
            #expect(try await seen("admin").count == 5)
        }
    }

    @Test(arguments: Engine.available) func `a shared record is in reach until its last day, to write only when lent to write`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine, freshness: .zero) { house in
            let id = try await house.order("J1", of: "chenjing"), other = try await house.order("J2", of: "chenjing")
            let owner = try await house.actor("chenjing"), today = house.time.now.day
            try await house.gate.write(as: owner) { tx in
                try tx.share(RepairJob.schema, id: id, withUser: house["sunqiang"], canWrite: true, until: today + 1)
                try tx.share(RepairJob.schema, id: other, department: house["sales"], canWrite: false, until: nil)
            }
            let token = try await house.grant("sunqiang").token
            func sun() async throws -> Actor { try #require(try await house.accounts.authenticate(token)).actor }
            #expect(try await sun().sharedReading == ["repair_jobs": [id]])
            #expect(try await sun().sharedWriting == ["repair_jobs": [id]])
            let zhao = try await house.actor("zhaomin")
            #expect(zhao.sharedReading == ["repair_jobs": [other]] && zhao.sharedWriting.isEmpty)
            house.time.pass(86_400)
            #expect(try await house.actor("sunqiang").sharedReading == ["repair_jobs": [id]])
            house.time.pass(86_400)
            #expect(try await house.actor("sunqiang").sharedReading.isEmpty)
        }
    }

    @Test func `a remembered session asks the database nothing`() async throws {
        try await House.open(freshness: .seconds(86_400)) { house in
            let token = try await house.grant("wang").token
            let first = try #require(try await house.accounts.authenticate(token))
            (house.store as? SQLiteStore)?.close()
            await #expect(throws: StoreError.self) { try await house.actor("liwei") }
            let again = try #require(try await house.accounts.authenticate(token, address: "10.0.0.1"))
            #expect(again.sessionID == first.sessionID && again.actor.rights == first.actor.rights)
        }
    }
}
