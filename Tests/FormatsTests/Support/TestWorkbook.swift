/// A workbook written by hand, one part at a time.
struct TestWorkbook {
    var sheetData = ""
    var strings: [String]?
    var styles = ""
    var properties = ""
    var sheets = #"<sheet name="甲" sheetId="1" r:id="rId1"/>"#
    var sheetPart: String?
    var more: [(String, String)] = []

    /// A workbook whose first sheet has this inside `<sheetData>`.
    init(_ sheetData: String) { self.sheetData = sheetData }

    var bytes: [UInt8] {
        var zip = TestZip()
        zip.add("[Content_Types].xml", #"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#)
        zip.add("_rels/.rels", Self.relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        zip.add("xl/workbook.xml", "<workbook xmlns:r=\"r\"><workbookPr \(properties)/><sheets>\(sheets)</sheets></workbook>")
        zip.add(
            "xl/_rels/workbook.xml.rels",
            Self.relations([
                ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "worksheet", "/xl/worksheets/sheet2.xml"),
                ("rId8", "sharedStrings", "sharedStrings.xml"), ("rId9", "styles", "styles.xml"),
            ]))
        zip.add("xl/worksheets/sheet1.xml", sheetPart ?? "<worksheet><sheetData>\(sheetData)</sheetData></worksheet>")
        zip.add(
            "xl/worksheets/sheet2.xml",
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>第二张</v></c></row></sheetData></worksheet>")
        if let strings { zip.add("xl/sharedStrings.xml", "<sst>" + strings.map { "<si>\($0)</si>" }.joined() + "</sst>") }
        zip.add("xl/styles.xml", "<styleSheet>\(styles)</styleSheet>")
        for (name, text) in more { zip.add(name, text) }
        return zip.finished()
    }

    static func relations(_ all: [(id: String, type: String, target: String)]) -> String {
        "<Relationships>" + all.map { #"<Relationship Id="\#($0.id)" Type="http://x/\#($0.type)" Target="\#($0.target)"/>"# }.joined()
            + "</Relationships>"
    }
}
