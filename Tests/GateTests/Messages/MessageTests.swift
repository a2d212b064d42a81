import Core
import Records
import Sales
import Synchronization
import TestSupport
import Testing

@testable import Gate

/// Letters as they would have left the house.
private final class Postman: Carrier {
    private let carried = Mutex<[Letter]>([])
    /// So many times the door is closed first.
    let refusals: Mutex<Int>
    let isOff: Bool
    init(refusals: Int = 0, isOff: Bool = false) {
        self.refusals = Mutex(refusals)
        self.isOff = isOff
    }

    var letters: [Letter] { carried.withLock { $0 } }

    func carry(_ letter: Letter) async throws(SendFailure) -> Bool {
        if isOff { return false }
        let isClosed = refusals.withLock { left in
            left -= 1
            return left >= 0
        }
        if isClosed { throw SendFailure("无法连接") }
        carried.withLock { $0.append(letter) }
        return true
    }
}

/// Templates, who may be written to and when, and that each message leaves once (A53, PIPL in §3.13).
@Suite("Messages", .serialized, .timeLimit(.minutes(10)))
struct MessageTests {
    private struct Desk {
        var house: House
        var consultant: Actor
        var customer: Int64
        var service: Int64
        var advertising: Int64
        var catalog: Catalog { house.gate.catalog }
        var customers: Schema { catalog.schema(Customer.self) }

        func send(_ template: Int64, to customer: Int64, _ more: [String: Plain] = [:]) async throws {
            try await house.gate.write(as: consultant) { [customers] tx in
                _ = try tx.perform("send_message", customers, id: customer, ["template_id": .int(template)].merging(more) { $1 })
            }
        }

        func messages() async throws -> [Record<Message>] {
            try await house.store.read { try $0.fetch(Query(Message.self, sort: [Query.Sort("id")], limit: 500)).map(Record<Message>.init) }
        }

        /// Runs the outbox until nothing in it waits any more, whatever is to be tried again included.
        func post(_ postman: any Carrier) async throws {
            var settings = JobSettings()
            settings.poll = .milliseconds(20)
            settings.retries = [:]
            settings.retry = .init(attempts: 3, first: 0)
            let runner = JobRunner(
                gate: house.gate, actors: { [house] in try await house.accounts.actor(for: $0, via: "job") },
                handlers: [MessageJob.name: MessageJob.handler(carrier: postman)], settings: settings)
            let task = Task { await runner.run() }
            defer { task.cancel() }
            try await eventually("the outbox is empty") {
                // Whatever is to be tried again is due in a moment.
                house.time.pass(1)
                return try await waiting() == 0
            }
            task.cancel()
            await task.value
        }

        private func waiting() async throws -> Int {
            let isOpen = \JobRow.status == .waiting || \JobRow.status == .running
            return try await house.store.read {
                try $0.count(Query(JobRow.self, where: \JobRow.title == MessageJob.name && isOpen), cap: 100)
            }
        }
    }

    private func open(_ engine: Engine, _ body: (Desk) async throws -> Void) async throws {
        try await Villa.open(engine) { house in
            // Tuesday morning: no quiet hours.
            house.time.now = Instant(Day(iso: "2026-11-24")!, hour: 10)
            let catalog = house.gate.catalog, consultant = try await house.actor("chenjing")
            let (customer, service, advertising) = try await house.gate.write(as: .system()) { tx in
                let customer = try tx.create(
                    catalog.schema(Customer.self),
                    [
                        "name": "陶景川", "type": "person", "source": "other", "mobile": "19900000044", "email": "tao@example.com",
                        "owner_id": .int(house["chenjing"]), "department_id": .int(house["sales"]),
                    ]
                ).id
                _ = try tx.create(
                    catalog.schema(MessageChannel.self),
                    ["name": "公司邮箱", "kind": "email", "from_address": "crm@example.com", "host": "smtp.example.com", "secret": "暗号"])
                let service = try tx.create(
                    catalog.schema(MessageTemplate.self),
                    ["name": "问候", "entity": "customers", "kind": "email", "subject": "{name}您好", "text": "您的顾问 {owner_id}，电话 {mobile}。"]
                ).id
                let advertising = try tx.create(
                    catalog.schema(MessageTemplate.self),
                    [
                        "name": "秋季活动", "entity": "customers", "kind": "email", "purpose": "marketing", "subject": "活动",
                        "text": "{name}，欢迎到店",
                    ]
                ).id
                return (customer, service, advertising)
            }
            try await body(Desk(house: house, consultant: consultant, customer: customer, service: service, advertising: advertising))
        }
    }

