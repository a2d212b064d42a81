import Formats
import Testing

struct ContentDispositionTests {
    @Test("a plain name is quoted, a Chinese one comes in both forms")
    func names() {
        #expect(ContentDisposition.attachment("a b.xlsx") == "attachment; filename=\"a b.xlsx\"")
        #expect(ContentDisposition.attachment("客户.xlsx") == "attachment; filename=\"__.xlsx\"; filename*=UTF-8''%E5%AE%A2%E6%88%B7.xlsx")
        #expect(ContentDisposition.inline("100%.png") == "inline; filename=\"100_.png\"; filename*=UTF-8''100%25.png")
    }

    @Test("no name can break out of the header", arguments: ["a\"; x=\"b.txt", "a\r\nSet-Cookie: x", "..\\..\\a.txt", "a;b"])
    func hostile(name: String) {
        let header = ContentDisposition.attachment(name)
        #expect(header.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
        #expect(header.filter { $0 == "\"" }.count == 2)
    }
}
