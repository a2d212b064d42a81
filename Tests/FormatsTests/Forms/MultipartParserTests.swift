import Formats
import Testing

struct MultipartParserTests {
    /// Keeps what it is given.
    final class Kept: MultipartSink {
        private(set) var files: [(file: MultipartFile, bytes: [UInt8])] = []
        private(set) var ended = 0

        func begin(_ file: MultipartFile) { files.append((file, [])) }
        func write(_ bytes: ArraySlice<UInt8>) { files[files.count - 1].bytes += bytes }
        func end() { ended += 1 }
    }

    private static let type = "multipart/form-data; boundary=----x7"

    private static let body = [
        "------x7", "Content-Disposition: form-data; name=\"客户\"", "", "李伟", "------x7", "content-disposition: form-data; name=tag", "", "",
        "------x7  ",
        "Content-Disposition: form-data; name=\"file\"; filename=\"照片.png\"", "Content-Type: image/png; x=y", "", "\r\n------x\r\n--\r\n\0",
        "------x7",
        "Content-Disposition: form-data; name=\"empty\"; filename=\"\"", "Content-Type: application/octet-stream", "", "", "------x7",
        "Content-Disposition: form-data; name=\"tag\"", "", "二\r\n三", "------x7--", "epilogue",
    ].joined(separator: "\r\n")

    @discardableResult
    private func parse(
        _ chunks: [[UInt8]], type: String = type, limits: MultipartLimits = MultipartLimits(), into sink: Kept = Kept()
    ) throws -> FormText {
        var parser = try MultipartParser(contentType: type, limits: limits, sink: sink)
        for chunk in chunks { try parser.feed(chunk) }
        return try parser.finish()
    }

    @Test("fields and files are the same however the body is cut", arguments: 0...40)
    func chunks(seed: UInt64) throws {
        let bytes = Array(Self.body.utf8)
        let sink = Kept()
        let form = try parse(seed == 0 ? [bytes] : Hostile.pieces(of: bytes, seed: seed, most: seed < 5 ? 1 : 30), into: sink)
        #expect(form == FormText([("客户", "李伟"), ("tag", ""), ("tag", "二\r\n三")]))
        #expect(sink.files.map(\.file) == [try file("file", "照片.png", "image/png")])
        #expect(sink.files.first?.bytes == Array("\r\n------x\r\n--\r\n\0".utf8))
        #expect(sink.ended == 1)
    }

    private func file(_ field: String, _ name: String, _ type: String) throws -> MultipartFile? {
        let sink = Kept()
        try parse(
            [
                Array(
                    ("--b\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"\(name)\"\r\nContent-Type: \(type)"
                        + "\r\n\r\n\r\n--b--").utf8)
            ], type: "multipart/form-data; boundary=\"b\"", into: sink)
        return sink.files.first?.file
    }

    @Test(
        "a file name is never a path",
        arguments: [
            ("../../etc/passwd", "passwd"), ("C:\\Users\\a\\合同.docx", "合同.docx"), ("..", "未命名"), ("a\u{202E}gpj.exe", "agpj.exe"),
            (".htaccess", "htaccess"), ("a%22b.txt", "a_b.txt"),
            ("x\\\"y.txt", "x_y.txt"), ("con.txt", "_con.txt"), ("%0D%0AX: y", "X_ y"), (" a ", "a"),
        ])
    func fileNames(raw: String, safe: String) throws {
        #expect(try file("f", raw, "text/plain")?.name == safe)
    }

    @Test("an extended file name wins over the plain one, a GB18030 one is understood")
    func extendedName() throws {
        func name(_ parameters: [UInt8]) throws -> String? {
            let sink = Kept()
            try parse(
                [Array("--b\r\nContent-Disposition: form-data; name=f; ".utf8) + parameters + Array("\r\n\r\nx\r\n--b--".utf8)],
                type: "multipart/form-data; boundary=b", into: sink)
            return sink.files.first?.file.name
        }
        #expect(try name(Array("filename=\"a.txt\"; filename*=UTF-8''%E5%90%88%E5%90%8C.txt".utf8)) == "合同.txt")
        #expect(try name(Array("filename*=iso-8859-1'en'%A3.txt".utf8)) == "£.txt")
        #expect(try name(Array("filename=\"a.txt\"; filename*=UTF-8''%E5%9".utf8)) == "a.txt")
        #expect(try name(Array("filename=\"".utf8) + [0xBA, 0xCF, 0xCD, 0xAC] + Array(".txt\"".utf8)) == "合同.txt")
    }

