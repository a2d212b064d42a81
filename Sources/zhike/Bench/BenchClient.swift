import Foundation

/// One keep-alive connection that asks and waits: a small HTTP/1.1 client, so that the bench measures the server and not a library.
final class BenchClient {
    struct Answer {
        var status = 0
        var body: [UInt8] = []
        var headers = ""

        func header(_ name: String) -> String? {
            for line in headers.split(separator: "\r\n").dropFirst() {
                guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else { continue }
                return line[line.index(after: colon)...].trimmed
            }
            return nil
        }
    }

    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var start = 0
    private var room = [UInt8](repeating: 0, count: 256 << 10)

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        // A server that hangs ends the bench instead of holding it.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard code == 0 else {
            close(descriptor)
            throw CommandFailure(message: say("无法连接 127.0.0.1:\(port)", "Cannot connect to 127.0.0.1:\(port)"))
        }
    }

    deinit { close(descriptor) }

    func ask(_ request: [UInt8]) throws -> Answer {
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw broken }
            sent += count
        }
        return try answer()
    }

    private func answer() throws -> Answer {
        buffer.removeFirst(start)
        start = 0
        var end = headEnd(from: 0)
        while end == nil {
            let searched = max(0, buffer.count - 3)
            try receive()
            end = headEnd(from: searched)
        }
        guard let end else { throw broken }
        var answer = Answer(headers: String(decoding: buffer[..<end], as: UTF8.self))
        answer.status = Int(answer.headers.split(separator: " ", maxSplits: 2).dropFirst().first ?? "") ?? 0
        start = end + 4
        if let length = answer.header("content-length").flatMap({ Int($0) }) {
            answer.body = try take(length)
        } else if answer.header("transfer-encoding")?.contains("chunked") == true {
            while true {
                let size = Int(try line().split(separator: ";").first ?? "", radix: 16) ?? 0
                answer.body += try take(size)
                _ = try take(2)
                if size == 0 { break }
            }
        }
        return answer
    }

    private func headEnd(from place: Int) -> Int? {
        var index = place
        while index + 3 < buffer.count {
            if buffer[index] == 13, buffer[index + 1] == 10, buffer[index + 2] == 13, buffer[index + 3] == 10 { return index }
            index += 1
        }
        return nil
    }

    private func line() throws -> String {
        while true {
            if let end = buffer[start...].firstIndex(of: 10) {
                defer { start = end + 1 }
                return String(decoding: buffer[start..<end], as: UTF8.self).trimmed
            }
            try receive()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while buffer.count - start < count { try receive() }
        defer { start += count }
        return Array(buffer[start..<start + count])
    }

    private func receive() throws {
        let count = room.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw broken }
        buffer += room[..<count]
    }

    private var broken: CommandFailure { CommandFailure(message: say("与服务的连接中断", "The connection to the server broke")) }
}

/// A request as its bytes.
enum BenchRequest {
    static func make(_ method: String, _ path: String, token: String, cookie: Bool = false, json: String? = nil) -> [UInt8] {
        var text =
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + (cookie ? "Cookie: zhike_session=\(token)\r\n" : token.isEmpty ? "" : "Authorization: Bearer \(token)\r\n")
        if let json { text += "Content-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n" }
        return Array((text + "\r\n" + (json ?? "")).utf8)
    }
}
