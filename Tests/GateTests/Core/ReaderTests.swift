import Core
import Records
import Sales
import Testing

@testable import Gate

/// What leaves the gate is within the reader's reach and shows what the reader may see, by whatever way (issue: one reach).
@Suite("One reach for every reader", .timeLimit(.minutes(10)))
struct ReaderTests {
    private struct Shop {
        var house: House
        /// Orders with a line each: 赵敏's, and 孙强's in another department.
        var mine: Int64, theirs: Int64
        var lines: Schema { house.gate.catalog.schema(OrderLine.self) }
    }

    private func shop(_ house: House) async throws -> Shop {
        func order(_ name: String, _ words: String) async throws -> Int64 {
            let actor = try await house.actor(name), catalog = house.gate.catalog
            return try await house.gate.write(as: actor) { tx in
                tx.ignoresWarnings = true
                let customer = try tx.create(
                    catalog.schema(Customer.self), ["name": .text("客户\(words)"), "type": "company", "source": "referral"])
                let line = Plain.object(["product": .text(words), "quantity": 1, "price_cents": 100])
                return try tx.create(catalog.schema(Order.self), ["customer_id": .int(customer.id), "lines": .list([line])]).id
            }
        }
        return Shop(house: house, mine: try await order("zhaomin", "自己的"), theirs: try await order("sunqiang", "别人的"))
    }

    private func refusal(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch { return Reason.text(error) }
        return nil
    }

