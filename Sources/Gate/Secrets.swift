import Crypto
import Foundation
import Records

/// The installation's keys, kept in a file beside the database and never inside it.
public struct Secrets: Sendable {
    private let root: SymmetricKey
    // Every write needs these two; deriving a key costs more than using it.
    private let auditKey, changesKey: SymmetricKey

    /// - Parameter root: 32 random bytes.
    public init(root: [UInt8]) {
        let root = SymmetricKey(data: root)
        self.root = root
        auditKey = Secrets.derive(root, "audit")
        changesKey = Secrets.derive(root, "audit-changes")
    }

    /// A new installation's key.
    public static func fresh() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }

    private func key(_ purpose: String) -> SymmetricKey {
        switch purpose {
        case "audit": auditKey
        case "audit-changes": changesKey
        default: Secrets.derive(root, purpose)
        }
    }

    private static func derive(_ root: SymmetricKey, _ purpose: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(inputKeyMaterial: root, info: Data(purpose.utf8), outputByteCount: 32)
    }

    /// HMAC-SHA256 under the key for `purpose`, as base64.
    public func digest(_ text: String, purpose: String) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key(purpose))).base64EncodedString()
    }

    /// Tells keys apart without giving any of them away.
    public var mark: String { digest("zhike", purpose: "key-mark") }

    /// What every stored row is signed with.
    var rowDigest: RowDigest { RowDigest(key: Secrets.derive(root, "row-digest").withUnsafeBytes { Array($0.prefix(16)) }) }

    private static let mark = "enc1:"

    /// What stands in place of a sealed value that this key does not open.
    public static let unopened = "（无法解密）"

    /// Whether a text begins as what ``seal(_:field:)`` makes: the value of a sealed field that could not be opened.
    public static func isSealed(_ text: String?) -> Bool { text?.hasPrefix(mark) ?? false }

    /// Encrypts a field's text so that equal texts stay equal: comparing and unique indexes work on what is stored.
    ///
    /// AES-256-GCM with a nonce made from the text by HMAC (a synthetic IV, as in RFC 8452's construction), so a nonce is never used
    /// for two texts.
    public func seal(_ text: String, field: String) -> String {
        let nonceBytes = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key("nonce:" + field))
        guard let nonce = try? AES.GCM.Nonce(data: Data(nonceBytes).prefix(12)),
            let box = try? AES.GCM.seal(Data(text.utf8), using: key("field:" + field), nonce: nonce), let sealed = box.combined
        else { preconditionFailure("AES-GCM takes any text and a 12-byte nonce") }
        return Secrets.mark + sealed.base64EncodedString()
    }

    /// The text again; what was not sealed (an older program's data) comes back as it is, what cannot be opened as nil.
    public func open(_ sealed: String, field: String) -> String? {
        guard sealed.hasPrefix(Secrets.mark) else { return sealed }
        guard let data = Data(base64Encoded: String(sealed.dropFirst(Secrets.mark.count))),
            let box = try? AES.GCM.SealedBox(combined: data),
            let plain = try? AES.GCM.open(box, using: key("field:" + field))
        else { return nil }
        return String(decoding: plain, as: UTF8.self)
    }
}
