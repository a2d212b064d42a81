/// Says what a file is by its content, whatever its name and sender claim.
public enum MimeSniffer {
    /// What was found.
    public enum Finding: Sendable, Equatable {
        /// One of the kinds that may be attached.
        case known(FileKind)
        /// A page, drawing or script that a browser might run, or an office file with macros: refuse it.
        case active
        /// Nothing we know: refuse it.
        case unknown
    }

    /// Looks at a stored file; `name` is the one its sender gave.
    public static func recognise(path: String, name: String) throws(FormatError) -> Finding {
        let file = try FileBytes(path: path)
        let start = try file.next(upTo: 64 << 10) ?? []
        return recognise(start, isWhole: start.count < 64 << 10, name: name) { () throws(FormatError) in
            try ZipArchive(path: path, limits: SheetLimits())
        }
    }

    /// Looks at a whole file in memory.
    public static func recognise(_ bytes: [UInt8], name: String) -> Finding {
        recognise(bytes, isWhole: true, name: name) { () throws(FormatError) in try ZipArchive(bytes: bytes, limits: SheetLimits()) }
    }

    private static func recognise(_ bytes: [UInt8], isWhole: Bool, name: String, archive: () throws(FormatError) -> ZipArchive) -> Finding {
        if activeEndings.contains(FileName.fileExtension(name)) { return .active }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return packed(archive) }
        if let kind = binary(bytes) { return .known(kind) }
        return text(bytes, isWhole: isWhole, name: name)
    }

    private static let activeEndings: Set<String> = [
        "htm", "html", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt", "js", "mjs", "cjs", "jsp", "php",
        "asp", "aspx", "hta", "vbs", "wsf", "bat", "cmd",
        "ps1", "sh", "exe", "dll", "msi", "scr", "com", "jar", "lnk", "url", "swf", "docm", "xlsm", "pptm", "xlam", "css",
    ]

    private static func binary(_ bytes: [UInt8]) -> FileKind? {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if bytes.starts(with: "GIF87a".utf8) || bytes.starts(with: "GIF89a".utf8) { return .gif }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return .webp }
        if bytes.starts(with: "%PDF-".utf8) { return .pdf }
        if bytes.dropFirst(4).starts(with: "ftyp".utf8) { return film(Array(bytes.dropFirst(8).prefix(4))) }
        if bytes.starts(with: "ID3".utf8) { return .mp3 }
        if bytes.count > 3, bytes[0] == 0xFF, [0xFB, 0xF3, 0xF2, 0xFA].contains(bytes[1]), bytes[2] & 0xF0 != 0xF0 { return .mp3 }
        return nil
    }

    private static func film(_ brand: [UInt8]) -> FileKind? {
        let brand = String(decoding: brand, as: UTF8.self)
        if brand == "M4A " || brand == "M4B " { return .m4a }
        return ["isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "dash", "3gp4", "3gp5"].contains(brand)
            ? .mp4 : nil
    }

    private static func packed(_ open: () throws(FormatError) -> ZipArchive) -> Finding {
        do throws(FormatError) {
            let names = Set(try open().names.map { $0.lowercased() })
            if names.contains(where: { $0.hasSuffix("vbaproject.bin") }) { return .active }
            if names.contains("xl/workbook.xml") { return .known(.xlsx) }
            if names.contains("word/document.xml") { return .known(.docx) }
            if names.contains("ppt/presentation.xml") { return .known(.pptx) }
            return .known(.zip)
        } catch {
            return .unknown
        }
    }

    private static func text(_ bytes: [UInt8], isWhole: Bool, name: String) -> Finding {
        guard !bytes.isEmpty, let text = decoded(bytes, isWhole: isWhole) else { return .unknown }
        if text.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D && $0 != 0x0C && $0 != 0x1B }) { return .unknown }
        if isActive(text) { return .active }
        return .known(FileName.fileExtension(name) == "csv" ? .csv : .text)
    }

    private static func decoded(_ bytes: [UInt8], isWhole: Bool) -> [UInt8]? {
        guard var decoder = try? TextDecoder(TextEncoding.detect(bytes, isWhole: isWhole)) else { return nil }
        var text: [UInt8] = []
        guard (try? decoder.decode(bytes, into: &text)) != nil else { return nil }
        if isWhole, (try? decoder.finish(into: &text)) == nil { return nil }
        return text
    }

    /// Markup that browsers act on, anywhere near the start; they look no further than 1,445 bytes.
    private static func isActive(_ text: [UInt8]) -> Bool {
        let start = text.prefix(4096).map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }
        let tags = [
            "<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<iframe", "<img", "<object", "<embed", "<style", "<link",
            "<meta", "<base", "<table", "<a ", "<form", "<div", "<h1", "<title", "<!--", "<math", "<?php", "javascript:",
        ]
        return start.starts(with: "#!".utf8) || tags.contains { firstIndex(of: Array($0.utf8), in: start, from: 0) != nil }
    }
}
