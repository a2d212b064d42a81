import Core
import Records
import Testing

@testable import Gate

@Suite("What somebody follows, opened, shares and is told")
struct PersonalTests {
    @Test("lists of what I follow, opened and was lent hold exactly that, the newest opened first", arguments: Engine.available)
    func lists(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            var me = try await Villa.liWei(house, ["create": .own, "read": .own, "update": .own])
            let other = try await house.actor("chenjing").userID
            let owner = me.userID
            let (mine, theirs) = try await house.gate.write(as: .system()) { tx in
                (try (0..<4).map { _ in try tx.specimen(customers, owner: owner).id }, try tx.specimen(customers, owner: other).id)
            }
            me.sharedReading["customers"] = [theirs]
            try await house.gate.write(as: me) { tx in
                try tx.toggleFollow(customers, id: mine[1])
                #expect(
                    try tx.follow(customers, [mine[1], mine[2], theirs, 999_999]) == 2,
                    "what is followed already and what is not there are left out")
                try tx.noteVisit(try tx.record(customers, id: mine[0]))
            }
            try await house.gate.write(as: me) { tx in try tx.noteVisit(try tx.record(customers, id: mine[3])) }
            try await house.gate.write(as: me) { tx in try tx.noteVisit(try tx.record(customers, id: theirs)) }
            let actor = me
            func list(_ which: Mine) async throws -> [Int64] {
                try await house.gate.read(as: actor) { view in
                    let (condition, order) = try view.mine(which, of: customers)
                    var request = ListRequest(customers, where: condition)
                    request.order = order
                    return try view.page(request).rows.map(\.id)
                }
            }
            #expect(Set(try await list(.followed)) == [mine[1], mine[2], theirs])
            #expect(try await list(.recent) == [theirs, mine[3], mine[0]])
            #expect(try await list(.involved) == [theirs])
            // Lent no longer: it is gone from all of them.
            me.sharedReading = [:]
            let alone = me
            #expect(
                try await house.gate.read(as: alone) {
                    try $0.page(ListRequest(customers, where: $0.mine(.followed, of: customers).condition)).rows.count
                } == 2)
        }
    }

    @Test(
        "who follows a record hears of a colleague's change and of what is written beside it, once per change, and of nothing out of reach",
        arguments: Engine.available)
    func followers(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), interactions = house.gate.catalog.schema(Interaction.self)
            var me = try await Villa.liWei(house, ["create": .all, "read": .all, "update": .all, "assign": .all])
            var colleague = try await house.actor("chenjing")
            colleague.rights = me.rights
            let reader = me, writer = colleague, subordinate = house["zhaomin"]
            let id = try await house.gate.write(as: .system()) { tx in try tx.specimen(customers, owner: subordinate).id }
            try await house.gate.write(as: reader) { tx in _ = try tx.toggleFollow(customers, id: id) }
            try await house.gate.write(as: reader) { tx in _ = try tx.update(customers, id: id, ["remark": "自己改的"]) }
            try await house.gate.write(as: writer) { tx in _ = try tx.update(customers, id: id, ["remark": "改过", "short_name": "简"]) }
            try await house.gate.write(as: writer) { tx in
                tx.ignoresWarnings = true
                _ = try tx.create(
                    interactions, ["customer_id": .int(id), "owner_id": .int(subordinate), "channel": "phone", "content": "谈了价格"])
            }
            let told = try await house.gate.read(as: reader) { try $0.notifications().map(\.text) }
            #expect(told.count == 2, "\(told)")
            #expect(told.last?.contains("修改了") == true && told.last?.contains("备注") == true)
            #expect(told.first?.contains("新增了互动记录") == true || told.first?.contains("新增了") == true)
            me.rights.scopes["customers"] = ["read": .own]
            let narrowed = me
            #expect(try await house.gate.read(as: narrowed) { try $0.notifications().isEmpty }, "the customer is out of reach now")
        }
    }

    @Test("a notification put off is out of sight and out of the number until its time", arguments: Engine.available)
    func snooze(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let me = try await Villa.liWei(house, ["read": .own])
            let user = me.userID
            try await house.gate.write(as: .system()) { tx in try tx.notify([user], of: .due, "任务到期") }
            let id = try #require(try await house.gate.read(as: me) { try $0.notifications().first?.row.id })
            #expect(try await house.gate.read(as: me) { try $0.unreadCount() } == 1)
            try await house.gate.write(as: me) { tx in try tx.snooze(id, until: tx.now.adding(seconds: 3600)) }
            #expect(try await house.gate.read(as: me) { try $0.unreadCount() } == 0)
            #expect(try await house.gate.read(as: me) { try $0.notifications().isEmpty })
            try await house.gate.write(as: .system()) { tx in
                _ = try tx.writing.set(Notification.schema, ["snoozed_until": tx.now.adding(seconds: -1).stored], where: .ids([id]))
            }
            #expect(try await house.gate.read(as: me) { try $0.unreadCount() } == 1)
            await #expect(throws: Problems.self) { try await house.gate.write(as: me) { tx in try tx.snooze(id, until: tx.now) } }
        }
    }

    @Test("a view is shared as far as its owner sees, and nobody else changes it", arguments: Engine.available)
    func views(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            let me = try await Villa.liWei(house, ["read": .own])
            var boss = try await house.actor("chenjing")
            boss.rights = me.rights
            boss.rights.scopes["customers"] = ["read": .all]
            let chief = boss
            await #expect(throws: Problems.self) {
                try await house.gate.write(as: me) { tx in try tx.saveView("大家的", of: customers, state: "", audience: .all) }
            }
            let shared = try await house.gate.write(as: chief) { tx in
                try tx.saveView("全员", of: customers, state: "filter[type]=company", audience: .all)
            }
            let own = try await house.gate.write(as: chief) { tx in try tx.saveView("自用", of: customers, state: "", audience: .me) }
            #expect(try await house.gate.read(as: me) { try $0.savedViews(of: customers).map(\.row.id) } == [shared])
            await #expect(throws: Refusal.self) { try await house.gate.read(as: me) { _ = try $0.savedView(own, of: customers) } }
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: me) { tx in try tx.changeView(shared, of: customers, name: "改名") }
            }
            let copy = try await house.gate.write(as: me) { tx in try tx.duplicateView(shared, of: customers) }
            #expect(try await house.gate.read(as: me) { try $0.savedView(copy, of: customers).state } == "filter[type]=company")
            try await house.gate.write(as: me) { tx in try tx.changeView(copy, of: customers, name: "我的公司客户", isDefault: true) }
            let second = try await house.gate.write(as: me) { tx in try tx.saveView("第二", of: customers, state: "", isDefault: true) }
            try await house.gate.write(as: me) { tx in try tx.orderViews([second, copy, shared], of: customers) }
            let views = try await house.gate.read(as: me) { try $0.savedViews(of: customers) }
            #expect(views.map(\.row.id) == [second, copy, shared])
            #expect(views.map(\.isDefault) == [true, false, false], "one default at a time")
        }
    }
}

