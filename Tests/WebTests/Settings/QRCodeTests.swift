import Crypto
import Foundation
import Testing

@testable import Web

@Suite("QR codes")
struct QRCodeTests {
    /// The expected matrices are those of python-qrcode 7.4.2 (byte mode, correction L, masks 2 and 0), as SHA-256 of their rows of 0 and 1.
    @Test(
        "a code is the one that another program makes",
        arguments: [
            (
                "otpauth://totp/ABC:liwei?secret=JBSWY3DPEHPK3PXP&issuer=ABC&algorithm=SHA1&digits=6&period=30", 37,
                "0c067e86a6c8eb616a5ca693712b11c472e8e30a00029c1c85a088c5a06ee60e"
            ),
            (String(repeating: "x", count: 300), 61, "d0e99d48c1aa34f5c390f2c63a707bac6f4137ba3bfc2ecf73ea5631a1f3680b"),
        ])
    func same(text: String, size: Int, digest: String) throws {
        let code = try #require(QRCode(text))
        #expect(code.size == size)
        let rows = code.isDark.map { $0 ? "1" : "0" }.joined()
        #expect(SHA256.hash(data: Data(rows.utf8)).map { String(format: "%02x", $0) }.joined() == digest)
    }

    @Test("too long a text has no code")
    func tooLong() {
        #expect(QRCode(String(repeating: "x", count: 3000)) == nil)
    }
}
