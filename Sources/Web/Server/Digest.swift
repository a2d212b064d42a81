import Crypto

/// SHA-256 as hexadecimal digits.
enum Digest {
    static func text(of bytes: [UInt8]) -> String { text(SHA256.hash(data: bytes)) }
    static func text(_ digest: SHA256.Digest) -> String { digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() }
}
