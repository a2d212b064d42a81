import Crypto
import Foundation

/// A random secret that somebody carries; the database keeps only its hash.
enum Token {
    static let session = "zs_", api = "zk_", setUp = "zi_", calendar = "zc_"

    /// 256 bits from the system's generator, behind a prefix that says what it is.
    static func fresh(_ prefix: String) -> String { prefix + text(of: bytes(32)) }

    static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// SHA-256, as it is stored and looked up by: a stolen database opens no session, and looking up a hash tells no time.
    static func hash(_ token: String) -> String { text(of: SHA256.hash(data: Data(token.utf8))) }

    /// Base64 for URLs, without padding.
    static func text(of bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = [], bits: UInt32 = 0, count: UInt32 = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> count & 63)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << (6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Could be one of ours: anything else is not worth a look into the database.
    static func isPlausible(_ text: String) -> Bool { text.utf8.count == 46 && (text.hasPrefix(session) || text.hasPrefix(api)) }
}

extension Sequence<UInt8> {
    /// Compares in a time that depends on the length only.
    func isSame(as other: some Sequence<UInt8>) -> Bool {
        let one = Array(self), two = Array(other)
        guard one.count == two.count else { return false }
        return zip(one, two).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
