import Formats
import Testing

struct CSVWriterTests {
    private func written(_ cells: [String], delimiter: Delimiter = .comma) -> String {
        var writer = CSVWriter(delimiter: delimiter, byteOrderMark: false)
        writer.row(cells)
        return String(decoding: writer.take(), as: UTF8.self)
    }

    @Test("a file begins with the byte-order mark and its rows end with CRLF")
    func shape() {
        var writer = CSVWriter()
        writer.row(["姓名", "备注"])
        #expect(writer.take() == [0xEF, 0xBB, 0xBF] + Array("姓名,备注\r\n".utf8))
        writer.row(["李伟", ""])
        #expect(writer.take() == Array("李伟,\r\n".utf8))
    }

    @Test(
        "text that a spreadsheet would take for a formula gets an apostrophe",
        arguments: [
            "=1+1", "+86 139", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", " =1", "\u{FEFF}=1", "\u{200B}\u{3000}=1",
            "\u{A0}-1",
        ])
    func formulas(text: String) throws {
        #expect(try csvCells(written([text])) == [["'" + text]])
        #expect(Neutralising.original(of: "'" + text) == text)
    }

    @Test("harmless text stays as it is", arguments: ["a=b", "1-2", "李伟", "'引用'", "　李伟", "x@y.cn", "1", "_=1"])
    func harmless(text: String) throws {
        #expect(try csvCells(written([text])) == [[text]])
        #expect(Neutralising.original(of: text) == text)
    }

    @Test("numbers written as numbers are not neutralised")
    func numbers() {
        var writer = CSVWriter(byteOrderMark: false)
        writer.int(-5)
        writer.real(-2.5)
        writer.money(-1_205)
        writer.money(7)
        writer.real(3)
        writer.real(.infinity)
        writer.int(.min)
        writer.empty()
        writer.endRow()
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "-5,-2.5,-12.05,0.07,3,,-9223372036854775808,\r\n")
    }

    @Test("long digits and leading zeros stay text in Excel and come back unchanged")
    func longDigits() throws {
        let cells = ["110101199003074514", "013800138000", "00001", "19900011640", "0", "7"]
        #expect(written(cells) == "110101199003074514\t,013800138000\t,00001\t,19900011640,0,7\r\n")
        #expect(try csvCells(written(cells)) == [cells])
        var tabbed = try CSVReader(bytes: Array(written(cells, delimiter: .tab).utf8), delimiter: .tab)
        #expect(try tabbed.all().map(\.cells) == [cells])
    }

    @Test("whatever is written comes back, apart from the apostrophe", arguments: 1...30)
    func roundTrip(seed: UInt64) throws {
        var random = Seeded(seed)
        let alphabet = Array("a1,\"\n\r\t ;|'=+-李𠮷é\u{301}＝　00")
        let rows = (0..<50).map { _ in
            ["头"]
                + (0..<4).map { _ in
                    String((0..<Int.random(in: 0...9, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
                }
        }
        for delimiter in Delimiter.allCases {
            var writer = CSVWriter(delimiter: delimiter)
            for row in rows { writer.row(row) }
            var reader = try CSVReader(bytes: writer.take(), delimiter: delimiter)
            let expected = rows.map { $0.map { isDigitsAndTab($0) ? String($0.dropLast()) : Neutralising.neutral($0) } }
            #expect(try reader.all().map(\.cells) == expected)
        }
    }

    private func isDigitsAndTab(_ text: String) -> Bool {
        text.last == "\t" && text.count > 1 && text.dropLast().allSatisfy { "0123456789".contains($0) }
    }

    @Test("raw text is left alone")
    func raw() {
        var writer = CSVWriter(byteOrderMark: false, raw: true)
        writer.row(["=1", "00001"])
        #expect(writer.bytes == Array("=1,00001\r\n".utf8))
    }
}
