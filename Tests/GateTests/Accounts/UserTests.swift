import Records
import Testing

@testable import Gate

@Suite struct UserTests {
    @Test(arguments: Engine.available) func `a user is made from what the API sends`(_ engine: Engine) async throws {
        try await House.open(engine) { house in
            let made = try await house.accounts.createUser(
                [
                    "username": " ＺｈｏｕＬａｎ ", "name": "周岚", "password": "correct horse battery", "department_id": .int(house["team"]),
                    "roles": ["sales_consultant"], "manager_id": .int(house["liwei"]),
                ],
                as: try await house.actor("admin"))
            let user = Record<User>(made.row)
            #expect(user.username == "zhoulan" && user.roles.ids.count == 1 && made.initialPassword == nil)
            let grant = try await house.grant("ZHOULAN", "correct horse battery")
            #expect(!grant.mustChangePassword)
            #expect(try await house.actor("liwei").subordinates.contains(user.row.id))
            let wrong = await #expect(throws: Problems.self) {
                try await house.accounts.createUser(
                    ["username": "zhoulan", "name": "周岚", "password": "correct horse battery"], as: .system())
            }
            #expect(wrong?.all.first?.code == "duplicate")
        }
    }

    @Test func `all that is wrong is said at once`() async throws {
        try await House.open { house in
            let wrong = await #expect(throws: Problems.self) {
                try await house.accounts.createUser(
                    ["username": "zhou lan!", "password": "short", "roles": ["astronaut"], "shoe_size": 43, "department_id": "月球部"],
                    as: .system())
            }
            #expect(Set(wrong?.all.compactMap(\.field) ?? []) == ["password", "roles", "shoe_size", "department_id", "name", "username"])
            let name = await #expect(throws: Problems.self) {
                try await house.accounts.createUser(["username": "zhou lan!", "name": "周岚"], as: .system())
            }
            #expect(name?.all.first?.field == "username")
        }
    }

    @Test func `without a password a readable one is made, to be changed`() async throws {
        try await House.open { house in
            let made = try await house.accounts.createUser(
                ["username": "zhoulan", "name": "周岚"], as: try await house.actor("admin"), generating: true)
            let grant = try await house.grant("zhoulan", try #require(made.initialPassword))
            #expect(grant.mustChangePassword)
        }
    }

    @Test func `who may not manage users does not make the server hash a password`() async throws {
        try await House.open { house in
            let consultant = try await house.actor("chenjing"), before = house.accounts.desk.hashed
            await #expect(throws: Refusal.self) {
                try await house.accounts.createUser(["username": "x", "name": "x", "password": "correct horse battery"], as: consultant)
            }
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateUser(house["liwei"], ["password": "correct horse battery"], as: consultant)
            }
            #expect(house.accounts.desk.hashed == before)
        }
    }

    @Test func `who may not manage users cannot make one`() async throws {
        try await House.open { house in
            let consultant = try await house.actor("chenjing")
            await #expect(throws: Refusal.self) { try await house.accounts.createUser(["username": "x", "name": "x"], as: consultant) }
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateUser(house["chenjing"], ["roles": ["admin"]], as: consultant)
            }
            await #expect(throws: Refusal.self) { try await house.accounts.createRole(["code": "x", "name": "x"], as: consultant) }
            await #expect(throws: Refusal.self) { try await house.accounts.resetPassword(of: house["liwei"], as: consultant) }
        }
    }

    @Test(arguments: Engine.available) func `nobody gives away rights that they do not have, nor takes an administrator's account`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            let hr = try await house.actor("hr"), before = try await house.userCount()
            await #expect(throws: Refusal.self) {
                try await house.accounts.createUser(["username": "x", "name": "x", "roles": ["admin"]], as: hr)
            }
            await #expect(throws: Refusal.self) { try await house.accounts.updateUser(house["chenjing"], ["roles": ["admin"]], as: hr) }
            for role in ["sales_mgr", "gm", "sysadmin"] {
                let made = try await house.accounts.createUser(
                    ["username": .text("x_\(role)"), "name": "x", "roles": [.text(role)]], as: hr)
                #expect(made.request != nil && Record<User>(made.row).roles.ids.isEmpty, "\(role)")
                await #expect(throws: Refusal.self, "\(role)") {
                    try await house.accounts.updateUser(house["hr"], ["roles": [.text(role)]], as: hr)
                }
            }
            try await house.accounts.updateUser(house["chenjing"], ["roles": ["gm"]], as: hr)
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateUser(house["hr"], ["roles": ["hr", "sales_consultant"]], as: hr)
            }
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateUser(house["admin"], ["password": "correct horse battery"], as: hr)
            }
            await #expect(throws: Refusal.self) { try await house.accounts.resetPassword(of: house["admin"], as: hr) }
            await #expect(throws: Refusal.self) { try await house.accounts.resetTOTP(of: house["wang"], as: hr) }
            await #expect(throws: Refusal.self) { try await house.accounts.endSessions(of: house["admin"], as: hr) }
            await #expect(throws: Refusal.self) { try await house.accounts.deleteUser(house["admin"], as: hr) }
            await #expect(throws: Refusal.self) { try await house.accounts.updateUser(house["wang"], ["status": "disabled"], as: hr) }
            #expect(try await house.userCount() == before + 3)
            #expect(try await house.accounts.chart().rights(of: house["chenjing"]).scope("repair_jobs", "read") == .own)
            let made = try await house.accounts.createUser(["username": "zhoulan", "name": "周岚", "roles": ["sales_consultant"]], as: hr)
            #expect(try await house.accounts.resetPassword(of: made.row.id, as: hr).isEmpty == false)
        }
    }

    @Test func `who keeps roles without business data gives business rights with an administrator's word, and never to themselves`()
        async throws
    {
        try await House.open { house in
            house.name(
                "ops",
                try await house.accounts.createUser(
                    ["username": "ops", "name": "运维", "roles": ["sysadmin"], "password": .text(House.password)], as: .system()
                ).row.id)
            let ops = try await house.actor("ops")
            try await house.accounts.updateUser(house["chenjing"], ["roles": ["sales_mgr"]], as: ops)
            #expect(try await house.accounts.chart().rights(of: house["chenjing"]).scope("repair_jobs", "read") == .own, "it waits")
            await #expect(throws: Refusal.self) { try await house.accounts.updateUser(house["zhaomin"], ["roles": ["admin"]], as: ops) }
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateUser(house["ops"], ["roles": ["sysadmin", "sales_mgr"]], as: ops)
            }
            let own = try #require(try await house.accounts.chart().roles.values.first { $0.code == "sysadmin" }).id
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateRole(own, ["permissions": ["repair_jobs": ["read": "all"]]], as: ops)
            }
            await #expect(throws: Refusal.self) {
                try await house.accounts.createRole(["code": "boss", "name": "老板", "system": ["admin"]], as: ops)
            }
            try await house.accounts.createRole(["code": "viewer", "name": "查看", "permissions": ["repair_jobs": ["read": "all"]]], as: ops)
            #expect(try await house.accounts.chart().roles.values.first { $0.code == "viewer" }?.rights == Rights())
        }
    }

    @Test func `nobody moves themselves, or others below themselves, to see more`() async throws {
        try await House.open { house in
            let role = try await house.accounts.createRole(
                [
                    "code": "branch", "name": "分店长",
                    "permissions": [
                        "repair_jobs": ["read": "department_tree", "create": true, "update": "own_and_subordinates"],
                        "makes": ["read": "all"],
                    ], "system": ["users"],
                ],
                as: .system())
            try await house.accounts.updateUser(house["sunqiang"], ["roles": [.int(role.id)]], as: .system())
            let sun = try await house.actor("sunqiang")
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateUser(house["sunqiang"], ["department_id": .int(house["sales"])], as: sun)
            }
            await #expect(throws: Refusal.self) {
                try await house.accounts.updateUser(house["chenjing"], ["manager_id": .int(house["sunqiang"])], as: sun)
            }
            // That waits for an administrator.
            let asked = try await house.accounts.updateDepartment(house["sales"], ["parent_id": .int(house["service"])], as: sun)
            #expect(asked["parent_id"].isNull)
            await #expect(throws: Refusal.self) {
                try await house.accounts.createUser(
                    ["username": "puppet", "name": "傀儡", "department_id": .int(house["sales"]), "roles": ["branch"]], as: sun)
            }
            await #expect(throws: Refusal.self) {
                try await house.accounts.createUser(
                    [
                        "username": "puppet", "name": "傀儡", "department_id": .int(house["sales"]),
                        "roles": ["sales_consultant", "supervisor"],
                    ], as: sun)
            }
            try await house.accounts.updateUser(house["chenjing"], ["mobile": "13900000001"], as: sun)
        }
    }

    @Test(arguments: Engine.available) func `the last administrator stays one`(_ engine: Engine) async throws {
        try await House.open(engine) { house in
            let system = Actor.system()
            let role = try #require(try await house.accounts.chart().roles.values.first { $0.code == "admin" }).id
            await #expect(throws: Refusal.self) { try await house.accounts.updateUser(house["admin"], ["status": "disabled"], as: system) }
            await #expect(throws: Refusal.self) { try await house.accounts.updateUser(house["admin"], ["roles": ["hr"]], as: system) }
            await #expect(throws: Refusal.self) { try await house.accounts.deleteUser(house["admin"], as: system) }
            await #expect(throws: Refusal.self) { try await house.accounts.updateRole(role, ["system": ["users"]], as: system) }
            let second = try await house.accounts.createUser(["username": "admin2", "name": "副管理员", "roles": ["admin"]], as: system).row.id
            try await house.accounts.updateUser(house["admin"], ["roles": ["hr"]], as: system)
            await #expect(throws: Refusal.self) { try await house.accounts.updateUser(second, ["status": "disabled"], as: system) }
        }
    }

    @Test func `nobody becomes their own superior`() async throws {
        try await House.open { house in
            for (user, manager) in [("wang", "zhaomin"), ("wang", "wang"), ("liwei", "zhaomin")] {
                let wrong = await #expect(throws: Problems.self) {
                    try await house.accounts.updateUser(house[user], ["manager_id": .int(house[manager])], as: .system())
                }
                #expect(wrong?.all.first?.field == "manager_id")
            }
            await #expect(throws: Problems.self) {
                try await house.accounts.updateDepartment(house["sales"], ["parent_id": .int(house["team"])], as: .system())
            }
            try await house.accounts.updateUser(house["liwei"], ["manager_id": nil], as: .system())
        }
    }

    @Test func `departments with people and roles in use are not deleted`() async throws {
        try await House.open { house in
            await #expect(throws: Refusal.self) { try await house.accounts.deleteDepartment(house["sales"], as: .system()) }
            let role = try #require(try await house.accounts.chart().roles.values.first { $0.code == "supervisor" }).id
            await #expect(throws: Refusal.self) { try await house.accounts.deleteRole(role, as: .system()) }
            try await house.accounts.updateUser(house["liwei"], ["roles": ["sales_consultant"]], as: .system())
            try await house.accounts.deleteRole(role, as: .system())
        }
    }

    @Test(arguments: Engine.available) func `a role is made as the API writes it, and its changes are in the audit log`(
        _ engine: Engine
    ) async throws {
        try await House.open(engine) { house in
            let role = try await house.accounts.createRole(
                [
                    "code": "Viewer", "name": "查看", "permissions": ["repair_jobs": ["read": "department_tree", "create": true]],
                    "fields": ["repair_jobs.phone": "masked"],
                ],
                as: try await house.actor("admin"))
            #expect(Record<Role>(role).code == "viewer")
            #expect(RoleInput.plain(Record<Role>(role))["permissions"] == ["repair_jobs": ["read": "department_tree", "create": true]])
            try await house.accounts.updateUser(house["chenjing"], ["roles": ["viewer"]], as: try await house.actor("admin"))
            #expect(try await house.actor("chenjing").rights.scope("repair_jobs", "read") == .departmentTree)
            let wrong = await #expect(throws: Problems.self) {
                try await house.accounts.updateRole(role.id, ["permissions": ["rockets": ["read": "all"]]], as: .system())
            }
            #expect(wrong?.all.first?.code == "unknown_entity")
            let changes = try await house.store.read { reading in
                try reading.fetch(
                    Query(
                        AuditEntry.self, where: \AuditEntry.entity == "users" && \AuditEntry.recordID == Int(house["chenjing"]),
                        sort: [Query.Sort("id")], limit: 10)
                )
                .compactMap { Record<AuditEntry>($0).changes }
            }
            #expect(changes.contains { $0.contains("\"roles\"") })
        }
    }

    @Test func `another's password cannot be had through one's own account, nor one's own without the old one`() async throws {
        try await House.open { house in
            let hr = try await house.actor("hr")
            await #expect(throws: Problems.self) {
                try await house.accounts.updateUser(house["hr"], ["password": "correct horse battery"], as: hr)
            }
            await #expect(throws: Refusal.self) { try await house.accounts.resetPassword(of: house["hr"], as: hr) }
        }
    }
}

extension House {
    func userCount() async throws -> Int { try await store.read { try $0.count(Query(User.self), cap: 1000) } }
}
