import Core
import Records
import Service
import Testing

@testable import Gate

/// Who is given work can do it: sees the customer and writes down what was said, as long as the work is open.
///
/// 赵敏 (consultant) keeps the customer; 孙强 works in another department.
@Suite("Who is given work can do it", .timeLimit(.minutes(10)))
struct WorkLoanTests {
    private func reader(_ house: House, _ name: String) async throws -> Actor {
        try await house.actor(name)
    }

    private func sees(_ house: House, _ name: String, _ schema: Schema, _ id: Int64) async throws -> Bool {
        let actor = try await reader(house, name)
        return try await house.gate.read(as: actor) { view in try !view.records(schema, ids: [id]).isEmpty }
    }

    private func customer(_ house: House) async throws -> Int64 {
        let zhao = try await house.actor("zhaomin"), schema = house.gate.catalog.schema(Customer.self)
        return try await house.gate.write(as: zhao) {
            try $0.create(schema, ["name": "宏屿建设有限公司", "type": "company", "source": "referral"]).id
        }
    }

    @Test("a follow-up's caller sees the customer, writes down the call, and no longer when all of it is done", arguments: Engine.available)
    func caller(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let id = try await customer(house), customers = house.gate.catalog.schema(Customer.self), sun = house["sunqiang"]
            let plans = house.gate.catalog.schema(FollowPlan.self), talks = house.gate.catalog.schema(Interaction.self)
            #expect(try await !sees(house, "sunqiang", customers, id))
            func plan() async throws -> Int64 {
                try await house.gate.write(as: .system()) { tx in
                    var plan = Record<FollowPlan>()
                    (plan.title, plan.customer, plan.ownerID, plan.status) = ("回访", Ref(id), sun, .assigned)
                    plan.due = tx.now.adding(days: 1)
                    return try tx.insert(plan).row.id
                }
            }
            let first = try await plan(), second = try await plan()
            #expect(try await sees(house, "sunqiang", customers, id))
            let caller = try await reader(house, "sunqiang")
            let talk = try await house.gate.write(as: caller) {
                try $0.create(talks, ["customer_id": .int(id), "channel": "phone", "content": "满意"]).id
            }
            // Seen by whoever keeps the customer, as that one's own are; what is confidential is not.
            #expect(try await sees(house, "zhaomin", talks, talk))
            let secret = try await house.gate.write(as: caller) {
                try $0.create(talks, ["customer_id": .int(id), "channel": "phone", "content": "家事", "is_confidential": true]).id
            }
            #expect(try await !sees(house, "zhaomin", talks, secret))
            let keeper = try await reader(house, "zhaomin")
            let timeline = try await house.gate.read(as: keeper) { view in
                try view.timeline(try view.record(customers, id: id), kinds: ["interactions"]).compactMap { item -> String? in
                    guard case .record(let row) = item.content else { return nil }
                    return row["content"].text
                }
            }
            #expect(timeline == ["满意"])
            // Read, not changed.
            await #expect(throws: Refusal.self) {
                _ = try await house.gate.write(as: keeper) { try $0.update(talks, id: talk, ["content": "改"]) }
            }

            for (plan, isSeen) in [(first, true), (second, false)] {
                _ = try await house.gate.write(as: .system()) { tx in
                    var row = try #require(try tx.get(plans, id: plan))
                    row["status"] = "done"
                    try tx.save(row)
                }
                #expect(try await sees(house, "sunqiang", customers, id) == isSeen)
            }
            let logged = try await house.store.read {
                try $0.fetch(
                    Query(
                        AuditEntry.self, where: \AuditEntry.entity == "customers" && \AuditEntry.recordID == Int(id), sort: [.init("id")],
                        limit: 50)
                ).map { Record<AuditEntry>($0).action }
            }
            #expect(logged.contains("share") && logged.last == "unshare")
        }
    }

    @Test("a complaint's handler works on it and sees the customer; whoever comes after them takes it over", arguments: Engine.available)
    func handler(engine: Engine) async throws {
        try await Villa.open(engine) { house in
            let id = try await customer(house), customers = house.gate.catalog.schema(Customer.self)
            let complaints = house.gate.catalog.schema(Complaint.self), sun = house["sunqiang"], chen = house["chenjing"],
                zhao = house["zhaomin"]
            let complaint = try await house.gate.write(as: .system()) { tx in
                var complaint = Record<Complaint>()
                (complaint.subject, complaint.content, complaint.customer) = ("漏油", "漏油", Ref(id))
                (complaint.ownerID, complaint.handler) = (zhao, Ref(sun))
                return try tx.insert(complaint).row.id
            }
            #expect(try await sees(house, "sunqiang", customers, id))
            #expect(try await sees(house, "sunqiang", complaints, complaint))
            let lent = try await reader(house, "sunqiang")
            #expect(lent.sharedWriting["complaints"] == [complaint], "\(lent.sharedReading) \(lent.sharedWriting)")
            _ = try await house.gate.write(as: .system()) { tx in
                var row = try #require(try tx.get(Complaint.self, Ref(complaint)))
                row.handler = Ref(chen)
                try tx.save(row)
            }
            #expect(try await !sees(house, "sunqiang", customers, id))
            #expect(try await !sees(house, "sunqiang", complaints, complaint))
            #expect(try await sees(house, "chenjing", complaints, complaint))
        }
    }
}
