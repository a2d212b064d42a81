import Foundation
import Testing

@testable import Channels

@Suite("E-mail", .serialized, .timeLimit(.minutes(10)))
struct MailTests {
    private let shop = MailAddress("no-reply@example.com", name: "西湖 4S 店")
    private let li = MailAddress("li.wei@example.com", name: "李伟")

    private func mail(_ subject: String = "您的爱车该保养了", html: String? = nil) throws -> Mail {
        Mail(from: try #require(shop), to: [try #require(li)], subject: subject, text: "李伟先生：\n您好。\n.\n再见", html: html)
    }

    private func sender(
        _ server: LocalServer, _ security: SMTPServer.Security = .plain, allowed: Bool = true, timeout: Duration = .seconds(120)
    ) -> SMTPSender {
        SMTPSender(
            policy: .publicAnd(allowed ? ["127.0.0.1"] : []),
            server: SMTPServer(
                host: "127.0.0.1", port: server.port, security: security, user: security == .plain ? nil : "u",
                password: security == .plain ? nil : "geheim"),
            timeout: timeout
        )
    }

    @Test("a mail arrives with its subject, both its bodies and its people")
    func arrives() async throws {
        let sink = try SMTPSink.start()
        try await sender(sink).send(try mail(html: "<p>李伟先生</p>"))
        let talk = try #require(try await sink.requests(1).first)
        #expect(talk.contains("EHLO example.com\r\n"))
        #expect(talk.contains("MAIL FROM:<no-reply@example.com>") && talk.contains("RCPT TO:<li.wei@example.com>"))
        #expect(talk.contains("Subject: =?UTF-8?B?\(Data("您的爱车该保养了".utf8).base64EncodedString())?="))
        #expect(talk.contains("multipart/alternative"))
        #expect(talk.contains(Data("<p>李伟先生</p>".utf8).base64EncodedString()))
        #expect(talk.contains(Data("李伟先生：\n您好。\n.\n再见".utf8).base64EncodedString()))
    }

    @Test(
        "nothing a user types adds a header or a recipient",
        arguments: [
            "Hallo\r\nBcc: everybody@example.com", "Hallo\nBcc: x@example.com", "Hallo\rBcc: x@example.com", "a\u{2028}Bcc: x@example.com",
            "\u{85}Bcc: x@example.com",
            String(repeating: "很长的标题", count: 100) + "\r\nBcc: x@example.com", "=?UTF-8?B?DQpCY2M6IHhAZXhhbXBsZS5jb20=?=",
        ])
    func injection(_ text: String) throws {
        var mail = try mail(text)
        mail.from.name = text
        mail.to[0].name = text
        let bytes = try mail.bytes()
        let head = try #require(String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n\r\n").first)
        let known = ["Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]
        for line in head.components(separatedBy: "\r\n") {
            #expect(line.hasPrefix(" ") || known.contains(line.components(separatedBy: ":")[0]), "\(line)")
            #expect(!line.contains("\n") && !line.contains("\r") && line.utf8.count <= 998)
        }
        #expect(!head.contains("\nBcc"))
    }

    @Test(
        "addresses that could break out are none",
        arguments: [
            "a@b.cn\r\nRCPT TO:<x@y.cn>", "a b@c.cn", "<a@b.cn>", "a@b@c.cn", "@b.cn", "a@", "a", "", "a@b.cn>", "\"a b\"@c.cn",
            "a@[127.0.0.1]", "张@b.cn", "a@b.cn,c@d.cn", ".a@b.cn", "a@-b.cn", "a@b.cn\u{0}",
            String(repeating: "a", count: 65) + "@b.cn",
        ])
    func wrongAddress(_ text: String) { #expect(MailAddress(text) == nil) }

    @Test("ordinary addresses are fine", arguments: ["a@b.cn", "li.wei+crm@mail.example.com", "O'Neil_x@b-c.cn", "1@163.com"])
    func rightAddress(_ text: String) { #expect(MailAddress(text)?.address == text) }

    @Test("a long subject is folded into words that decode to it again")
    func folded() throws {
        let subject = String(repeating: "车险到期提醒👨‍👩‍👧 ", count: 20)
        let words = EncodedWord.text(subject).components(separatedBy: "\r\n ")
        #expect(words.count > 5 && words.allSatisfy { $0.utf8.count <= 75 })
        let decoded = words.compactMap { word in
            Data(base64Encoded: String(word.dropFirst(10).dropLast(2))).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(decoded.joined() == subject)
        #expect(EncodedWord.text("Plain subject") == "Plain subject")
        #expect("a\r\nb\u{85}c\u{2029}d\u{0}".singleLine == "a  b c d ")
    }

    @Test("base64 is the same as everybody's")
    func base64() {
        for length in 0..<200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64.text(bytes) == Data(bytes).base64EncodedString())
        }
        #expect(Mail.date(Date(timeIntervalSince1970: 1_795_411_660)) == "Mon, 23 Nov 2026 05:27:40 +0000")
    }

    @Test("what the server refuses is told with its reply, final or not")
    func rejected() async throws {
        let sink = try SMTPSink.start(refusing: "RCPT")
        let error = await #expect(throws: ChannelError.self) { try await sender(sink).send(try mail()) }
        guard case .rejected(let status, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(status == 550)
        #expect(error?.isFinal == true)
    }

    @Test("a server that does not offer encryption gets neither password nor mail")
    func downgrade() async throws {
        let sink = try SMTPSink.start(offers: "250-sink\r\n250 AUTH PLAIN LOGIN")
        let error = await #expect(throws: ChannelError.self) { try await sender(sink, .startTLS).send(try mail()) }
        guard case .untrusted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let talk = try await sink.requests(1).joined()
        #expect(!talk.contains("AUTH") && !talk.contains("MAIL FROM"))
    }

    @Test("an unencrypted or inner server must be named by an administrator")
    func notAllowed() async throws {
        let sink = try SMTPSink.start()
        await #expect(throws: ChannelError.self) { try await sender(sink, allowed: false).send(try mail()) }
        await #expect(throws: ChannelError.self) { try await sender(sink, .startTLS, allowed: false).send(try mail()) }
        #expect(sink.requests.isEmpty)
        let outside = EgressPolicy.publicAnd([]) { _ in Address("93.184.216.34").map { [$0] } ?? [] }
        let error = await #expect(throws: ChannelError.self) {
            try await SMTPSender(policy: outside, server: SMTPServer(host: "mail.example.com", security: .plain), timeout: .seconds(120))
                .send(try mail())
        }
        guard case .refused = error else {
            Issue.record("never in clear over the internet: \(String(describing: error))")
            return
        }
    }

    @Test("a mail server that hangs is left")
    func hangs() async throws {
        let latch = Latch()
        defer { latch.open() }
        let server = try LocalServer { _ in latch.wait() }
        await #expect(throws: ChannelError.timedOut) { try await sender(server, timeout: .milliseconds(300)).send(try mail()) }
    }
}