    @Test("every limit holds")
    func limitsHold() {
        func with(_ change: (inout MultipartLimits) -> Void) -> MultipartLimits {
            var limits = MultipartLimits()
            change(&limits)
            return limits
        }
        let chunks = Hostile.pieces(of: Array(Self.body.utf8), seed: 3, most: 50)
        #expect(throws: FormatError.formTooLarge(what: .parts, limit: 4)) { try parse(chunks, limits: with { $0.parts = 4 }) }
        #expect(throws: FormatError.formTooLarge(what: .headers, limit: 60)) { try parse(chunks, limits: with { $0.headerBytes = 60 }) }
        #expect(throws: FormatError.formTooLarge(what: .field, limit: 7)) { try parse(chunks, limits: with { $0.fieldBytes = 7 }) }
        #expect(throws: FormatError.formTooLarge(what: .fields, limit: 13)) { try parse(chunks, limits: with { $0.fieldsBytes = 13 }) }
        #expect(throws: FormatError.formTooLarge(what: .file, limit: 15)) { try parse(chunks, limits: with { $0.fileBytes = 15 }) }
        #expect(throws: FormatError.formTooLarge(what: .body, limit: 300)) { try parse(chunks, limits: with { $0.bodyBytes = 300 }) }
        #expect(throws: FormatError.formTooLarge(what: .headers, limit: 16 << 10)) {
            try parse([Array("--b\r\n".utf8), [UInt8](repeating: 0x61, count: 20_000)], type: "multipart/form-data; boundary=b")
        }
    }

    @Test(
        "a Content-Type without a sound boundary is refused",
        arguments: [
            "multipart/form-data", "text/plain; boundary=b", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=a; boundary=b",
            "multipart/form-data; boundary=\(String(repeating: "b", count: 71))", "multipart/form-data; boundary=\"a",
            "multipart/form-data; boundary=李", "",
        ])
    func badBoundary(type: String) {
        #expect(throws: FormatError.badBoundary) { try MultipartParser(contentType: type, sink: Kept()) }
    }

    @Test(
        "a broken body is refused",
        arguments: [
            ("", MultipartFault.noFirstBoundary), ("hello", .noFirstBoundary), ("--b", .endsEarly), ("--bx\r\n", .badBoundaryLine),
            ("--b\r\n\r\nx\r\n--b--", .missingName),
            ("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", .missingName),
            ("--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--", .badHeader),
            ("--b\r\nContent-Disposition: form-data; name=a; name=c\r\n\r\nx\r\n--b--", .badHeader),
            ("--b\r\nnonsense\r\n\r\nx\r\n--b--", .badHeader),
            ("--b\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--", .badHeader),
            ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", .endsEarly),
            ("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b\r\n", .endsEarly),
        ])
    func broken(body: String, fault: MultipartFault) {
        for seed in 0...5 as ClosedRange<UInt64> {
            let chunks = Hostile.pieces(of: Array(body.utf8), seed: seed, most: 4)
            #expect(throws: FormatError.badMultipart(fault)) { try parse(chunks, type: "multipart/form-data; boundary=b") }
        }
    }

    @Test("a part without body or blank line before the boundary is empty", arguments: 0...5)
    func bodyless(seed: UInt64) throws {
        let bytes = Array(
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b\r\nContent-Disposition: form-data; name=c\r\n\r\n\r\n--b--".utf8)
        #expect(
            try parse(Hostile.pieces(of: bytes, seed: seed, most: 3), type: "multipart/form-data; boundary=b")
                == FormText([("a", ""), ("c", "")]))
    }

    @Test("a field that is not UTF-8 is refused")
    func notUTF8() {
        let bytes = Array("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n".utf8) + [0xFF] + Array("\r\n--b--".utf8)
        #expect(throws: FormatError.formNotUTF8(field: "a")) { try parse([bytes], type: "multipart/form-data; boundary=b") }
    }

    @Test("a damaged body gives a form or an error, never a crash", arguments: 1...4)
    func damaged(seed: UInt64) {
        let good = Array(Self.body.utf8)
        for bytes in Hostile.truncations(of: good, points: 200) + Hostile.mutations(of: good, count: 500, seed: seed) {
            _ = try? parse(Hostile.pieces(of: bytes, seed: seed, most: 60))
        }
    }
}
