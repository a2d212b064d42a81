import Formats
import Foundation
import Testing

struct XLSXWriterTests {
    private func written(_ write: (XLSXWriter) throws -> Void) throws -> [SheetRow] {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("writer-\(UUID()).xlsx").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try XLSXWriter(path: path, sheet: "客户[1]/2:3", columns: [.init("姓名"), .init("备注", width: 40)])
        try write(writer)
        try writer.close()
        var reader = try XLSXReader(path: path)
        #expect(reader.sheetName == "客户123")
        return try reader.all()
    }

    @Test(
        "text is always text and comes back unchanged",
        arguments: [
            "=1+1", "+86", "@SUM(A1)", "{=1}", "http://x.cn", "mailto:a@b.cn", "internal:A1", "", " 前后 ", "两行\n备注", "<b>&\"'", "𠮷野家",
            "_x0041_", "a_b", "\u{1}\u{8}", "\t", "00123",
            "110101199003074514", "回车\r\n", "１２",
        ])
    func text(text: String) throws {
        let rows = try written {
            $0.text("头")
            $0.text(text)
            try $0.endRow()
        }
        #expect(rows.count == 2)
        #expect(rows.last?[1] == text)
    }

    @Test("what no XML can carry is dropped")
    func forbiddenCharacters() throws {
        let rows = try written { try $0.row(["头", "a\u{0}b\u{FFFE}c\u{FFFF}"]) }
        #expect(rows.last?.cells == ["头", "abc"])
    }

    @Test("no formula is written into the file")
    func noFormula() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("formula-\(UUID()).xlsx").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try XLSXWriter(path: path, columns: [])
        try writer.row(["=HYPERLINK(\"http://x\")"])
        try writer.close()
        var reader = try XLSXReader(path: path)
        // A formula's stored value would be 0.
        #expect(try reader.next()?.cells == ["=HYPERLINK(\"http://x\")"])
    }

    @Test("numbers, money, days and times come back as they were meant")
    func typed() throws {
        let rows = try written {
            $0.int(-42)
            $0.real(2.5)
            $0.money(-1_250)
            $0.day(epochDay: 19_923)
            $0.dateTime(localSeconds: 19_923 * 86_400 + 30_600)
            $0.bool(true)
            $0.int(.max)
            $0.day(epochDay: -30_000)
            $0.real(.nan)
            $0.dateTime(localSeconds: -1)
            try $0.endRow()
        }
        #expect(
            rows.last?.cells == [
                "-42", "2.5", "-12.5", "2024-07-19", "2024-07-19 08:30:00", "是", "9223372036854775807", "1887-11-12", "",
                "1969-12-31 23:59:59",
            ])
    }

    @Test("text too long for a spreadsheet is cut with a mark and counted")
    func cut() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("cut-\(UUID()).xlsx").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try XLSXWriter(path: path, columns: [.init("备注")])
        for text in [
            String(repeating: "长", count: 32_767), String(repeating: "长", count: 32_768), String(repeating: "\u{1}", count: 32_000),
            String(repeating: "𠮷", count: 20_000),
        ] {
            try writer.row([text])
        }
        #expect(writer.cutCells == 3)
        try writer.close()
        var reader = try XLSXReader(path: path)
        let rows = try reader.all()
        #expect(rows[1].cells == [String(repeating: "长", count: 32_767)])
        #expect(rows[2][0].hasSuffix("（内容过长，已截断）") && rows[2][0].utf16.count == 32_767)
        #expect(rows[3][0].hasSuffix("（内容过长，已截断）"))
    }

    @Test("a sheet beyond Excel's last row is an error")
    func tooManyRows() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("rows-\(UUID()).xlsx").path
        let writer = try XLSXWriter(path: path, columns: [.init("数")])
        for _ in 1..<1_048_576 { try writer.endRow() }
        #expect(throws: FormatError.tooManyRows(limit: 1_048_576)) { try writer.endRow() }
    }

    @Test("a writer dropped before its end leaves no file, and a path that cannot be written is an error")
    func unfinished() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("dropped-\(UUID()).xlsx").path
        do {
            let writer = try XLSXWriter(path: path, columns: [.init("数")])
            try writer.row(["1"])
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        let nowhere = try XLSXWriter(path: "/nowhere/x.xlsx", columns: [])
        try nowhere.row(["1"])
        #expect(throws: FormatError.self) { try nowhere.close() }
    }
}
