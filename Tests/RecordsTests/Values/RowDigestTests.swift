import Testing

@testable import Records

@Suite("row digest") struct RowDigestTests {
    @Test("SipHash-2-4 as its authors' vectors have it")
    func vectors() {
        func hash(_ count: UInt8) -> UInt64 {
            var hash = SipHash(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
            return (0..<count).map { $0 }.withUnsafeBytes { hash.finish($0) }
        }
        #expect(hash(0) == 0x726f_db47_dd0e_0e31)
        #expect(hash(15) == 0xa129_ca61_49be_45e5)
    }

    @Test("a value and its bytes are the same, and no two forms or places are")
    func parts() {
        let digest = RowDigest(key: Array(0..<16)), other = RowDigest(key: Array(1..<17)), tag = RowDigest.tag("customers", "name")
        #expect(digest.part(tag, 2, .null) == 0)
        func bytes(_ form: RowDigest.Form, _ bytes: [UInt8]) -> Int64 { bytes.withUnsafeBytes { digest.part(tag, 2, form, $0) } }
        #expect(digest.part(tag, 2, .int(5)) == bytes(.int, [5, 0, 0, 0, 0, 0, 0, 0]))
        #expect(digest.part(tag, 2, .text("五")) == bytes(.text, Array("五".utf8)))
        // Pieces do not change places, and none goes missing.
        let (one, two) = (String(repeating: "a", count: RowDigest.piece), String(repeating: "b", count: RowDigest.piece))
        #expect(Set([one, two, one + two, two + one, one + one, one + two + one].map { digest.part(tag, 2, .text($0)) }).count == 6)
        #expect(digest.part(tag, 2, .real(-0.0)) == digest.part(tag, 2, .real(0)))
        let all = [
            digest.part(tag, 2, .int(5)), digest.part(tag, 3, .int(5)), digest.part(tag ^ 1, 2, .int(5)), other.part(tag, 2, .int(5)),
            digest.part(tag, 2, .text("5")), digest.part(tag, 2, .real(5)), digest.part(tag, 2, .text("")), digest.row(tag, 2),
        ]
        #expect(Set(all).count == all.count)
        #expect(RowDigest.tag("a", "b_c") != RowDigest.tag("a_b", "c"))
    }
}
