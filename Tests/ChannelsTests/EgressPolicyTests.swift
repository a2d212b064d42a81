import Synchronization
import Testing

@testable import Channels

@Suite("Where messages may go")
struct EgressPolicyTests {
    /// Resolves the names of the tests; everything else is looked up as the system does.
    private static let names: [String: [String]] = [
        "crm.example.com": ["93.184.216.34"], "six.example.com": ["2606:2800:220:1:248:1893:25c8:1946"], "inside.example.com": ["10.1.2.3"],
        "both.example.com": ["93.184.216.34", "127.0.0.1"], "erp.internal": ["10.1.2.3"], "meta.internal": ["169.254.169.254"],
        "nobody.example.com": [],
    ]
    private func policy(_ allowed: [String] = []) -> EgressPolicy {
        .publicAnd(allowed) { host in Self.names[host]?.compactMap { Address($0) } ?? EgressPolicy.systemResolver(host) }
    }
    private func leads(_ url: String, _ policy: EgressPolicy) throws(ChannelError) -> String {
        try policy.destination(url, schemes: ["http", "https"]).address.description
    }

    @Test("public addresses are fine")
    func fine() throws {
        for (url, address) in [
            ("https://crm.example.com/in?a=b#c", "93.184.216.34"), ("http://93.184.216.34:8080/", "93.184.216.34"),
            ("https://six.example.com", "2606:2800:220:1:248:1893:25c8:1946"),
            ("https://[2606:2800:220:1:248:1893:25c8:1946]:8443/x", "2606:2800:220:1:248:1893:25c8:1946"),
            ("HTTPS://CRM.Example.COM/", "93.184.216.34"),
        ] {
            #expect(try leads(url, policy()) == address)
        }
    }

    @Test(
        "no spelling of an inner address gets through",
        arguments: [
            "http://127.0.0.1/", "http://127.0.0.1:8080", "http://0177.0.0.1/", "http://0x7f.1/", "http://0x7f000001", "http://2130706433/",
            "http://127.1/", "http://127.0.1",
            "http://017700000001/", "http://[::1]/", "http://[::]/", "http://[::ffff:7f00:1]/", "http://[::ffff:127.0.0.1]/",
            "http://[0:0:0:0:0:ffff:10.0.0.1]/",
            "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[2002:7f00:1::]/", "http://[2002:a00:1::1]",
            "http://[fe80::1%25eth0]/", "http://[fc00::1]/",
            "http://[fd12:3456::1]", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[2001::1]/", "http://[::127.0.0.1]/",
            "http://localhost/", "http://localhost./",
            "http://LOCALHOST", "http://127.0.0.1./", "http://１２７.０.０.１/", "http://⑯⑨.②⑤④.⑯⑨.②⑤④/", "http://127。0。0。1/",
            "http://loc\u{00AD}alhost/",
            "http://a@127.0.0.1/", "http://crm.example.com@127.0.0.1/", "http://crm.example.com:80@127.0.0.1/",
            "http://127.0.0.1%2f@crm.example.com/",
            "http://crm.example.com\\@127.0.0.1/", "http://%31%32%37.0.0.1/", "http://0/", "http://0.0.0.0", "http://10.0.0.1",
            "http://100.64.1.1/", "http://169.254.169.254/latest",
            "http://172.16.0.1", "http://172.31.255.255", "http://192.168.1.1/", "http://192.0.0.8", "http://198.18.0.1",
            "http://198.19.255.255/", "http://224.0.0.1", "http://255.255.255.255/",
            "http://240.0.0.1", "http://192.0.2.1", "http://198.51.100.1/", "http://203.0.113.9", "http://192.88.99.1",
            "http://inside.example.com/", "http://both.example.com/", "http://erp.internal/", "http://1.2.3.4.5/", "http://256.1.1.1/",
            "http://1.2.3/", "http://3232235777/",
            "ftp://crm.example.com/", "file:///etc/passwd", "gopher://127.0.0.1:25/_x", "http:/127.0.0.1/", "http:///127.0.0.1/",
            "//127.0.0.1/", "127.0.0.1", "", "http://",
            "http://crm.example.com /", "http://crm.example.com\r\nHost: x/", "http://crm.example.com\t", "https://crm.example.com:0/",
            "http://crm.example.com:99999/", "http://crm.example.com:80:80/",
            "http://[::1", "http://::1]/", "http://[crm.example.com]/", "http://.example.com/", "http://a..b/", "http://-x.example.com/",
            "http://crm.example.com:abc/",
            "dict://127.0.0.1:11211/", "http://nobody.example.com/",
        ])
    func refused(_ url: String) {
        #expect(throws: ChannelError.self, "\(url)") { try leads(url, policy()) }
    }

    @Test("an administrator may name a host inside, by name and by port, but never the cloud's metadata")
    func allowed() throws {
        #expect(try leads("http://erp.internal:8080/x", policy(["erp.internal"])) == "10.1.2.3")
        #expect(try leads("http://erp.internal:8080/x", policy(["ERP.internal:8080"])) == "10.1.2.3")
        #expect(try leads("http://127.0.0.1:9000/x", policy(["127.0.0.1:9000"])) == "127.0.0.1")
        #expect(try leads("http://[::1]:9000/x", policy(["::1:9000"])) == "::1")
        #expect(throws: ChannelError.self) { try leads("http://erp.internal:8081/", policy(["erp.internal:8080"])) }
        #expect(throws: ChannelError.self) { try leads("http://127.0.0.1:9001/x", policy(["127.0.0.1:9000"])) }
        #expect(throws: ChannelError.self) { try leads("http://meta.internal/", policy(["meta.internal"])) }
        #expect(throws: ChannelError.self) { try leads("http://169.254.169.254/", policy(["169.254.169.254"])) }
    }

    @Test("a demonstration system sends nothing and does not even look a name up")
    func off() async throws {
        let server = try LocalServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await #expect(throws: ChannelError.switchedOff) { try await HTTPSender(policy: .none).post(server.url, body: []) }
        await #expect(throws: ChannelError.switchedOff) { try await HTTPSender(policy: .none).get("https://crm.example.com") }
        let me = try #require(MailAddress("a@example.com"))
        await #expect(throws: ChannelError.switchedOff) {
            try await SMTPSender(policy: .none, server: SMTPServer(host: "mail.example.com")).send(
                Mail(from: me, to: [me], subject: "x", text: "y"))
        }
        #expect(server.requests.isEmpty)
    }

    @Test("a name is looked up once, so that it cannot lead elsewhere when it is used")
    func rebinding() async throws {
        let server = try LocalServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let asked = Mutex(0)
        // First this machine, as the administrator meant; then somewhere else.
        let policy = EgressPolicy.publicAnd(["shop.internal"]) { _ in
            let turn = asked.withLock {
                $0 += 1; return $0
            }
            return [Address(turn == 1 ? "127.0.0.1" : "127.0.0.2")].compactMap { $0 }
        }
        let answer = try await HTTPSender(policy: policy, timeout: .seconds(120)).get("http://shop.internal:\(server.port)/")
        #expect(answer.status == 200)
        #expect(asked.withLock { $0 } == 1)
        #expect(try await server.requests(1).first?.contains("Host: shop.internal:\(server.port)") == true)
    }
}
