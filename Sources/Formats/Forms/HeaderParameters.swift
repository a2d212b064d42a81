/// A header value and its parameters: `form-data; name="a"; filename*=UTF-8''%E6%9D%8E`.
struct HeaderParameters {
    /// What stands before the first semicolon, in lower case.
    let value: String
    private var parameters: [(name: String, value: [UInt8])] = []

    /// nil when the text is not of this form or repeats a parameter.
    init?(_ header: [UInt8]) {
        var index = header.firstIndex(of: UInt8(ascii: ";")) ?? header.count
        value = String(decoding: Self.trimmed(header[..<index]), as: UTF8.self).lowercased()
        while index < header.count {
            index += 1
            let start = index
            while index < header.count, header[index] != UInt8(ascii: "="), header[index] != UInt8(ascii: ";") { index += 1 }
            let name = String(decoding: Self.trimmed(header[start..<index]), as: UTF8.self).lowercased()
            if index == header.count || header[index] == UInt8(ascii: ";") {
                // Browsers never send a lone word; a stray semicolon is harmless.
                if name.isEmpty { continue }
                return nil
            }
            index += 1
            guard let value = Self.parameterValue(header, &index), !name.isEmpty, self[name] == nil else { return nil }
            parameters.append((name, value))
        }
    }

    /// The bytes of a parameter, its quotes removed.
    subscript(name: String) -> [UInt8]? {
        parameters.first { $0.name == name }?.value
    }

    /// A parameter in the extended form of RFC 5987, as UTF-8.
    func extended(_ name: String) -> String? {
        guard let value = self[name + "*"] else { return nil }
        let parts = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let plain = try? PercentCoding.decoded(parts[2], plusIsBlank: false) else { return nil }
        switch String(decoding: parts[0], as: UTF8.self).lowercased() {
        case "utf-8": return String(validating: plain, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(plain.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    private static func parameterValue(_ header: [UInt8], _ index: inout Int) -> [UInt8]? {
        while index < header.count, header[index] == 0x20 || header[index] == 0x09 { index += 1 }
        guard index < header.count, header[index] == UInt8(ascii: "\"") else {
            let start = index
            while index < header.count, header[index] != UInt8(ascii: ";") { index += 1 }
            return Array(trimmed(header[start..<index]))
        }
        index += 1
        var value: [UInt8] = []
        while index < header.count, header[index] != UInt8(ascii: "\"") {
            // Only a quote or a backslash can be escaped: old browsers send C:\path as it is.
            let isEscape =
                header[index] == UInt8(ascii: "\\") && index + 1 < header.count
                && (header[index + 1] == UInt8(ascii: "\"") || header[index + 1] == UInt8(ascii: "\\"))
            if isEscape { index += 1 }
            value.append(header[index])
            index += 1
        }
        guard index < header.count else { return nil }
        index += 1
        while index < header.count, header[index] != UInt8(ascii: ";") {
            guard header[index] == 0x20 || header[index] == 0x09 else { return nil }
            index += 1
        }
        return value
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return bytes
    }
}
