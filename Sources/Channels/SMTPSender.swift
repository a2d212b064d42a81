import CurlShim

/// The company's mail server.
public struct SMTPServer: Sendable {
    public enum Security: Sendable {
        /// STARTTLS, which must succeed (port 587).
        case startTLS
        /// TLS from the first byte (port 465).
        case tls
        /// Nothing: only for a host inside that an administrator allowed by name.
        case plain
    }

    public var host: String
    public var port: Int
    public var security: Security
    public var user: String?
    public var password: String?
    /// A file of certificates to trust instead of the system's.
    public var authorities: String?

    public init(
        host: String, port: Int = 587, security: Security = .startTLS, user: String? = nil, password: String? = nil,
        authorities: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.authorities = authorities
    }
}

/// Sends mail through one server, within an ``EgressPolicy``.
public struct SMTPSender: Sendable {
    private let policy: EgressPolicy
    private let server: SMTPServer
    private let timeout: Duration

    public init(policy: EgressPolicy, server: SMTPServer, timeout: Duration = .seconds(30)) {
        self.policy = policy
        self.server = server
        self.timeout = timeout
    }

    /// Returns when the server has taken the message for every recipient.
    public func send(_ mail: Mail) async throws(ChannelError) {
        let message = try mail.bytes()
        let policy = policy, server = server, timeout = timeout
        let from = mail.from, people = mail.to.map { "<\($0.address)>" }
        guard server.security != .plain || policy.allows(server.host.lowercased(), port: server.port) else {
            throw .refused("邮件服务器 \(server.host) 未加密，且不在允许的内部主机中")
        }
        _ = try await BlockingPool.shared.run(upTo: timeout + .seconds(1)) { () throws(ChannelError) in
            let start = ContinuousClock.now
            let scheme = server.security == .tls ? "smtps" : "smtp"
            // The path is the name we greet with.
            let destination = try policy.destination(
                "\(scheme)://\(server.host):\(server.port)/\(from.domain)", schemes: ["smtp", "smtps"])
            let left = timeout - (ContinuousClock.now - start)
            guard left > .zero else { throw .timedOut }
            return try Transfer(destination, timeout: left, authorities: server.authorities).smtp(
                server, from: from.address, to: people, message)
        }
    }
}

extension Transfer {
    func smtp(_ server: SMTPServer, from: String, to people: [String], _ message: [UInt8]) throws(ChannelError) -> HTTPAnswer {
        let mode =
            switch server.security {
            case .plain: ZK_TLS_NEVER
            case .startTLS: ZK_TLS_START
            case .tls: ZK_TLS_FIRST
            }
        return try perform { target, answer in
            people.withCLines { people in
                withOptionalCString(server.user) { user in
                    withOptionalCString(server.password) { password in
                        "<\(from)>".withCString { from in
                            message.withUnsafeBufferPointer {
                                zk_smtp(target, Int32(mode), user, password, from, people, $0.baseAddress, message.count, answer)
                            }
                        }
                    }
                }
            }
        }
    }
}