@Suite("Mentions")
struct MentionTests {
    @Test("names are found behind the sign, however the text goes on")
    func names() {
        #expect(Mentions.names(in: "请 @李伟 看一下，@陈静也看。@李伟 邮箱 a@b.cn") == ["李伟", "陈静也看", "b"])
        #expect(Mentions.names(in: "没有人@") == [])
    }

    @Test("who is named is told once, the longest name that somebody has counts, and the writer is not told", arguments: Engine.available)
    func told(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self)
            var writer = try await house.actor("chenjing")
            let me = try await Villa.liWei(house, ["create": .all, "read": .all, "update": .all])
            writer.rights = me.rights
            let author = writer, subordinate = house["zhaomin"]
            let name = try await house.gate.read(as: .system()) { try $0.userRow(me.userID)?.title } ?? ""
            #expect(!name.isEmpty)
            let id = try await house.gate.write(as: .system()) { tx in try tx.specimen(customers, owner: subordinate).id }
            try await house.gate.write(as: author) { tx in
                _ = try tx.update(customers, id: id, ["remark": .text("@\(name)请跟进，@\(author.name) 也记着，@查无此人")])
            }
            func told(_ actor: Actor) async throws -> [String] {
                try await house.gate.read(as: actor) { try $0.notifications().filter { $0.subject == "mentioned" }.map(\.text) }
            }
            #expect(try await told(me).count == 1)
            #expect(try await told(author).isEmpty)
            try await house.gate.write(as: author) { tx in _ = try tx.update(customers, id: id, ["remark": .text("@\(name)请跟进，改了几个字")]) }
            #expect(try await told(me).count == 1, "named already")
        }
    }
}
