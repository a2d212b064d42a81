/// What a file holds, judged by its first bytes.
enum SheetContent {
    case workbook
    case text

    static func recognise(path: String) throws(FormatError) -> SheetContent {
        let file = try FileBytes(path: path)
        guard let start = try file.next(upTo: 4096) else { throw .empty }
        return try recognise(start)
    }

    static func recognise(_ bytes: [UInt8]) throws(FormatError) -> SheetContent {
        if bytes.isEmpty { throw .empty }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .workbook }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) || bytes.starts(with: [0x09, 0x08]) { throw .oldExcel }
        if looksLikeMarkup(bytes) { throw .webPage }
        if isKnownBinary(bytes) { throw .notASheet }
        return .text
    }

    /// Many programs save a web page as ".xls".
    private static func looksLikeMarkup(_ bytes: [UInt8]) -> Bool {
        let start = String(decoding: bytes.prefix(512), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }.lowercased()
        return ["<html", "<!doctype", "<table", "<?xml", "<head", "<meta", "<style", "<body"].contains { start.hasPrefix($0) }
    }

    private static func isKnownBinary(_ bytes: [UInt8]) -> Bool {
        let starts: [[UInt8]] = [
            [0x89, 0x50, 0x4E, 0x47], [0xFF, 0xD8, 0xFF], Array("GIF8".utf8), Array("%PDF-".utf8), Array("Rar!".utf8),
            [0x37, 0x7A, 0xBC, 0xAF], [0x1F, 0x8B], [0x50, 0x4B, 0x05, 0x06],
        ]
        return starts.contains { bytes.starts(with: $0) }
    }
}
