import Testing

@testable import Formats

struct CSVReaderTests {
    @Test("a line break inside a cell does not count as a row")
    func lineBreakInCell() throws {
        let rows = try csvRows("姓名,备注\r\n李伟,\"两行\n备注\"\r\n王芳,无\r\n")
        #expect(rows.map(\.line) == [1, 2, 3])
        #expect(rows[1].cells == ["李伟", "两行\n备注"])
        #expect(rows[2].cells == ["王芳", "无"])
    }

    @Test("blank rows are counted but not delivered")
    func blankRows() throws {
        let rows = try csvRows("a,b\n\n1,2\n,\n\n3,4\n\n")
        #expect(rows.map(\.line) == [1, 3, 6])
    }

    @Test("line ends may be CRLF, LF or CR", arguments: ["\r\n", "\n", "\r"])
    func lineEnds(end: String) throws {
        #expect(try csvCells(["a,b", "1,2", "3,4"].joined(separator: end)) == [["a", "b"], ["1", "2"], ["3", "4"]])
        #expect(try csvRows(["a,b", "1,2", ""].joined(separator: end)).map(\.line) == [1, 2])
    }

    @Test("quotes hold delimiters, line breaks and doubled quotes")
    func quotes() throws {
        #expect(try csvCells("\"a,b\",\"c\"\"d\"\"\",\"\",\"x\r\ny\"\n") == [["a,b", "c\"d\"", "", "x\r\ny"]])
    }

    @Test("a quote in the middle of a plain cell is a character, text behind a closing quote is kept")
    func strayQuotes() throws {
        #expect(try csvCells("5\" 屏,\"甲\"乙,\"a\"\"b\"c\n1,2,3\n") == [["5\" 屏", "甲乙", "a\"bc"], ["1", "2", "3"]])
    }

    @Test("a delimiter at the end of a row opens one more cell")
    func trailingDelimiter() throws {
        #expect(try csvCells("a,b,\n1,,") == [["a", "b", ""], ["1", "", ""]])
    }

    @Test("the delimiter is recognised", arguments: [(",", Delimiter.comma), (";", .semicolon), ("\t", .tab), ("|", .pipe)])
    func delimiters(mark: String, expected: Delimiter) throws {
        let text = "姓名\(mark)地址\(mark)备注\n李伟\(mark)\"文三路,1号;2|3\"\(mark)一,二;三\n王芳\(mark)x\(mark)y\n"
        let reader = try CSVReader(bytes: Array(text.utf8))
        #expect(reader.delimiter == expected)
    }

    @Test("a delimiter is recognised however small the first chunks are")
    func smallChunks() throws {
        var reader = try CSVReader(chunks: Array("sep=;\n姓名;备,注\n1;2\n".utf8).map { [$0] }.makeIterator())
        #expect(try reader.all().map(\.cells) == [["姓名", "备,注"], ["1", "2"]])
    }

    @Test("Excel's sep= line is obeyed and not shown")
    func announcedDelimiter() throws {
        var reader = try CSVReader(bytes: Array("sep=;\r\na;b,c\r\n1;2\r\n".utf8))
        let rows = try reader.all()
        #expect(rows == [SheetRow(line: 1, cells: ["a", "b,c"]), SheetRow(line: 2, cells: ["1", "2"])])
    }

    @Test("rows are the same however the bytes are cut into chunks", arguments: 1...20)
    func chunks(seed: UInt64) throws {
        let text = "\u{FEFF}姓名,备注,数\r\n李伟,\"两行\r\n\"\"备注\"\"\",1\r\r\n𠮷野家,é,\"\"\r\n,,\r\n王芳,\"x\"y,3"
        let bytes = Array(text.utf8)
        var whole = try CSVReader(bytes: bytes)
        // A small sample, so that rows are read while chunks still come.
        let limits = limits { $0.sampleBytes = 4 }
        var cut = try CSVReader(
            chunks: Hostile.pieces(of: bytes, seed: seed, most: 5).makeIterator(), encoding: .utf8, delimiter: .comma, limits: limits)
        #expect(try cut.all() == whole.all())
    }

    @Test("a quote that never closes is an error that names its row and column")
    func quoteNeverClosed() throws {
        #expect(throws: FormatError.quoteNeverClosed(line: 3, column: 2)) { try csvRows("a,b\n1,2\n3,\"四\n五,六\n") }
        #expect(FormatError.quoteNeverClosed(line: 3, column: 2).description.contains("第 3 行第 2 列（B 列）"))
    }