    @Test("a template is filled with what the sender may see, sent once, and stands on the timeline", arguments: Engine.available)
    func sending(engine: Engine) async throws {
        try await open(engine) { desk in
            try await desk.send(desk.service, to: desk.customer)
            let postman = Postman(refusals: 1)
            try await desk.post(postman)
            let letters = postman.letters, sent = try #require(try await desk.messages().first)
            #expect(
                letters.count == 1 && letters[0].subject == "陶景川您好" && letters[0].to == "tao@example.com"
                    && letters[0].channel.secret == "暗号")
            #expect(letters[0].text == "您的顾问 陈静，电话 199 0000 0044。")
            #expect(sent.status == .sent && sent.tries == 2 && sent.error == nil && sent.sentAt != nil)
            let items = try await desk.house.gate.read(as: desk.consultant) { [customers = desk.customers, customer = desk.customer] view in
                try view.timeline(try view.record(customers, id: customer), kinds: ["messages"])
            }
            #expect(items.count == 1)
            // What was carried is not carried again, whoever asks for it.
            try await desk.house.gate.write(as: .system()) { [id = sent.row.id] tx in try tx.enqueue(MessageJob.name, ["message": .int(id)])
            }
            try await desk.post(postman)
            #expect(postman.letters.count == 1)
        }
    }

    @Test("masked values stay masked in what is written") func masked() async throws {
        try await open(.sqlite) { desk in
            var actor = desk.consultant
            actor.rights.fields["customers"] = ["mobile": .masked]
            let blind = actor
            try await desk.house.gate.write(as: blind) { [desk] tx in
                _ = try tx.perform("send_message", desk.customers, id: desk.customer, ["template_id": .int(desk.service)])
            }
            #expect(try await desk.messages().first?.text?.contains("0000 0044") == false)
        }
    }

    @Test(
        "whoever may only look at a record writes to nobody about it, and to many only who may carry addresses out",
        arguments: Engine.available)
    func rights(engine: Engine) async throws {
        try await open(engine) { desk in
            let house = desk.house, customers = desk.customers, customer = desk.customer, template = desk.service
            let words: [String: Plain] = ["template_id": .int(template), "subject": "通知", "text": "请把货款打到另一个账户"]
            func refusal(_ actor: Actor) async -> String? {
                do {
                    _ = try await house.gate.write(as: actor) { try $0.perform("send_message", customers, id: customer, words) }
                    return nil
                } catch { return Reason.text(error) }
            }
            let reader = try await Villa.liWei(house, ["read": .all]),
                writer = try await Villa.liWei(house, ["read": .all, "update": .all])
            #expect(await refusal(reader)?.contains("没有修改") == true)
            #expect(try await desk.messages().isEmpty)
            #expect(await refusal(writer) == nil)
            // Nor by a rule of one's own, nor by sending again what somebody else wrote.
            await #expect(throws: Refusal.self) {
                try await house.gate.write(as: reader) { tx in
                    try tx.post(template, about: try tx.reachable(customers, id: customer, "read"), subject: nil, text: nil)
                }
            }
            let sent = try #require(try await desk.messages().first?.row.id), messages = desk.catalog.schema(Message.self)
            _ = try await house.gate.write(as: writer) { try $0.perform("cancel", messages, id: sent) }
            await #expect(throws: Refusal.self) {
                _ = try await house.gate.write(as: reader) { try $0.perform("again", messages, id: sent) }
            }

            let many = BulkChange("customers", .ids([customer]), action: "send_message", values: words)
            await #expect(throws: Refusal.self) { _ = try await Bulk.start(many, as: writer, in: house.gate) }
            let mailer = try await Villa.liWei(house, ["read": .all, "update": .all, "export": .all])
            _ = try await Bulk.start(many, as: mailer, in: house.gate)
            // Of each record, too.
            let narrow = try await Villa.liWei(house, ["read": .all, "update": .all, "export": .own])
            let report = try await house.gate.write(as: narrow) { tx in
                var report = BulkReport()
                try tx.apply(many, customers, [customer], &report)
                return report
            }
            #expect(report.done == 0 && report.failures.count == 1)

            // What lies in the pool may be taken, not written about.
            let claimer = try await Villa.liWei(house, ["read": .own, "update": .own, "claim": .all])
            _ = try await house.gate.write(as: .system()) { try $0.perform("release", customers, id: customer) }
            #expect(await refusal(claimer)?.contains("没有修改") == true)
        }
    }

    @Test("a letter that names somebody does not leave without the name") func unnamed() async throws {
        try await open(.sqlite) { desk in
            let writer = try await Villa.liWei(desk.house, ["read": .all, "update": .all])
            let customers = desk.customers, customer = desk.customer, template = desk.service
            _ = try await desk.house.gate.write(as: .system()) { try $0.perform("release", customers, id: customer) }
            let draft = try await desk.house.gate.read(as: writer) { view in
                let chosen = try #require(try view.messageTemplates(for: customers).first { $0.row.id == template })
                return try view.preview(chosen, about: try view.record(customers, id: customer)).text
            }
            #expect(draft.hasPrefix("您的顾问 {owner_id}，电话"))
            for more in [[:], ["text": .text(draft)]] as [[String: Plain]] {
                let wrong = await #expect(throws: Problems.self) {
                    _ = try await desk.house.gate.write(as: writer) { tx in
                        try tx.perform("send_message", customers, id: customer, ["template_id": .int(template)].merging(more) { $1 })
                    }
                }
                #expect(wrong?.all.first?.field == "text" && wrong?.all.first?.message.contains("负责人") == true)
            }
            _ = try await desk.house.gate.write(as: writer) { tx in
                try tx.perform("send_message", customers, id: customer, ["template_id": .int(template), "text": "您好"])
            }
        }
    }

    @Test("a template names only fields there are, and none that are sealed") func faults() async throws {
        try await open(.sqlite) { desk in
            let schema = desk.catalog.schema(MessageTemplate.self)
            do {
                _ = try await desk.house.gate.write(as: .system()) {
                    try $0.create(schema, ["name": "坏", "entity": "customers", "kind": "email", "subject": "{colour}", "text": "{id_no}"])
                }
                Issue.record("it was taken")
            } catch let wrong as Problems { #expect(Set(wrong.all.compactMap(\.field)) == ["subject", "text"]) }
        }
    }

    @Test("advertising respects refusals, opt-outs and the frequency cap; a service message does not ask", arguments: Engine.available)
    func forbidden(engine: Engine) async throws {
        try await open(engine) { desk in
            func refusal() async -> String? {
                do {
                    try await desk.send(desk.advertising, to: desk.customer)
                    return nil
                } catch { return Reason.text(error) }
            }
            let customers = desk.customers, customer = desk.customer, house = desk.house
            func mark(_ input: [String: Plain]) async throws {
                _ = try await house.gate.write(as: .system()) { try $0.update(customers, id: customer, input) }
            }
            try await mark(["do_not_contact": true])
            #expect(await refusal()?.contains("拒绝打扰") == true)
            try await desk.send(desk.service, to: customer)
            try await mark(["do_not_contact": false])
            for _ in 0..<3 { #expect(await refusal() == nil) }
            #expect(await refusal()?.contains("频次上限") == true)
            house.time.pass(8 * 86_400)
            #expect(await refusal() == nil)
            let outs = desk.catalog.schema(MessageOptOut.self)
            _ = try await house.gate.write(as: .system()) { try $0.create(outs, ["address": "TAO@example.com"]) }
            #expect(await refusal()?.contains("退订") == true)
        }
    }

    @Test("a contact is written to for advertising only with consent, and not when the customer refuses", arguments: Engine.available)
    func consent(engine: Engine) async throws {
        try await open(engine) { desk in
            let contacts = desk.catalog.schema(Contact.self), templates = desk.catalog.schema(MessageTemplate.self),
                customer = desk.customer, house = desk.house, customers = desk.customers
            let (contact, template) = try await house.gate.write(as: .system()) { tx in
                (
                    try tx.create(contacts, ["name": "陶太太", "customer_id": .int(customer), "email": "wife@example.com"]).id,
                    try tx.create(
                        templates,
                        ["name": "活动", "entity": "contacts", "kind": "email", "purpose": "marketing", "subject": "活动", "text": "欢迎"]
                    ).id
                )
            }
            func refusal() async -> String? {
                do {
                    try await house.gate.write(as: .system()) { tx in
                        _ = try tx.perform("send_message", contacts, id: contact, ["template_id": .int(template)])
                    }
                    return nil
                } catch { return Reason.text(error) }
            }
            #expect(await refusal()?.contains("没有同意接收邮件") == true)
            _ = try await house.gate.write(as: .system()) { try $0.update(contacts, id: contact, ["consent": .list(["email"])]) }
            #expect(await refusal() == nil)
            _ = try await house.gate.write(as: .system()) { try $0.update(customers, id: customer, ["do_not_contact": true]) }
            #expect(await refusal()?.contains("拒绝打扰") == true)
        }
    }

    @Test("whoever opts out before the message leaves is not sent it", arguments: Engine.available)
    func lateRefusal(engine: Engine) async throws {
        try await open(engine) { desk in
            try await desk.send(desk.advertising, to: desk.customer)
            let outs = desk.catalog.schema(MessageOptOut.self)
            _ = try await desk.house.gate.write(as: .system()) { try $0.create(outs, ["address": "tao@example.com"]) }
            let postman = Postman()
            try await desk.post(postman)
            let message = try await desk.messages().first
            #expect(postman.letters.isEmpty && message?.status == .refused)
        }
    }

    @Test("nothing leaves a demonstration, a switched-off system, or is written to invented people", arguments: [true, false])
    func withheld(byCarrier: Bool) async throws {
        try await open(.sqlite) { desk in
            let postman = Postman(isOff: byCarrier)
            if !byCarrier {
                try await desk.house.gate.write(as: .system()) { [desk] tx in
                    var row = try #require(try tx.get(desk.customers, id: desk.customer))
                    row["is_demo"] = 1
                    try tx.save(row)
                }
            }
            try await desk.send(desk.service, to: desk.customer)
            try await desk.post(postman)
            let message = try await desk.messages().first
            #expect(postman.letters.isEmpty && message?.status == .withheld)
        }
    }

    @Test(
        "advertising waits for the quiet hours to end",
        arguments: [
            // 21:00 to 8:00.
            (20, "2026-11-24 20:00"), (21, "2026-11-25 08:00"), (23, "2026-11-25 08:00"), (0, "2026-11-24 08:00"), (7, "2026-11-24 08:00"),
            (8, "2026-11-24 08:00"),
        ])
    func quiet(hour: Int, due: String) {
        let now = Instant(Day(iso: "2026-11-24")!, hour: hour)
        #expect(MessageParameters.opening(now, from: 21, until: 8).shown == due)
        #expect(MessageParameters.opening(now, from: 9, until: 9) == now)
    }

    /// §2.6, C15: a sent answer is an answer; what still waits, or an automation sent, is none.
    @Test(
        "a message that a person wrote stops the first-contact clock once it has left",
        arguments: Engine.available)
    func firstContact(_ engine: Engine) async throws {
        try await open(engine) { desk in
            let house = desk.house
            let leads = desk.catalog.schema(Lead.self)
            let consultant = desk.consultant
            let (template, mine, other) = try await house.gate.write(as: .system()) { tx in
                let template = try tx.create(
                    desk.catalog.schema(MessageTemplate.self),
                    ["name": "初次问候", "entity": "leads", "kind": "email", "subject": "您好", "text": "已收到您的咨询"]
                ).id
                let made = try ["甲", "乙"].enumerated().map { index, name in
                    try tx.create(
                        leads,
                        [
                            "name": .text(name), "source": "website", "email": .text("l\(index)@example.com"),
                            "owner_id": .int(house["chenjing"]), "department_id": .int(house["sales"]),
                        ]
                    ).id
                }
                return (template, made[0], made[1])
            }
            func lead(_ id: Int64) async throws -> Record<Lead> {
                Record(try await house.gate.read(as: .system()) { try $0.record(leads, id: id) })
            }
            let input: [String: Plain] = ["template_id": .int(template)]
            _ = try await house.gate.write(as: consultant) {
                try $0.perform("send_message", leads, id: mine, input)
            }
            _ = try await house.gate.write(as: .system(via: "automation")) {
                try $0.perform("send_message", leads, id: other, input)
            }
            #expect(try await lead(mine).firstContact == nil)
            try await desk.post(Postman())
            let answered = try await lead(mine)
            #expect(
                answered.status == .contacted && answered.firstContact != nil
                    && answered.lastContact == answered.firstContact)
            #expect(try await lead(other).status == .assigned)
        }
    }
}
