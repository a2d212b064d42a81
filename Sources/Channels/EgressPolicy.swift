import CurlShim

/// Where this system may connect to. Every outgoing message goes through one.
///
/// An address that a user typed (a webhook) must never reach this machine or this network: the host is resolved once, every address it has
/// must be public, and the connection goes to exactly the address that was checked.
public struct EgressPolicy: Sendable {
    typealias Resolver = @Sendable (String) -> [Address]

    private let isOff: Bool
    /// `erp.internal`, `10.1.2.3:8080`: hosts inside that an administrator named.
    private let allowed: Set<String>
    private let resolve: Resolver

    private init(isOff: Bool, allowed: Set<String>, resolve: @escaping Resolver) {
        self.isOff = isOff
        self.allowed = allowed
        self.resolve = resolve
    }

    /// Sends nothing at all: demonstration and test systems cannot write to anybody.
    public static let none = EgressPolicy(isOff: true, allowed: [], resolve: { _ in [] })

    /// Public addresses, and the named hosts inside (`host` or `host:port`).
    public static func publicAnd(_ hosts: [String] = []) -> EgressPolicy { publicAnd(hosts, resolve: systemResolver) }

    static func publicAnd(_ hosts: [String], resolve: @escaping Resolver) -> EgressPolicy {
        EgressPolicy(isOff: false, allowed: Set(hosts.map { $0.lowercased() }), resolve: resolve)
    }

    static let systemResolver: Resolver = { host in
        withUnsafeTemporaryAllocation(of: zk_address.self, capacity: 64) { room in
            let count = zk_resolve(host, room.baseAddress, 64)
            return count > 0 ? room.prefix(min(Int(count), 64)).map(Address.init) : []
        }
    }

    /// Where to connect for `url`: the address, checked and fixed. Blocks while it resolves.
    func destination(_ url: String, schemes: Set<String>) throws(ChannelError) -> Destination {
        guard !isOff else { throw .switchedOff }
        let target = try Destination.Target(url, schemes: schemes)
        let isAllowed = allows(target.host, port: target.port)
        let addresses = target.literal.map { [$0] } ?? resolve(target.host)
        guard let first = addresses.first else { throw .unreachable("找不到主机 \(target.host)") }
        for address in addresses where !(isAllowed ? address.isUsableInside : address.isPublic) {
            throw .refused("\(target.host) 指向内部或保留地址 \(address)；如确需访问，请管理员将其加入允许的内部主机")
        }
        return Destination(url: target.url, host: target.literal == nil ? target.host : nil, port: target.port, address: first)
    }

    /// Whether an administrator named this host.
    func allows(_ host: String, port: Int) -> Bool { allowed.contains(host) || allowed.contains("\(host):\(port)") }
}

/// A URL and the one address it leads to.
struct Destination: Sendable {
    let url: String
    /// Nil when the URL holds the address itself.
    let host: String?
    let port: Int
    let address: Address
}

extension Destination {
    /// A URL taken apart, refused unless everybody reads it the same way.
    struct Target {
        let url: String
        let host: String
        let port: Int
        let literal: Address?

        init(_ text: String, schemes: Set<String>) throws(ChannelError) {
            guard text.utf8.count <= 2000, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
                throw .refused("地址只能包含 ASCII 字符，不能有空格；中文域名请写成 xn-- 形式")
            }
            let scheme = schemes.first { text.lowercased().hasPrefix($0 + "://") }
            guard let scheme else { throw .refused("地址应以 \(schemes.sorted().map { $0 + "://" }.joined(separator: " 或 ")) 开头") }
            let authority = text.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            guard !authority.contains("@") else { throw .refused("地址中不能带用户名或密码") }
            guard !authority.contains("%") else { throw .refused("主机名不能使用 % 转义") }
            var raw = zk_url()
            guard zk_parse_url(text, &raw) == 0, let host = raw.host.map({ String(cString: $0) }),
                let whole = raw.url.map({ String(cString: $0) })
            else {
                throw .refused("地址的写法不正确")
            }
            defer { zk_free_url(&raw) }
            guard raw.user == nil, raw.password == nil, (1...65_535).contains(raw.port) else { throw .refused("地址的写法不正确") }
            url = whole
            port = Int(raw.port)
            let written = Self.host(of: authority)
            if host.hasPrefix("["), host.hasSuffix("]") {
                guard let address = Address(String(host.dropFirst().dropLast())), address.bytes.count == 16 else {
                    throw .refused("IPv6 地址的写法不正确")
                }
                literal = address
                self.host = address.description
                return
            }
            // libcurl turns 0177.0.0.1 and 2130706433 into 127.0.0.1; who writes so wants to hide something.
            guard host.lowercased() == written.lowercased() else { throw .refused("主机 \(written) 的写法不规范") }
            self.host = host.lowercased()
            literal = Address(host)
            guard literal != nil || Self.isName(self.host) else { throw .refused("主机名 \(host) 的写法不规范") }
        }

        private static func host(of authority: Substring) -> String {
            guard let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") else { return String(authority) }
            return String(authority[..<colon])
        }

        /// Letters, digits and hyphens between points; the last part is no number, so that no resolver takes it for an address.
        private static func isName(_ host: String) -> Bool {
            let labels = host.split(separator: ".", omittingEmptySubsequences: false)
            guard (1...253).contains(host.utf8.count), let last = labels.last else { return false }
            let areFine = labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-")
                    && label.utf8.allSatisfy {
                        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x5F
                    }
            }
            return areFine && !last.allSatisfy(\.isNumber) && !last.hasPrefix("0x")
        }
    }
}