    @Test(
        "what lies inside a record is within reach when that record is: in lists, counts, sums, by number, by filter",
        arguments: Engine.available)
    func lines(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let shop = try await shop(house), lines = shop.lines, me = try await house.actor("zhaomin"),
                admin = try await house.actor("admin")
            let all = try await house.gate.read(as: admin) { try $0.page(ListRequest(lines)).rows }
            #expect(all.count == 2)
            let theirs = try #require(all.first { $0["order_id"] == .int(shop.theirs) }?.id)
            let mine = try #require(all.first { $0["order_id"] == .int(shop.mine) }?.id)
            try await house.gate.read(as: me) { (view: View) throws in
                #expect(try view.page(ListRequest(lines)).rows.map(\.id) == [mine])
                #expect(try view.count(ListRequest(lines), cap: 10) == 1)
                #expect(try view.summary(ListRequest(lines), by: [], [.count]).first?.values.first == 1)
                #expect(try view.records(lines, ids: [mine, theirs]).map(\.id) == [mine])
                #expect(try view.record(lines, id: mine).id == mine)
                #expect(throws: Refusal.self) { try view.record(lines, id: theirs) }
                // Nor by asking which products or customers have a line that says so.
                let asked = Condition.exists(entity: OrderLine.name, field: "order_id", .field("product", .contains, "别人"))
                #expect(try view.count(ListRequest(view.catalog.schema(Order.self), where: asked), cap: 10) == 0)
                #expect(try view.titles(view.catalog.schema(Order.self), ids: [shop.mine, shop.theirs]).keys.sorted() == [shop.mine])
                #expect(view.catalog.schema(File.self).traits.isPublic == false)
            }
        }
    }

    @Test("the audit log shows values of records within reach only", arguments: Engine.available)
    func audit(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let shop = try await shop(house), orders = house.gate.catalog.schema(Order.self), sun = try await house.actor("sunqiang")
            try await house.gate.write(as: sun) { tx in
                tx.reason = "客户离婚了"
                _ = try tx.update(orders, id: shop.theirs, ["remark": "底价三十万"])
            }
            var reader = try await house.actor("zhaomin")
            reader.rights.system.insert("audit")
            let narrow = reader
            reader.rights.scopes["orders", default: [:]]["read"] = .all
            let wide = reader
            var question = AuditQuestion()
            question.entity = "orders"
            question.record = shop.theirs
            question.action = "update"
            let asked = question
            func seen(_ actor: Actor) async throws -> String {
                try await house.gate.read(as: actor) { view in
                    try view.auditLog(asked).map { "\($0.entry.reason ?? "") \($0.changes.map { "\($0.new)" }) \($0.isOpen)" }.joined()
                }
            }
            let hidden = try await seen(narrow), shown = try await seen(wide)
            #expect(!hidden.contains("底价") && !hidden.contains("离婚") && !hidden.contains("true"), "\(hidden)")
            #expect(shown.contains("底价") && shown.contains("离婚"))
        }
    }

    @Test("a number that is masked is not found by trying", arguments: Engine.available)
    func guessing(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), sun = try await house.actor("sunqiang")
            _ = try await house.gate.write(as: sun) {
                try $0.create(customers, ["name": "周杰", "type": "person", "source": "referral", "mobile": "13800001234"])
            }
            var me = try await house.actor("zhaomin")
            me.rights.fields["customers", default: [:]]["mobile"] = .masked
            let masked = me
            #expect(try await house.gate.read(as: masked) { try $0.likeness(ofTyped: ["mobile": "13800001234"], in: customers) }.isEmpty)
            me.rights.fields["customers", default: [:]]["mobile"] = .edit
            let open = me
            #expect(try await house.gate.read(as: open) { try $0.likeness(ofTyped: ["mobile": "13800001234"], in: customers) }.count == 1)
            // Who tries by saving is stopped soon.
            var said: [String] = []
            for index in 0..<(Guesses.most + 2) {
                said.append(
                    await refusal {
                        _ = try await house.gate.write(as: open) {
                            try $0.create(
                                customers, ["name": .text("甲\(index)"), "type": "person", "source": "referral", "mobile": "13800001234"])
                        }
                    } ?? "saved")
            }
            #expect(said.first?.contains("已存在") == true && said.last?.contains("次数过多") == true, "\(said.first ?? "") … \(said.last ?? "")")
        }
    }

    @Test("a number that is masked in the pool is not found by saving: no name, and an end soon", arguments: Engine.available)
    func guessingInPool(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            _ = try await house.gate.write(as: .system()) { tx in
                var row = customers.blank()
                (row["name"], row["type"], row["source"], row["mobile"], row["pool"]) = ("周杰", "person", "other", "13800001234", "public")
                return try tx.insert(row).id
            }
            let me = try await house.actor("zhaomin")
            func tried(_ index: Int) async -> String {
                await refusal {
                    _ = try await house.gate.write(as: me) {
                        try $0.create(
                            customers, ["name": .text("甲\(index)"), "type": "person", "source": "referral", "mobile": "13800001234"])
                    }
                } ?? "saved"
            }
            let first = await tried(0)
            #expect(first.contains("已存在") && !first.contains("周杰"), "\(first)")
            for index in 1...Guesses.most { _ = await tried(index) }
            #expect(await tried(99).contains("次数过多"))
            // The hint while one types says no more.
            let typed = try await house.gate.read(as: me) { try $0.likeness(ofTyped: ["mobile": "13800001234"], in: customers) }
            #expect(typed.compactMap(\.row).isEmpty)
        }
    }

    @Test("a request tells each reader of its fields what they may see of the record's", arguments: Engine.available)
    func approvals(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let desk = try await Desk(house)
            try await desk.flow(
                "改金额", on: "orders", field: "amount_cents", steps: [["name": "直属上级", "approver": "superior"]], amount: "amount_cents")
            let order = try await desk.order(of: "zhaomin", cents: 500)
            let request = try #require(try await desk.update(order, as: "zhaomin", ["amount_cents": 98_765]))
            let requests = desk.requests
            var approver = try await house.actor("liwei")
            approver.lend([Lent(entity: requests.name, record: request, canWrite: false, until: nil)], on: house.gate.clock.now().day)
            let wide = approver
            approver.rights.fields["orders", default: [:]]["amount_cents"] = .hidden
            let narrow = approver
            func text(_ actor: Actor) async throws -> String {
                try await house.gate.read(as: actor) { view in
                    let row = try view.record(requests, id: request)
                    return row.values.map { "\($0)" }.joined(separator: " ")
                }
            }
            let whole = try await text(wide)
            #expect(whole.contains("98765"), "\(whole)")
            let seen = try await text(narrow)
            #expect(!seen.contains("987.65") && !seen.contains("98765"), "\(seen)")
            let admin = try await house.actor("admin")
            #expect(
                await refusal {
                    _ = try await house.gate.read(as: admin) {
                        try $0.page(ListRequest(requests, where: .field("content", .contains, "98765")))
                    }
                } != nil)
        }
    }

    @Test("a mention quotes what its reader may see, and nothing of a record out of reach", arguments: Engine.available)
    func mentions(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), admin = try await house.actor("admin")
            var rights = Rights()
            rights.scopes["customers"] = ["read": .all]
            rights.fields["customers"] = ["remark": .hidden]
            let text = RightsText(rights)
            let blind = try await house.gate.write(as: .system()) { tx in
                var role = Record<Role>()
                (role.title, role.code, role.permissions, role.fields) = ("受限", "blind", text.permissions, text.fields)
                return try tx.insert(role).row.id
            }
            let users = house.gate.catalog.schema(User.self), li = house["liwei"], sun = house["sunqiang"]
            _ = try await house.gate.write(as: admin) { try $0.update(users, id: li, ["roles": .list([.int(blind)])]) }
            _ = try await house.gate.write(as: admin) {
                try $0.create(
                    customers, ["name": "宏屿", "type": "company", "source": "referral", "remark": "@李伟 @孙强 底价三十万"])
            }
            func told(_ user: Int64) async throws -> [String] {
                try await house.store.read {
                    try $0.fetch(Query(Notification.self, where: \Notification.user == Ref(user), limit: 50)).map {
                        Record<Notification>($0).text
                    }
                }
            }
            let seen = try await told(li)
            #expect(seen.count == 1 && seen.first?.contains("底价") == false && seen.first?.contains("提到了你") == true, "\(seen)")
            #expect(try await told(sun).isEmpty)
        }
    }
}
