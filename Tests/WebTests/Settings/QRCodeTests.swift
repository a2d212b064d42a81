import Crypto
import Foundation
import Testing
@testable import Web

@Suite("QR codes")
struct QRCodeTests {
    /// The expected matrices are those of segno 1.6.6 (byte mode, correction L, mask 0), as SHA-256 of their rows of 0 and 1.
    @Test("a code is the one that another program makes", arguments: [
        ("otpauth://totp/ABC:liwei?secret=JBSWY3DPEHPK3PXP&issuer=ABC&algorithm=SHA1&digits=6&period=30", 37, "ea9edfdf526ee9c8f402e623ebb542b13a9b77ae50c4e767ae8c2ee306895d29"),
        (String(repeating: "x", count: 300), 61, "b11a90a8dc750070f4f687f8a90835c7660f1b740f2e3cf398a9ebd2b14b95b5"),
    ])
    func same(text: String, size: Int, digest: String) throws {
        let code = try #require(QRCode(text))
        #expect(code.size == size)
        let rows = code.isDark.map { $0 ? "1" : "0" }.joined()
        #expect(SHA256.hash(data: Data(rows.utf8)).map { String(format: "%02x", $0) }.joined() == digest)
    }

    @Test("too long a text has no code")
    func tooLong() {
        #expect(QRCode(String(repeating: "x", count: 2000)) == nil)
    }
}
