import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

/// A server on 127.0.0.1 that does with each connection what a test tells it.
final class LocalServer: Sendable {
    let port: Int
    private let socket: Int32
    private let heard = Mutex<[String]>([])
    /// Everything that was received, one entry a connection.
    var requests: [String] { heard.withLock { $0 } }

    /// The same, once so many connections have ended; the other side may be faster than our book-keeping.
    func requests(_ count: Int) async throws -> [String] {
        try await eventually("the server has heard \(count)") { requests.count >= count }
        return requests
    }

    init(_ serve: @escaping @Sendable (Connection) -> Void) throws {
        let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(listener, raw, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, raw, &length) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        port = Int(UInt16(bigEndian: address.sin_port))
        socket = listener
        signal(SIGPIPE, SIG_IGN)
        Thread.detachNewThread { [self] in
            while true {
                let peer = accept(listener, nil, nil)
                guard peer >= 0 else { return }
                Thread.detachNewThread {
                    let connection = Connection(peer)
                    serve(connection)
                    self.heard.withLock { $0.append(connection.received) }
                    connection.close()
                }
            }
        }
    }

    deinit { stop() }
    func stop() { shutdown(socket, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)/hook" }

    /// Answers each request with the same bytes.
    static func answering(_ text: String) throws -> LocalServer {
        try LocalServer { connection in
            connection.readRequest()
            connection.write(text)
        }
    }

    final class Connection: Sendable {
        private let descriptor: Int32
        private let text = Mutex("")
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        var received: String { text.withLock { $0 } }

        @discardableResult
        func read() -> String? {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            let part = String(decoding: buffer[..<count], as: UTF8.self)
            text.withLock { $0 += part }
            return part
        }

        /// Reads head and body.
        func readRequest() {
            while read() != nil {
                guard let end = received.range(of: "\r\n\r\n") else { continue }
                let length = received.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
                if received[end.upperBound...].utf8.count >= length { return }
            }
        }

        /// False when the other side has gone.
        @discardableResult
        func write(_ text: String) -> Bool { write(Array(text.utf8)) }

        @discardableResult
        func write(_ bytes: [UInt8]) -> Bool {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }

        /// Ends with a reset instead of a proper goodbye.
        func reset() {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        }

        func close() { _ = Glibc.close(descriptor) }
    }
}

/// What a server waits at that hangs: as long as the test lasts.
final class Latch: Sendable {
    private let end = DispatchSemaphore(value: 0)
    func wait() {
        end.wait()
        // For the next that waits.
        end.signal()
    }
    func open() { end.signal() }
}

/// A small mail server: takes what comes, or refuses what it is told to.
enum SMTPSink {
    static func start(greeting: String = "220 sink ESMTP", offers: String = "250 sink", refusing: String? = nil) throws -> LocalServer {
        try LocalServer { connection in
            connection.write(greeting + "\r\n")
            var isData = false
            while let part = connection.read() {
                if isData {
                    guard connection.received.hasSuffix("\r\n.\r\n") else { continue }
                    isData = false
                    connection.write("250 taken\r\n")
                    continue
                }
                for line in part.split(separator: "\r\n") {
                    let verb = line.prefix(4).uppercased()
                    if let refusing, line.uppercased().hasPrefix(refusing) {
                        connection.write("550 no such person\r\n")
                    } else if verb == "EHLO" {
                        connection.write(offers + "\r\n")
                    } else if verb == "DATA" {
                        isData = true; connection.write("354 go on\r\n")
                    } else if verb == "QUIT" {
                        connection.write("221 bye\r\n"); return
                    } else {
                        connection.write("250 fine\r\n")
                    }
                }
            }
        }
    }
}
