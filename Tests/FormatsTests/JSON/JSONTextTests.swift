import Formats
import Testing

struct JSONTextTests {
    private func fault(_ text: String, limits: JSONLimits = JSONLimits()) -> JSONFault? { fault(Array(text.utf8), limits: limits) }

    private func fault(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) -> JSONFault? {
        do throws(FormatError) {
            _ = try JSONText.parse(bytes, limits: limits)
            return nil
        } catch {
            guard case .json(let fault, _, _) = error else { return nil }
            return fault
        }
    }

    @Test("every kind of value is read")
    func values() throws {
        let json = try JSONText.parse(" {\"a\":[1,-2.5,1e2,true,false,null],\"b\":{},\"c\":\"\\u674e\\ud842\\udfb7\\n\\/é\",\"d\":[]}\n")
        #expect(json["a"] == .list([.int(1), .real(-2.5), .real(100), .bool(true), .bool(false), .null]))
        #expect(json["b"] == .object([]))
        #expect(json["c"]?.text == "李𠮷\n/é")
        #expect(json["d"]?.list?.isEmpty == true)
        #expect(json["z"] == nil)
        #expect(json.members?.map { $0.0 } == ["a", "b", "c", "d"])
    }

    @Test(
        "what is not JSON is refused",
        arguments: [
            "", " ", "nul", "tru ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "'a'",
            "\"a", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "0x1", "NaN",
            "Infinity", "-Infinity", "1 2", "{} x", "[1]]", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\t\"", "\u{FEFF}1", "//1",
            "[1]//", "\"\\", "\"\\u",
        ])
    func refused(text: String) {
        #expect(fault(text) != nil)
    }

    @Test("numbers beyond their range are errors, not something near")
    func ranges() throws {
        #expect(try JSONText.parse("9223372036854775807") == .int(.max))
        #expect(try JSONText.parse("-9223372036854775808") == .int(.min))
        #expect(fault("9223372036854775808") == .numberOutOfRange)
        #expect(fault("1e999") == .numberOutOfRange)
        #expect(fault("-1e999") == .numberOutOfRange)
        #expect(try JSONText.parse("1e-999") == .real(0))
    }

    @Test(
        "half a surrogate pair is an error",
        arguments: ["\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800x\"", "\"\\ud800\\n\""])
    func loneSurrogates(text: String) {
        #expect(fault(text) == .loneSurrogate)
    }

    @Test("invalid UTF-8 is an error, behind an escape too")
    func invalidUTF8() {
        #expect(fault([0x22, 0xFF, 0x22]) == .invalidUTF8)
        #expect(fault([0x22, 0x5C, 0x6E, 0xC0, 0x80, 0x22]) == .invalidUTF8)
        #expect(fault([0x22, 0xED, 0xA0, 0x80, 0x22]) == .invalidUTF8)
    }

    @Test("a repeated key is an error, among few and among many, and however it is spelled")
    func duplicateKeys() {
        #expect(fault("{\"a\":1,\"a\":2}") == .duplicateKey("a"))
        #expect(fault("{\"a\":1,\"\\u0061\":2}") == .duplicateKey("a"))
        let many = (0..<100).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(fault("{\(many)}") == nil)
        #expect(fault("{\(many),\"k3\":1}") == .duplicateKey("k3"))
        #expect(fault("{\(many),\"k99\":1}") == .duplicateKey("k99"))
    }

    @Test("depth and size have limits")
    func limitsHold() {
        func nest(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(fault(nest(64)) == nil)
        #expect(fault(nest(65)) == .tooDeep(limit: 64))
        #expect(fault(String(repeating: "{\"a\":", count: 100_000)) == .tooDeep(limit: 64))
        #expect(fault("[1,2,3]", limits: JSONLimits(bytes: 6)) == .tooLarge(limit: 6))
        #expect(fault("[[],[],[[]]]", limits: JSONLimits(depth: 3)) == nil)
    }

    @Test("an error says where it is")
    func places() {
        #expect(throws: FormatError.json(.unexpectedCharacter, line: 3, column: 7)) { try JSONText.parse("{\n\"名\": 1,\n\"字段\": x}") }
        #expect(throws: FormatError.json(.controlCharacter, line: 1, column: 4)) { try JSONText.parse("[\"a\n\"]") }
    }

    @Test("damaged JSON gives a value or an error, never a crash", arguments: 1...4)
    func damaged(seed: UInt64) throws {
        let good = Array("{\"a\":[1,-2.5e3,true,null,{\"b\":\"\\ud842\\udfb7李\\n\"}],\"c\":\"\",\"d\":12345678901234}".utf8)
        for bytes in Hostile.truncations(of: good, points: good.count) + Hostile.mutations(of: good, count: 3000, seed: seed) {
            guard let value = try? JSONText.parse(bytes) else { continue }
            #expect(try JSONText.parse(value.bytes) == value)
        }
    }
}
