import Foundation
import Synchronization
import Testing

@testable import Channels

@Suite("Posting outside", .serialized, .timeLimit(.minutes(10)))
struct HTTPSenderTests {
    private func sender(_ server: LocalServer, timeout: Duration = .seconds(120)) -> HTTPSender {
        HTTPSender(policy: .publicAnd(["127.0.0.1:\(server.port)"]), timeout: timeout)
    }

    private func fails(_ server: LocalServer, timeout: Duration = .seconds(120)) async -> ChannelError? {
        do throws(ChannelError) {
            _ = try await sender(server, timeout: timeout).post(server.url, body: Array("{}".utf8))
            return nil
        } catch { return error }
    }

    @Test("headers and body arrive as they were given, and the answer comes back")
    func posts() async throws {
        let server = try LocalServer.answering("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello")
        let answer = try await sender(server).post(
            server.url, headers: [("Content-Type", "application/json"), ("Zhike-Event", "a.b")], body: Array("{\"姓名\":\"张伟\"}".utf8))
        #expect(answer.status == 202 && answer.isSuccess)
        #expect(String(decoding: answer.body, as: UTF8.self) == "hello")
        let request = try #require(try await server.requests(1).first)
        #expect(request.hasPrefix("POST /hook HTTP/1.1\r\n"))
        #expect(request.contains("\r\nContent-Type: application/json\r\n") && request.contains("\r\nZhike-Event: a.b\r\n"))
        #expect(request.hasSuffix("\r\n\r\n{\"姓名\":\"张伟\"}"))
        #expect(!request.contains("Expect:"))
    }

    @Test("an empty body is a POST all the same, and GET has none")
    func methods() async throws {
        let server = try LocalServer.answering("HTTP/1.1 204 No Content\r\n\r\n")
        _ = try await sender(server).post(server.url, body: [])
        _ = try await sender(server).get(server.url)
        let heard = try await server.requests(2)
        #expect(heard.map { $0.prefix(4) }.sorted() == ["GET ", "POST"])
    }

    @Test("a redirect is an answer, not an order")
    func redirect() async throws {
        let inner = try LocalServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let server = try LocalServer.answering(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(inner.port)/secret\r\nContent-Length: 0\r\n\r\n")
        let answer = try await sender(server).post(server.url, body: [])
        #expect(answer.status == 302 && !answer.isSuccess)
        #expect(answer.location == "http://127.0.0.1:\(inner.port)/secret")
        // Whoever followed it would have been here before.
        _ = try await sender(inner).get(inner.url)
        let heard = try await inner.requests(1)
        #expect(heard.map { $0.prefix(9) } == ["GET /hook"])
    }

    @Test("a server that hangs is left after the time that was given")
    func hangs() async throws {
        let latch = Latch()
        defer { latch.open() }
        let server = try LocalServer { connection in
            connection.readRequest()
            latch.wait()
        }
        #expect(await fails(server, timeout: .milliseconds(300)) == .timedOut)
    }

    @Test("a server that trickles is left too")
    func trickles() async throws {
        let server = try LocalServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            // Until the other side has gone: half a day.
            while connection.write("x") { Thread.sleep(forTimeInterval: 0.05) }
        }
        #expect(await fails(server, timeout: .milliseconds(600)) == .timedOut)
        _ = try await server.requests(1)
    }

    @Test("a reset is a failure like any other")
    func resets() async throws {
        let server = try LocalServer { connection in
            connection.read()
            connection.reset()
        }
        guard case .unreachable = await fails(server) else {
            Issue.record("a reset is not an answer")
            return
        }
    }

    @Test("ten gigabytes are not read", arguments: [true, false])
    func huge(_ saysSo: Bool) async throws {
        let blocks = Atomic(0)
        let server = try LocalServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\(saysSo ? "Content-Length: 10737418240\r\n" : "")\r\n")
            let block = [UInt8](repeating: 120, count: 1 << 16)
            while blocks.load(ordering: .relaxed) < 163_840, connection.write(block) { blocks.add(1, ordering: .relaxed) }
        }
        #expect(await fails(server) == .tooLarge)
        _ = try await server.requests(1)
        // A megabyte is read; what lies in the sockets' buffers besides is the system's affair.
        #expect(blocks.load(ordering: .relaxed) < 1 << 10, "less than 64 MB left the server")
    }

    @Test("neither are endless headers")
    func headers() async throws {
        let server = try LocalServer { connection in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            for number in 0... where !connection.write("X-\(number): \(String(repeating: "y", count: 200))\r\n") { return }
        }
        #expect(await fails(server) == .tooLarge)
    }

    @Test("what is not HTTP is no answer")
    func garbage() async throws {
        let server = try LocalServer.answering("SSH-2.0-OpenSSH_9.2\r\n")
        #expect(await fails(server) != nil)
    }

    @Test("a header with a line break is not sent")
    func injection() async throws {
        let server = try LocalServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        for (name, value) in [("X", "a\r\nHost: evil"), ("X", "a\nb"), ("X\r\nY", "a"), ("", "a"), ("X Y", "a"), ("X", "a\u{0}b")] {
            await #expect(throws: ChannelError.self) { try await sender(server).post(server.url, headers: [(name, value)], body: []) }
        }
        _ = try await sender(server).get(server.url)
        let heard = try await server.requests(1)
        #expect(heard.map { $0.prefix(9) } == ["GET /hook"])
    }

    @Test("a resolver that hangs does not hold the caller")
    func slowResolver() async throws {
        let latch = Latch()
        defer { latch.open() }
        let policy = EgressPolicy.publicAnd([]) { _ in
            latch.wait()
            return []
        }
        await #expect(throws: ChannelError.timedOut) {
            try await HTTPSender(policy: policy, timeout: .milliseconds(300)).get("http://slow.example.com/")
        }
    }

    @Test("many at once all get their answers")
    func many() async throws {
        let server = try LocalServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let sender = sender(server), url = server.url
        let statuses = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<60 { group.addTask { (try? await sender.post(url, body: [1]).status) ?? 0 } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 60))
    }
}
