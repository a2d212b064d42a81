import Foundation
import Gate
import Logging
import Records
import TestSupport
import Testing

@testable import zhike

@Suite struct WebhookSenderTests {
    @Test("a demo sends nothing to anybody, and nobody reaches this machine", arguments: [true, false])
    func refused(_ isDemo: Bool) async {
        let sender = WebhookSender(isDemo: isDemo, allowedHosts: [])
        let failure = await #expect(throws: SendFailure.self) { try await sender.post("http://127.0.0.1:9/", headers: [], body: []) }
        #expect(failure?.isFinal == true)
    }

    @Test("a change reaches the address that was asked to be told, and its answer is written down")
    func delivered() async throws {
        let folder = try Folder()
        var settings = try Settings(try StoreOptions.parse(["--data", folder.path]), environment: [:])
        let first = try await Installation.open(settings)
        let user = try await first.accounts.addUser(username: "liwei", roles: ["admin"], password: "Zhike-test-2026!x").id
        first.close()
        settings.allowedHosts = ["127.0.0.1"]
        let installation = try await Installation.open(settings)
        defer { installation.close() }
        let actor = try #require(try await installation.accounts.actor(for: user, via: "cli")), gate = installation.gate,
            hooks = Webhooks(installation.gate)
        let delivery = try await TemporaryServer.with(installation) { server in
            let hook = try await hooks.create(
                name: "ERP", url: server.url.absoluteString + "/api/v1/erp", events: ["customers.created"], as: actor
            ).id
            let customers = try #require(gate.catalog["customers"])
            _ = try await gate.write(as: actor) { tx in
                try tx.create(customers, ["name": "林知远", "source": "website", "mobile": "13800138000"])
            }
            let runner = installation.jobRunner(isDemo: false, logger: Logger(label: "test"))
            let running = Task { await runner.run() }
            defer { running.cancel() }
            // One that was not answered in time is sent again.
            func answered() async throws -> Record<WebhookDelivery>? {
                try await hooks.deliveries(hook, as: actor).first { $0.status != nil }
            }
            try await eventually("an answer is written down") { try await answered() != nil }
            return try #require(try await answered())
        }
        // The temporary server asks who that is, and says so.
        #expect(delivery.status == 401)
    }
}
