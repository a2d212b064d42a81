import Formats
import Testing

struct FormTextTests {
    @Test("pairs keep their order and repeated names")
    func pairs() throws {
        let form = try FormText.parse("name=%E6%9D%8E+%E4%BC%9F&tag=a&tag=b%2Bc&&empty=&bare&=x&a=b=c")
        #expect(form == FormText([("name", "李 伟"), ("tag", "a"), ("tag", "b+c"), ("empty", ""), ("bare", ""), ("", "x"), ("a", "b=c")]))
        #expect(form["tag"] == "a" && form.all("tag") == ["a", "b+c"] && form["none"] == nil)
    }

    @Test("what is written is read back", arguments: ["", "李 伟", "a+b&c=d%", "\0\r\n", "~-._*", "𠮷"])
    func roundTrip(text: String) throws {
        let form = FormText([("k", text), (text + "k", "v")])
        #expect(try FormText.parse(form.encoded) == form)
        #expect(form.encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    }

    @Test(
        "a bad percent escape is an error that says where",
        arguments: [("a=%", 2), ("a=%4", 2), ("a=%4g", 2), ("ab=1&%zz=2", 5), ("a=xy%%41", 4)])
    func badEscape(text: String, offset: Int) {
        #expect(throws: FormatError.badPercentEscape(offset: offset)) { try FormText.parse(text) }
    }

    @Test("text that is not UTF-8 is an error that names the field")
    func notUTF8() {
        #expect(throws: FormatError.formNotUTF8(field: "a")) { try FormText.parse("a=%FF") }
        #expect(throws: FormatError.formNotUTF8(field: "?")) { try FormText.parse("%C0%80=1") }
    }

    @Test("size and number of pairs have limits")
    func limitsHold() {
        #expect(throws: FormatError.formTooLarge(what: .parts, limit: 2)) { try FormText.parse("a&b&c", limits: .init(pairs: 2)) }
        #expect(throws: FormatError.formTooLarge(what: .body, limit: 4)) { try FormText.parse("a&b&c", limits: .init(bytes: 4)) }
    }
}
