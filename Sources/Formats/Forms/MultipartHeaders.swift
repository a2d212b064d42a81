/// What a part's headers say.
struct MultipartHeaders {
    let field: String
    /// nil for a plain field, "" when a file input was left empty.
    let fileName: String?
    let type: String

    /// `bytes` are the header lines without the blank line.
    init(_ bytes: ArraySlice<UInt8>) throws(MultipartFault) {
        var disposition: HeaderParameters?
        var type = ""
        for line in Self.lines(bytes) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), let first = line.first, first != 0x20, first != 0x09 else {
                throw .badHeader
            }
            let value = Array(line[(colon + 1)...])
            switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
            case "content-disposition":
                guard disposition == nil, let parameters = HeaderParameters(value), parameters.value == "form-data" else {
                    throw .badHeader
                }
                disposition = parameters
            case "content-type":
                guard let parameters = HeaderParameters(value) else { throw .badHeader }
                type = parameters.value
            default: continue
            }
        }
        guard let disposition, let name = disposition["name"] else { throw .missingName }
        field = Self.text(name)
        self.type = type
        let plain = disposition["filename"].map(Self.text)
        fileName = disposition.extended("filename") ?? plain
    }

    private static func lines(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        for line in bytes.split(separator: 0x0A) {
            let line = line.last == 0x0D ? line.dropLast() : line
            if !line.isEmpty { lines.append(line) }
        }
        return lines
    }

    /// UTF-8, or GB18030 from old software; browsers write a quote and line ends as percent escapes.
    private static func text(_ bytes: [UInt8]) -> String {
        let text = String(validating: bytes, as: UTF8.self) ?? gb18030(bytes) ?? String(decoding: bytes, as: UTF8.self)
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        return [("%22", "\""), ("%0D", "\r"), ("%0A", "\n")].reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    private static func gb18030(_ bytes: [UInt8]) -> String? {
        guard var decoder = try? TextDecoder(.gb18030) else { return nil }
        var utf8: [UInt8] = []
        guard (try? decoder.decode(bytes, into: &utf8)) != nil, (try? decoder.finish(into: &utf8)) != nil else { return nil }
        return String(validating: utf8, as: UTF8.self)
    }
}
