import Core
import Records
import Sales
import Testing

@testable import Gate

/// Whoever writes, by whatever way, is somebody who asks and is held to what they may do at that moment (issue: one door).
///
/// 赵敏 (consultant) reports to 李伟 (supervisor), who reports to 王经理 (sales manager). 孙强 works elsewhere, 何人事 keeps the staff.
@Suite("One door for every writer", .timeLimit(.minutes(10)))
struct DoorTests {
    private func role(_ house: House, _ code: String, _ change: (inout Rights) -> Void) async throws {
        var rights = Rights()
        change(&rights)
        let text = RightsText(rights)
        try await house.gate.write(as: .system()) { tx in
            var role = Record<Role>()
            (role.title, role.code, role.permissions, role.fields, role.system) = (code, code, text.permissions, text.fields, text.system)
            try tx.insert(role)
        }
    }

    private func customer(_ house: House, of name: String, _ more: [String: Plain] = [:]) async throws -> Int64 {
        let actor = try await house.actor(name), schema = house.gate.catalog.schema(Customer.self)
        return try await house.gate.write(as: actor) { tx in
            tx.ignoresWarnings = true
            return try tx.create(schema, ["name": .text("客户\(name)"), "type": "company", "source": "referral"].merging(more) { $1 }).id
        }
    }

    private func change(_ house: House, as name: String, _ entity: String, _ id: Int64, _ input: [String: Plain]) async throws -> Int64 {
        let actor = try await house.actor(name), schema = try #require(house.gate.catalog[entity])
        return try await house.gate.write(as: actor) { tx in
            try tx.update(schema, id: id, input)
            return tx.operation
        }
    }

    private func row(_ house: House, _ entity: String, _ id: Int64) async throws -> Row {
        let schema = try #require(house.gate.catalog[entity])
        return try #require(try await house.store.read { try $0.row(schema, id: id) })
    }

    private func refusal(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch { return Reason.text(error) }
        return nil
    }

    private func narrowed(_ house: House, _ name: String, to scopes: String) async throws -> Actor {
        var actor = try await house.actor(name, via: "api")
        actor.narrow(to: TokenScopes(stored: scopes), in: house.gate.catalog)
        return actor
    }

    // MARK: Undo

