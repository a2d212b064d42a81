import Core
import Records
import Testing

@testable import Gate

@Suite("Groups and notices")
struct GatheredTests {
    @Test(
        "a dynamic group is whoever meets its question now; a static one whom it names; both within the reader's reach",
        arguments: Engine.available)
    func groups(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let contacts = house.gate.catalog.schema(Contact.self), groups = house.gate.catalog.schema(ContactGroup.self),
                customers = house.gate.catalog.schema(Customer.self)
            let me = try await Villa.liWei(house, ["create": .own, "read": .own, "update": .own])
            let other = try await house.actor("chenjing").userID
            let (mine, theirs) = try await house.gate.write(as: .system()) { tx in
                tx.ignoresWarnings = true
                func contact(_ name: String, _ position: String, owner: Int64) throws -> Int64 {
                    let customer = try tx.specimen(customers, owner: owner)
                    var row = contacts.blank()
                    row["name"] = .text(name)
                    row["job_title"] = .text(position)
                    row["customer_id"] = .int(customer.id)
                    row["owner_id"] = .int(owner)
                    return try tx.insert(row).id
                }
                return (
                    [try contact("甲", "采购经理", owner: me.userID), try contact("乙", "司机", owner: me.userID)],
                    try contact("丙", "采购经理", owner: other)
                )
            }
            let question = Condition.field("job_title", .contains, "经理").plain.jsonText
            let (dynamic, fixed) = try await house.gate.write(as: me) { tx in
                (
                    try tx.create(groups, ["name": "经理", "kind": "dynamic", "condition": .text(question)]).id,
                    try tx.create(groups, ["name": "挑选", "kind": "static", "member_ids": .list(mine.map(Plain.int))]).id
                )
            }
            func members(_ id: Int64, _ actor: Actor) async throws -> [Int64] {
                try await house.gate.read(as: actor) { view in
                    let condition = view.gathered(by: try view.record(groups, id: id), of: contacts)
                    return try view.page(ListRequest(contacts, where: try #require(condition), sort: [Query.Sort("id")])).rows.map(\.id)
                }
            }
            #expect(try await members(dynamic, me) == [mine[0]])
            #expect(try await members(fixed, me) == mine)
            #expect(try await members(dynamic, .system()) == [mine[0], theirs])
            try await house.gate.write(as: me) { tx in _ = try tx.update(contacts, id: mine[1], ["job_title": "车队经理"]) }
            #expect(try await members(dynamic, me) == mine, "whoever meets it later belongs to it")
        }
    }

    @Test("a saved question must be one, and asks nothing that its author may not see", arguments: Engine.available)
    func questions(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let groups = house.gate.catalog.schema(ContactGroup.self)
            let me = try await Villa.liWei(house, ["create": .own, "read": .own], fields: ["contacts": ["mobile": .hidden]])
            for condition in [
                "{}", "[1]", "经理", #"{"field":"nope","op":"eq","values":["x"]}"#, Condition.field("mobile", .starts, "199").plain.jsonText,
            ] {
                await #expect(throws: Problems.self, "\(condition)") {
                    try await house.gate.write(as: me) { tx in
                        _ = try tx.create(groups, ["name": "组", "kind": "dynamic", "condition": .text(condition)])
                    }
                }
            }
        }
    }

    @Test(
        "notices warn of what must not be overlooked and of a colleague's call, and never tell what is hidden", arguments: Engine.available)
    func notices(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let customers = house.gate.catalog.schema(Customer.self), interactions = house.gate.catalog.schema(Interaction.self)
            let other = try await house.actor("chenjing").userID
            let id = try await house.gate.write(as: .system()) { tx in
                tx.ignoresWarnings = true
                var row = customers.blank()
                row["name"] = "林知远"
                row["source"] = "walk_in"
                row["taboo"] = "忌谈年龄"
                row["do_not_contact"] = true
                let id = try tx.insert(row).id
                var talk = interactions.blank()
                talk["customer_id"] = .int(id)
                talk["content"] = "约试驾"
                talk["owner_id"] = .int(other)
                talk["happened_at"] = tx.now.adding(seconds: -2 * 86_400).stored
                try tx.insert(talk)
                return id
            }
            func texts(_ actor: Actor) async throws -> [String] {
                try await house.gate.read(as: actor) { view in try view.notices(of: try view.record(customers, id: id)).map(\.text.chinese)
                }
            }
            let me = try await Villa.liWei(house, ["read": .all])
            #expect(try await texts(me).count == 3)
            #expect(try await texts(me)[1] == "忌讳：忌谈年龄")
            #expect(try await texts(me)[2].contains("2 天前刚联系过"))
            let limited = try await Villa.liWei(house, ["read": .all], fields: ["customers": ["taboo": .hidden]])
            #expect(try await texts(limited).contains { $0.contains("忌讳") } == false)
            let colleague = try await house.actor("chenjing")
            var reader = colleague
            reader.rights = me.rights
            #expect(try await texts(reader).contains { $0.contains("刚联系过") } == false, "one's own call is no news")
            try await house.gate.write(as: .system()) { tx in try tx.set(CustomerParameters.cooldownDays, to: "0", reason: "不提醒") }
            #expect(try await texts(me).count == 2)
        }
    }
}
