/// Parses JSON (RFC 8259) strictly: nothing that two readers could understand differently gets through.
///
/// A whole number beyond 64 bits is an error, not a rounded real: long identifiers belong in quotes. A real that is not finite, a
/// repeated key, half a surrogate pair, invalid UTF-8, a byte-order mark and trailing text are errors too.
///
/// ```swift
/// let order = try JSONText.parse(body)
/// order["amount"]?.int
/// ```
public enum JSONText {
    /// The value that `bytes` spell.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(FormatError) -> JSON {
        if bytes.count > limits.bytes { throw .json(.tooLarge(limit: limits.bytes), line: 1, column: 1) }
        return try bytes.withUnsafeBufferPointer { text throws(FormatError) in
            var parser = JSONParser(text, depthLimit: limits.depth)
            do throws(JSONFault) {
                return try parser.document()
            } catch {
                let (line, column) = parser.place
                throw .json(error, line: line, column: column)
            }
        }
    }

    /// The value that a string spells.
    public static func parse(_ text: String, limits: JSONLimits = JSONLimits()) throws(FormatError) -> JSON {
        try parse(Array(text.utf8), limits: limits)
    }
}
