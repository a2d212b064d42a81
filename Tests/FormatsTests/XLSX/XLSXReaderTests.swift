import Formats
import Testing

struct XLSXReaderTests {
    private func rows(_ workbook: TestWorkbook, sheet: String? = nil, limits: SheetLimits = SheetLimits()) throws(FormatError) -> [SheetRow]
    {
        var reader = try XLSXReader(bytes: workbook.bytes, sheet: sheet, limits: limits)
        return try reader.all()
    }

    private func cell(_ xml: String, _ change: (inout TestWorkbook) -> Void = { _ in }) throws -> String {
        var workbook = TestWorkbook("<row r=\"1\">\(xml)</row>")
        change(&workbook)
        return try rows(workbook).first?[0] ?? ""
    }

    @Test("row numbers are the sheet's own and gaps between cells are filled")
    func places() throws {
        let found = try rows(
            TestWorkbook(
                #"<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="3"/><row r="7"><c><v>3</v></c><c><v>4</v></c></row>"#
            ))
        #expect(found == [SheetRow(line: 2, cells: ["", "1", "", "2"]), SheetRow(line: 7, cells: ["3", "4"])])
    }

    @Test("rows without a number follow one another")
    func unnumberedRows() throws {
        let found = try rows(TestWorkbook("<row><c><v>1</v></c></row><row><c/></row><row><c><v>3</v></c></row>"))
        #expect(found.map(\.line) == [1, 3])
    }

