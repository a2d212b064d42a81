/// File names that people send.
public enum FileName {
    /// A name fit to be stored and shown: never a path, no control or direction characters, no leading dot, at most 200 bytes.
    ///
    /// It is for people; what is written to disk gets a generated name.
    public static func safe(_ raw: String, fallback: String = "未命名") -> String {
        let last = raw.unicodeScalars.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map { Array($0) } ?? []
        var name = String.UnicodeScalarView()
        for scalar in last where !isHidden(scalar) {
            name.append(":*?\"<>|".unicodeScalars.contains(scalar) ? "_" : scalar)
        }
        var text = trimmed(String(name))
        if isReserved(text) { text = "_" + text }
        return text.isEmpty ? fallback : shortened(text)
    }

    /// The extension in lower case without its dot, or "".
    public static func fileExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB,
            0xFFFE, 0xFFFF:
            true
        case 0xE0000...0xE007F: true
        default: false
        }
    }

    private static func trimmed(_ name: String) -> String {
        var scalars = Substring(name).unicodeScalars
        while let first = scalars.first, first == "." || first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last == "." || last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// Names that Windows keeps for devices.
    private static func isReserved(_ name: String) -> Bool {
        let stem = name.prefix { $0 != "." }.lowercased()
        if ["con", "prn", "aux", "nul"].contains(stem) { return true }
        return stem.utf8.count == 4 && (stem.hasPrefix("com") || stem.hasPrefix("lpt")) && stem.utf8.last != UInt8(ascii: "0")
            && stem.last?.isNumber == true
    }

    private static func shortened(_ name: String, to most: Int = 200) -> String {
        guard name.utf8.count > most else { return name }
        let ending = fileExtension(name)
        let tail = ending.isEmpty || ending.utf8.count > 20 ? "" : "." + ending
        var stem = String.UnicodeScalarView()
        var left = most - tail.utf8.count
        for scalar in name.unicodeScalars {
            left -= UTF8.width(scalar)
            if left < 0 { break }
            stem.append(scalar)
        }
        // The cut may have left a dot or a blank at the end.
        return trimmed(String(stem)) + tail
    }
}
