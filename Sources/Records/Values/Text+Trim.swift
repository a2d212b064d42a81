extension StringProtocol {
    /// Without blanks at either end: ASCII, full-width, zero-width and byte-order marks, which spreadsheets and copied text are full of.
    public var trimmed: String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || (0x200B...0x200D).contains(scalar.value) || scalar.value == 0xFEFF || scalar.value == 0x2060
        }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }), let last = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}