    @Test("a cell beyond its limit is an error, in quotes and without")
    func longCell() throws {
        let long = String(repeating: "长", count: 4_000_000)
        let expected = FormatError.cellTooLong(line: 2, column: 2, limit: 1 << 20)
        #expect(throws: expected) { try csvRows("a,b\n1,\(long)\n") }
        #expect(throws: expected) { try csvRows("a,b\n1,\"\(long)\"\n") }
        #expect(throws: expected) { try csvRows("a,b\n1,\"\(long)") }
        #expect(try csvRows("a,b\n1,\(long)\n", limits: limits { $0.cellBytes = 16 << 20 })[1].cells[1].utf8.count == 12_000_000)
    }

    @Test("too many cells, too many bytes and too many rows are errors")
    func limitsHold() throws {
        #expect(throws: FormatError.tooManyCells(line: 2, limit: 1024)) { try csvRows("a\n" + String(repeating: "x,", count: 1024)) }
        #expect(try csvRows("a\n" + String(repeating: "x,", count: 1023))[1].cells.count == 1024)
        let wide = Array(repeating: String(repeating: "x", count: 1000), count: 1000).joined(separator: ",")
        #expect(throws: FormatError.rowTooLong(line: 1, limit: 100_000)) {
            var reader = try CSVReader(
                chunks: Hostile.pieces(of: Array(wide.utf8), seed: 1, most: 90_000).makeIterator(), limits: limits { $0.rowBytes = 100_000 }
            )
            _ = try reader.all()
        }
        #expect(throws: FormatError.tooManyRows(limit: 2)) { try csvRows("a\n1\n2\n", limits: limits { $0.rows = 2 }) }
        #expect(try csvRows("a\n1\n", limits: limits { $0.rows = 2 }).count == 2)
    }

    @Test("bytes of another encoding are an error that names the row, unless they are to be repaired")
    func mixedEncodings() throws {
        let bytes = Array("姓名,备注\n李伟,一二三四五六七八\n".utf8) + [0xD6, 0xD0, 0xCE, 0xC4] + Array(",中文\n".utf8)
        var strict = try CSVReader(bytes: bytes)
        #expect(try strict.next()?.line == 1)
        #expect(try strict.next()?.line == 2)
        #expect(throws: FormatError.badBytes(line: 3, encoding: .utf8)) { try strict.next() }
        #expect(throws: FormatError.badBytes(line: 3, encoding: .utf8)) { try strict.next() }
        var lenient = try CSVReader(bytes: bytes, limits: limits { $0.repairsBadBytes = true })
        #expect(try lenient.all()[2].cells == ["\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}", "中文"])
    }

    @Test("a NUL is an error that names the row")
    func nullCharacter() throws {
        #expect(throws: FormatError.nullCharacter(line: 2)) { try csvRows("a,b\n1,\u{0}\n") }
    }

    @Test("an empty file has no rows")
    func empty() throws {
        #expect(try csvRows("").isEmpty)
        #expect(try csvRows("\u{FEFF}").isEmpty)
        #expect(try csvRows("\n\r\n,,\n").isEmpty)
    }

    @Test("a missing file is an error that names it")
    func missingFile() {
        let error = #expect(throws: FormatError.self) { try CSVReader(path: "/nowhere/客户.csv") }
        #expect(error?.description.contains("/nowhere/客户.csv") == true)
    }

    @Test("damaged text gives rows or an error, never a crash", arguments: 1...4)
    func damaged(seed: UInt64) throws {
        var writer = CSVWriter()
        for line in 0..<40 { writer.row(["李伟\(line)", "两行\n\"备注\"", "=1+1", "013800138000", "𠮷"]) }
        let good = writer.take()
        for bytes in Hostile.truncations(of: good, points: 100) + Hostile.mutations(of: good, count: 300, seed: seed) {
            _ = try? readAll(bytes, limits: SheetLimits())
            _ = try? readAll(bytes, limits: limits { $0.repairsBadBytes = true })
        }
    }

    private func readAll(_ bytes: [UInt8], limits: SheetLimits) throws -> Int {
        var reader = try CSVReader(bytes: bytes, limits: limits)
        return try reader.all().count
    }
}
