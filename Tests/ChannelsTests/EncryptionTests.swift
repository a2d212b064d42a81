import Foundation
import Testing

@testable import Channels

@Suite("Encrypted connections", .serialized, .enabled(if: EncryptedServer.isPossible), .timeLimit(.minutes(10)))
struct EncryptionTests {
    private func policy(_ server: EncryptedServer) -> EgressPolicy {
        .publicAnd(["localhost:\(server.port)", "127.0.0.1:\(server.port)"]) { _ in Address("127.0.0.1").map { [$0] } ?? [] }
    }

    @Test("a certificate that nobody vouches for is refused, one that the company trusts is fine, for its own name only")
    func https() async throws {
        let server = try EncryptedServer(EncryptedServer.https), policy = policy(server)
        let error = await #expect(throws: ChannelError.self) {
            try await HTTPSender(policy: policy, timeout: .seconds(120)).post("https://localhost:\(server.port)/", body: [1])
        }
        guard case .untrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let sender = HTTPSender(policy: policy, timeout: .seconds(120), authorities: server.certificate)
        #expect(try await sender.post("https://localhost:\(server.port)/", body: [1]).status == 200)
        await #expect(throws: ChannelError.self) { try await sender.post("https://127.0.0.1:\(server.port)/", body: [1]) }
        #expect(server.heard.components(separatedBy: "POST").count == 2)
    }

    @Test("a mail and its password travel only after STARTTLS")
    func smtp() async throws {
        let server = try EncryptedServer(EncryptedServer.smtp), me = try #require(MailAddress("a@example.com"))
        func send(_ authorities: String?) async throws(ChannelError) {
            let mailbox = SMTPServer(host: "localhost", port: server.port, user: "u", password: "geheim", authorities: authorities)
            try await SMTPSender(policy: policy(server), server: mailbox, timeout: .seconds(120)).send(
                Mail(from: me, to: [me], subject: "x", text: "y"))
        }
        let error = await #expect(throws: ChannelError.self) { try await send(nil) }
        guard case .untrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!server.heard.contains("MAIL"))
        try await send(server.certificate)
        let heard = server.heard
        #expect(heard.contains("[safe] AUTH PLAIN") && heard.contains("[safe] MAIL FROM:<a@example.com>"))
        #expect(!heard.contains("[open] AUTH") && !heard.contains("[open] MAIL"))
    }
}