    @Test(
        "undo is a request of today: not of a record that has gone to a colleague, not with a key that only reads",
        arguments: Engine.available)
    func undo(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let id = try await customer(house, of: "zhaomin")
            let operation = try await change(house, as: "zhaomin", "customers", id, ["remark": "改过"])
            let key = try await narrowed(house, "zhaomin", to: "read")
            #expect(await refusal { _ = try await Undo.start(operation, as: key, in: house.gate) } != nil)
            #expect(try await row(house, "customers", id)["remark"] == "改过")

            let other = house["sunqiang"], service = house["service"]
            _ = try await change(house, as: "admin", "customers", id, ["owner_id": .int(other), "department_id": .int(service)])
            let me = try await house.actor("zhaomin")
            #expect(await refusal { _ = try await Undo.start(operation, as: me, in: house.gate) } == "记录不存在或您无权查看")
            #expect(try await row(house, "customers", id)["remark"] == "改过")
            // Whoever may change it may take it back, and says why not when only the right is missing.
            let admin = try await house.actor("admin")
            _ = try await Undo.start(operation, as: admin, in: house.gate)
            #expect(try await row(house, "customers", id)["remark"] == .null)
        }
    }

    @Test("a field that somebody may no longer change keeps its value when they undo")
    func undoOfFields() async throws {
        try await Villa.open(.sqlite) { house in
            let id = try await customer(house, of: "zhaomin", ["remark": "原来"])
            let operation = try await change(house, as: "zhaomin", "customers", id, ["remark": "改过"])
            var me = try await house.actor("zhaomin")
            me.rights.fields["customers", default: [:]]["remark"] = .read
            let now = me
            guard case .done(let report) = try await Undo.start(operation, as: now, in: house.gate) else { throw Refusal.notFound }
            #expect(report.undone == 0 && report.conflicts.first?.contains("没有修改「备注」的权限") == true)
            #expect(try await row(house, "customers", id)["remark"] == "改过")
        }
    }

    @Test("an administrator who has stepped down does not step up again by undo", arguments: Engine.available)
    func steppedDown(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let admin = try await house.actor("admin"), users = house.gate.catalog.schema(User.self)
            let roles = try await house.accounts.chart().roles.values
            let power = try #require(roles.first { $0.code == "admin" }?.id), plain = try #require(roles.first { $0.code == "hr" }?.id)
            let second = house["wang"], first = house["admin"]
            _ = try await house.gate.write(as: admin) { try $0.update(users, id: second, ["roles": .list([.int(power)])]) }
            let operation = try await house.gate.write(as: admin) { tx in
                try tx.update(users, id: first, ["roles": .list([.int(plain)])])
                return tx.operation
            }
            let now = try await house.actor("admin")
            #expect(!now.rights.isAdmin)
            guard case .done(let report) = try await Undo.start(operation, as: now, in: house.gate) else { throw Refusal.notFound }
            #expect(report.undone == 0 && report.conflicts.count == 1)
            #expect(try await house.accounts.chart().rights(of: first).isAdmin == false)
        }
    }

    // MARK: Putting a value back

    @Test(
        "an old value comes back as a change of today: no mightier role, no state, and with the word that it takes",
        arguments: Engine.available)
    func putBack(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house), admin = try await house.actor("admin"), users = house.gate.catalog.schema(User.self)
            // A role with only `users` gives no administrator's role back.
            let power = try await desk.role("admin"), plain = try await desk.role("sales_consultant"), wang = house["wang"]
            _ = try await house.gate.write(as: admin) { try $0.update(users, id: wang, ["roles": .list([.int(power)])]) }
            _ = try await house.gate.write(as: admin) { try $0.update(users, id: wang, ["roles": .list([.int(plain)])]) }
            let hr = try await house.actor("hr")
            #expect(await refusal { try await house.putBack("roles", of: "users", wang, as: hr) } != nil)
            #expect(try await house.accounts.chart().rights(of: wang).isAdmin == false)

            // A state moves by its steps.
            let order = try await desk.order(of: "zhaomin", cents: 100)
            _ = try await desk.perform("approve", order, as: "admin")
            _ = try await desk.perform("cancel", order, as: "zhaomin", ["reason": "不要了"])
            #expect(await refusal { try await house.putBack("status", of: "orders", order, as: admin) }?.contains("由流程推进") == true)
            #expect(try await desk.status(of: order) == "cancelled")

            // What takes somebody's word is asked for.
            try await desk.flow("改金额", on: "orders", field: "amount_cents", steps: [["name": "直属上级", "approver": "superior"]])
            let large = try await desk.order(of: "zhaomin", cents: 500)
            let request = try #require(try await desk.update(large, as: "zhaomin", ["amount_cents": 900]))
            try await desk.decide("approve", request, as: "liwei")
            #expect(try await row(house, "orders", large)["amount_cents"] == 900)
            let me = try await house.actor("zhaomin")
            #expect(try await house.putBack("amount_cents", of: "orders", large, as: me) != nil)
            #expect(try await row(house, "orders", large)["amount_cents"] == 900)
        }
    }

    // MARK: Rules that act by themselves

    @Test("a rule of one's own takes a right, and does no more than its author may do when it runs", arguments: Engine.available)
    func automation(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let rules = house.gate.catalog.schema(AutomationRule.self), mine = house["liwei"]
            func rule(_ actor: Actor, _ steps: [(String, String, String)]) async throws -> Int64 {
                let list = Plain.list(steps.map { .object(["kind": .text($0.0), "target": .text($0.1), "content": .text($0.2)]) })
                return try await house.gate.write(as: actor) {
                    try $0.create(rules, ["name": "给我", "entity": "customers", "trigger": "created", "steps": list]).id
                }
            }
            // Without the right of its own nobody writes one, whatever else they may do.
            let plain = try await house.actor("liwei")
            #expect(await refusal { _ = try await rule(plain, [("notify", "owner", "x")]) } != nil)
            try await role(house, "automator") { rights in
                rights.system = ["automation"]
                rights.scopes["customers"] = ["read": .own, "create": .all, "update": .own, "assign": .own]
                rights.fields["customers"] = ["remark": .hidden]
            }
            let admin = try await house.actor("admin"), users = house.gate.catalog.schema(User.self)
            let role = try #require(try await house.accounts.chart().roles.values.first { $0.code == "automator" }?.id)
            _ = try await house.gate.write(as: admin) { try $0.update(users, id: mine, ["roles": .list([.int(role)])]) }
            let author = try await house.actor("liwei")

            // Nothing hidden from the author in its texts, its conditions, its fields.
            #expect(await refusal { _ = try await rule(author, [("notify", "owner", "{remark}")]) }?.contains("没有查看「备注」") == true)
            #expect(await refusal { _ = try await rule(author, [("set", "remark", "x")]) }?.contains("没有") == true)
            #expect(await refusal { _ = try await rule(author, [("create", "roles", "name=x")]) } != nil)

            let take = try await rule(author, [("set", "owner_id", "\(mine)"), ("set", "short_name", "拿来")])
            let theirs = try await customer(house, of: "sunqiang")
            let after = try await row(house, "customers", theirs)
            #expect(after.ownerID == house["sunqiang"] && after["short_name"].isNull, "the author does not reach it")
            #expect(try await house.gate.read(as: admin) { try $0.automationRuns(of: take).isEmpty }, "it is not the rule's business")
            let own = try await customer(house, of: "liwei")
            #expect(try await row(house, "customers", own)["short_name"] == "拿来")

            // Whoever loses the right has no rules any more.
            try await house.gate.write(as: admin) { tx in
                let consultant = try tx.first(Role.self, where: \Role.code == "supervisor")?.row.id ?? 0
                try tx.update(users, id: mine, ["roles": .list([.int(consultant)])])
            }
            let later = try await customer(house, of: "liwei")
            #expect(try await row(house, "customers", later)["short_name"].isNull)
            let runs = try await house.gate.read(as: admin) { try $0.automationRuns(of: take) }
            #expect(runs.first?.isFailed == true && runs.first?.text.contains("没有编写自动化规则的权限") == true)
        }
    }

    @Test("a notice says to each reader only what they may see", arguments: Engine.available)
    func notices(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let rules = house.gate.catalog.schema(AutomationRule.self), admin = try await house.actor("admin")
            try await role(house, "blind") { rights in
                rights.scopes["customers"] = ["read": .all]
                rights.fields["customers"] = ["remark": .hidden]
            }
            let users = house.gate.catalog.schema(User.self), li = house["liwei"]
            let blind = try #require(try await house.accounts.chart().roles.values.first { $0.code == "blind" }?.id)
            _ = try await house.gate.write(as: admin) { try $0.update(users, id: li, ["roles": .list([.int(blind)])]) }
            let zhao = house["zhaomin"], sun = house["sunqiang"], boss = house["admin"]
            let steps = Plain.list([
                .object(["kind": "notify", "target": .text("\(zhao),\(sun),\(boss),\(li)"), "content": "{name}：{remark}"])
            ])
            _ = try await house.gate.write(as: admin) {
                try $0.create(rules, ["name": "新客户", "entity": "customers", "trigger": "created", "steps": steps])
            }
            _ = try await customer(house, of: "zhaomin", ["remark": "利润三成"])
            func told(_ name: String) async throws -> [String] {
                let actor = try await house.actor(name)
                return try await house.gate.read(as: actor) { try $0.notifications().filter { $0.subject == "automation" }.map(\.text) }
            }
            #expect(try await told("zhaomin") == ["客户zhaomin：利润三成"])
            #expect(try await told("liwei") == ["客户zhaomin："])
            #expect(try await told("sunqiang").isEmpty, "out of reach")
        }
    }

    // MARK: API keys

    @Test("a key changes what its scopes say, by whatever action; a job keeps the scope it was queued with", arguments: Engine.available)
    func keys(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow("取消", on: "orders", action: "cancel", steps: [["name": "直属上级", "approver": "superior"]])
            let order = try await desk.order(of: "zhaomin", cents: 100)
            let request = try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "不要了"]))
            let requests = desk.requests, customers = house.gate.catalog.schema(Customer.self), orders = desk.orders
            for scopes in ["read", "approvals:read,orders:write"] {
                let reader = try await narrowed(house, "liwei", to: scopes)
                let said = await refusal { _ = try await house.gate.write(as: reader) { try $0.perform("approve", requests, id: request) } }
                #expect(said?.contains("令牌") == true, "\(scopes): \(said ?? "it was done")")
            }
            #expect(try await desk.request(request).status == .pending)
            let reader = try await narrowed(house, "admin", to: "read")
            let id = try await customer(house, of: "zhaomin")
            // No way past the scope: not by an action that asks for reading only, nor by what needs no right at all.
            let attempts: [(String, @Sendable (GateTransaction) throws -> Void)] = [
                ("update", { try $0.update(customers, id: id, ["remark": "x"]) }), ("remove", { try $0.remove(customers, id: id) }),
                ("send", { try $0.perform("send_message", customers, id: id, ["template_id": 1]) }),
                ("follow", { try $0.toggleFollow(customers, id: id) }),
                ("share", { try $0.share(customers, id: id, withUser: 1, canWrite: true, until: nil) }),
                ("insert", { try $0.insert(customers.blank()) }),
            ]
            for (name, attempt) in attempts {
                #expect(await refusal { _ = try await house.gate.write(as: reader, attempt) } != nil, "\(name)")
            }
            // What it may do it does: an export is noted in the log.
            try await house.gate.write(as: reader) { try $0.record("export", entity: "customers", id: nil) }
            // The key of orders makes no customers, whatever the action.
            let seller = try await narrowed(house, "admin", to: "orders:write,customers:read")
            #expect(await refusal { _ = try await house.gate.write(as: seller) { try $0.create(customers, ["name": "新"]) } } != nil)
            let free = try await desk.order(of: "zhaomin", cents: 100)
            _ = try await house.gate.write(as: seller) { try $0.update(orders, id: free, ["remark": "审批外的备注"]) }
            // A key never writes rules that would act with all of its user's rights.
            let writer = try await narrowed(house, "admin", to: "write"), rules = house.gate.catalog.schema(AutomationRule.self)
            #expect(
                await refusal {
                    _ = try await house.gate.write(as: writer) {
                        try $0.create(rules, ["name": "x", "entity": "orders", "trigger": "created"])
                    }
                } != nil)

            let job = try await house.gate.write(as: reader) { try $0.enqueue("bulk", label: "批量", [:]) }
            let kept = try await house.store.read { try $0.row(JobRow.schema, id: job) }
            #expect(kept.map { Record<JobRow>($0).scopes } == "read")
        }
    }

    @Test("a key that merges may write whatever the merging rewrites, and says what is missing", arguments: Engine.available)
    func mergingKeys(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), contacts = house.gate.catalog.schema(Contact.self)
            let first = try await customer(house, of: "zhaomin"), second = try await customer(house, of: "sunqiang")
            let contact = try await house.gate.write(as: .system()) {
                try $0.create(contacts, ["name": "陶太太", "customer_id": .int(second)]).id
            }
            let narrow = try await narrowed(house, "admin", to: "read,customers:write")
            let said = await refusal { _ = try await house.gate.write(as: narrow) { try $0.merge(customers, into: first, [second]) } }
            #expect(said?.contains("contacts:write") == true, "\(said ?? "merged")")
            #expect(try await row(house, "contacts", contact)["customer_id"] == .int(second))
            let wide = try await narrowed(house, "admin", to: "read,customers:write,contacts:write")
            _ = try await house.gate.write(as: wide) { try $0.merge(customers, into: first, [second]) }
            #expect(try await row(house, "contacts", contact)["customer_id"] == .int(first))
            // What a key may not do is the key's, not its user's.
            let reader = try await narrowed(house, "admin", to: "customers:read,contacts:write")
            let attempts: [@Sendable (GateTransaction) throws -> Void] = [
                { _ = try $0.update(customers, id: first, ["remark": "x"]) }, { _ = try $0.create(customers, ["name": "新"]) },
                { try $0.remove(customers, id: first) }, { _ = try $0.perform("verify", customers, id: first) },
            ]
            for attempt in attempts {
                let said = await refusal { try await house.gate.write(as: reader) { try attempt($0) } }
                #expect(said?.contains("需要 customers:write 范围") == true, "\(said ?? "done")")
            }
        }
    }

    // MARK: Sharing

    @Test("who has a record on loan neither lends it on nor prolongs the loan", arguments: Engine.available)
    func shares(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), id = try await customer(house, of: "zhaomin")
            let owner = try await house.actor("zhaomin"), sun = house["sunqiang"], chen = house["chenjing"]
            let day = house.gate.clock.now().day
            try await house.gate.write(as: owner) { try $0.share(customers, id: id, withUser: sun, canWrite: true, until: day) }
            var borrower = try await house.actor("sunqiang")
            borrower.sharedReading["customers"] = [id]
            borrower.sharedWriting["customers"] = [id]
            let guest = borrower
            _ = try await house.gate.write(as: guest) { try $0.update(customers, id: id, ["remark": "借来改的"]) }
            #expect(
                await refusal {
                    _ = try await house.gate.write(as: guest) {
                        try $0.share(customers, id: id, withUser: chen, canWrite: false, until: nil)
                    }
                }?.contains("共享给您的") == true)
            #expect(
                await refusal {
                    _ = try await house.gate.write(as: guest) { try $0.share(customers, id: id, withUser: sun, canWrite: true, until: nil) }
                } != nil)
            let shares = try await house.gate.read(as: owner) { try $0.shares(of: customers, id: id) }
            #expect(shares.count == 1 && shares.first?.until == day)
            let share = try #require(shares.first?.row.id)
            #expect(
                await refusal { _ = try await house.gate.write(as: guest) { try $0.unshare(customers, id: id, shareID: share) } } != nil)
        }
    }

    // MARK: Approvals and handover

    @Test("what was asked for is done with the rights that the applicant has now", arguments: Engine.available)
    func applicants(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow("取消", on: "orders", action: "cancel", steps: [["name": "直属上级", "approver": "superior"]])
            let order = try await desk.order(of: "zhaomin", cents: 100)
            let request = try #require(try await desk.perform("cancel", order, as: "zhaomin", ["reason": "不要了"]))
            try await house.accounts.updateUser(house["zhaomin"], ["status": "disabled"], as: .system())
            #expect(await refusal { try await desk.decide("approve", request, as: "liwei") }?.contains("已停用") == true)
            #expect(try await desk.status(of: order) == "draft")
        }
    }

    @Test("nobody takes a colleague's records by handing them over to themselves")
    func handover() async throws {
        try await Villa.open(.sqlite) { house in
            let id = try await customer(house, of: "zhaomin"), hr = try await house.actor("hr")
            #expect(
                await refusal { _ = try await house.accounts.handover(from: house["zhaomin"], to: house["hr"], as: hr) }?.contains("移交给自己")
                    == true)
            #expect(try await row(house, "customers", id).ownerID == house["zhaomin"])
        }
    }
}

extension House {
    /// Puts back what the field was before its last change; the request that came of it.
    @discardableResult
    func putBack(_ field: String, of entity: String, _ id: Int64, as actor: Actor) async throws -> Int64? {
        let entry = try await store.read { reading in
            try reading.fetch(
                Query(
                    AuditEntry.self, where: \AuditEntry.entity == entity && \AuditEntry.recordID == Int(id),
                    sort: [Query.Sort("id", descending: true)], limit: 50)
            ).map(Record<AuditEntry>.init).first { AuditChanges.read($0.changes)[field] != nil }?.row.id
        }
        guard let entry else { throw Refusal.notFound }
        return try await gate.write(as: actor) { tx in
            try tx.putBack(entry: entry, field: field)
            return tx.submitted
        }
    }
}
