import Crypto
import Foundation
import Records

/// Time-based one-time passwords (RFC 6238): SHA-1, 30 seconds, six digits, as every authenticator app makes them.
enum TOTP {
    static let period: Int64 = 30

    static func step(at now: Instant) -> Int64 { now.milliseconds / 1000 / period }

    static func code(_ secret: [UInt8], step: Int64, digits: Int = 6) -> String {
        var counter = UInt64(bitPattern: step).bigEndian
        let message = withUnsafeBytes(of: &counter) { Array($0) }
        let mac = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
        let offset = Int((mac.last ?? 0) & 15)
        let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let modulus = (0..<digits).reduce(UInt32(1)) { power, _ in power &* 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }

    /// The step that a code belongs to: this one or a neighbour, because clocks differ, and later than `last`, because a code works once.
    static func step(of code: String, secret: [UInt8], at now: Instant, after last: Int64?) -> Int64? {
        let present = step(at: now)
        var found: Int64?
        // All three are computed whatever the first says.
        for step in [present - 1, present, present + 1] where TOTP.code(secret, step: step).utf8.isSame(as: code.utf8) && step > last ?? -1
        { found = step }
        return found
    }

    /// What an authenticator app reads from the QR code.
    static func uri(secret: [UInt8], account: String, issuer: String) -> String {
        func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
        return
            "otpauth://totp/\(escaped(issuer)):\(escaped(account))?secret=\(Base32.text(of: secret))&issuer=\(escaped(issuer))&"
            + "algorithm=SHA1&digits=6&period=30"
    }
}

/// Letters and digits that survive being read aloud (RFC 4648).
enum Base32 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = [], bits: UInt32 = 0, count: UInt32 = 0
        for byte in bytes {
            bits = (bits << 8 | UInt32(byte)) & 0xFFFF
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int(bits >> count & 31)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << (5 - count) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = [], bits: UInt32 = 0, count: UInt32 = 0
        for letter in text.uppercased().utf8 where letter != 0x20 && letter != 0x2D && letter != 0x3D {
            guard let value = alphabet.firstIndex(of: letter) else { return nil }
            bits = (bits << 5 | UInt32(value)) & 0xFFF
            count += 5
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes
    }
}

/// Ten codes for the day the phone is gone; each works once.
enum RecoveryCodes {
    static let count = 10

    /// `K7QMX-2HDPA`: fifty random bits.
    static func fresh() -> [String] {
        (0..<count).map { _ in
            let text = Base32.text(of: Token.bytes(7)).prefix(10)
            return "\(text.prefix(5))-\(text.suffix(5))"
        }
    }

    static func digest(_ code: String, of user: Int64, _ secrets: Secrets) -> String {
        secrets.digest("\(user):" + normalised(code), purpose: "recovery-code")
    }

    static func looksLike(_ code: String) -> Bool { normalised(code).utf8.count == 10 }

    private static func normalised(_ code: String) -> String { code.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) } }

    /// The list without the code's digest; nil when it is not in it.
    static func using(_ code: String, of user: Int64, in stored: String?, _ secrets: Secrets) -> String? {
        let digests = stored?.split(separator: ",").map(String.init) ?? []
        let wanted = digest(code, of: user, secrets)
        guard let place = digests.firstIndex(where: { $0.utf8.isSame(as: wanted.utf8) }) else { return nil }
        var left = digests
        left.remove(at: place)
        return left.joined(separator: ",")
    }
}

extension Secrets {
    /// What a user's authenticator app makes its codes of.
    func totpSecret(of credential: Record<Credential>) -> [UInt8]? {
        credential.totpSecret.flatMap { open($0, field: "totp.\(credential.user.id)") }.flatMap(Base32.bytes(of:))
    }
}
