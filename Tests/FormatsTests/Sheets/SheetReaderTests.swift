import Formats
import Foundation
import Testing

struct SheetReaderTests {
    @Test("the GB18030 CSV and the workbook give the same 3,000 rows", .enabled(if: Fixtures.arePresent))
    func sameRows() throws {
        var csv = try SheetReader.open(path: Fixtures.path("customers.gb18030.csv"))
        var xlsx = try SheetReader.open(path: Fixtures.path("customers.xlsx"))
        #expect(csv.kind == .csv(encoding: .gb18030, delimiter: .comma))
        #expect(xlsx.kind == .xlsx(sheet: "客户", sheets: ["客户"]))
        #expect(csv.header == xlsx.header)
        #expect(csv.header.first == "客户名称" && csv.header.count == 11)
        var count = 0
        while let one = try csv.next(), let other = try xlsx.next() {
            count += 1
            let same = one.line == other.line && (0..<11).allSatisfy { one[$0] == other[$0] }
            #expect(same, "row \(one.line): \(one.cells) is not \(other.cells)")
        }
        #expect(count == 3000)
        #expect(try csv.next() == nil)
        #expect(try xlsx.next() == nil)
    }

    @Test("line numbers agree with the fixture's right answer", .enabled(if: Fixtures.arePresent))
    func lines() throws {
        struct Expected: Decodable {
            let rows: Int
            let rejected_lines: [String: [Int]]
        }
        let expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: URL(fileURLWithPath: Fixtures.path("customers.expected.json"))))
        var sheet = try SheetReader.open(path: Fixtures.path("customers.gb18030.csv"))
        let rows = try sheet.all()
        #expect(rows.count == expected.rows)
        let nameless = rows.filter { $0[0].allSatisfy(\.isWhitespace) }.map(\.line)
        #expect(nameless == expected.rejected_lines["name_missing"])
    }

    @Test("all 69,659 purchases of the CDNOW cohort are read and add up", .enabled(if: Fixtures.arePresent))
    func purchases() throws {
        var sheet = try SheetReader.open(path: Fixtures.path("purchases_cdnow.csv"))
        #expect(sheet.header == ["订单号", "客户编号", "下单日期", "数量", "金额"])
        var count = 0
        var cents = 0
        var customers: Set<String> = []
        while let row = try sheet.next() {
            count += 1
            customers.insert(row[1])
            cents += Int(row[4].filter { $0 != "." }) ?? 0
        }
        #expect(count == 69_659)
        #expect(customers.count == 23_570)
        #expect(cents == 250_031_563)
    }

    @Test("content decides, not the name")
    func recognised() throws {
        var workbook = try SheetReader.open(bytes: TestWorkbook(#"<row r="1"><c r="A1" t="str"><v>姓名</v></c></row>"#).bytes)
        #expect(workbook.kind == .xlsx(sheet: "甲", sheets: ["甲"]))
        #expect(try workbook.next() == nil)
        let text = try SheetReader.open(bytes: Array("\n姓名;备注\n".utf8))
        #expect(text.kind == .csv(encoding: .utf8, delimiter: .semicolon))
        #expect(text.headerLine == 2)
    }

    @Test("what is no sheet is refused with the mend")
    func refused() {
        #expect(throws: FormatError.empty) { try SheetReader.open(bytes: []) }
        #expect(throws: FormatError.empty) { try SheetReader.open(bytes: Array("\n,,\n".utf8)) }
        #expect(throws: FormatError.oldExcel) { try SheetReader.open(bytes: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) }
        #expect(throws: FormatError.webPage) { try SheetReader.open(bytes: Array("\r\n <HTML><table>".utf8)) }
        #expect(throws: FormatError.notASheet) { try SheetReader.open(bytes: Array("%PDF-1.7".utf8)) }
        var zip = TestZip()
        zip.add("word/document.xml", "<document/>")
        #expect(throws: FormatError.notASheet) { try SheetReader.open(bytes: zip.finished()) }
        #expect(FormatError.oldExcel.description.contains("另存为"))
    }

    @Test(
        "a damaged real file gives rows or an error, never a crash", .enabled(if: Fixtures.arePresent),
        arguments: ["customers.gb18030.csv", "customers.xlsx"])
    func damaged(name: String) throws {
        let good = Array(try Data(contentsOf: URL(fileURLWithPath: Fixtures.path(name))))
        let start = name.hasSuffix("csv") ? Array(good.prefix(60_000)) : good
        for bytes in Hostile.truncations(of: start, points: 60) + Hostile.mutations(of: start, count: 120, seed: 7) {
            guard var sheet = try? SheetReader.open(bytes: bytes) else { continue }
            while (try? sheet.next()) != nil {}
        }
    }

    @Test("a row answers for columns it does not have")
    func missingColumns() {
        let row = SheetRow(line: 1, cells: ["a"])
        #expect(row[0] == "a" && row[1] == "" && row[-1] == "")
    }
}
