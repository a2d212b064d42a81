import Glibc

/// A cell's stored number as a person would read it: no exponent, no ".0", at most the fifteen digits a spreadsheet shows.
enum NumberText {
    /// `1.99000116E10` → `19900011600`, `5.0` → `5`, `0.30000000000000004` → `0.3`; what is no number comes back as it is.
    static func plain(_ bytes: [UInt8]) -> String {
        let spelled = String(decoding: bytes, as: UTF8.self)
        if isPlain(bytes) { return spelled }
        guard let number = Double(spelled), number.isFinite else { return spelled }
        if number == 0 { return "0" }
        return expanded(number) ?? spelled
    }

    /// Digits, or few digits around a point without trailing zeros: nothing to do.
    private static func isPlain(_ bytes: [UInt8]) -> Bool {
        let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
        var point = false
        for byte in digits {
            if byte == UInt8(ascii: "."), !point {
                point = true
            } else if byte < UInt8(ascii: "0") || byte > UInt8(ascii: "9") {
                return false
            }
        }
        guard let first = digits.first, first != UInt8(ascii: ".") else { return false }
        if !point { return true }
        return digits.count <= 16 && bytes.last != UInt8(ascii: "0") && bytes.last != UInt8(ascii: ".")
    }

    /// Fifteen significant digits written out; very large and very small numbers keep their exponent.
    private static func expanded(_ number: Double) -> String? {
        if number == number.rounded(), let whole = Int64(exactly: number) { return String(whole) }
        guard let (digits, exponent) = digits(of: number.magnitude) else { return nil }
        guard (-9...20).contains(exponent) else { return nil }
        var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
        let zero = UInt8(ascii: "0")
        if exponent < 0 {
            // bounded: the exponent of a floating-point number.
            text += [zero, UInt8(ascii: ".")] + [UInt8](repeating: zero, count: -exponent - 1) + digits
        } else if digits.count <= exponent + 1 {
            text += digits + [UInt8](repeating: zero, count: exponent + 1 - digits.count)
        } else {
            text += digits[...exponent] + [UInt8(ascii: ".")] + digits[(exponent + 1)...]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The significant digits, without trailing zeros, and the power of ten of the first.
    private static func digits(of number: Double) -> (digits: [UInt8], exponent: Int)? {
        var buffer = [CChar](repeating: 0, count: 40)
        let count = withVaList([number]) { vsnprintf(&buffer, 40, "%.14e", $0) }
        guard count > 0, count < 40 else { return nil }
        let printed = buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }
        guard let e = printed.firstIndex(of: UInt8(ascii: "e")) else { return nil }
        guard let exponent = Int(String(decoding: printed[(e + 1)...], as: UTF8.self)) else { return nil }
        var digits = printed[..<e].filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, exponent)
    }
}
