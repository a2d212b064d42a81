extension StringProtocol {
    /// Without blanks at either end: ASCII, full-width, zero-width and byte-order marks, which spreadsheets and copied text are full of.
    public var trimmed: String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || (0x200B...0x200D).contains(scalar.value) || scalar.value == 0xFEFF || scalar.value == 0x2060
        }
        let scalars = unicodeScalars
        // Most text begins and ends with a visible ASCII or a Chinese character.
        func isPlain(_ scalar: Unicode.Scalar) -> Bool { (0x21...0x7E).contains(scalar.value) || (0x4E00...0x9FFF).contains(scalar.value) }
        guard let head = scalars.first, let tail = scalars.last else { return "" }
        if isPlain(head), isPlain(tail) { return String(self) }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }), let last = scalars.lastIndex(where: { !isBlank($0) }) else {
            return ""
        }
        // bounded: the last does not stand before the first.
        return String(self[first..<scalars.index(after: last)])
    }
}
