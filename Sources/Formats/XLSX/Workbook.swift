/// What a workbook says about itself: its sheets, where their parts are, and how it counts days.
struct Workbook {
    struct Sheet {
        let name: String
        let relation: String
        let isHidden: Bool
    }

    private(set) var sheets: [Sheet] = []
    private(set) var countsFrom1904 = false
    private var targets: [String: String] = [:]
    private(set) var sharedStrings: String?
    private(set) var styles: String?
    private var folder = ""

    init(_ archive: ZipArchive) throws(FormatError) {
        let path = try Self.mainPart(archive)
        guard let part = try archive.open(path) else { throw .notASheet }
        folder = Self.folder(of: path)
        try readWorkbook(part)
        try readRelations(archive, of: path)
    }

    /// The named sheet, or the first that is not hidden, and the path of its part.
    func sheet(named name: String?) throws(FormatError) -> (sheet: Sheet, path: String) {
        let found =
            if let name {
                sheets.first { $0.name == name }
            } else {
                sheets.first { !$0.isHidden && targets[$0.relation] != nil } ?? sheets.first
            }
        guard let found else {
            if let name { throw .noSuchSheet(name: name, present: sheets.map(\.name)) }
            throw .damagedWorkbook(part: "workbook.xml", reason: "没有工作表")
        }
        guard let path = targets[found.relation] else {
            throw .damagedWorkbook(part: "workbook.xml", reason: "找不到工作表“\(found.name)”的内容")
        }
        return (found, path)
    }

    private static func mainPart(_ archive: ZipArchive) throws(FormatError) -> String {
        guard let part = try archive.open("_rels/.rels") else { return "xl/workbook.xml" }
        let xml = try XMLPull(part)
        while let event = try xml.next() {
            guard event == .start, xml.isNamed("Relationship"), let type = xml.attribute("Type"), type.hasSuffix("/officeDocument") else {
                continue
            }
            if let target = xml.attribute("Target") { return resolve(target, in: "") }
        }
        return "xl/workbook.xml"
    }

    private mutating func readWorkbook(_ part: ZipPart) throws(FormatError) {
        let xml = try XMLPull(part)
        while let event = try xml.next() {
            guard event == .start else { continue }
            if xml.isNamed("workbookPr") {
                let value = xml.attribute("date1904")
                countsFrom1904 = value == "1" || value == "true"
            } else if xml.isNamed("sheet"), let name = xml.attribute("name"), let relation = xml.attribute("id") {
                // Excel itself stops long before this.
                if sheets.count == 4096 { throw .damagedWorkbook(part: part.path, reason: "工作表太多") }
                sheets.append(Sheet(name: name, relation: relation, isHidden: (xml.attribute("state") ?? "visible") != "visible"))
            } else if xml.isNamed("html") || xml.isNamed("document") {
                throw .notASheet
            }
        }
    }

    private mutating func readRelations(_ archive: ZipArchive, of path: String) throws(FormatError) {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let part = try archive.open("\(folder)_rels/\(name).rels") else { return }
        let xml = try XMLPull(part)
        while let event = try xml.next() {
            guard event == .start, xml.isNamed("Relationship"), xml.attribute("TargetMode") != "External" else { continue }
            guard let type = xml.attribute("Type"), let target = xml.attribute("Target") else { continue }
            let resolved = Self.resolve(target, in: folder)
            if type.hasSuffix("/sharedStrings") { sharedStrings = resolved }
            if type.hasSuffix("/styles") { styles = resolved }
            // Chart sheets and dialogs have no rows.
            if type.hasSuffix("/worksheet"), targets.count < 4096, let id = xml.attribute("Id") { targets[id] = resolved }
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[...slash])
    }

    /// A relation's target as a path inside the archive.
    static func resolve(_ target: String, in folder: String) -> String {
        var parts: [Substring] = target.hasPrefix("/") ? [] : folder.split(separator: "/")
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts.joined(separator: "/")
    }
}
