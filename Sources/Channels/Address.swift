import CurlShim

/// An IP address as its bytes.
struct Address: Sendable, Hashable, CustomStringConvertible {
    var bytes: [UInt8]

    /// Reads a literal address; host names and unusual spellings are none.
    init?(_ text: String) {
        var raw = zk_address()
        guard zk_read_address(text, &raw) == 0 else { return nil }
        self.init(raw)
    }

    init(_ raw: zk_address) {
        bytes = withUnsafeBytes(of: raw.bytes) { Array($0.prefix(Int(raw.length))) }
    }

    var raw: zk_address {
        var raw = zk_address()
        raw.length = Int32(bytes.count)
        withUnsafeMutableBytes(of: &raw.bytes) { $0.copyBytes(from: bytes) }
        return raw
    }

    var description: String {
        var raw = raw
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { room in
            guard let place = room.baseAddress else { return "" }
            place.initialize(repeating: 0, count: 64)
            zk_write_address(&raw, place, 64)
            return String(cString: place)
        }
    }

    /// Somebody's on the open internet, rather than this machine's, this network's or nobody's.
    var isPublic: Bool {
        bytes.count == 4
            ? !Address.closed4.contains { $0.contains(bytes) }
            : Address.global6.contains(bytes) && !Address.closed6.contains { $0.contains(bytes) }
    }

    /// What an administrator may allow by name: private networks and this machine, never link-local (cloud metadata), multicast or reserved
    /// ones.
    var isUsableInside: Bool { isPublic || Address.inside.contains { $0.contains(bytes) } }

    struct Range: Sendable {
        let bytes: [UInt8]
        let bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            guard address.count == bytes.count else { return false }
            for index in 0..<bytes.count {
                let left = bits - index * 8
                guard left > 0 else { break }
                let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
                guard address[index] & mask == bytes[index] & mask else { return false }
            }
            return true
        }

        init?(_ text: String) {
            let parts = text.split(separator: "/")
            guard parts.count == 2, let address = Address(String(parts[0])), let bits = Int(parts[1]) else { return nil }
            bytes = address.bytes
            self.bits = bits
        }

        static func of(_ texts: String...) -> [Range] { texts.compactMap(Range.init) }
    }

    private static let closed4 = Range.of(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"
    )
    /// Of IPv6 only the global unicast block is public at all: that leaves out ::, ::1, ::ffff:0:0/96 (IPv4 in disguise), 64:ff9b::/96
    /// (NAT64), fc00::/7, fe80::/10 and ff00::/8.
    private static let global6 = Range("2000::/3") ?? Range(none: ())
    /// Within it: Teredo and other special uses, documentation, 6to4 (an IPv4 address inside).
    private static let closed6 = Range.of("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
    private static let inside = Range.of(
        "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
}

extension Address.Range {
    /// Contains nothing.
    fileprivate init(none: Void) {
        bytes = []
        bits = 0
    }
}
