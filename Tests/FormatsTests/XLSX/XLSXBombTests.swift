import Formats
import Testing

struct XLSXBombTests {
    private func read(_ bytes: [UInt8], limits: SheetLimits = SheetLimits()) throws(FormatError) -> Int {
        var reader = try XLSXReader(bytes: bytes, limits: limits)
        return try reader.all().count
    }

    private func bomb(claiming: Int?) -> [UInt8] {
        var zip = TestZip()
        zip.add("xl/workbook.xml", "<workbook><sheets><sheet name=\"a\" id=\"rId1\"/></sheets></workbook>")
        zip.add("xl/_rels/workbook.xml.rels", TestWorkbook.relations([("rId1", "worksheet", "sheet.xml")]))
        zip.addRepeating("xl/sheet.xml", prefix: "<worksheet><sheetData>", byte: 0x20, count: 16 << 20, claiming: claiming)
        return zip.finished()
    }

    @Test("a part that unpacks beyond the cap is refused")
    func tooLarge() {
        #expect(throws: FormatError.unpacksTooLarge(part: "xl/sheet.xml", limit: 8 << 20)) {
            try read(bomb(claiming: nil), limits: limits { $0.unpackedBytes = 8 << 20 })
        }
    }

    @Test("a part that only claims to be too large is refused though nobody reads it")
    func claimsTooMuch() {
        var zip = TestZip()
        zip.add("xl/workbook.xml", "<workbook/>")
        zip.addRepeating("docProps/x.xml", prefix: "", byte: 0x20, count: 1000, claiming: (1 << 30) + 1)
        #expect(throws: FormatError.unpacksTooLarge(part: "docProps/x.xml", limit: 1 << 30)) { try read(zip.finished()) }
    }

    @Test("a part packed beyond belief is refused")
    func ratio() {
        #expect(throws: FormatError.suspiciousCompression(part: "xl/sheet.xml", ratio: 158)) {
            try read(bomb(claiming: nil), limits: limits { $0.compressionRatio = 100 })
        }
    }

    @Test("a header that lies about the size does not help a bomb")
    func lyingHeader() {
        let small = limits { $0.unpackedBytes = 4 << 20 }
        #expect(throws: FormatError.unpacksTooLarge(part: "xl/sheet.xml", limit: 4 << 20)) { try read(bomb(claiming: 1000), limits: small) }
        let strict = limits { $0.compressionRatio = 10 }
        #expect(throws: FormatError.suspiciousCompression(part: "xl/sheet.xml", ratio: 11)) {
            try read(bomb(claiming: 1000), limits: strict)
        }
    }

    @Test("too many parts are refused")
    func tooManyParts() {
        var zip = TestZip()
        for index in 0..<3000 { zip.add("part\(index)", "") }
        #expect(throws: FormatError.tooManyParts(found: 3000, limit: 2048)) { try read(zip.finished()) }
    }

    @Test("shared strings have a cap of their own")
    func sharedStrings() {
        var workbook = TestWorkbook("<row><c t=\"s\"><v>0</v></c></row>")
        workbook.strings = Array(repeating: "<t>0123456789</t>", count: 1000)
        #expect(throws: FormatError.unpacksTooLarge(part: "xl/sharedStrings.xml", limit: 10_000)) {
            try read(workbook.bytes, limits: limits { $0.sharedStringBytes = 10_000 })
        }
    }

    private static let laughs = """
        <?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
        <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
        <!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">]>
        """

    @Test("a billion laughs are refused in every part", arguments: ["sheet", "strings", "far", "attribute"])
    func billionLaughs(place: String) {
        var workbook = TestWorkbook("")
        let sheet = "<worksheet><sheetData><row><c t=\"str\"><v>&e;</v></c></row></sheetData></worksheet>"
        switch place {
        case "sheet": workbook.sheetPart = Self.laughs + sheet
        case "far":
            workbook.sheetPart = "<?xml version=\"1.0\"?><!--\(String(repeating: "x", count: 9000))-->" + Self.laughs.dropFirst(21) + sheet
        case "attribute":
            workbook.sheetPart =
                "<?xml version=\"1.0\"?><!--\(String(repeating: "x", count: 9000))-->" + Self.laughs.dropFirst(21)
                + "<worksheet a=\"&e;\"/>"
        default: workbook.more = [("xl/sharedStrings.xml", Self.laughs + "<sst><si><t>&e;</t></si></sst>")]
        }
        let error = #expect(throws: FormatError.self) { try read(workbook.bytes) }
        // Far behind the start libxml2's own guard may come first.
        if place == "sheet" || place == "strings" { #expect(error?.description.contains("DTD") == true) }
    }

    @Test("an external entity is not fetched")
    func externalEntity() {
        var workbook = TestWorkbook("")
        workbook.sheetPart =
            "<!--\(String(repeating: "x", count: 9000))--><!DOCTYPE x [<!ENTITY f SYSTEM "
            + "\"file:///etc/passwd\">]><worksheet><sheetData><row><c t=\"str\"><v>&f;</v></c></row></sheetData></worksheet>"
        #expect(throws: FormatError.documentTypeForbidden(part: "xl/worksheets/sheet1.xml")) { try read(workbook.bytes) }
    }

    @Test("a damaged workbook gives rows or an error, never a crash", arguments: 1...4)
    func damaged(seed: UInt64) {
        var workbook = TestWorkbook(
            #"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>45492.5</v></c></row>"#
                + #"<row r="2"><c r="A2" t="inlineStr"><is><t>李伟</t></is></c></row>"#
        )
        workbook.strings = ["<t>姓名</t>"]
        workbook.styles = "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs>"
        let good = workbook.bytes
        for bytes in Hostile.truncations(of: good, points: 100) + Hostile.mutations(of: good, count: 400, seed: seed) {
            _ = try? read(bytes)
        }
    }
}
