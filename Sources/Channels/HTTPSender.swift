import CurlShim

/// What came back from an HTTP request.
public struct HTTPAnswer: Sendable {
    public var status: Int
    public var body: [UInt8]
    /// Where it wants to send us; never followed.
    public var location: String?
    public var isSuccess: Bool { (200..<300).contains(status) }
}

/// Posts to addresses outside: within its ``EgressPolicy``, without following redirects, with a limit on time and on the size of the
/// answer.
public struct HTTPSender: Sendable {
    private let policy: EgressPolicy
    private let timeout: Duration
    private let limit: Int
    private let authorities: String?
    private let pool: BlockingPool

    /// - Parameter authorities: a file of certificates to trust instead of the system's, for servers inside the company.
    public init(policy: EgressPolicy, timeout: Duration = .seconds(5), limit: Int = 1 << 20, authorities: String? = nil) {
        self.policy = policy
        self.timeout = timeout
        self.limit = limit
        self.authorities = authorities
        pool = .shared
    }

    public func post(_ url: String, headers: [(String, String)] = [], body: [UInt8]) async throws(ChannelError) -> HTTPAnswer {
        try await send(url, headers, body)
    }

    public func get(_ url: String, headers: [(String, String)] = []) async throws(ChannelError) -> HTTPAnswer {
        try await send(url, headers, nil)
    }

    private func send(_ url: String, _ headers: [(String, String)], _ body: [UInt8]?) async throws(ChannelError) -> HTTPAnswer {
        var lines: [String] = []
        for (name, value) in headers {
            guard HTTPSender.isToken(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .malformed("请求头 \(name.prefix(40)) 含有不允许的字符")
            }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        let policy = policy, timeout = timeout, limit = limit, authorities = authorities, heads = lines
        return try await pool.run(upTo: timeout + .seconds(1)) { () throws(ChannelError) in
            let start = ContinuousClock.now
            let destination = try policy.destination(url, schemes: ["http", "https"])
            let left = timeout - (ContinuousClock.now - start)
            guard left > .zero else { throw .timedOut }
            return try Transfer(destination, timeout: left, authorities: authorities).http(heads, body, limit)
        }
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
    }
}

/// One blocking call of libcurl to a checked destination.
struct Transfer {
    let destination: Destination
    let timeout: Duration
    let authorities: String?

    init(_ destination: Destination, timeout: Duration, authorities: String?) {
        self.destination = destination
        self.timeout = timeout
        self.authorities = authorities
    }

    func http(_ lines: [String], _ body: [UInt8]?, _ limit: Int) throws(ChannelError) -> HTTPAnswer {
        try perform { target, answer in
            lines.withCLines { lines in
                guard let body else { return zk_http(target, lines, nil, 0, limit, answer) }
                // An empty body has no place in memory; a POST needs one.
                (body.isEmpty ? [0] : body).withUnsafeBufferPointer { zk_http(target, lines, $0.baseAddress, body.count, limit, answer) }
            }
        }
    }

    func perform(_ call: (UnsafePointer<zk_target>, UnsafeMutablePointer<zk_answer>) -> Void) throws(ChannelError) -> HTTPAnswer {
        var answer = zk_answer()
        defer { zk_free_answer(&answer) }
        let (seconds, attoseconds) = timeout.components
        let milliseconds = max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
        destination.url.withCString { url in
            withOptionalCString(destination.host) { host in
                withOptionalCString(authorities) { authorities in
                    var target = zk_target(
                        url: url, host: host, port: Int32(destination.port), address: destination.address.raw, timeout_ms: milliseconds,
                        authorities: authorities
                    )
                    call(&target, &answer)
                }
            }
        }
        let status = answer.status
        let reason = withUnsafeBytes(of: answer.error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        switch Int(answer.outcome) {
        case ZK_OK: break
        case ZK_TIMED_OUT: throw .timedOut
        case ZK_TOO_LARGE: throw .tooLarge
        case ZK_WRONG_PEER: throw .refused("连接的地址与检查过的不一致")
        case ZK_TLS: throw .untrusted(reason)
        case ZK_REFUSED: throw .rejected(status: status >= 400 ? status : 535, reason)
        default: throw .unreachable(reason)
        }
        let body = answer.body.map { Array(UnsafeBufferPointer(start: $0, count: answer.length)) } ?? []
        return HTTPAnswer(status: status, body: body, location: answer.location.map { String(cString: $0).filter { !$0.isWhitespace } })
    }
}

func withOptionalCString<T>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> T) -> T {
    guard let text else { return body(nil) }
    return text.withCString { body($0) }
}

extension [String] {
    /// The texts as a C array that ends with NULL.
    func withCLines<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
        var bytes: [CChar] = []
        var starts: [Int] = []
        for text in self {
            starts.append(bytes.count)
            bytes += text.utf8.map { CChar(bitPattern: $0) } + [0]
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let pointers = starts.map { buffer.baseAddress?.advanced(by: $0) } + [nil]
            return pointers.withUnsafeBufferPointer { list in
                guard let first = list.baseAddress else { preconditionFailure("a list that ends with NULL is never empty") }
                return body(first)
            }
        }
    }
}
