import Crypto
import Foundation

/// Posts a message outside. The executable gives one that goes through `Channels`; the gate itself has never heard of sockets.
public protocol Sender: Sendable {
    func post(_ url: String, headers: [(String, String)], body: [UInt8]) async throws(SendFailure) -> SendAnswer
}

public struct SendAnswer: Sendable {
    public var status: Int
    public var body: [UInt8]
    public init(status: Int, body: [UInt8] = []) {
        self.status = status
        self.body = body
    }
}

/// Why no answer came.
public struct SendFailure: Error, Sendable {
    public var message: String
    /// Trying again would not help: the address is forbidden, or nothing may be sent from this system.
    public var isFinal: Bool
    public init(_ message: String, isFinal: Bool = false) {
        self.message = message
        self.isFinal = isFinal
    }
}

/// `Zhike-Signature: t=1763870400,v1=5f…`: HMAC-SHA256 of `timestamp.body`, as hexadecimal digits. A receiver computes it again and refuses
/// what is older than five minutes, so that nobody can send it a second time.
public enum WebhookSignature {
    public static let header = "Zhike-Signature"
    public static let window: Int64 = 300

    public static func value(_ body: [UInt8], secret: String, at seconds: Int64) -> String {
        "t=\(seconds),v1=\(code(body, secret, seconds).map { hex($0) }.joined())"
    }

    /// Whether `value` is the signature of `body`, made with `secret` within five minutes of `now` (seconds since 1970).
    public static func isValid(_ value: String, _ body: [UInt8], secret: String, now: Int64) -> Bool {
        var seconds: Int64?
        var codes: [[UInt8]] = []
        for part in value.split(separator: ",").prefix(10) {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return false }
            if pair[0] == "t" { seconds = Int64(pair[1]) }
            if pair[0] == "v1", let bytes = bytes(of: pair[1]) { codes.append(bytes) }
        }
        guard let seconds, (-window...window).contains(now.subtractingReportingOverflow(seconds).partialValue) else { return false }
        let signed = signed(body, seconds), key = SymmetricKey(data: Data(secret.utf8))
        // Compares in constant time.
        return codes.contains { HMAC<SHA256>.isValidAuthenticationCode($0, authenticating: signed, using: key) }
    }

    private static func signed(_ body: [UInt8], _ seconds: Int64) -> Data { Data("\(seconds).".utf8) + Data(body) }

    private static func code(_ body: [UInt8], _ secret: String, _ seconds: Int64) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: signed(body, seconds), using: SymmetricKey(data: Data(secret.utf8)))
    }

    private static func hex(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static func bytes(of text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16) }
        return bytes.count == 32 ? bytes : nil
    }
}

/// What the group robots of 钉钉 and 飞书 want as proof; their messages' bodies are made in `Channels`.
public enum RobotSignature {
    /// 钉钉: for the address's `timestamp` (milliseconds) and `sign` parameters, not yet percent-encoded.
    public static func dingTalk(secret: String, milliseconds: Int64) -> String {
        let text = Data("\(milliseconds)\n\(secret)".utf8)
        return Data(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: Data(secret.utf8)))).base64EncodedString()
    }

    /// 飞书: for the body's `timestamp` (seconds) and `sign` members.
    public static func feishu(secret: String, seconds: Int64) -> String {
        let key = SymmetricKey(data: Data("\(seconds)\n\(secret)".utf8))
        return Data(HMAC<SHA256>.authenticationCode(for: Data(), using: key)).base64EncodedString()
    }
}
