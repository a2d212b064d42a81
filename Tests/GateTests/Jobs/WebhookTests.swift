import Records
import Synchronization
import TestSupport
import Testing

@testable import Gate

/// A receiver that remembers what it got.
private final class Mailbox: Sender {
    struct Letter { var url: String; var headers: [(String, String)]; var body: [UInt8] }
    let letters = Mutex<[Letter]>([])
    let status: Mutex<Int>
    init(_ status: Int = 200) { self.status = Mutex(status) }

    func post(_ url: String, headers: [(String, String)], body: [UInt8]) async throws(SendFailure) -> SendAnswer {
        letters.withLock { $0.append(Letter(url: url, headers: headers, body: body)) }
        let status = status.withLock { $0 }
        guard status != 0 else { throw SendFailure("无法连接") }
        return SendAnswer(status: status)
    }

    var count: Int { letters.withLock { $0.count } }
    func json(_ index: Int) -> [String: Plain] {
        letters.withLock { $0.count <= index ? [:] : Plain(jsonText: String(decoding: $0[index].body, as: UTF8.self))?.object ?? [:] }
    }
}

@Suite("Webhooks", .serialized, .timeLimit(.minutes(10)))
struct WebhookTests {
    private func runner(_ site: Site, _ mailbox: Mailbox) -> JobRunner {
        site.runner(["webhook": WebhookJob.handler(sender: mailbox, actors: Site.actors)]) {
            $0.retries = [:]; $0.retry = .init(attempts: 3, first: 60)
        }
    }

    @Test("a change is told with a signature that the receiver can check", arguments: Engine.available)
    func delivered(_ engine: Engine) async throws {
        try await engine.depot { site in
            let mailbox = Mailbox(), hooks = Webhooks(site.gate)
            let (hook, secret) = try await hooks.create(
                name: "ERP", url: "https://erp.example.com/in", events: ["parcels.created"], as: Site.admin)
            let runner = runner(site, mailbox)
            try await runner.during {
                let ids = try await site.receive([3])
                try await eventually("the letter has come") { mailbox.count == 1 }
                let event = mailbox.json(0)
                #expect(event["event"] == "parcels.created" && event["entity"] == "parcels")
                #expect(event["record"]?.object?["id"] == .int(ids[0]))
                #expect(event["occurred_at"] == .text(site.hands.now.rfc3339))
                let letter = mailbox.letters.withLock { $0[0] }
                let signature = try #require(letter.headers.first { $0.0 == "Zhike-Signature" }?.1)
                let now = site.hands.now.milliseconds / 1000
                #expect(WebhookSignature.isValid(signature, letter.body, secret: secret, now: now))
                try await eventually("the delivery is written down") {
                    try await hooks.deliveries(hook, as: Site.admin).map(\.status) == [200]
                }
                try await site.gate.write(as: Site.liWei) { tx in _ = try tx.update(Parcel.schema, id: ids[0], ["note": "x"]) }
                try await site.settle(runner)
                #expect(mailbox.count == 1, "nobody asked for updates")
            }
            #expect(try await hooks.list(as: Site.admin).allSatisfy { $0.secret.isEmpty })
        }
    }

    @Test("the creator's eyes decide: nothing of what he may not see leaves the house")
    func scoped() async throws {
        try await Engine.sqlite.depot { site in
            let mailbox = Mailbox()
            let (hook, _) = try await Webhooks(site.gate).create(name: "李伟的", url: "https://x.example.com", events: ["*"], as: Site.admin)
            _ = try await site.gate.store.write { try $0.set(Webhook.schema, ["user_id": 1], where: .ids([hook])) }
            try await runner(site, mailbox).during {
                try await site.receive([1], as: Site.admin)
                try await site.gate.write(as: Site.admin) { tx in
                    _ = try tx.create(Parcel.schema, ["name": "李伟的包裹", "owner_id": 1, "secret": "芝麻开门"])
                }
                try await eventually("both jobs are done") { try await site.jobs(\JobRow.status == .done).count == 2 }
            }
            #expect(mailbox.count == 1)
            #expect(mailbox.json(0)["record"]?.object?["name"] == "李伟的包裹")
            let body = mailbox.letters.withLock { String(decoding: $0[0].body, as: UTF8.self) }
            #expect(!body.contains("芝麻"))
        }
    }

