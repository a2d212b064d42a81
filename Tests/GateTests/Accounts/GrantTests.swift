import Records
import Testing

@testable import Gate

/// 运维 (`ops`) keeps users and roles and has no business data, 何人事 (`hr`) keeps users and has what a consultant has.
@Suite("Nobody gives what they do not have", .timeLimit(.minutes(10)))
struct GrantTests {
    private func open(_ engine: Engine, _ body: (House) async throws -> Void) async throws {
        try await House.open(engine) { house in
            try await hire(house, "ops", "运维", ["sysadmin"])
            try await body(house)
        }
    }

    private func hire(_ house: House, _ name: String, _ title: String, _ roles: [String]) async throws {
        let input: [String: Plain] = [
            "username": .text(name), "name": .text(title), "password": .text(House.password), "roles": .list(roles.map(Plain.text)),
        ]
        house.name(name, try await house.accounts.createUser(input, as: .system()).row.id)
    }

    private func codes(_ house: House, of user: Int64) async throws -> [String] {
        let chart = try await house.accounts.chart()
        return (chart.members[user]?.roles ?? []).compactMap { chart.roles[$0]?.code }.sorted()
    }

    private func role(_ house: House, _ code: String) async throws -> OrgChart.Role {
        try #require(try await house.accounts.chart().roles.values.first { $0.code == code })
    }

    private func request(_ house: House, _ id: Int64) async throws -> Record<ApprovalRequest> {
        try await house.gate.read(as: .system()) { Record(try $0.record($0.catalog.schema(ApprovalRequest.self), id: id)) }
    }

    /// Changes a user or role, and gives the request that came of it.
    private func change(_ house: House, as name: String, _ entity: String, _ id: Int64, _ input: [String: Plain]) async throws -> Int64? {
        let actor = try await house.actor(name), schema = try #require(house.gate.catalog[entity])
        let draft = try await house.accounts.draft(of: entity, input, id: id, as: actor)
        return try await house.gate.write(as: actor) { tx in
            try tx.update(schema, id: id, draft)
            return tx.submitted
        }
    }

    private func decide(_ house: House, _ action: String, _ id: Int64, as actor: Actor, _ input: [String: Plain] = [:]) async throws {
        let schema = house.gate.catalog.schema(ApprovalRequest.self)
        try await house.gate.write(as: actor) { _ = try $0.perform(action, schema, id: id, input) }
    }

    private func refusal(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch { return Reason.text(error) }
        return nil
    }

