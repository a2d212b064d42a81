import Crypto
import CryptoExtras
import Foundation

/// How much work one guess at a password costs: scrypt's parameters (RFC 7914).
public struct ScryptCost: Sendable, Hashable {
    /// N is 2 to this power.
    public var logN: Int
    public var r: Int
    public var p: Int

    public init(logN: Int, r: Int, p: Int) {
        self.logN = logN
        self.r = r
        self.p = p
    }

    /// 32 MiB and about a quarter of a second: one of the equal-cost sets of the OWASP password storage cheat sheet.
    public static let standard = ScryptCost(logN: 15, r: 8, p: 3)

    /// Parameters out of the database are believed only within these bounds.
    var isReasonable: Bool {
        (1...20).contains(logN) && (1...32).contains(r) && (1...16).contains(p) && logN < 16 * r && (1 << logN) * r <= 1 << 23
    }
    var work: Int { (1 << logN) * r * p }
}

/// A password as it is kept: `scrypt$15$8$3$salt$hash`, so that old ones can be checked after the cost has risen.
struct PasswordHash: Sendable, Hashable {
    var cost: ScryptCost
    var salt: [UInt8]
    var hash: [UInt8]

    init(_ password: String, cost: ScryptCost, salt: [UInt8] = Token.bytes(16)) {
        self.cost = cost
        self.salt = salt
        hash = PasswordHash.scrypt(PasswordHash.bytes(of: password), salt: salt, cost, count: 32)
    }

    init?(stored text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let logN = Int(parts[1]), let r = Int(parts[2]), let p = Int(parts[3]),
            let salt = Data(base64Encoded: parts[4]), let hash = Data(base64Encoded: parts[5]), salt.count >= 8, hash.count >= 16
        else { return nil }
        cost = ScryptCost(logN: logN, r: r, p: p)
        self.salt = Array(salt)
        self.hash = Array(hash)
        guard cost.isReasonable else { return nil }
    }

    var stored: String { "scrypt$\(cost.logN)$\(cost.r)$\(cost.p)$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())" }

    /// Whether this is the password; takes the same time for every answer.
    func matches(_ password: String) -> Bool {
        let isGuess = !password.isEmpty && password.utf8.count <= PasswordHash.longest
        let given = PasswordHash.scrypt(isGuess ? PasswordHash.bytes(of: password) : [0], salt: salt, cost, count: hash.count)
        return given.isSame(as: hash) && isGuess
    }

    /// 128 code points have at most four bytes each, and composing may have made them fewer.
    static let longest = 4096

    /// In Unicode's composed form, so that every keyboard gives the same bytes; otherwise exactly as typed.
    private static func bytes(of password: String) -> [UInt8] { Array(password.precomposedStringWithCanonicalMapping.utf8) }

    static func scrypt(_ password: [UInt8], salt: [UInt8], _ cost: ScryptCost, count: Int) -> [UInt8] {
        guard
            let key = try? KDF.Scrypt.deriveKey(
                from: password, salt: salt, outputByteCount: count, rounds: 1 << cost.logN, blockSize: cost.r, parallelism: cost.p
            )
        else { preconditionFailure("scrypt takes \(cost): the parameters were checked, so memory must have run out") }
        return key.withUnsafeBytes { Array($0) }
    }
}
