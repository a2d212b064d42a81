import Formats
import Testing

struct JSONWriterTests {
    private func written(htmlSafe: Bool = false, _ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(htmlSafe: htmlSafe)
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("commas and colons come where they belong")
    func structure() {
        let text = written {
            $0.beginObject()
            $0.key("id"); $0.int(1)
            $0.key("list" as StaticString); $0.beginArray()
            $0.beginArray(); $0.endArray()
            $0.beginObject(); $0.endObject()
            $0.string(""); $0.null(); $0.bool(true); $0.bool(false); $0.real(1.5); $0.real(.nan); $0.money(-105)
            $0.endArray()
            $0.key("x"); $0.beginObject(); $0.endObject()
            $0.endObject()
        }
        #expect(text == #"{"id":1,"list":[[],{},"",null,true,false,1.5,null,-1.05],"x":{}}"#)
    }

    @Test("control characters, quotes and backslashes are escaped")
    func escapes() {
        #expect(written { $0.string("\"\\\n\r\t\u{0}\u{1F}\u{7F}/李𠮷") } == "\"\\\"\\\\\\n\\r\\t\\u0000\\u001f\\u007f/李𠮷\"")
    }

    @Test("JSON inside a page holds no markup and no line separators")
    func htmlSafe() {
        let text = "</script>&\u{2028}\u{2029}\u{2027}é"
        #expect(written(htmlSafe: true) { $0.string(text) } == "\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\u{2027}é\"")
        #expect(written { $0.string(text) } == "\"\(text)\"")
    }

    @Test("a stream taken in pieces is one text")
    func pieces() {
        var writer = JSONWriter()
        var all: [UInt8] = []
        writer.beginArray()
        for number in 0..<3 {
            writer.int(number)
            all += writer.take()
        }
        writer.endArray()
        #expect(String(decoding: all + writer.take(), as: UTF8.self) == "[0,1,2]")
    }

    @Test("what is written is read back as it was", arguments: [Int64.min, -1, 0, 9, 10, 99, 100, .max])
    func roundTrip(number: Int64) throws {
        let value = JSON.object([
            ("数", .int(number)), ("文", .text("\u{0}\u{1F}\"\\</>\u{2028}𠮷")),
            ("列", .list([.real(0.1), .real(-1e-300), .real(1e300), .null, .bool(true)])),
        ])
        #expect(try JSONText.parse(value.bytes) == value)
    }
}