    @Test("shared strings join their runs, leave out phonetic hints and keep blanks")
    func sharedStrings() throws {
        var workbook = TestWorkbook(#"<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row>"#)
        workbook.strings = [
            "<t>李伟</t>", "<r><t>富</t></r><r><rPr/><t xml:space=\"preserve\"> 文本</t></r><rPh><t>x</t></rPh>", "",
            "<t>a&amp;b&#10;c_x000D_d_x005F_x000D_</t>",
        ]
        #expect(try rows(workbook).first?.cells == ["李伟", "富 文本", "", "a&b\nc\rd_x000D_"])
    }

    @Test("a shared string that does not exist is an error", arguments: ["5", "-1", "x", "99999999999999999999"])
    func missingSharedString(index: String) {
        var workbook = TestWorkbook("<row><c t=\"s\"><v>\(index)</v></c></row>")
        workbook.strings = ["<t>a</t>"]
        #expect(throws: FormatError.self) { try rows(workbook) }
    }

    @Test(
        "numbers come as digits, without exponent and without .0",
        arguments: [
            ("19900011640", "19900011640"), ("1.9900011640E10", "19900011640"), ("1.10101199003074E17", "110101199003074000"), ("5.0", "5"),
            ("0.30000000000000004", "0.3"), ("11.77", "11.77"), ("-2.50", "-2.5"), ("1E-3", "0.001"), ("1.1000000000000001", "1.1"),
            ("0", "0"),
            ("-0", "-0"), ("1e300", "1e300"), ("1.5E+20", "150000000000000000000"), ("abc", "abc"), ("1e999", "1e999"),
            ("123456789.12", "123456789.12"),
        ])
    func numbers(stored: String, shown: String) throws {
        #expect(try cell("<c><v>\(stored)</v></c>") == shown)
    }

    private static let styles = #"""
        <numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>
        <numFmt numFmtId="165" formatCode="[$-804]yyyy/m/d h:mm"/>
        <numFmt numFmtId="166" formatCode="#,##0.00&quot;days&quot;"/><numFmt numFmtId="167" formatCode="[Red]0.00E+00"/>
        <numFmt numFmtId="168" formatCode="[h]:mm"/></numFmts>
        <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
        <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="164"/><xf numFmtId="165"/>
        <xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/><xf numFmtId="31"/></cellXfs>
        """#

    @Test(
        "day numbers become ISO text by their cell's format",
        arguments: [
            (1, "45492", "2024-07-19"), (2, "45492.354166666664", "2024-07-19 08:30:00"), (2, "45492", "2024-07-19"),
            (3, "0.354166666666667", "08:30:00"),
            (4, "45492.9", "2024-07-19"), (5, "45492.5", "2024-07-19 12:00:00"), (6, "45492", "45492"), (7, "45492.5", "45492.5"),
            (8, "1.5", "36:00:00"),
            (9, "45492", "2024-07-19"), (1, "60", "1900-02-29"), (1, "59", "1900-02-28"), (1, "61", "1900-03-01"), (1, "1", "1900-01-01"),
            (1, "2958465", "9999-12-31"), (1, "2958466", "2958466"), (1, "-1", "-1"), (1, "45350", "2024-02-28"),
            (1, "45351", "2024-02-29"), (0, "45492", "45492"),
            (99, "45492", "45492"), (2, "45491.999999999", "2024-07-19"),
        ])
    func dates(style: Int, serial: String, shown: String) throws {
        #expect(try cell("<c s=\"\(style)\"><v>\(serial)</v></c>") { $0.styles = Self.styles } == shown)
    }

    @Test("a workbook may count its days from 1904")
    func from1904() throws {
        #expect(try cell("<c s=\"1\"><v>44030</v></c>") { ($0.styles, $0.properties) = (Self.styles, "date1904=\"1\"") } == "2024-07-19")
    }

    @Test("a formula is never computed: what was stored beside it is used")
    func formulas() throws {
        #expect(try cell("<c><f>1+1</f><v>7</v></c>") == "7")
        #expect(try cell("<c t=\"str\"><f>WEBSERVICE(\"http://x\")</f><v>甲</v></c>") == "甲")
        #expect(try cell("<c><f>1+1</f></c>") == "")
    }

    @Test("truth values, errors, ISO dates and inline text come as text")
    func otherKinds() throws {
        #expect(try cell(#"<c t="b"><v>1</v></c>"#) == "TRUE")
        #expect(try cell(#"<c t="b"><v>0</v></c>"#) == "FALSE")
        #expect(try cell(#"<c t="e"><v>#N/A</v></c>"#) == "#N/A")
        #expect(try cell(#"<c t="d"><v>2024-07-19T08:30:00</v></c>"#) == "2024-07-19 08:30:00")
        #expect(try cell(#"<c t="d"><v>2024-07-19T00:00:00.000Z</v></c>"#) == "2024-07-19")
        #expect(try cell(#"<c t="inlineStr"><is><t>=1+1</t></is></c>"#) == "=1+1")
    }

    @Test("the first visible sheet is read unless one is named")
    func whichSheet() throws {
        var workbook = TestWorkbook(#"<row><c t="str"><v>第一张</v></c></row>"#)
        workbook.sheets = #"<sheet name="字典" sheetId="1" state="hidden" r:id="rId1"/><sheet name="客户" sheetId="2" r:id="rId2"/>"#
        #expect(try rows(workbook).first?.cells == ["第二张"])
        #expect(try rows(workbook, sheet: "字典").first?.cells == ["第一张"])
        #expect(throws: FormatError.noSuchSheet(name: "无", present: ["字典", "客户"])) { try rows(workbook, sheet: "无") }
    }

    @Test("limits on cells, columns and rows hold")
    func limitsHold() throws {
        #expect(throws: FormatError.tooManyCells(line: 1, limit: 1024)) {
            try rows(TestWorkbook(#"<row r="1"><c r="AMK1"><v>1</v></c></row>"#))
        }
        #expect(throws: FormatError.cellTooLong(line: 1, column: 1, limit: 10)) {
            try rows(TestWorkbook("<row><c t=\"str\"><v>01234567890</v></c></row>"), limits: limits { $0.cellBytes = 10 })
        }
        #expect(throws: FormatError.tooManyRows(limit: 1)) {
            try rows(TestWorkbook("<row><c><v>1</v></c></row><row><c><v>1</v></c></row>"), limits: limits { $0.rows = 1 })
        }
        #expect(throws: FormatError.self) {
            try rows(TestWorkbook("<row><c t=\"str\"><v>\(String(repeating: "x", count: 11_000_000))</v></c></row>"))
        }
    }

    @Test(
        "rows and cells out of order are errors",
        arguments: [
            #"<row r="2"/><row r="2"/>"#, #"<row r="0"/>"#, #"<row r="1048577"/>"#, #"<row r="x"/>"#, #"<row r="99999999999999999999"/>"#,
            #"<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>"#, #"<row r="1"><c r="XFE1"><v>1</v></c></row>"#,
            #"<row r="1"><c r="1"><v>1</v></c></row>"#, #"<row r="1"><c r=""><v>1</v></c></row>"#,
        ])
    func outOfOrder(xml: String) {
        #expect(throws: FormatError.self) { try rows(TestWorkbook(xml)) }
    }

    @Test("broken XML is an error that names the part")
    func brokenXML() {
        let error = #expect(throws: FormatError.self) { try rows(TestWorkbook("<row><c></row>")) }
        #expect(error?.description.contains("xl/worksheets/sheet1.xml") == true)
    }
}