    @Test("a new user is there without the mightier role, which waits for an administrator", arguments: Engine.available)
    func newUser(engine: Engine) async throws {
        try await open(engine) { house in
            let ops = try await house.actor("ops"), admin = try await house.actor("admin"), hr = try await house.actor("hr")
            let made = try await house.accounts.createUser(
                ["username": "zhoulan", "name": "周岚", "roles": ["gm", "sysadmin"], "password": .text(House.password)], as: ops)
            let id = made.row.id, number = try #require(made.request)
            #expect(try await codes(house, of: id) == ["sysadmin"])
            let asked = try await request(house, number)
            #expect(asked.title == "授予「周岚」角色：总经理" && asked.approvers.ids == [house["admin"]] && asked.ownerID == house["ops"])
            #expect(asked.summary?.contains("授予角色：总经理") == true)
            let told = try await house.gate.read(as: admin) { try $0.notifications().map(\.text) }
            #expect(told.contains { $0.contains("待您审批：授予「周岚」角色：总经理") })
            let seen = try await house.gate.read(as: ops) { view in
                try view.notices(of: try view.record(view.catalog.schema(User.self), id: id)).map(\.text.chinese)
            }
            #expect(seen.contains { $0.contains("审批中：授予「周岚」") })

            for other in [ops, hr] { #expect(await refusal { try await decide(house, "approve", number, as: other) } != nil) }
            #expect(try await codes(house, of: id) == ["sysadmin"])
            try await decide(house, "approve", number, as: admin)
            #expect(try await codes(house, of: id) == ["gm", "sysadmin"])
            #expect(try await request(house, number).status == .approved)

            let other = try await house.accounts.createUser(["username": "other", "name": "另一", "roles": ["gm"]], as: ops)
            try await decide(house, "reject", try #require(other.request), as: admin, ["reason": "不需要"])
            #expect(try await codes(house, of: other.row.id).isEmpty)
            // What is within one's own rights is given at once.
            #expect(try await change(house, as: "ops", "users", other.row.id, ["roles": ["sysadmin"]]) == nil)
            #expect(try await codes(house, of: other.row.id) == ["sysadmin"])
        }
    }

    @Test("a change of roles waits while the rest is saved, and is held meanwhile", arguments: Engine.available)
    func present(engine: Engine) async throws {
        try await open(engine) { house in
            let admin = try await house.actor("admin"), chen = house["chenjing"]
            let number = try #require(
                try await change(house, as: "hr", "users", chen, ["mobile": "13900000001", "roles": ["sales_consultant", "gm"]]))
            let users = house.gate.catalog.schema(User.self)
            #expect(try await house.store.read { try $0.row(users, id: chen) }?["mobile"] == "13900000001")
            #expect(try await codes(house, of: chen) == ["sales_consultant"])
            // Saving the form again with the same roles is no change; others wait for the answer.
            #expect(try await change(house, as: "hr", "users", chen, ["name": "陈静", "roles": ["sales_consultant"]]) == nil)
            #expect(await refusal { _ = try await change(house, as: "hr", "users", chen, ["roles": ["gm"]]) }?.contains("在审批中") == true)
            #expect(await refusal { _ = try await change(house, as: "admin", "users", chen, ["roles": ["hr"]]) }?.contains("已锁定") == true)
            try await decide(house, "approve", number, as: admin)
            #expect(try await codes(house, of: chen) == ["gm", "sales_consultant"])

            // One who is mightier now: the roles may be asked for, nothing else is touched.
            #expect(
                await refusal { _ = try await change(house, as: "hr", "users", chen, ["mobile": "13900000002"]) }?.contains("您没有的权限")
                    == true)
            #expect(
                await refusal { _ = try await change(house, as: "hr", "users", chen, ["mobile": "13900000002", "roles": []]) } != nil)
            let back = try #require(try await change(house, as: "hr", "users", chen, ["roles": ["sales_consultant"]]))
            #expect(try await request(house, back).title == "收回「陈静」的角色：总经理")
            #expect(try await codes(house, of: chen) == ["gm", "sales_consultant"])
            try await decide(house, "approve", back, as: admin)
            #expect(try await codes(house, of: chen) == ["sales_consultant"])
            // Never for oneself.
            #expect(await refusal { _ = try await change(house, as: "ops", "users", house["ops"], ["roles": ["sysadmin", "gm"]]) } != nil)
            #expect(await refusal { _ = try await change(house, as: "hr", "users", house["hr"], ["roles": ["admin"]]) } != nil)
            let wrong = await #expect(throws: Problems.self) {
                _ = try await change(house, as: "ops", "users", house["zhaomin"], ["roles": [.int(999_999)]])
            }
            #expect(wrong?.all.first?.field == "roles")
        }
    }

    @Test("a role's rights wait when they are more than its author has", arguments: Engine.available)
    func definitions(engine: Engine) async throws {
        try await open(engine) { house in
            let ops = try await house.actor("ops"), admin = try await house.actor("admin"), roles = house.gate.catalog.schema(Role.self)
            let (id, number) = try await house.gate.write(as: ops) { tx in
                let input: [String: Plain] = [
                    "code": "viewer", "name": "查看", "permissions": ["repair_jobs": ["read": "all"]],
                    "fields": ["repair_jobs.phone": "read"],
                ]
                return (try tx.create(roles, input).id, tx.submitted)
            }
            #expect(try await role(house, "viewer").rights == Rights())
            let asked = try await request(house, try #require(number))
            #expect(asked.title == "修改角色「查看」的权限")
            #expect(asked.summary == "维修单：增加 查看（全部）；维修单字段：电话 默认→只读")
            try await decide(house, "approve", try #require(number), as: admin)
            #expect(try await role(house, "viewer").rights.scope("repair_jobs", "read") == .all)

            let more = try #require(
                try await change(
                    house, as: "ops", "roles", id, ["name": "看板", "permissions": ["repair_jobs": ["read": "all", "update": "own"]]]))
            #expect(try await role(house, "viewer").name == "看板")
            #expect(try await role(house, "viewer").rights.scope("repair_jobs", "update") == .none)
            #expect(try await request(house, more).summary == "维修单：增加 修改（本人）")
            try await decide(house, "reject", more, as: admin, ["reason": "不行"])
            // Less than it was is a change of what one does not have, too.
            #expect(try await change(house, as: "ops", "roles", id, ["permissions": ["repair_jobs": ["read": "own"]]]) != nil)
            #expect(try await role(house, "viewer").rights.scope("repair_jobs", "read") == .all)
            #expect(try await change(house, as: "ops", "roles", id, ["description": "只看"]) == nil)

            // Who is an administrator, administrators say.
            #expect(await refusal { _ = try await change(house, as: "ops", "roles", id, ["system": ["admin"]]) } != nil)
            #expect(await refusal { _ = try await change(house, as: "ops", "users", house["wang"], ["roles": ["admin"]]) } != nil)
            #expect(await refusal { _ = try await change(house, as: "ops", "users", house["admin"], ["roles": []]) } != nil)
            let own = try await role(house, "sysadmin").id
            #expect(
                await refusal { _ = try await change(house, as: "ops", "roles", own, ["permissions": ["repair_jobs": ["read": "all"]]]) }
                    != nil)
            let gm = try await role(house, "gm").id
            #expect(await refusal { try await house.accounts.deleteRole(gm, as: ops) } != nil)
            let wrong = await #expect(throws: Problems.self) {
                _ = try await change(house, as: "ops", "roles", gm, ["permissions": ["rockets": ["read": "all"]]])
            }
            #expect(wrong?.all.first?.code == "unknown_entity")
        }
    }

    @Test("what was granted does not fall to who is logged in already, nor to who knows the password", arguments: Engine.available)
    func afresh(engine: Engine) async throws {
        try await open(engine) { house in
            let ops = try await house.actor("ops"), admin = try await house.actor("admin"), known = "山高水长自有归处清风"
            let made = try await house.accounts.createUser(["username": "puppet", "name": "木偶", "password": .text(known)], as: ops)
            house.name("puppet", made.row.id)
            var session = try await house.grant("puppet", known)
            let visitor = try #require(try await house.accounts.authenticate(session.token, address: "10.0.0.1"))
            // That the account chooses another one itself says nothing of who sits there.
            let other = "海阔天空任鸟自在飞翔"
            session = try await house.accounts.changePassword(visitor, current: known, new: other)
            let again = try #require(try await house.accounts.authenticate(session.token, address: "10.0.0.1"))
            let (key, _) = try await house.accounts.makeKey(again, name: "留着", scopes: ["read"])
            let number = try #require(try await change(house, as: "ops", "users", made.row.id, ["roles": ["gm"]]))
            #expect(try await request(house, number).summary?.contains("须由系统管理员重置") == true)
            try await decide(house, "approve", number, as: admin)
            #expect(try await codes(house, of: made.row.id) == ["gm"])
            #expect(try await house.accounts.authenticate(session.token, address: "10.0.0.1") == nil)
            #expect(try await house.accounts.authenticate(key) == nil)
            for word in [known, other] {
                guard case .refused = try await house.logIn("puppet", word) else { throw Missing("the known password opens nothing") }
            }
            #expect(await refusal { _ = try await house.accounts.resetPassword(of: made.row.id, as: ops) } != nil)
            #expect(try await house.gate.read(as: admin) { try $0.notifications().map(\.text) }.contains { $0.contains("木偶的密码不是系统管理员签发的") })
            let fresh = try await house.accounts.resetPassword(of: made.row.id, as: admin)
            #expect(try await house.grant("puppet", fresh).mustChangePassword)

            // With a password from an administrator or the command line the person goes on, after a change of it.
            let chen = house["chenjing"], token = try await house.grant("chenjing").token
            let second = try #require(try await change(house, as: "hr", "users", chen, ["roles": ["sales_consultant", "gm"]]))
            try await decide(house, "approve", second, as: admin)
            #expect(try await house.accounts.authenticate(token, address: "10.0.0.1") == nil)
            #expect(try await house.grant("chenjing").mustChangePassword)
            // What is taken away ends no work.
            let kept = try await house.grant("chenjing").token
            let back = try #require(try await change(house, as: "hr", "users", chen, ["roles": ["sales_consultant"]]))
            try await decide(house, "approve", back, as: admin)
            #expect(try await house.accounts.authenticate(kept, address: "10.0.0.1") != nil)
        }
    }

    @Test("a role that gets more takes the door from carriers whose password its author handed out, and says so first")
    func afreshByRole() async throws {
        try await open(.sqlite) { house in
            let ops = try await house.actor("ops"), admin = try await house.actor("admin"), known = "山高水长自有归处清风"
            let role = try await house.accounts.createRole(["code": "viewer", "name": "查看"], as: ops)
            let made = try await house.accounts.createUser(
                ["username": "puppet", "name": "木偶", "password": .text(known), "roles": ["viewer"]], as: ops)
            house.name("puppet", made.row.id)
            // Choosing another one does not make it the person's own.
            let other = "海阔天空任鸟自在飞翔"
            let visitor = try #require(try await house.accounts.authenticate(try await house.grant("puppet", known).token))
            let token = try await house.accounts.changePassword(visitor, current: known, new: other).token
            try await house.accounts.updateUser(house["wang"], ["roles": ["viewer"]], as: .system())
            let theirs = try await house.grant("wang").token
            let number = try #require(
                try await change(house, as: "ops", "roles", role.id, ["permissions": ["repair_jobs": ["read": "all"]]]))
            let said = try #require(try await request(house, number).summary)
            #expect(said.contains("密码由申请人签发的 木偶 须由系统管理员重置") && !said.contains("王经理"), "\(said)")
            try await decide(house, "approve", number, as: admin)
            #expect(try await house.accounts.authenticate(token, address: "10.0.0.1") == nil)
            guard case .refused = try await house.logIn("puppet", other) else { throw Missing("the known password opens nothing") }
            #expect(try await house.accounts.authenticate(theirs, address: "10.0.0.1")?.actor.rights.scope("repair_jobs", "read") == .all)
        }
    }

    @Test("where a department is and who heads it waits for an administrator; its name does not", arguments: Engine.available)
    func departments(engine: Engine) async throws {
        try await open(engine) { house in
            let admin = try await house.actor("admin"), ops = try await house.actor("ops"), service = house["service"],
                sales = house["sales"]
            let departments = house.gate.catalog.schema(Department.self)
            func present() async throws -> Row { try #require(try await house.store.read { try $0.row(departments, id: service) }) }
            let number = try #require(
                try await change(
                    house, as: "ops", "departments", service,
                    ["name": "售后部", "parent_id": .int(sales), "manager_id": .int(house["ops"])]))
            #expect(try await present()["name"] == "售后部")
            var row = try await present()
            #expect(row["parent_id"].isNull && row["manager_id"].isNull)
            #expect(try await request(house, number).summary == "上级部门：无→销售部；负责人：无→运维")
            #expect(await refusal { try await decide(house, "approve", number, as: ops) } != nil)
            try await decide(house, "approve", number, as: admin)
            row = try await present()
            #expect(row["parent_id"] == .int(sales) && row["manager_id"] == .int(house["ops"]))
            // Less sight and no say need nobody's word; nor does an administrator.
            #expect(try await change(house, as: "ops", "departments", service, ["parent_id": .null, "manager_id": .null]) == nil)
            #expect(try await present()["parent_id"].isNull)
            #expect(try await change(house, as: "admin", "departments", service, ["parent_id": .int(sales)]) == nil)
            let (id, asked) = try await house.gate.write(as: ops) { tx in
                (
                    try tx.create(departments, ["name": "新部门", "parent_id": .int(sales), "manager_id": .int(ops.userID)]).id,
                    tx.submitted
                )
            }
            let made = try #require(try await house.store.read { try $0.row(departments, id: id) })
            #expect(asked != nil && made["parent_id"] == .int(sales) && made["manager_id"].isNull)
            // No other way leads past it.
            #expect(
                await refusal { _ = try await house.putBack("manager_id", of: "departments", service, as: ops) }?.contains("系统管理员审批")
                    == true)
            let outcomes = try await house.gate.write(as: ops) { tx in
                var row = departments.blank()
                (row["name"], row["manager_id"]) = ("进口", .int(ops.userID))
                return try tx.insertAll([row]).map { (try? $0.get()) == nil }
            }
            #expect(outcomes == [true])
        }
    }

    @Test("who asks again for what waits already has the rest saved", arguments: Engine.available)
    func again(engine: Engine) async throws {
        try await open(engine) { house in
            let chen = house["chenjing"], users = house.gate.catalog.schema(User.self)
            let number = try #require(try await change(house, as: "hr", "users", chen, ["roles": ["sales_consultant", "gm"]]))
            let same = try await change(
                house, as: "hr", "users", chen, ["email": "chen@example.com", "roles": ["gm", "sales_consultant"]])
            #expect(same == number)
            #expect(try await house.store.read { try $0.row(users, id: chen) }?["email"] == "chen@example.com")
            #expect(await refusal { _ = try await change(house, as: "hr", "users", chen, ["roles": ["gm"]]) }?.contains("在审批中") == true)
        }
    }

    @Test("nobody gets hold of a mightier account", arguments: Engine.available)
    func accounts(engine: Engine) async throws {
        try await open(engine) { house in
            try await hire(house, "boss", "老总", ["gm"])
            let boss = house["boss"]
            for name in ["ops", "hr"] {
                let actor = try await house.actor(name)
                let attempts: [(String, () async throws -> Void)] = [
                    ("a reset", { _ = try await house.accounts.resetPassword(of: boss, as: actor) }),
                    ("a password", { try await house.accounts.updateUser(boss, ["password": "correct horse battery"], as: actor) }),
                    ("a flag", { try await house.accounts.updateUser(boss, ["must_change_password": true], as: actor) }),
                    (
                        "a password with roles",
                        { try await house.accounts.updateUser(boss, ["password": "correct horse battery", "roles": ["hr"]], as: actor) }
                    ),
                    ("the second step", { try await house.accounts.resetTOTP(of: boss, as: actor) }),
                    ("an address", { try await house.accounts.updateUser(boss, ["email": "a@example.com"], as: actor) }),
                    ("the end", { try await house.accounts.updateUser(boss, ["status": "disabled"], as: actor) }),
                    ("the bin", { try await house.accounts.deleteUser(boss, as: actor) }),
                ]
                for (what, attempt) in attempts {
                    #expect(await refusal(attempt)?.contains("只能由系统管理员") == true, "\(what) by \(name)")
                }
            }
            _ = try await house.grant("boss")
        }
    }

    @Test("who is no administrator any more approves nothing, and nobody else does instead", arguments: Engine.available)
    func steppedDown(engine: Engine) async throws {
        try await open(engine) { house in
            try await hire(house, "second", "副管理员", ["admin"])
            let ops = try await house.actor("ops")
            let made = try await house.accounts.createUser(["username": "zhoulan", "name": "周岚", "roles": ["sales_consultant"]], as: ops)
            let number = try #require(made.request)
            #expect(Set(try await request(house, number).approvers.ids) == [house["admin"], house["second"]])
            let before = try await house.actor("second")
            #expect(
                await refusal { try await decide(house, "pass_on", number, as: before, ["user_id": .int(house["wang"])]) }?.contains(
                    "系统管理员")
                    == true)
            // The general manager has all that is asked for, and is no administrator.
            try await house.accounts.updateUser(house["second"], ["roles": ["gm"]], as: .system())
            let after = try await house.actor("second")
            for actor in [before, after] {
                #expect(await refusal { try await decide(house, "approve", number, as: actor) }?.contains("只有在任的系统管理员") == true)
            }
            var key = try await house.actor("admin", via: "api")
            key.narrow(to: TokenScopes(stored: "read,approvals:write"), in: house.gate.catalog)
            let narrow = key
            #expect(await refusal { try await decide(house, "approve", number, as: narrow) } != nil)
            #expect(try await request(house, number).status == .pending)
            #expect(try await codes(house, of: made.row.id).isEmpty)
            // What was asked for is done only while the applicant may still manage users.
            try await house.accounts.updateUser(house["ops"], ["roles": ["sales_consultant"]], as: .system())
            let admin = try await house.actor("admin")
            #expect(await refusal { try await decide(house, "approve", number, as: admin) } != nil)
            try await house.accounts.updateUser(house["ops"], ["roles": ["sysadmin"]], as: .system())
            try await decide(house, "approve", number, as: admin)
            #expect(try await codes(house, of: made.row.id) == ["sales_consultant"])
        }
    }

    @Test("no other way leads past the administrator: import, an old value, undo, the bin", arguments: Engine.available)
    func doors(engine: Engine) async throws {
        try await open(engine) { house in
            let ops = try await house.actor("ops"), users = house.gate.catalog.schema(User.self),
                roles = house.gate.catalog.schema(Role.self)
            let gm = try await role(house, "gm").id, wang = house["wang"]
            let outcomes = try await house.gate.write(as: ops) { tx in
                var row = users.blank()
                (row["name"], row["username"], row["roles"], row["status"]) = ("进口", "imported", .list([.int(gm)]), "active")
                return try tx.insertAll([row]).map { (try? $0.get()) == nil }
            }
            #expect(outcomes == [true])
            try await house.accounts.updateUser(wang, ["roles": ["gm"]], as: .system())
            try await house.accounts.updateUser(wang, ["roles": []], as: .system())
            #expect(await refusal { _ = try await house.putBack("roles", of: "users", wang, as: ops) }?.contains("超出您自己的权限") == true)
            let supervisor = try await role(house, "supervisor").id
            try await house.accounts.updateRole(supervisor, ["permissions": ["repair_jobs": ["read": "all"]]], as: .system())
            try await house.accounts.updateRole(supervisor, ["permissions": [:]], as: .system())
            #expect(await refusal { _ = try await house.putBack("permissions", of: "roles", supervisor, as: ops) } != nil)

            // While 运维 was an administrator, too.
            try await house.accounts.updateUser(house["ops"], ["roles": ["admin"]], as: .system())
            let mighty = try await house.actor("ops"), chen = house["chenjing"]
            let operation = try await house.gate.write(as: mighty) { tx in
                try tx.update(users, id: chen, ["roles": .list([])])
                return tx.operation
            }
            let bin = try await house.accounts.createRole(
                ["code": "old", "name": "旧", "permissions": ["repair_jobs": ["read": "all"]]], as: mighty)
            try await house.accounts.deleteRole(bin.id, as: mighty)
            try await house.accounts.updateUser(house["ops"], ["roles": ["sysadmin"]], as: .system())
            let now = try await house.actor("ops")
            guard case .done(let report) = try await Undo.start(operation, as: now, in: house.gate) else { throw Refusal.notFound }
            #expect(report.undone == 0 && report.conflicts.count == 1)
            #expect(try await codes(house, of: chen).isEmpty)
            #expect(await refusal { try await house.gate.write(as: now) { _ = try $0.restore(roles, id: bin.id) } } != nil)
        }
    }
}
