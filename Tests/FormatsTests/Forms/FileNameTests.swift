import Formats
import Testing

struct FileNameTests {
    @Test("a long name keeps its extension and no character is cut")
    func long() {
        let safe = FileName.safe(String(repeating: "长", count: 100) + ".xlsx")
        #expect(safe.utf8.count == 200 && safe.hasSuffix("长.xlsx"))
        #expect(FileName.safe(String(repeating: "a", count: 300)).utf8.count == 200)
    }

    @Test("a name made safe twice is the same, also when it was cut at a dot")
    func twice() {
        let safe = FileName.safe(String(repeating: "a", count: 150) + String(repeating: ".", count: 60) + String(repeating: "d", count: 30))
        #expect(FileName.safe(safe) == safe)
    }

    @Test("a safe name is left alone", arguments: ["客户 2024.xlsx", "a.b.c", "合同（终）.docx", "𠮷.png"])
    func safe(name: String) {
        #expect(FileName.safe(name) == name)
    }

    @Test("nothing usable becomes a plain name", arguments: ["", "/", "...", "\u{202E}", "a/", "\0"])
    func unusable(name: String) {
        #expect(FileName.safe(name) == (name == "a/" ? "a" : "未命名"))
    }

    @Test("the extension is in lower case")
    func extensions() {
        #expect(FileName.fileExtension("A.XLSX") == "xlsx")
        #expect(FileName.fileExtension("a.tar.GZ") == "gz")
        #expect(FileName.fileExtension(".bashrc") == "")
        #expect(FileName.fileExtension("无") == "")
    }
}
