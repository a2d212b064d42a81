import Formats
import Foundation
import Testing

struct MimeSnifferTests {
    private func kind(_ bytes: [UInt8], _ name: String = "x") -> MimeSniffer.Finding { MimeSniffer.recognise(bytes, name: name) }

    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]
    private static let filmStart: [UInt8] = [0, 0, 0, 0x20]
    private static let knownFiles: [(bytes: [UInt8], kind: FileKind)] = [
        (png, .png),
        ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
        (Array("GIF89a...".utf8), .gif),
        (Array("RIFF....WEBPVP8 ".utf8), .webp),
        (Array("%PDF-1.7\n".utf8), .pdf),
        (filmStart + Array("ftypisom".utf8), .mp4),
        (filmStart + Array("ftypM4A ".utf8), .m4a),
        (Array("ID3\u{4}".utf8), .mp3),
        ([0xFF, 0xFB, 0x90, 0x44], .mp3),
        (Array("李伟，你好\n".utf8), .text),
        ([0xC0, 0xEE, 0xCE, 0xB0, 0x0D, 0x0A], .text),
    ]

    @Test("known kinds are recognised by their content, whatever they are called", arguments: knownFiles)
    func known(bytes: [UInt8], expected: FileKind) {
        #expect(kind(bytes, "报价.doc") == .known(expected))
    }

    @Test("office files are told apart by what is inside, macros are refused")
    func office() throws {
        func zip(_ names: String...) -> [UInt8] {
            var zip = TestZip()
            for name in names { zip.add(name, "<x/>") }
            return zip.finished()
        }
        #expect(kind(zip("[Content_Types].xml", "xl/workbook.xml")) == .known(.xlsx))
        #expect(kind(zip("word/document.xml")) == .known(.docx))
        #expect(kind(zip("ppt/presentation.xml")) == .known(.pptx))
        #expect(kind(zip("a.txt")) == .known(.zip))
        #expect(kind(zip("xl/workbook.xml", "xl/vbaProject.bin")) == .active)
        #expect(kind(Array(zip("a.txt").prefix(20))) == .unknown)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sniff-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(zip("xl/workbook.xml")).write(to: URL(fileURLWithPath: path))
        #expect(try MimeSniffer.recognise(path: path, name: "客户.xlsx") == .known(.xlsx))
    }

    @Test(
        "what a browser might run is refused",
        arguments: [
            "<!DOCTYPE html><p>", " \n<HTML>", "<svg xmlns=''>", "\u{FEFF}<?xml version='1.0'?>", "hello <script>alert(1)</script>",
            "<!-- --><body>", "#!/bin/sh", "a\n<iFrame src=x>",
        ])
    func active(text: String) {
        #expect(kind(Array(text.utf8), "a.txt") == .active)
        #expect(
            kind([0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }, "a.txt")
                == .active)
    }

    @Test("active endings are refused in any case", arguments: ["a.js", "A.HTML", "x.svg", "b.xml", "c.PhP", "d.docm"])
    func endings(name: String) {
        #expect(kind(Array("plain".utf8), name) == .active)
    }

    @Test("a CSV is told by its name, binary noise and emptiness are unknown")
    func others() {
        #expect(kind(Array("a,b\n1,2\n".utf8), "客户.CSV") == .known(.csv))
        #expect(kind([1, 2, 3, 4, 0]) == .unknown)
        #expect(kind([]) == .unknown)
        #expect(kind([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]) == .unknown)
        #expect(kind([0, 0, 0, 0x20] + Array("ftypheic".utf8)) == .unknown)
    }
}
