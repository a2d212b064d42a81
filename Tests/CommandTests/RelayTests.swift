import Foundation
import Gate
import Product
import Records
import Testing

@testable import Storage
@testable import zhike

@Suite("Two instances on one database")
struct RelayTests {
    @Test(
        "a notification made on one is heard of on the other at once, and on its own only once",
        .enabled(if: ProcessInfo.processInfo.environment["ZHIKE_TEST_POSTGRES"] != nil), .timeLimit(.minutes(5)))
    func relay() async throws {
        let url = try #require(ProcessInfo.processInfo.environment["ZHIKE_TEST_POSTGRES"]),
            schema = "r_" + UUID().uuidString.prefix(8).lowercased()
        let secrets = Secrets(root: Secrets.fresh())
        let stores = try (0..<2).map { _ in try PostgreSQLStore(url: url, poolSize: 2, schema: schema) }
        defer { for store in stores { store.close() } }
        let gates = stores.map { Gate(store: $0, capabilities: Packs.capabilities, secrets: secrets) }
        try await gates[0].openStore()
        let work = zip(gates, stores).map { gate, store in Task { await Relay(gate: gate, store: store).run() } }
        defer { for one in work { one.cancel() } }
        let heard = gates.map { gate in
            let (stream, sender) = AsyncStream.makeStream(of: Int64.self)
            gate.changes.listen { events in for event in events where event.entity == Notification.name { sender.yield(event.by) } }
            return stream
        }
        // Until both listen, a message may be lost: it is sent again, as the next change would be.
        let pulse = Task {
            for user in Int64(1)... {
                try await gates[0].write(as: .system()) { tx in try tx.notify([user], of: .trouble, "出错了") }
                try await Task.sleep(for: .milliseconds(300))
            }
        }
        defer { pulse.cancel() }
        var there = heard[1].makeAsyncIterator(), here = heard[0].makeAsyncIterator()
        let told = try #require(await there.next())
        var own: [Int64] = []
        while own.last != told + 1, let next = await here.next() { own.append(next) }
        #expect(own == Array(1...(told + 1)), "what comes back from the database is not told again")
        pulse.cancel()
        try? await stores[0].define { try $0.connection.script("drop schema \(schema.quoted) cascade") }
    }
}