    @Test(
        "a receiver that fails is tried again under the same event id, and turned off after twenty failures in a row",
        arguments: Engine.available)
    func turnedOff(_ engine: Engine) async throws {
        try await engine.depot { site in
            let mailbox = Mailbox(500), hooks = Webhooks(site.gate)
            let (hook, _) = try await hooks.create(name: "坏的", url: "https://x.example.com", events: ["parcels.*"], as: Site.admin)
            try await runner(site, mailbox).during {
                try await site.receive([1])
                try await eventually("the first try has failed") {
                    try await site.jobs(\JobRow.status == .waiting && \JobRow.attempts == 1).count == 1
                }
                #expect(mailbox.count == 1)
                site.hands.move(seconds: 100)
                try await eventually("it is tried again") { mailbox.count == 2 }
                #expect(mailbox.json(0)["id"] == mailbox.json(1)["id"])
                mailbox.status.withLock { $0 = 0 }
                try await site.gate.write(as: Site.liWei) { tx in
                    for number in 0..<30 { _ = try tx.create(Parcel.schema, ["name": .text("多 \(number)")]) }
                }
                try await eventually("the webhook is turned off") { try await hooks.list(as: Site.admin).first?.isActive == false }
                let notes = try await site.gate.store.read { try $0.fetch(Query(Notification.self)).map(Record<Notification>.init) }
                #expect(notes.contains { $0.user.id == 9 && $0.text.contains("自动停用") })
                // What was still due meanwhile would be sent, and fail, once it is on again.
                let isDue = \JobRow.status == .running || (\JobRow.status == .waiting && \JobRow.runAt <= site.hands.now)
                try await eventually("nothing is due") { try await site.jobs(isDue).isEmpty }
                try await hooks.turnOn(hook, as: Site.admin)
                #expect(try await hooks.list(as: Site.admin).first?.failures == 0)
                mailbox.status.withLock { $0 = 200 }
                let before = mailbox.count
                _ = try await hooks.ping(hook, as: Site.admin)
                try await eventually("the test letter has come") { mailbox.count > before }
            }
        }
    }

    @Test("only administrators manage webhooks, and what they enter is checked")
    func checked() async throws {
        try await Engine.sqlite.depot { site in
            let hooks = Webhooks(site.gate)
            await #expect(throws: Refusal.self) { try await hooks.create(name: "a", url: "https://x.cn", events: ["*"], as: Site.liWei) }
            await #expect(throws: Refusal.self) { try await hooks.list(as: Site.liWei) }
            for (url, events) in [
                ("ftp://x.cn", ["*"]), ("https://x.cn", []), ("https://x.cn", ["parcels.exploded"]), ("https://x.cn", ["jobs.created"]),
                ("https://x.cn\r\nA: b", ["*"]),
            ] {
                await #expect(throws: Problems.self) { try await hooks.create(name: "a", url: url, events: events, as: Site.admin) }
            }
        }
    }

    @Test("a signature fits one body, one secret and five minutes")
    func signature() {
        let body = Array("{\"a\":1}".utf8), value = WebhookSignature.value(body, secret: "s", at: 1000)
        #expect(value.hasPrefix("t=1000,v1="))
        // Computed with Python: hmac.new(b's', b'1000.{"a":1}', 'sha256').hexdigest()
        #expect(value.hasSuffix("82da4665c1501a07c877dfc980f87e6d011aba756026761deaf601cb952e704e"))
        #expect(WebhookSignature.isValid(value, body, secret: "s", now: 1300))
        #expect(!WebhookSignature.isValid(value, body, secret: "s", now: 1301))
        #expect(!WebhookSignature.isValid(value, body, secret: "s", now: 699))
        #expect(!WebhookSignature.isValid(value, body, secret: "x", now: 1000))
        #expect(!WebhookSignature.isValid(value, body + [32], secret: "s", now: 1000))
        for broken in [
            "", "t=1000", "v1=00", "t=1000,v1=zz", "t=x,v1=" + String(repeating: "0", count: 64),
            "t=1000,v1=" + String(repeating: "é", count: 32),
        ] {
            #expect(!WebhookSignature.isValid(broken, body, secret: "s", now: 1000))
        }
    }
}
